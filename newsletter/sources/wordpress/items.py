"""What WordPress tells of one post, by its API or in an export, as an Item. It was read by api_post.py or
wxr_post.py."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.dates import PartialDate
from newsletter.errors import SourceError
from newsletter.sources.article.html_page import MOST_ELEMENTS, too_much_html
from newsletter.sources.base import Enclosure, Item, Name, NameScheme
from newsletter.sources.html.plain_text import one_line, plain_text
from newsletter.sources.html.sanitize import clean_with_files
from newsletter.sources.html.summary import title_of
from newsletter.sources.html.urls import MOST_NAME, absolute_url, address_name
from newsletter.sources.wordpress.bare_urls import with_embeds
from newsletter.text.graphemes import cut

#: As long as a stored title may be.
MOST_TITLE = 500
#: Characters, with all that plugins hang onto one; what is longer is a copy of the text.
_MOST_EXCERPT = 50_000
_MOST_LABELS = 100
_MOST_LABEL = 200
#: How an excerpt ends that WordPress cut out of the text, and what themes hang onto it.
_CUT = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*$")
#: So many letters in a row are no coincidence.
_PASSAGE = 40
_READ_ON = re.compile(
    r"\s*(?:continue reading\b.{0,200}|read more|read on|keep reading|weiterlesen|seguir leyendo|leer más"
    r"|lire la suite|ler mais|leia mais)\s*[→»›]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPressPost:
    """One published post as WordPress has it; texts are HTML and not cleaned."""

    #: What WordPress counts it by; its API and its export agree on it.
    number: int
    guid: str
    #: Absolute, or empty.
    link: str
    title: str
    #: As readers of the site get it: shortcodes and blocks are resolved.
    html: str
    excerpt: str = ""
    date: PartialDate | None = None
    #: Aware.
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    #: Names of categories and tags.
    categories: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    #: In pixels; 0 where nothing tells it.
    image_size: tuple[int, int] = (0, 0)
    language: str | None = None
    enclosure: Enclosure | None = None


def as_item(post: WordPressPost, site_url: str) -> Item:
    """The post, clean and with its names. Pictures that are written into the text become files below ``site_url``, our
    own site's address. Raises SourceError with one clause for a post that shows nothing."""
    if what := too_much_html(post.html, 2 * MOST_ELEMENTS):
        raise SourceError(f"{what}; divide it into several posts")
    base = absolute_url(post.link, "") or ""
    body, files, lost = clean_with_files(with_embeds(post.html, base), base, f"{site_url.rstrip('/')}/media/")
    words = plain_text(body)
    summary = own_summary(post.excerpt, words)
    image = absolute_url(post.image, base) if post.image else None
    if not words and "<img" not in body:
        if not summary and not image:
            raise SourceError("it has no text and no picture; write some, or make it a draft")
        body = f"<p>{entities.escape(summary, quote=False)}</p>" if summary else ""
    title = cut(one_line(plain_text(post.title)), MOST_TITLE) or title_of(body)
    if not title:
        raise SourceError("it has neither a title nor words; give it a title")
    return Item(
        names=names(post.number, post.guid, base),
        title=title,
        html=body,
        date=post.date,
        updated=post.updated,
        authors=labels(post.authors),
        summary=summary,
        url=base or None,
        categories=labels(post.categories),
        image=image,
        image_alt=one_line(plain_text(post.image_alt)) if image else "",
        image_size=post.image_size if image else (0, 0),
        language=post.language,
        enclosure=post.enclosure,
        files=files,
        lost=lost,
    )


def names(number: int, guid: str, link: str) -> tuple[Name, ...]:
    """The number first; then the guid, by which the site's own feed knows the post, and its address.

    A guid such as https://example.org/?p=12 names no number of its own: WordPress keeps the guid when a post is moved
    to another site, where 12 may be somebody else.
    """
    found = [Name(NameScheme.WORDPRESS, str(number))]
    guid = one_line(entities.unescape(guid))
    if 0 < len(guid) <= MOST_NAME:
        found.append(Name(NameScheme.GUID, guid))
    if link and (address := address_name(link)):
        found.append(address)
    return tuple(found)


def with_own_names(items: Iterable[Item]) -> list[Item]:
    """Items with names that no other item has. Copied and imported posts may share a guid or an address; their
    numbers never are the same."""
    taken: set[Name] = set()
    found = []
    for item in items:
        own = tuple(name for name in item.names if name not in taken)
        taken.update(own)
        found.append(item if own == item.names else replace(item, names=own))
    return found


def own_summary(excerpt: str, words: str) -> str:
    """The excerpt as plain text when somebody wrote it; empty when WordPress cut it out of the text.

    ``words`` is the post's text. The API does not tell the two apart (``excerpt.rendered`` is never empty).
    """
    if len(excerpt) > _MOST_EXCERPT:
        return ""
    text = _READ_ON.sub("", one_line(plain_text(with_embeds(excerpt))))
    if not text or _CUT.search(text) or _is_taken_from(words, text):
        return ""
    return text


def _is_taken_from(words: str, text: str) -> bool:
    """Whether a text begins as the post does, or as a long passage of it: what was cut out keeps the words of tables,
    and loses those of films that stand between."""
    found, beginning = _letters(words), _letters(text)[:_PASSAGE]
    return found.startswith(beginning) or (len(beginning) == _PASSAGE and beginning in found)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def labels(values: tuple[str, ...]) -> tuple[str, ...]:
    """Names of people, categories or tags: decoded, on one line each, each once."""
    found: dict[str, str] = {}
    for value in values[:_MOST_LABELS]:
        if label := one_line(plain_text(value))[:_MOST_LABEL].strip():
            found.setdefault(label.casefold(), label)
    return tuple(found.values())
