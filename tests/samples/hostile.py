"""Strategies that the tests of sources share: hostile text and HTML, and the one rule that all output keeps."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import strategies as st

from newsletter.sources.base import LINK_TO_POST

#: How addresses begin, of links and of pictures.
_ALLOWED = (("http://", "https://", "mailto:", "tel:", LINK_TO_POST), ("http://", "https://"))

#: Pieces that have hurt cleaners and parsers before.
PIECES = [
    "<script>alert(1)</script>", "<ScRiPt src=//x>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", '<a href="jav&#x09;ascript:alert(1)">', "<iframe src=javascript:alert(1)>",
    "<base href=https://evil.example/>", "<style>@import 'x'</style>", "<form action=x><input name=y>", "</p>", "<p>",
    "<math><mi><table><mglyph><style><img src=x onerror=alert(1)>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "<!",
    "&#0;", "&#x1;", "&#xD800;", "\x00", "\x01", "\ud800", "\ufeff", "\u2028", "\x85", "<h1>T</h1>", "<article>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<object data=x>", "<embed src=x>", "<noscript>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>", "<img src=data:text/html,x>", "<title>",
    "<iframe src=/x title='\"><script>'></iframe>", "<video><source src='x\"onerror=1'></video>", "<td align=right>",
    "---\n", "+++\n", "title: x\n", "title = 'x'\n", "{\"title\": ", "date: 2017-06\n", "&a [*a]", "*a", "!!python/x y",
    "June 2017\n", "By Ana\n", "“", "”", '"', "# T\n", "[x](javascript:alert(1))", "[^1]", "[^1]: n\n", "|a|\n|-|\n",
    "\n\n", "\r\n", "Skip to content\n", "Related posts\n", "A long line of prose that goes on and on, and ends. " * 4,
    "<a href='java\tscript:alert(1)'>", "<a href=&#106&#97vascript:alert(1)>", "<a href='data:text/html;base64,PHM+'>",
    "<a href=' \x01javascript:alert(1)'>", "<a href=vbscript:x>", "<img src=data:image/svg+xml,<svg/onload=x>>",
    "<img src='data:image/png;base64,iVBORw0KGgo='>", "<img src='x' srcset='javascript:x 1x, data:x 2x'>", "<picture>",
    "<source srcset='/a.jpg 1x' src=javascript:x>", "<svg><style><b title='</style><img onerror=x>'>",
    "<select><option>",
    "<iframe src=https://www.youtube.com/embed/abcdefghijk>", "<lite-youtube videoid='\"><script>'>", "<pre>\n\n",
    "<table><caption>", "<tr><td>", "<th scope=col>", "<a href=#fn1><sup>1</sup></a>",
    "<li><input type=checkbox checked>",
    "<math alttext='<script>'><mi>x", "<annotation-xml encoding=text/html><script>",
    "<noscript><p title='</noscript><img",
    "<blockquote class=twitter-tweet cite=javascript:x>", "<code class='language-x\" onclick=alert(1)'>",
    "</a>", "</div>",
    "<video poster=javascript:x src=data:text/html,x>", "<figure class=wp-block-embed><div>https://youtu.be/abcdefghijk",
    "<a href=/x>", "<ul><li>", "<div><b><i>", "<span hidden>", "<td colspan=2 align=right onclick=x>", "<ol start=3>",
    "<img width=1 height=1 src=//t.example/p>", "<object data=/x.pdf>", "<audio src=/x.mp3>",
    "<dl><dt>", "<details open>",
]  # fmt: skip

hostile_text = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=14).map("".join)
hostile_bytes = st.one_of(
    hostile_text.map(lambda text: text.encode("utf-8", "surrogatepass")),
    hostile_text.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.binary(max_size=200),
)

_TAG = re.compile(r"<[^<>]*>")
_FORBIDDEN_TAG = re.compile(
    r"</?(?:script|style|iframe|object|embed|form|input|base|meta|link|svg|math|video|audio|source|picture|title|!|\?)",
    re.IGNORECASE,
)
_FORBIDDEN_ATTRIBUTE = re.compile(
    r"\s(?:on\w+|style|src(?:doc|set)|action|formaction|class|id|poster|data[\w-]*)\s*=", re.IGNORECASE
)
_LANGUAGE = re.compile(r'^<code((?: (?:dir|lang)="[^"]*")*) class="language-[a-z0-9+#.-]{1,20}"')
_ADDRESS = re.compile(r'(href|src|cite)="([^"]*)"')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_KNOWN = frozenset(
    """a abbr address article b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small
    span strong sub summary sup
    table tbody td tfoot th thead time tr u ul var""".split()  # noqa: SIM905
)
_KNOWN_ATTRIBUTES = frozenset(
    """align alt cite class colspan datetime dir height href hreflang lang open reversed rowspan scope src start title
    type value width""".split()  # noqa: SIM905
)


class _Walk(HTMLParser):
    """An independent look: everything that Python's own parser sees must be on the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _KNOWN, tag
        for name, value in attrs:
            assert name in _KNOWN_ATTRIBUTES, (tag, name)
            assert name != "class" or (
                tag == "code" and re.fullmatch(r"language-[a-z0-9+#.-]{1,20}", value or "")
            )
            if name in ("href", "src", "cite"):
                allowed = _ALLOWED[name == "src"]
                assert (value or "").lower().startswith(allowed), (tag, name, value)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def assert_safe(html: str) -> None:
    """Nothing in it runs, sends, frames or breaks XML. Attribute values are blanked before names are looked for."""
    for tag in _TAG.findall(html):
        assert not _FORBIDDEN_TAG.match(tag), tag
        bare = re.sub(r'"[^"]*"', '""', _LANGUAGE.sub(r"<code\1", tag))
        assert not _FORBIDDEN_ATTRIBUTE.search(bare), tag
        for name, address in _ADDRESS.findall(tag):
            allowed = _ALLOWED[name == "src"]
            assert address.lower().startswith(allowed), tag
    assert not _NOT_XML.search(html)
    walk = _Walk()
    walk.feed(html)
    walk.close()
