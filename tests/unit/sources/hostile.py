"""Strategies that the tests of sources share: hostile text and HTML, and the one rule that all output keeps."""

from __future__ import annotations

import re

from hypothesis import strategies as st

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
]  # fmt: skip

hostile_text = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=14).map("".join)
hostile_bytes = st.one_of(
    hostile_text.map(lambda text: text.encode("utf-8", "surrogatepass")),
    hostile_text.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.binary(max_size=200),
)

_TAG = re.compile(r"<[^<>]*>")
_FORBIDDEN_TAG = re.compile(
    r"</?(?:script|style|iframe|object|embed|form|input|base|meta|link|svg|math|video|title|!|\?)",
    re.IGNORECASE,
)
_FORBIDDEN_ATTRIBUTE = re.compile(r"\s(?:on\w+|style|srcdoc|action|formaction|class|id)\s*=", re.IGNORECASE)
_ADDRESS = re.compile(r'(href|src|cite)="([^"]*)"')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def assert_safe(html: str) -> None:
    """Nothing in it runs, sends, frames or breaks XML. Attribute values are blanked before names are looked for."""
    for tag in _TAG.findall(html):
        assert not _FORBIDDEN_TAG.match(tag), tag
        assert not _FORBIDDEN_ATTRIBUTE.search(re.sub(r'"[^"]*"', '""', tag)), tag
        for name, address in _ADDRESS.findall(tag):
            allowed = ("http://", "https://") if name == "src" else ("http://", "https://", "mailto:", "tel:")
            assert address.lower().startswith(allowed), tag
    assert not _NOT_XML.search(html)
