"""The keys of posts: what staff type and what stands in the address of a post that lives in our archive.

A key is given at first sight and never changes. It is made of what its author calls the post (a slug, a file's name),
else of its title. Latin letters lose their marks, as they do in most addresses; letters of other scripts stay as they
are, because no spelling of them in Latin letters is right for everybody. In addresses they are percent-encoded (RFC
3987 §3.1), and browsers show them as letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from urllib.parse import quote

from newsletter.models import Post
from newsletter.sources.base import Item
from newsletter.text.graphemes import cut

_MOST = 60
#: Latin letters that Unicode does not take apart.
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t",
     "ı": "i", "ĸ": "k", "ŋ": "ng"}
)  # fmt: skip
#: These stand within words: "what's" is "whats".
_WITHIN_WORDS = "'’‘ʼ`´\u00ad\u200d"


def key_of(text: str) -> str:
    """Words as a key: in lower case, with hyphens between; empty when there is no letter or digit in them."""
    written = ""
    for char in unicodedata.normalize("NFKC", text).lower().translate(_LATIN):
        plain = _plain(char)
        # A mark belongs to a letter that stays as it is: Hindi's vowels, not the tilde of a Latin "m̃".
        if not _is_mark(char) or not written or not written[-1].isascii():
            written += plain
    words = cut("-".join(unicodedata.normalize("NFC", written).split()), _MOST).strip("-_")
    return words if any(map(str.isalnum, words)) else ""


def _plain(char: str) -> str:
    """One character as a key may have it; a space for what parts words."""
    if char in _WITHIN_WORDS:
        return ""
    taken_apart = unicodedata.normalize("NFKD", char)
    if any(part.isascii() and part.isalnum() for part in taken_apart):
        return "".join(part if part.isalnum() else " " for part in taken_apart if part.isascii()).lower()
    return char if char == "_" or char.isalnum() or _is_mark(char) else " "


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc")


def new_key(item: Item, taken: Collection[str] = ()) -> str:
    """The key for a new post: with a number behind it when another has it, in the database or among ``taken``."""
    stem = key_of(item.slug) or key_of(item.title) or "post"
    if stem not in taken and not Post.objects.filter(key=stem).exists():
        return stem
    stored = set(Post.objects.filter(key__startswith=stem).values_list("key", flat=True))
    key, number = stem, 2
    while key in stored or key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def path_of(key: str) -> str:
    """Where a post of that key stands in our archive: "/posts/mill/", percent-encoded."""
    return f"/posts/{quote(key)}/"
