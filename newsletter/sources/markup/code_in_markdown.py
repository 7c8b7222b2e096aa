"""Where code stands in Markdown that is not parsed yet, so that whoever looks for tags and braces passes it by.

Parsing is markdown.py's work. Its parser cannot be asked here: tags and braces are gone before it sees the text.
"""

from __future__ import annotations

import re

#: What may stand before a fence: spaces, and the marks of quotations that it stands in.
_INDENT = r"^(?:[ \t]|>){0,12}"
#: The beginning of a block of code, group "fence"; for re.MULTILINE.
FENCE = rf"(?P<fence>{_INDENT}(?:`{{3,}}|~{{3,}}))"
#: Code within a line, group "code".
CODE = r"(?P<code>(?<!`)``[^\n]{1,400}?(?<!`)``(?!`)|(?<!`)`[^`\n]{1,400}`(?!`))"


def end_of_fence(text: str, found: re.Match[str]) -> int:
    """Where the block of code ends that begins at this match of FENCE; one that is never closed takes all that follows
    (CommonMark §4.5)."""
    mark = found["fence"].lstrip(" \t>")
    closing = re.compile(rf"{_INDENT}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
    line_end = text.find("\n", found.end())
    match = closing.search(text, line_end) if line_end >= 0 else None
    return match.end() if match else len(text)
