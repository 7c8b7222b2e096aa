from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import RenderError
from newsletter.rendering import css
from newsletter.rendering.inline import inline

FILE = "email/post.html"
#: What the audit hook below reports while a test is armed, which is when there is a list in here.
_armed: list[list[str]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _armed:
        return
    if event.startswith("socket.") and event != "socket.__new__":
        _armed[0].append(f"{event} {arguments[1:]}")
    if event == "open" and str(arguments[0]).endswith((".css", "passwd")):
        _armed[0].append(f"open {arguments[0]}")


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Nothing may look up a name, connect, or open a style sheet: the interpreter itself reports it."""
    if not getattr(sys, "_mail_inline_hook", False):
        sys.addaudithook(_hook)
        sys._mail_inline_hook = True  # type: ignore[attr-defined]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    seen: list[str] = []
    _armed.append(seen)
    yield seen
    _armed.clear()


def page(style: str = "", body: str = "<p>words</p>", head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>t</title>{head}<style>{style}</style></head><body>{body}</body></html>"


def test_the_guard_itself_notices_a_file_and_a_connection(guarded: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.css").write_text("p{}")
    guarded.clear()
    (tmp_path / "x.css").read_text()
    assert guarded == [f"open {tmp_path / 'x.css'}"]
    with pytest.raises(AssertionError), socket.socket() as probe:
        probe.connect(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "style",
    [
        '@import url("http://127.0.0.1:9/x.css");',
        "@import 'http://127.0.0.1:9/x.css' screen;",
        '@IMPORT "{file}";',
        "@import url(file://{file});",
        "/* */@import/**/url({file});",
        "@font-face {{ font-family: x; src: url(http://127.0.0.1:9/x.woff) }}",
        "p {{ background: url( 'http://127.0.0.1:9/x.png' ) }}",
        "@media screen {{ p {{ background: URL(http://127.0.0.1:9/x.png) !important }} }}",
        "p {{ background-image: image-set('http://127.0.0.1:9/x.png' 1x) }}",
        '@namespace url("http://127.0.0.1:9/");',
    ],
)
def test_css_fetches_nothing_from_the_net_or_from_a_file(
    style: str, guarded: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "secret.css"
    file.write_text("p { color: rgb(1, 2, 3) }")
    guarded.clear()
    result = inline(page(style.format(file=file) + " p { margin: 0 }"), FILE)
    assert guarded == []
    assert "127.0.0.1" not in result
    assert "secret.css" not in result
    assert "rgb(1" not in result
    assert "margin:0" in result


@pytest.mark.parametrize(
    "hidden", [r"@\69mport 'http://x.example/x.css';", r"p{background:u\72l(http://x.example/)}"]
)
def test_css_that_hides_what_it_fetches_is_refused(hidden: str) -> None:
    with pytest.raises(RenderError, match=r"email/post.html: its CSS fetches"):
        inline(page(hidden), FILE)


def test_links_to_style_sheets_scripts_and_frames_are_gone(guarded: list[str]) -> None:
    result = inline(
        page(
            head='<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><base href="https://x.example/">',
            body='<script>x</script><iframe src="http://127.0.0.1:9/"></iframe><p>words</p>',
        ),
        FILE,
    )
    assert guarded == []
    for gone in ("<link", "<base", "<script", "<iframe", "127.0.0.1"):
        assert gone not in result
    assert "<p>words</p>" in result


def test_a_style_attribute_fetches_nothing_either() -> None:
    result = inline(page(body='<p style="color:red;background:url(http://x.example/p.png)">w</p>'), FILE)
    assert "x.example" not in result
    assert "red" in result


def test_a_picture_inside_the_css_stays() -> None:
    assert "data:image/png;base64,AAAA" in inline(
        page("p { background: url( data:image/png;base64,AAAA) }"), FILE
    )


def test_dark_mode_and_phone_rules_keep_their_important_and_beat_the_inlined_rules() -> None:
    result = inline(
        page(
            "p { color: #111111 !important } @media (prefers-color-scheme: dark) { p { color: #eeeeee !important } }"
            "@media (max-width: 620px) { p { margin: 0 } } a:hover { color: #222222 }",
            '<p>words <a href="#x">x</a></p>',
        ),
        FILE,
    )
    style, body = result.split("</style>")
    assert "color: #eee !important" in style
    assert "margin: 0 !important" in style
    assert "a:hover" in style
    assert "!important" not in body
    assert 'style="color:#111"' in body


def test_a_block_marked_ignore_stays_as_it_was_written() -> None:
    kept = "@media (max-width: 620px) { .a { color: #abcdef !important; } }"
    result = inline(page("p{margin:0}", head=f'<style data-premailer="ignore">{kept}</style>'), FILE)
    assert f"<style>{kept}</style>" in result
    assert "data-premailer" not in result


def test_marks_anchors_and_conditional_comments_are_left_alone() -> None:
    body = '<a href="m0123abc">x</a><a href="#top">y</a><!--[if mso]><v:rect href="m0123abc"></v:rect><![endif]-->'
    assert body in inline(page("a { color: red }", body), FILE).replace(' style="color:red"', "")


def test_no_attribute_is_made_of_a_style() -> None:
    result = inline(
        page("td { background-color: rgba(0,0,0,.5); width: auto; vertical-align: -2px; text-align: left }",
             "<table><tr><td>x</td></tr></table>"),
        FILE,
    )  # fmt: skip
    for attribute in ("bgcolor=", "width=", "valign=", "align="):
        assert attribute not in result


@pytest.mark.parametrize("document", ["", "  \n"])
def test_an_empty_document_is_refused(document: str) -> None:
    with pytest.raises(RenderError, match="no HTML"):
        inline(document, FILE)


def test_too_much_css_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(RenderError, match="401 rules"):
        inline(page("p{color:red}" * (css.MOST_RULES + 1)), FILE)
    with pytest.raises(RenderError, match="characters"):
        inline(page("p{color:red" + ";" * css.LONGEST + "}"), FILE)


def test_a_block_that_gmail_would_drop_is_refused() -> None:
    rules = "@media print { " + ".a { color: #123456 }" * 399 + "}"
    with pytest.raises(RenderError, match="Gmail drops"):
        inline(page(rules), FILE)


def test_every_script_and_emoji_survives() -> None:
    words = "👩‍👩‍👧 漢字 العربية e\u0301 \u200f x"
    assert words in inline(page(body=f"<p>{words}</p>"), FILE)


def test_the_doctype_is_html5_and_there_is_one_charset() -> None:
    result = inline(page(head='<meta charset="utf-8">'), FILE)
    assert result.startswith("<!DOCTYPE html>\n<html>")
    assert result.lower().count("charset") == 1


def test_the_same_css_gives_the_same_bytes_however_often_it_was_read() -> None:
    css = (
        ".a { margin: 0; margin: 1px 2px; color: red !important } .a:hover { color: blue }"
        "@media (max-width: 500px) { .a { margin: 3px; color: red; color: rgb(1, 2, 3) } .b { font: 12px serif } }"
    )
    html = f"<html><head><style>{css}</style></head><body><p class=a>x</p></body></html>"
    first = inline(html, "x.html")
    assert "@media" in first
    assert inline(html.replace(">x<", ">y<"), "x.html") == first.replace(">x<", ">y<")
    assert inline(html, "x.html") == first
