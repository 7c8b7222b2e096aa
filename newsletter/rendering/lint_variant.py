"""What the rules of the lint look at: one variant, read once for all of them. The rules are beside this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html
from lxml.html import HtmlElement

from newsletter.rendering.parts import Entry, Frame, Rendered


@dataclass(frozen=True)
class Variant:
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
        """The words of the HTML, one space between them."""
        return " ".join(" ".join(self.body.itertext()).split())

    @cached_property
    def site_host(self) -> str:
        return (urlsplit(self.frame.site_url).hostname or "").lower()

    @cached_property
    def addresses_of(self) -> Mapping[str, frozenset[str]]:
        """A post's key → every address that it brings along: its own, its pictures', its links'."""
        return {entry.key: _addresses(entry) for entry in self.entries}

    def post_with(self, address: str) -> str:
        """The key of the post that an address comes from; empty for none."""
        return next((key for key, brought in self.addresses_of.items() if address in brought), "")

    def post_saying(self, words: str) -> str:
        """The key of the post that says these words; empty for none."""
        for entry in self.entries:
            said = (entry.title, entry.summary, entry.html, entry.image_alt, *entry.authors, *entry.topics)
            if any(words in text for text in said):
                return entry.key
        return ""


def _addresses(entry: Entry) -> frozenset[str]:
    found = {entry.url, *([entry.image] if entry.image else [])}
    if entry.html.strip():
        root = lxml_html.fragment_fromstring(entry.html.replace("\x00", ""), create_parent="div")
        for _, _, address, _ in root.iterlinks():
            found |= {address, _joined(entry.url, address)}
    return frozenset(found)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address
