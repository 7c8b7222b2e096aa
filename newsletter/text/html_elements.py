"""Which HTML a post is made of, wherever it is shown: the one list for what is stored, mailed, fed and archived.

Whoever shows a post may make one element another (a mail has no <details>), never leave one out: words that stood in
two blocks would run into one.
"""

from __future__ import annotations


def names(words: str) -> frozenset[str]:
    """The names of some elements or attributes, written with spaces between them."""
    return frozenset(words.split())


BLOCKS = names(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr br figure figcaption div "
    "table caption thead tbody tfoot tr th td details summary address section article"
)
INLINE = names(
    "a abbr b bdi bdo cite code dfn del em i img ins kbd mark q rp rt ruby s samp small span strong sub sup time u var"
)
#: Addresses are absolute; ``class`` is "language-python" on ``code`` and nothing else anywhere.
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "code": {"class"},
    "q": {"cite"},
    "del": {"datetime"},
    "details": {"open"},
    "ins": {"datetime"},
    "time": {"datetime"},
    "img": {"src", "alt", "width", "height", "title"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
#: Of table cells, beside ATTRIBUTES, with these values only.
ALIGNS = {"left", "center", "right"}
SCHEMES = {"http", "https", "mailto", "tel"}
