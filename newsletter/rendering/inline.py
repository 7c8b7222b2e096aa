"""premailer, once per variant, with its traps closed: it never touches the network or a file.

What it does by itself is noted beside what is done against it (premailer 3.10.0, cssutils 2.15.0).
"""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from threading import Lock
from typing import Any

# premailer reads it as it is imported. One mail of ours has some 140 style attributes; a cache of 128, its own
# size, throws each out before it is asked for again.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "1024")

import cssutils
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement
from premailer import Premailer

from newsletter.errors import RenderError
from newsletter.rendering import css

#: What never goes into a mail, whatever a template says. <link> would be fetched by premailer, <base> would
#: move every #anchor.
_NEVER = ("link", "base", "script", "iframe", "object", "embed", "frame", "frameset", "applet")
_IMPORTANT = re.compile(r"\s*!\s*important", re.IGNORECASE)
#: cssutils keeps its log and its parser's state in globals.
_ONE_AT_A_TIME = Lock()


def _refuse(url: str) -> None:
    """cssutils asks here before it fetches an @import, over http and from file:// alike: nothing, ever."""


class _Inliner(Premailer):  # type: ignore[misc]
    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
        return _rules(css_body, ruleset_index)

    def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
        # allow_network=False does not reach cssutils, and its default parser fetches.
        parser = cssutils.CSSParser(loglevel=logging.CRITICAL, fetcher=_refuse, validate=False)
        return parser.parseString(css_body, validate=False)


@lru_cache(maxsize=8)
def _rules(css_body: str, ruleset_index: int) -> Any:
    """What premailer makes of the CSS: every mail of a site has the same.

    It marks what is left over as !important, each time anew, which changes nothing the second time.
    """
    return Premailer._parse_style_rules(_inliner(), css_body, ruleset_index)


def inline(document: str, file: str) -> str:
    """Move the CSS of <style> into style attributes; @media rules and blocks marked data-premailer="ignore"
    stay.

    ``file`` is the template's name, for errors. Raises RenderError for a document that is empty, for too much
    CSS, and for CSS that premailer cannot read.
    """
    if not document.strip():
        raise RenderError(f"{file}: gives no HTML at all")  # premailer dies on it
    tree = lxml_html.document_fromstring(document.strip(), parser=lxml_html.HTMLParser(encoding=None))
    _strip(tree, file)
    try:
        with _ONE_AT_A_TIME:
            _inliner().transform(tree, pretty_print=False)
    except Exception as error:  # cssutils and lxml raise a dozen kinds for CSS that they cannot read
        raise RenderError(f"{file}: its CSS cannot be inlined: {error}") from error
    _finish(tree, file)
    return str(etree.tostring(tree, method="html", encoding="unicode", doctype="<!DOCTYPE html>"))


def _inliner() -> Premailer:
    return _Inliner(
        allow_network=False,
        allow_loading_external_files=False,
        # base_url stays unset: it would prefix a bare mark in a link and make #top absolute.
        disable_link_rewrites=True,
        # True takes !important out of @media rules too, which kills dark mode and the phone layout.
        strip_important=False,
        disable_validation=True,
        cache_css_parsing=False,
        align_floating_images=False,
        # It would write bgcolor="rgba(…)", width="auto" and valign="-2px": templates write those that Outlook
        # needs.
        disable_basic_attributes=["align", "valign", "bgcolor", "width", "height"],
        cssutils_logging_level=logging.CRITICAL,
    )


def _strip(tree: HtmlElement, file: str) -> None:
    for element in list(tree.iter(*_NEVER)):
        element.drop_tree()
    blocks = []
    for style in tree.iter("style"):
        style.text = css.harmless(style.text or "", file)
        blocks.append(style.text)
    css.check_size(blocks, file)
    for element in tree.xpath("//*[@style]"):
        element.set("style", css.harmless(element.get("style"), file))


def _finish(tree: HtmlElement, file: str) -> None:
    # An inlined !important would win over dark mode; the cascade among base rules is settled by now.
    for element in tree.xpath("//*[@style]"):
        element.set("style", _IMPORTANT.sub("", element.get("style")))
    for style in tree.iter("style"):
        style.text = re.sub(r"\n\s*", "\n", (style.text or "").strip())
    css.check_kept([style.text or "" for style in tree.iter("style")], file)
