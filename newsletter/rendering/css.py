"""CSS of a template, before premailer sees it: what would fetch something is taken out, what is too much is
refused.
"""

from __future__ import annotations

import re

from newsletter.errors import RenderError

#: Characters of all style blocks together: premailer takes seconds for thousands of rules.
LONGEST = 32_768
#: Rules in all style blocks together.
MOST_RULES = 400
#: Gmail throws away a style block that is longer than this.
GMAIL_LONGEST = 8192

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORT = re.compile(
    r"@(?:import|namespace|charset)\b(?:\"[^\"]*\"|'[^']*'|\([^)]*\)|[^;{}\"'(])*;?", re.IGNORECASE
)
_FETCHING = re.compile(
    r"(?:url|src|image|(?:-webkit-)?image-set|(?:-webkit-)?cross-fade|element)\(\s*+(?!['\"]?data:)"
    r"(?:\"[^\"]*\"|'[^']*'|\([^()]*\)|[^()\"'])*\)?",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})[ \t\r\n\f]?|\\([^\r\n\f])")
_FORBIDDEN = re.compile(
    r"@import|url\s*\(\s*+(?!['\"]?data:)|image-set\s*\(|expression\s*\(|javascript:", re.IGNORECASE
)


def harmless(css: str, file: str) -> str:
    """The CSS without comments, @import, and url() or image-set() that would fetch from the net or from a
    file.

    Raises RenderError when one is hidden behind escapes.
    """
    kept = _FETCHING.sub("none", _IMPORT.sub("", _COMMENT.sub(" ", css)))
    if _FORBIDDEN.search(_unescaped(kept)):
        raise RenderError(
            f"{file}: its CSS fetches something or hides that it does (@import, url(): take it out)"
        )
    return kept


def check_size(blocks: list[str], file: str) -> None:
    """Raise RenderError when the style blocks of one mail are more than mail should carry."""
    length = sum(map(len, blocks))
    rules = sum(block.count("{") for block in blocks)
    if length > LONGEST or rules > MOST_RULES:
        raise RenderError(
            f"{file}: {length} characters and {rules} rules of CSS; "
            f"at most {LONGEST} and {MOST_RULES} are inlined"
        )


def check_kept(blocks: list[str], file: str) -> None:
    """Raise RenderError for a block that stays in the mail and that Gmail would throw away."""
    longest = max(map(len, blocks), default=0)
    if longest > GMAIL_LONGEST:
        raise RenderError(
            f"{file}: a style block of {longest} characters stays in the mail, and Gmail drops those over "
            f"{GMAIL_LONGEST}: split it"
        )


def _unescaped(css: str) -> str:
    def char(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else 0
        return (chr(code) if code < 0x110000 else "") if match[1] else match[2]

    return _ESCAPE.sub(char, css)
