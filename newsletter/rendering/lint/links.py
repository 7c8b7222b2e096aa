"""The lint's rules for links and pictures: those that cannot work, and those that not everyone can read.

Nothing is asked of the net here; which pages are known to be gone is told.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from newsletter.rendering.image_widths import NOT_OUTLOOK
from newsletter.rendering.lint.level import LintProblem, error, warning
from newsletter.rendering.lint.subject import LintedMail
from newsletter.text.graphemes import cut

#: Names that never belong to anybody (RFC 2606, RFC 6761).
_EXAMPLES = ("example.com", "example.org", "example.net")
_RESERVED = (".example", ".invalid", ".test", ".localhost", ".local")
#: Pictures that browsers may show and mail programs do not (caniemail.com).
_UNSHOWN = re.compile(r"\.(svgz?|avif|heic|heif|tiff?|jxl|jp2|eps|psd|pdf)$", re.IGNORECASE)
_NAMES = {
    "svg": "an SVG",
    "svgz": "an SVG",
    "tif": "a TIFF",
    "tiff": "a TIFF",
    "avif": "an AVIF",
    "heif": "HEIC",
}
#: Twice the width of a mail: sharp on every screen, and more is only slow.
WIDEST = 1200


def look(variant: LintedMail) -> Iterator[LintProblem]:
    targets = {
        name
        for element in variant.body.iter("*")
        for name in (element.get("id"), element.get("name"))
        if name
    }
    for link in variant.body.iter("a"):
        yield from _link(link, targets, variant)
    for picture in variant.body.iter("img"):
        yield from _picture(picture, variant)
    yield from _wide_pictures(variant)


# links


def _link(link: HtmlElement, targets: set[str], variant: LintedMail) -> Iterator[LintProblem]:
    href = link.get("href")
    if href is None and (link.get("id") or link.get("name")):
        return  # the goal of another link
    address = (href or "").strip()
    words = _name_of(link)
    if address in variant.rendered.marks.values():
        if not words:
            yield error("link without text", "a personal link has no words: say what it does")
        return
    about = address if address.strip("#") else ""
    called = f"“{cut(words, 40)}”" if words else "a link"
    if address.startswith("#") and len(address) > 1:
        if address[1:] not in targets:
            yield warning("dead link", f"{called} leads to {address}, which is not in this mail", about=about)
    elif (why := _cannot_work(address, variant)) is not None:
        yield error("dead link", f"{called} {why}", about=about)
    elif address in variant.gone:
        yield warning(
            "dead link", f"{called} leads to a page that is gone: {variant.gone[address]}", about=about
        )
    else:
        yield from _questionable(address, called, variant)
    if not words:
        yield _wordless(address, about, variant)


def _wordless(address: str, about: str, variant: LintedMail) -> LintProblem:
    """The post's own link around a picture is its author's; one that leads to the post is the template's."""
    text = f"a link to {address or 'nowhere'} has no words: put some inside, or describe its picture"
    if key := variant.post_linking(address):
        return warning("link without text", text, where=f"post {key}")
    return error("link without text", text, about="" if variant.post_with(address) else about)


def _name_of(link: HtmlElement) -> str:
    """What a screen reader calls it (WCAG 2.4.4)."""
    pictures = [picture.get("alt") or "" for picture in link.iter("img")]
    words = [link.get("aria-label") or "", *link.itertext(), *pictures, link.get("title") or ""]
    return " ".join(" ".join(words).replace("\u200c", " ").replace("\u034f", " ").split())


def _cannot_work(address: str, variant: LintedMail) -> str | None:
    """Why an address leads nowhere from a mailbox, as the end of a sentence."""
    if address in ("", "#"):
        return "has no address: give it one, or make it plain words"
    parts = _split(address)
    if parts is None:
        return f"has an address that is none ({address[:60]}): look for a slip"
    if parts.scheme == "mailto":
        return None if "@" in address or "?" in address else "has a mailto: without a mailbox"
    if parts.scheme == "tel":
        return None if any(char.isdigit() for char in address) else "has a tel: without a number"
    if not parts.scheme:
        return f"has a relative address ({address[:60]}): a mail has no place that it starts from, write it whole"
    if parts.scheme not in ("http", "https"):
        return f"has an address that mail programs do not open ({parts.scheme}:): use https://"
    host = (parts.hostname or "").lower()
    if not host or host == variant.site_host:
        return None if host else f"has an address without a host ({address[:60]})"
    if _private(host):
        return f"leads to {host}, which readers cannot reach: give the public address"
    if _example(host) and not _example(variant.site_host) and not _private(variant.site_host):
        return f"leads to {host}, which is only a name for examples: give the real address"
    return None


def _questionable(address: str, called: str, variant: LintedMail) -> Iterator[LintProblem]:
    parts = urlsplit(address)
    if parts.scheme == "http" and (parts.hostname or "").lower() != variant.site_host:
        yield warning(
            "http",
            f"{called} leads to {address[:60]} without encryption: use https:// where it answers",
            about=address,
        )


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _private(host: str) -> bool:
    if (
        host == "localhost"
        or host.endswith((".localhost", ".local", ".internal"))
        or "." not in host.strip("[]:")
    ):
        return ":" not in host or _private_address(host)
    return _private_address(host)


def _private_address(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def _example(host: str) -> bool:
    return host.endswith(_RESERVED) or any(host == name or host.endswith(f".{name}") for name in _EXAMPLES)


# pictures


def _picture(picture: HtmlElement, variant: LintedMail) -> Iterator[LintProblem]:
    address = (picture.get("src") or "").strip()
    if picture.get("alt") is None:
        yield error(
            "alt",
            f'the picture {address[:60]} has no description: give it an alt, alt="" where it only decorates',
            about=address,
        )
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https", "data", "cid"):
        yield error(
            "picture",
            f"the picture {address[:60]} has no whole web address: write it with https://",
            about=address,
        )
    elif parts.scheme in ("data", "cid"):
        yield warning(
            "picture",
            f"a picture is written into the mail ({parts.scheme}:) and Gmail does not show it: give a web address",
            about=address[:80],
        )
    elif parts.scheme == "http" and (parts.hostname or "").lower() != variant.site_host:
        yield warning(
            "http", f"the picture {address[:60]} comes without encryption: use https://", about=address
        )
    if found := _UNSHOWN.search(urlsplit(address).path if parts else ""):
        kind = _NAMES.get(found[1].lower(), found[1].upper())
        yield warning(
            "picture",
            f"the picture {address[:60]} is {kind}, which most mail programs do not show: give it as JPEG or PNG",
            about=address,
        )
    if not picture.get("width") and not picture.get("height") and not _is_held(picture):
        yield warning(
            "picture",
            f"the picture {address[:60]} has no width, and Outlook shows it as large as it is",
            about=address,
        )


def _is_held(picture: HtmlElement) -> bool:
    """Whether Outlook on Windows is given another one in its place."""
    before = picture.getprevious()
    return before is not None and not isinstance(before.tag, str) and before.text == NOT_OUTLOOK


def _wide_pictures(variant: LintedMail) -> Iterator[LintProblem]:
    for entry in variant.entries:
        width = getattr(entry, "image_width", 0)
        if width > WIDEST:
            yield warning(
                "picture",
                f"its picture is {width} pixels wide, and a mail shows 600: {WIDEST} are plenty and load faster",
                where=f"post {entry.key}",
            )
