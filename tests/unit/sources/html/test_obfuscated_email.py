# ruff: noqa: E501  (markup as content systems write it)
"""Addresses of mail that a page hides from robots are links again, and lines of their own stay lines."""

import pytest

from newsletter.sources.html.sanitize import clean

BASE = "https://pier.example.org/post/"
LINK = '<a href="mailto:jo@example.org">jo@example.org</a>'


def hidden(address: str, key: int = 0x54) -> str:
    return f"{key:02x}" + "".join(f"{byte ^ key:02x}" for byte in address.encode())


CODE = hidden("jo@example.org")


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (f'<a href="/cdn-cgi/l/email-protection" data-cfemail="{CODE}">[email&#160;protected]</a>', LINK),
        (f'<span class="__cf_email__" data-cfemail="{CODE}">[email protected]</span>', LINK),
        (
            f'<a href="/cdn-cgi/l/email-protection#{CODE}"><span data-cfemail="{CODE}">[email&#160;protected]</span></a>',
            LINK,
        ),
        (
            f'<a href="/cdn-cgi/l/email-protection#{hidden("jo@example.org?subject=x")}">our <b>pilot</b></a>',
            '<a href="mailto:jo@example.org">our <b>pilot</b></a>',
        ),
        ('<joomla-hidden-mail first="am8=" last="ZXhhbXBsZS5vcmc=">This address is protected</joomla-hidden-mail>', LINK),
        ('<joomla-hidden-mail first="%" last="">no address</joomla-hidden-mail>', "no address"),
        (f'<span data-cfemail="{hidden("<script>")}">words</span>', "words"),
        ('<span data-cfemail="zz">words</span>', "words"),
    ],
)  # fmt: skip
def test_an_address_that_scripts_would_show_is_shown(html: str, kept: str) -> None:
    found = clean(f"<p>Write to {html}.</p>", BASE)
    assert found == f"<p>Write to {kept}.</p>"
    assert clean(found, BASE) == found


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<span style="display:block">One</span><span style="display: block">Two</span>', "<div>One</div><div>Two</div>"),
        ('<p>One<span style="display:block">two</span>three</p>', "<p>One<br>two<br>three</p>"),
        ('<p>3<span style="vertical-align: super">2</span> x<span style="vertical-align:sub">1</span></p>', "<p>3<sup>2</sup> x<sub>1</sub></p>"),
        ('<p>Tide<label for="sn"></label><input type="checkbox"><span class="sidenote">Ebb.</span> turns.</p>', "<p>Tide (Ebb.) turns.</p>"),
        ('<p><strong style="display:block">Head</strong>text</p>', "<p><strong>Head</strong><br>text</p>"),
        ('<a style="display:block" href="/1">One</a><a style="display:block" href="/2">Two</a>', '<div><a href="https://pier.example.org/1">One</a></div><div><a href="https://pier.example.org/2">Two</a></div>'),
        ('<p>One <span style="display:inline-block">two</span></p>', "<p>One two</p>"),
    ],
)  # fmt: skip
def test_what_is_shown_as_a_line_of_its_own_is_one(html: str, kept: str) -> None:
    assert clean(html, BASE) == kept
