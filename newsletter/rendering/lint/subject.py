"""What the rules of the lint look at: one variant, read once for all of them. The rules are beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from newsletter.rendering.mail_parts import Entry, Frame, Rendered

_WRITTEN_OTHERWISE = re.compile("\\[[0-9]+\\]|[\\s*\u00ad\u200b\u2060\ufeff]+")


@dataclass(frozen=True)
class LintedMail:
    """What the rules look at."""

    rendered: Rendered
    frame: Frame
    entries: Sequence[Entry]
    #: Name → source, as frozen.
    templates: Mapping[str, str]
    #: The mail goes to people: what the law asks for is an error.
    real: bool
    #: Addresses that are known to lead nowhere → why, a clause.
    gone: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def document(self) -> HtmlElement:
        return lxml_html.document_fromstring(self.rendered.html)

    @cached_property
    def body(self) -> HtmlElement:
        found = self.document.find("body")
        return self.document if found is None else found

    @cached_property
    def words(self) -> str:
        """The words of the HTML that readers see, one space between them: none of the preheader's."""
        return " ".join(" ".join(_shown(self.body)).split())

    @cached_property
    def unquoted(self) -> str:
        """The HTML with every address in it as a person would read it."""
        return unquote(unescape(self.rendered.html))

    @cached_property
    def site_host(self) -> str:
        return (urlsplit(self.frame.site_url).hostname or "").lower()

    @cached_property
    def _in_texts(self) -> Mapping[str, frozenset[str]]:
        """A post's key → every address in its text: its pictures', its links'."""
        return {entry.key: frozenset(map(_bare, _addresses(entry))) for entry in self.entries}

    def post_linking(self, address: str) -> str:
        """The key of the post whose text has this address in it; empty for none."""
        return next((key for key, known in self._in_texts.items() if _bare(address) in known), "")

    def post_with(self, address: str) -> str:
        """The key of the post that an address comes from, its own and its picture's among them; empty for none."""
        of_posts = ((entry.key, {_bare(entry.url), _bare(entry.image or "")}) for entry in self.entries)
        return self.post_linking(address) or next(
            (key for key, own in of_posts if address and _bare(address) in own), ""
        )

    @cached_property
    def said_by(self) -> Mapping[str, str]:
        """A post's key → all that it says, its addresses among it, a line each."""
        return {entry.key: "\n".join(_said(entry)) for entry in self.entries}

    @cached_property
    def _bare_by(self) -> Mapping[str, str]:
        return {key: _bare(said) for key, said in self.said_by.items()}

    def post_saying(self, words: str) -> str:
        """The key of the post that says these words, however they were written; empty for none."""
        sought = _bare(words)
        return next((key for key, said in self._bare_by.items() if sought and sought in said), "")

    def post_with_word(self, word: str) -> str:
        """The key of the post that has this very word; empty for none."""
        alone = re.compile(rf"\b{re.escape(word)}\b")
        return next((key for key, said in self.said_by.items() if alone.search(said)), "")


def _said(entry: Entry) -> Iterator[str]:
    yield from (entry.title, entry.summary, entry.image_alt, entry.url, entry.image or "")
    yield from (*entry.authors, *entry.topics)
    if entry.html.strip():
        root = lxml_html.fragment_fromstring(entry.html.replace("\x00", ""), create_parent="div")
        # Words that run over an element's end, and words that end with it: cells of a table.
        yield "".join(root.itertext())
        yield from map(str, root.itertext())
        for element in root.iter("*"):
            yield from (str(value) for value in element.attrib.values())


def _bare(words: str) -> str:
    """Without what differs between a post as it was written and as a mail shows it: spaces, the text part's emphasis
    and numbers of notes, percent-encoding, upper case."""
    return _WRITTEN_OTHERWISE.sub("", unquote(words)).casefold()


def _shown(body: HtmlElement) -> Iterator[str]:
    walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event != "start":
            yield element.tail or ""
        elif re.search(r"display:\s*none", element.get("style") or ""):
            walk.skip_subtree()
        else:
            yield element.text or ""


def _addresses(entry: Entry) -> frozenset[str]:
    found: set[str] = set()
    if entry.html.strip():
        root = lxml_html.fragment_fromstring(entry.html.replace("\x00", ""), create_parent="div")
        for _, _, address, _ in root.iterlinks():
            found |= {address, _joined(entry.url, address)}
    return frozenset(found - {""})


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address
