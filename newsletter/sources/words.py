"""Plain text: characters that a text may hold, and the words of some HTML. Nothing here keeps markup."""

from __future__ import annotations

import html as entities
import re

import nh3

from newsletter.sources.allowed import BLOCKS, GONE_WITH_CONTENT
from newsletter.sources.depth import flat_enough

#: XML 1.0 §2.2 forbids these, and one of them is enough to lose a whole feed; C1 controls and
#: a byte order mark within a text show nothing.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """The text without control characters, lone surrogates and other code points that XML refuses."""
    return _NOT_TEXT.sub("", text)


def one_line(text: str) -> str:
    """The text on one line, without control characters: for titles, names and tags."""
    return " ".join(without_controls(text.replace("\x85", " ")).split())


def plain_text(html: str) -> str:
    """The words of some HTML: a blank line between blocks, no markup, nothing of scripts or forms."""
    kept = nh3.clean(
        flat_enough(without_controls(html)),
        tags=set(BLOCKS),
        attributes={},
        clean_content_tags=set(GONE_WITH_CONTENT),
        link_rel=None,
    )
    kept = re.sub(r"\s+", " ", kept)
    kept = re.sub(r"</t[dh]>\s*<t[dh]>", " | ", kept)
    kept = re.sub(r"</(?:li|tr|t[dh]|d[dt])>\s*|<t[dh]>", "", kept)
    kept = re.sub(r"<(?:br|li|tr|d[dt])>", "\n", kept)
    kept = without_controls(entities.unescape(re.sub(r"<[^<>]*>", "\n\n", kept)))
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
