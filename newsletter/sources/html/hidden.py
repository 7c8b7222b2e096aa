"""Whether a style hides an element with all that stands in it. What becomes of it, the callers decide:
element_rules.py leaves it out of a post, article/main_content.py out of a page in which a post is looked for."""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def hides(style: str) -> bool:
    """Whether browsers show nothing of an element with this style attribute. Style sheets are not looked at."""
    return bool(_HIDDEN.search(style))
