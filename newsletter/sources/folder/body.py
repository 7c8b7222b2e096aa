"""The text of one post file → clean HTML with its pictures: what a generator would have drawn, fit for a mail.

Front matter, title and address are items.py's, the addresses in a post that only our archive shows own_addresses.py's.
Nothing is fetched from the web.
"""

from __future__ import annotations

import html as entities
import re
import secrets
from dataclasses import replace
from urllib.parse import unquote

from newsletter.errors import SourceError
from newsletter.sources.article.html_page import MOST_ELEMENTS, is_whole_page, read_html, too_much_html
from newsletter.sources.base import Item, Problem
from newsletter.sources.folder.draft import Draft
from newsletter.sources.folder.own_addresses import (
    HERE,
    address_in_folder,
    address_inside,
    named_plainly,
    picture_address,
    settled_html,
)
from newsletter.sources.frontmatter.keys import FrontMatterKeys
from newsletter.sources.html.images.emoji_names import in_html, in_text
from newsletter.sources.html.sanitize import clean_with_files, one_line, plain_text, summary_of
from newsletter.sources.markup import mdx
from newsletter.sources.markup.markdown import render
from newsletter.sources.markup.shortcode_html import ShortcodePost, meaning
from newsletter.sources.markup.shortcode_parser import expand

MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".mdown", ".mkd"})
#: A summary that its author marked off may be as long; a longer one is cut at a sentence.
MOST_EXCERPT = 600
#: Stands for the excerpt's end while a text is drawn; drawn at random, so that no text holds it.
_MARK = "more" + secrets.token_hex(8)
_MORE = re.compile(
    r"<!--\s*(?:more|excerpt|end_?excerpt|truncate|read-?more|TEASER_END(?::[^>]*)?|PELICAN_END_SUMMARY)\s*-->",
    re.IGNORECASE,
)
_MARK_ALONE = re.compile(rf"<p>\s*{_MARK}\s*</p>\s*|{_MARK}")
#: Pelican's places in a link (docs.getpelican.com, "Linking to internal content").
_PELICAN = re.compile(r"""(?<=[("'=<\s])[{|](?:static|attach|filename|photo)[}|]""")
_POST_LINK = re.compile(r"""href="([^"?#:]+\.(?:md|markdown|mdx|rst))((?:[?#][^"]*)?)\"""", re.IGNORECASE)


def draw(draft: Draft) -> Item:
    """The post as its body alone gives it: Markdown, a piece of HTML, or a whole HTML page. ``names`` is empty."""
    body = _marked(_plain(draft), draft.keys)
    base = draft.base or (address_inside(draft) if draft.is_ours else draft.place.site_url.rstrip("/") + "/")
    is_page = draft.suffix not in MARKDOWN and is_whole_page(body)
    if draft.suffix not in MARKDOWN and (
        what := too_much_html(body, MOST_ELEMENTS if is_page else 2 * MOST_ELEMENTS)
    ):
        raise SourceError(f"{draft.path}: {what}; divide it into several posts")
    if is_page:
        return _settled(_whole_page(body, base, draft), draft)
    # MDX has no code by indentation: components are indented.
    html = render(body, indented_code=draft.suffix != ".mdx") if draft.suffix in MARKDOWN else body
    html = _POST_LINK.sub(lambda found: _to_post(found, draft), html)
    html, files, lost = clean_with_files(html, base, draft.place.media_url)
    return _settled(Item(names=(), title="", html=html, files=files, lost=lost), draft)


def _whole_page(body: str, base: str, draft: Draft) -> Item:
    """A saved page; where it says what its address is, its pictures are there and not in the folder."""
    zone, media = draft.place.zone, draft.place.media_url
    if draft.is_ours and (page := read_html(body, "", zone=zone, media_url=media)).url:
        return page
    return read_html(body, base, zone=zone, media_url=media)


def _plain(draft: Draft) -> str:
    """The body without imports, components, shortcodes and template tags."""
    if draft.suffix == ".mdx":
        plain = mdx.to_markdown(draft.body)
        _say_left_out(plain.left_out, draft)
        return plain.text
    setting = ShortcodePost(draft.place.base_url, draft.keys.text, lambda wanted: _address_of(wanted, draft))
    expanded = expand(draft.body, lambda tag, inner: meaning(tag, inner, setting))
    _say_left_out(expanded.left_out, draft)
    return _PELICAN.sub("", expanded.text)


def _say_left_out(left_out: list[tuple[int, str]], draft: Draft) -> None:
    """One problem a file, at the first of them."""
    if not left_out:
        return
    place, shown = left_out[0]
    line = draft.body.count("\n", 0, place) + draft.body_line
    others = list(dict.fromkeys(text for _, text in left_out[1:] if text != shown))
    more = f" (and so are {', '.join(others[:3])}{', …' if len(others) > 3 else ''})" if others else ""
    what = (
        f"{shown} has no meaning in a mail and is left out{more}; write it out in Markdown if readers need it"
    )
    draft.problems.append(Problem(f"{draft.path}:{line}", what))


def _address_of(wanted: str, draft: Draft) -> str | None:
    """The address of the post that ``wanted``, as written, means; of one of our archive, that of its file."""
    if draft.place.links is None:
        return None
    if not draft.is_ours:
        return draft.place.links.address(draft.path, wanted)
    path = draft.place.links.path(draft.path, wanted)
    return address_in_folder(path, draft) + "".join(wanted.partition("#")[1:]) if path else None


def _to_post(found: re.Match[str], draft: Draft) -> str:
    """A link to another file of the folder leads to that post's address; without one it becomes its words."""
    wanted = entities.unescape(unquote(found[1]))
    address = _address_of(wanted, draft)
    if address:
        return f'href="{entities.escape(address)}{found[2]}"'
    if draft.place.links is not None:
        draft.say(wanted, _leads_nowhere(wanted))
    return 'href=""'


def _leads_nowhere(wanted: str) -> str:
    return f'the link to "{wanted[:80]}" leads nowhere, for no post is there; correct it'


def _marked(body: str, keys: FrontMatterKeys) -> str:
    """The body with our mark where its author ends the excerpt (WordPress's, Hugo's, Jekyll's way)."""
    separator = keys.text("excerpt_separator", "excerptseparator")
    if separator and len(separator) > 2 and separator in body:
        return body.replace(separator, f"\n\n{_MARK}\n\n", 1)
    return _MORE.sub(f"\n\n{_MARK}\n\n", body, count=1)


def _settled(item: Item, draft: Draft) -> Item:
    item = _prepared(item, draft)
    if not draft.place.settings.emoji:
        return item
    return replace(item, html=in_html(item.html), title=in_text(item.title), summary=in_text(item.summary))


def _prepared(item: Item, draft: Draft) -> Item:
    """The item with its excerpt as summary, and with the pictures of the folder."""
    if draft.is_ours:
        item = replace(item, html=settled_html(item.html, draft), summary=named_plainly(item.summary, draft))
        image = item.image
        if image and image.startswith(HERE):
            item = replace(item, image=picture_address(image.removeprefix(HERE), draft))
    summary = item.summary
    if _MARK in item.html:
        opening = item.html.partition(_MARK)[0]
        words = one_line(plain_text(opening))
        summary = words if len(words) <= MOST_EXCERPT else summary_of(opening, MOST_EXCERPT)
        item = replace(item, html=_MARK_ALONE.sub("", item.html))
    return replace(item, summary=summary, files=(*item.files, *draft.files.values()))
