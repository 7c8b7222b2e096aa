"""The XML of a feed → its channel and its entries as elements, also where it is broken. What they mean, rss.py
and atom.py say."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from newsletter.sources.html.sanitize import without_controls
from newsletter.sources.webfeed.decode import mended
from newsletter.sources.webfeed.model import NotAFeed

#: A reader wants the newest; a podcast's whole archive has a tenth of it.
MOST_ENTRIES = 5000

#: Namespace → the prefix that we know it by. RSS's own are empty, Atom's are "atom".
_PREFIXES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
_NAMESPACES = {prefix: name for name, prefix in reversed(_PREFIXES.items()) if prefix}

_START = re.compile(r"<((?:[\w.-]+:)?(?:item|entry))(?=[\s>])[^<>]*>")
_DECLARATION = re.compile(r"""xmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SECTION = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
#: The elements that are looked for where the tags do not fit together.
_LEAF = re.compile(
    r"<((?:atom:)?(?:title|link|guid|id|description|summary|content|pubDate|published|updated|issued|modified|author"
    r"|category|enclosure|language|ttl|generator)|content:encoded|dc:(?:creator|date|subject|language)|media:content"
    r"|media:thumbnail|itunes:(?:image|summary|author)|sy:update\w+|feedburner:origLink)((?:\s[^<>]*)?)>"
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A feed's elements."""

    #: True for Atom, False for every RSS.
    atom: bool
    #: The channel of RSS or the feed of Atom.
    head: etree._Element
    entries: tuple[etree._Element, ...]
    #: Namespaces of the document's own elements.
    own: str
    #: What is damaged so that entries may be missing, one sentence; empty when nothing is.
    damage: str = ""


def read_tree(text: str) -> Tree:
    """The elements of a feed. Raises NotAFeed.

    A document that is not well-formed is taken apart at its entries, so that a broken one costs only itself.
    """
    text = mended(text)
    if len(_starts(text)) > MOST_ENTRIES:
        raise NotAFeed(f"has more than {MOST_ENTRIES} posts; give the address of a shorter feed")
    try:
        root = etree.fromstring(text.encode(), _parser())
    except (etree.XMLSyntaxError, ValueError):
        return _from_pieces(text)
    atom = etree.QName(root).localname.lower() == "feed"
    heads = [root] if atom else [*(child for child in root if _local(child) == "channel"), root]
    name = "entry" if atom else "item"
    found = [child for head in dict.fromkeys([*heads, root]) for child in head if _local(child) == name]
    return Tree(atom, heads[0], tuple(found), etree.QName(root).namespace or "")


def key(element: etree._Element, tree: Tree) -> str:
    """An element's name with the prefix that we know its namespace by, in small letters: "dc:creator", "title"."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    local = name.localname.lower()
    space = (name.namespace or "").lower()
    if name.namespace == (tree.own or None):
        prefix = "atom" if tree.atom else ""
    else:
        prefix = _PREFIXES.get(space, "" if not space or "userland.com/rss" in space else "?")
    return f"{prefix}:{local}" if prefix else local


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _parser() -> etree.XMLParser:
    # There is no DOCTYPE left (mended); these say it once more.
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def _from_pieces(text: str) -> Tree:
    root = re.match(r"<(?:[\w.-]+:)?(\w+)[^<>]*>?", text)
    name, opening = (root[1].lower(), root[0]) if root else ("", "")
    atom = name == "feed"
    own = _NAMESPACES["atom"] if atom else _default_namespace(opening)
    spaces = _NAMESPACES | {prefix: one or other for prefix, one, other in _DECLARATION.findall(opening)}
    starts = _starts(text)
    head = _leaves(
        text[: starts[0].start() if starts else len(text)], spaces, f"{{{own}}}head" if own else "head"
    )
    found, damage = [], ""
    for number, start in enumerate(starts):
        last = number + 1 == len(starts)
        stop = len(text) if last else starts[number + 1].start()
        end = text.find(f"</{start[1]}", start.end(), stop)
        if end < 0 and last:
            damage = (
                "the feed breaks off in the middle of a post; that one is left out until it arrives whole"
            )
        else:
            found.append(_piece(text[start.start() : end if end > 0 else stop], start, own, spaces))
    rest = text[starts[-1].end() if starts else 0 :]
    if not damage and not re.search(rf"</(?:[\w.-]+:)?{name}\b", rest, re.IGNORECASE):
        damage = "the feed breaks off before its end; posts may be missing until it arrives whole"
    return Tree(atom, head, tuple(found), own, damage)


def _starts(text: str) -> list[re.Match[str]]:
    """Where entries begin; what stands in a closed CDATA section is somebody's example."""
    found, begins, ends = [], text.find("<![CDATA["), -1
    for start in _START.finditer(text):
        while 0 <= begins < start.start():
            ends = text.find("]]>", begins)
            begins = text.find("<![CDATA[", ends) if ends >= 0 else -1
        if start.start() > ends:
            found.append(start)
    return found


def _default_namespace(opening: str) -> str:
    found = re.search(r"""\sxmlns\s*=\s*(?:"([^"]*)"|'([^']*)')""", opening)
    return entities.unescape(found[1] or found[2] or "") if found else ""


def _piece(text: str, start: re.Match[str], own: str, spaces: dict[str, str]) -> etree._Element:
    """One entry, parsed by itself; if its own tags do not fit together, what can be found of them."""
    declared = "".join(
        f' xmlns:{prefix}="{entities.escape(entities.unescape(space))}"'
        for prefix, space in spaces.items()
        if space and prefix not in ("xml", "xmlns")
    )
    frame = f'<frame xmlns="{entities.escape(own)}"{declared}>{text}</{start[1]}></frame>'
    try:
        return etree.fromstring(frame.encode(), _parser())[0]
    except (etree.XMLSyntaxError, ValueError, IndexError):
        name = start[1].rpartition(":")[2]
        return _leaves(text[start.end() - start.start() :], spaces, f"{{{own}}}{name}" if own else name)


def _leaves(text: str, spaces: dict[str, str], name: str) -> etree._Element:
    """An element of the leaves that are found in broken markup, in their order; markup in them is their text."""
    try:
        made = etree.Element(name)
    except ValueError:  # a namespace that is none
        name = etree.QName(name.rpartition("}")[2]).localname
        made = etree.Element(name)
    own = etree.QName(made).namespace or ""
    for qname, attributes, raw in _found_leaves(text):
        prefix, _, local = qname.rpartition(":")
        space = spaces.get(prefix, "") if prefix else own
        try:
            leaf = etree.SubElement(made, f"{{{space}}}{local}" if space else local)
        except ValueError:
            continue
        leaf.text = _leaf_text(raw)
        for attribute, one, other in _ATTRIBUTE.findall(attributes):
            if re.fullmatch(r"[A-Za-z_][\w.-]*", attribute, re.ASCII):
                leaf.set(attribute, without_controls(entities.unescape(one or other)))
    return made


def _found_leaves(text: str) -> Iterator[tuple[str, str, str]]:
    """(name, attributes, what is inside) of each; one that is not closed ends where the next begins."""
    never_closed: set[str] = set()
    place = 0
    while start := _LEAF.search(text, place):
        name, attributes = start[1], start[2]
        place = start.end()
        if attributes.endswith("/"):
            yield name, attributes[:-1], ""
            continue
        end = -1 if name in never_closed else text.find(f"</{name}", place)
        if end < 0:
            never_closed.add(name)
            following = _LEAF.search(text, place)
            end = following.start() if following else len(text)
        yield name, attributes, text[place:end]
        place = end


def _leaf_text(raw: str) -> str:
    """The text of a leaf: without CDATA marks, and unescaped once unless markup stands in it as it is."""
    if "<![CDATA[" in raw:
        # Behind the last end there is no whole section: looking for one takes the longer the more begin there.
        whole, end, rest = raw.rpartition("]]>")
        return _SECTION.sub(lambda found: found[1], whole + end) + rest
    return raw if re.search(r"</?[a-zA-Z]", raw) else without_controls(entities.unescape(raw))
