"""Builds RSS 2.0 and Atom with feedgen: posts in, bytes out. No files, no HTTP and no clock.

Each format has a generator of its own, because feedgen would give RSS the ``self`` link of Atom. Nothing here
looks at the time, so that the same posts always give the same bytes and a reader's ETag goes on matching.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from newsletter.feeds.extensions import Around, AtomEntry, Item
from newsletter.feeds.model import FeedEnclosure, FeedPost, FeedSite
from newsletter.feeds.normalize import fit_posts, fit_site, newest_change

RSS_TYPE = "application/rss+xml"
ATOM_TYPE = "application/atom+xml"

_GENERATOR = "Learning Hub Newsletter"
_DOCS = "https://www.rssboard.org/rss-specification"
#: Elements of plain text. Before the first item there is nothing else; an item's description is HTML.
_PLAIN_IN_CHANNEL = re.compile(rb"<(?:title|description)>[^<]+")
_PLAIN_IN_ITEMS = re.compile(rb"<(?:title|category|dc:creator)>[^<]+")
_HEXADECIMAL = {b"&amp;": b"&#x26;", b"&lt;": b"&#x3C;", b"&gt;": b"&#x3E;"}
_ENTITY = re.compile(b"|".join(_HEXADECIMAL))


def rss(site: FeedSite, posts: Sequence[FeedPost]) -> bytes:
    """An RSS 2.0 feed after the RSS Advisory Board's profile: UTF-8, newest post first.

    The guid is the post's permanent id and never a link. A feed without posts has no lastBuildDate. Raises
    Refused when the site has no http(s) address, ValueError for a date without a zone.
    """
    site, posts = fit_site(site), fit_posts(posts)
    feed = _generator(site, RSS_TYPE)
    feed.docs(_DOCS)
    feed.ttl(site.ttl)
    feed.load_extension("dc", atom=False)
    feed.load_extension("media", atom=False)
    feed.register_extension("around", Around, Item, atom=False)
    # feedgen starts out with *now* here and has no way to say "none"; Around writes the true one.
    feed._FeedGenerator__rss_lastBuildDate = None
    feed.around.changed = newest_change(posts) if posts else None
    feed.around.links = _links(site)
    feed.around.archive = site.current is not None
    if site.image:
        feed.image(url=site.image, title=site.title, link=site.home_url)
    for post in posts:
        _fill_item(feed.add_entry(order="append"), post)
    return _with_style(_plain_text_in_hexadecimal(feed.rss_str()), site.style)


def atom(site: FeedSite, posts: Sequence[FeedPost]) -> bytes:
    """An Atom 1.0 feed (RFC 4287): UTF-8, newest post first.

    ``updated`` is the newest change of a post; a feed without posts says 1970-01-01, because the element is
    required and the time of the build would be a lie. Raises as ``rss``.
    """
    site, posts = fit_site(site), fit_posts(posts)
    feed = _generator(site, ATOM_TYPE)
    feed.id(site.id)
    feed.updated(newest_change(posts))
    feed.author({"name": site.organisation, "uri": site.home_url})
    feed.load_extension("media", rss=False)
    feed.register_extension("around", Around, rss=False)
    feed.around.archive = site.current is not None
    if site.image:
        feed.logo(site.image)
    if site.icon:
        feed.icon(site.icon)
    for rel, href in _links(site):
        feed.link(href=href, rel=rel)
    for post in posts:
        _fill_entry(feed.add_entry(order="append"), post)
    return _with_style(bytes(feed.atom_str()), site.style)


def _with_style(xml: bytes, style: str | None) -> bytes:
    """With the style sheet named before the root element (W3C, "Associating Style Sheets with XML documents"). CSS and
    not XSLT, which browsers give up."""
    if not style:
        return xml
    declaration, end, rest = xml.partition(b"?>")
    named = f'\n<?xml-stylesheet type="text/css" href="{style}"?>'.encode("ascii")
    return declaration + end + named + rest


def _links(site: FeedSite) -> list[tuple[str, str]]:
    """(rel, href) of what leads on from a feed: its hubs (W3C WebSub §4), its archive (RFC 5005 §4)."""
    archive = [("current", site.current), ("prev-archive", site.older), ("next-archive", site.newer)]
    return [("hub", hub) for hub in site.hubs] + [(rel, href) for rel, href in archive if href]


def _generator(site: FeedSite, own_type: str) -> FeedGenerator:
    feed = FeedGenerator()
    feed.title(site.title)
    feed.subtitle(site.description)
    feed.generator(_GENERATOR)
    feed.language(site.language or None)
    feed.link(href=site.feed_url, rel="self", type=own_type)
    # The page comes last: feedgen makes the last link added the channel's <link>.
    feed.link(href=site.home_url, rel="alternate", type="text/html")
    return feed


def _fill_item(item: FeedEntry, post: FeedPost) -> None:
    item.guid(post.id, permalink=False)
    # "All elements of an item are optional, however at least one of title or description must be present."
    if not post.untitled:
        item.title(post.title)
    # A summary is plain text and an item's description is read as HTML. Where there is none, feedgen makes the text
    # the description: of a picture without words, the picture.
    if post.own_summary:
        item.description(escape(post.own_summary, quote=False), isSummary=True)
    if post.html:
        item.content(post.html)
    if post.url:
        item.link(href=post.url, rel="alternate")
    if post.topics:
        item.category([{"term": topic} for topic in post.topics])
    # An <author> needs a mail address that everyone may see; a name alone is a dc:creator.
    item.dc.dc_creator(list(post.authors))
    item.dc.dc_language(post.language)
    item.around.published = post.published
    _add_image(item, post)
    if post.enclosure:
        _add_recording(item, post.enclosure)


def _fill_entry(entry: FeedEntry, post: FeedPost) -> None:
    entry.register_extension("own", AtomEntry, rss=False)
    entry.id(post.id)
    entry.title(post.title)
    entry.published(post.published)
    entry.updated(post.updated)
    if post.own_summary:
        entry.summary(post.own_summary)
    # Without a link an entry must have content (RFC 4287 §4.1.2).
    entry.content(post.html or f"<p>{escape(post.summary, quote=False)}</p>", type="html")
    if post.url:
        entry.own.links.append({"href": post.url, "rel": "alternate", "type": "text/html"})
    if post.enclosure:
        entry.own.links.append(_enclosure_link(post.enclosure, post.title))
    if post.topics:
        entry.category([{"term": topic} for topic in post.topics])
    entry.author([{"name": name} for name in post.authors])
    entry.own.language = post.language
    _add_image(entry, post)


def _add_image(entry: FeedEntry, post: FeedPost) -> None:
    """As media:content: an enclosure would need the picture's true length in bytes, unknown here."""
    if post.image:
        entry.media.content({"url": post.image, "medium": "image", "group": None}, group=None)


def _add_recording(item: FeedEntry, found: FeedEnclosure) -> None:
    """As an enclosure, which must have its true length in bytes (RSS 2.0); as media:content where that is unknown."""
    if found.length is not None:
        item.link(href=found.url, rel="enclosure", type=found.media_type, length=str(found.length))
        return
    kind = found.media_type.partition("/")[0]
    medium = {"medium": kind} if kind in ("audio", "video", "image") else {}
    item.media.content({"url": found.url, "type": found.media_type, "group": None, **medium}, group=None)


def _enclosure_link(found: FeedEnclosure, title: str) -> dict[str, str]:
    """Atom asks for no length (RFC 4287 §4.2.7.6)."""
    length = {} if found.length is None else {"length": str(found.length)}
    return {"href": found.url, "rel": "enclosure", "type": found.media_type, **length, "title": title}


def _plain_text_in_hexadecimal(xml: bytes) -> bytes:
    """Write &, < and > of plain text as hexadecimal references, which most readers understand (RSS profile,
    "Character Data"). To an XML parser nothing changes."""
    channel, first, items = xml.partition(b"<item>")
    return _PLAIN_IN_CHANNEL.sub(_hexadecimal, channel) + first + _PLAIN_IN_ITEMS.sub(_hexadecimal, items)


def _hexadecimal(element: re.Match[bytes]) -> bytes:
    return _ENTITY.sub(lambda entity: _HEXADECIMAL[entity[0]], element[0])
