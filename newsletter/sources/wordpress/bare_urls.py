"""What WordPress means by an address that stands alone in its paragraph. What plugins and themes put into posts is
markup.py's part, safety is sanitize.py's.
"""

from __future__ import annotations

import html as entities
import re

from newsletter.sources.html.boilerplate.markup import without_furniture

#: What WordPress could not embed.
_BARE_ADDRESS = re.compile(
    r"(<p\b[^<>]{0,300}>)\s{0,50}(https?://[^\s<>\"']{1,2000})\s{0,50}</p>", re.IGNORECASE
)


def embedded(address: str) -> str:
    """An address that stands alone as WordPress means it: a film, a sound, a page to be shown. sanitize.py makes a
    linked picture or a link of it. ``address`` may have entities, as in HTML."""
    return f'<iframe src="{entities.escape(entities.unescape(address))}"></iframe>'


def with_embeds(html: str, page_url: str = "") -> str:
    """The post without furniture, and addresses that stand alone embedded. Never raises."""
    html = without_furniture(html, page_url)
    return _BARE_ADDRESS.sub(lambda found: f"{found[1]}{embedded(found[2])}</p>", html)
