"""Words of others (a relay, a server, a post) made harmless for a log, a terminal and a row. xml_characters.py has
the characters that XML forbids; sources/html/plain_text.py reads a post's own titles and names."""

from __future__ import annotations


def printable_line(text: str) -> str:
    """The text on one line: a space for every control character, line end and other character that shows nothing."""
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(text.split())
