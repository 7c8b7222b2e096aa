"""Addresses of mail that a page hides from robots, as the links that its scripts would make of them: Cloudflare's and
Joomla's way. Nothing else of a post is looked at."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from newsletter.sources.html.tree import Element, Node, words

_CODE = re.compile(r"(?:[0-9a-f]{2}){6,200}", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]{1,64}@[^\s@<>\"'(),;:/]{1,190}\.[^\s@<>\"'(),;:/]{2,60}")


def link(element: Element, parents: Sequence[Element]) -> list[Node] | None:
    """What an element that stands for an address becomes; None where it stands for none, or for one nobody can read.

    Within a link the address alone, for the link around it is made by the same hand.
    """
    address = _cloudflare(element) or _joomla(element)
    if not address:
        return None
    shown = element.children if _has_own_words(element) else [words(address)]
    if element.tag != "a" and any(parent.tag == "a" for parent in parents):
        return list(shown)
    return [Element("a", {"href": f"mailto:{address}"}, list(shown))]


def _has_own_words(element: Element) -> bool:
    """Whether the link has words of its author's."""
    said = element.text().strip()
    return element.tag == "a" and bool(said) and not said.startswith("[email") and not _ADDRESS.search(said)


def _cloudflare(element: Element) -> str:
    given = element.attributes
    code = given.get("data-cfemail") or given.get("href", "").partition("/cdn-cgi/l/email-protection#")[2]
    if not _CODE.fullmatch(code):
        return ""
    key, *rest = bytes.fromhex(code)
    try:
        # What follows the address is the rest of a mailto link, such as "?subject=".
        return _checked(bytes(byte ^ key for byte in rest).decode().partition("?")[0])
    except UnicodeDecodeError:
        return ""


def _joomla(element: Element) -> str:
    if element.tag != "joomla-hidden-mail":
        return ""
    try:
        given = (element.attributes.get(name, "") for name in ("first", "last"))
        parts = [base64.b64decode(part, validate=True).decode() for part in given]
    except (binascii.Error, ValueError):
        return ""
    return _checked("@".join(parts))


def _checked(address: str) -> str:
    return address if _ADDRESS.fullmatch(address) else ""
