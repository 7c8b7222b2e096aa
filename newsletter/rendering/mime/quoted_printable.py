"""Quoted-printable (RFC 2045 §6.7) for pieces that are joined later; the message is message.py's."""

from __future__ import annotations

#: A line is at most 76 characters long, the soft break's "=" among them (RFC 2045 §6.7 rule 5). One column is
#: always kept free for that "=", because another piece may follow any line.
ROOM = 75
SOFT_BREAK = "=\r\n"

_TABLE = {
    code: chr(code) if 33 <= code <= 126 and code != 61 else f"={code:02X}"
    for code in range(256)
    if code != 32
}
#: What must not open a line: a dot would want stuffing (RFC 5321 §4.5.2), and "From " is rewritten by
#: programs that keep mail in one file, which breaks a signature.
_AWKWARD = {".": "=2E", "From ": "=46rom "}


def encode(text: str, *, open_end: bool = False) -> bytes:
    """Encode text that starts at the beginning of a line.

    With ``open_end`` the last line is left with a soft break, so that whatever is appended starts in the
    first column again and continues the same line of text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    encoded = [_line(line, ends=True) for line in lines[:-1]]
    last = _line(lines[-1], ends=not open_end)
    if open_end and last:
        last += SOFT_BREAK
    return "\r\n".join([*encoded, last]).encode("ascii")


def _line(line: str, *, ends: bool) -> str:
    encoded = line.encode("utf-8").decode("latin-1").translate(_TABLE)
    if ends and encoded.endswith(" "):
        encoded = encoded[:-1] + "=20"
    if len(encoded) <= ROOM - 2:
        return _guarded(encoded)
    return SOFT_BREAK.join(_chunks(encoded))


def _chunks(encoded: str) -> list[str]:
    """Cut to ROOM, never inside an =XX."""
    chunks = []
    start = 0
    while start < len(encoded):
        chunk = _guarded(encoded[start : start + ROOM])
        grown = len(chunk) - len(encoded[start : start + ROOM])
        end = start + ROOM - grown
        if end < len(encoded):
            end -= _inside(encoded, end)
        chunks.append(_guarded(encoded[start:end]))
        start = end
    return chunks


def _inside(encoded: str, end: int) -> int:
    """How many characters to step back so that the cut at ``end`` does not fall inside an =XX."""
    if encoded[end - 1] == "=":
        return 1
    return 2 if encoded[end - 2] == "=" else 0


def _guarded(line: str) -> str:
    for start, instead in _AWKWARD.items():
        if line.startswith(start):
            return instead + line[len(start) :]
    return line
