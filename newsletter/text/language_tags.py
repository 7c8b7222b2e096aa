"""The tags of languages (RFC 5646) that we take: from config.toml, front matter, feeds and pages."""

from __future__ import annotations

import re

#: A language, and what is told about it: a script, a region. Parts of one letter begin private tags and extensions
#: ("x-klingon", "de-u-co-phonebk"), and are not taken.
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: Characters. RFC 5646 §4.4.1 wants programs to have room for so many; no tag in use is longer.
MOST = 35


def is_language_tag(text: str) -> bool:
    """Whether it is spelt as a tag, such as "en" or "pt-BR"."""
    return _TAG.fullmatch(text) is not None


def language_tag(written: str) -> str | None:
    """The tag that somebody wrote, also with underscores ("en_GB" → "en-GB"); None for what is no tag, or too long."""
    found = written.strip().replace("_", "-")
    return found if len(found) <= MOST and is_language_tag(found) else None
