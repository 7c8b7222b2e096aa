"""Pictures of emoji as the signs they are: blogs and networks draw them as pictures, which mails would blow up. Other
pictures are content_images.py's."""

from __future__ import annotations

import re
import unicodedata

from newsletter.sources.html.images import image_sizes
from newsletter.sources.html.images.emoji_names import in_text
from newsletter.sources.html.tree import Element
from newsletter.sources.html.urls import MOST_ADDRESS

#: Classes of WordPress, Twitter, GitHub, Discourse, Mastodon, Slack and the libraries that they use.
_CLASSES = (
    *("wp-smiley", "emoji", "wp-emoji", "emojione", "twemoji", "joypixels", "gemoji", "smiley", "smilies"),
    *(
        "emoji-icon",
        "emoticon",
        "inline-emoji",
        "custom-emoji",
        "emojiicon",
        "ap-emoji",
        "forum-smiley",
        "bbsmiley",
        "c-emoji",
        "goomoji",
    ),
)
_PLACES = re.compile(
    r"//s\.w\.org/images/core/emoji/|//abs(?:-\d)?\.twimg\.com/(?:hashflags|emoji)/|//twemoji\.maxcdn\.com/|/twemoji[@/]"
    r"|/images/icons/emoji/|/images/emoji\.php/|/(?:noto-?)?emoji(?:one|s)?/(?:[^?#]*/)?[^/?#]+\.(?:png|svg|gif|webp)$"
    r"|/smil(?:ies|eys)/|/wp-includes/images/smilies/|/emoji_u[0-9a-f]+",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"/(?:emoji_u|u)?([0-9a-f]{2,6}(?:[-_][0-9a-f]{2,6}){0,12})\.(?:png|svg|gif|webp)(?:[?#]|$)",
    re.IGNORECASE,
)
#: What a sign may have in it besides pictures: digits of keycaps, joiners, skin tones, selectors, flags' letters.
_BESIDE = frozenset("0123456789#*\u200d\ufe0f\ufe0e\u20e3")
_TYPED = re.compile(r"[:;=8xX>|(\[BDPOo}{<^T_@-][^\s\w]?[-'^oc*]?[^\s]{0,3}")
#: Pixels; the letters around it are as high.
SIZE = 16
#: Pixels; a picture that is higher is one.
_LINE = 32


def is_emoji(element: Element) -> bool:
    """Whether a picture stands for a sign among words."""
    if element.has_class(*_CLASSES) or _PLACES.search(_address(element)):
        return True
    # Mail programs and networks draw them from many places; a picture of a line's height that says a sign is one.
    size = image_sizes.meant(element.attributes)
    return 0 < max(size.width, size.height) <= _LINE and is_sign(element.attributes.get("alt", "").strip())


def sign(element: Element) -> str | None:
    """The sign itself, by its description or its file's name; None where neither tells."""
    said = element.attributes.get("alt", "").strip()
    if is_sign(said):
        return said
    if found := _CODES.search(_address(element)):
        codes = [int(code, 16) for code in re.split("[-_]", found[1])]
        shown = (
            "".join(map(chr, codes))
            if max(codes) < 0x110000 and not any(0xD800 <= c < 0xE000 for c in codes)
            else ""
        )
        if is_sign(shown):
            return shown
    named = in_text(f":{said.strip(':').lower().replace(' ', '_')}:")
    if is_sign(named):
        return named
    typed = len(said) <= 5 and _TYPED.fullmatch(said) and not said.isalnum()
    return said if (typed and not said.startswith(":")) or (typed and not said.endswith(":")) else None


def is_sign(text: str) -> bool:
    """Whether a text is nothing but emoji and signs of their kind."""
    if not text or len(text) > 40:
        return False
    kinds = [
        unicodedata.category(char)
        for char in text
        if char not in _BESIDE and not 0xE0020 <= ord(char) <= 0xE007F
    ]
    return (
        bool(kinds or "\u20e3" in text)
        and all(kind in ("So", "Sk", "Sm") for kind in kinds)
        and not text.isascii()
    )


def _address(element: Element) -> str:
    given = element.attributes
    return (given.get("data-src") or given.get("src", ""))[:MOST_ADDRESS]
