"""Markdown → HTML, as written; it is made safe by clean.py, not here."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin


def render(text: str) -> str:
    """CommonMark with tables, strikethrough and footnotes. Raw HTML goes through as it stands."""
    tokens = _reader().parse(text)
    for token in tokens:
        if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", "")):
            # clean.py keeps no style, and mail clients read align.
            token.attrs["align"] = str(style).rpartition(":")[2]
    return str(_reader().renderer.render(tokens, _reader().options, {}))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True, "typographer": False}).enable(["table", "strikethrough"])
    reader.use(footnote_plugin)
    # Links within a page lead nowhere in a mail: a footnote is its number and a list at the end.
    reader.add_render_rule("footnote_ref", _footnote_number)
    reader.add_render_rule("footnote_anchor", _nothing)
    reader.add_render_rule("footnote_block_open", _footnotes_open)
    reader.add_render_rule("footnote_block_close", _footnotes_close)
    return reader


Environment = MutableMapping[str, Any]


def _footnote_number(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    return f"<sup>{int(tokens[index].meta['id']) + 1}</sup>"


def _nothing(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    return ""


def _footnotes_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    return "<hr>\n<ol>\n"


def _footnotes_close(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Environment
) -> str:
    return "</ol>\n"
