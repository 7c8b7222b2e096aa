"""What becomes of each element of foreign HTML: it is kept, made another, made words, or gone. Here is a rule for each
kind of element; what takes more than some lines has a file of its own (tables.py, buttons.py, embeds.py …).

sanitize.py calls these rules, and what they give goes through nh3 afterwards: safety does not hang on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from newsletter.host_names import ascii_mailto
from newsletter.sources.html import buttons, lazy_pairs, line_spans, obfuscated_email
from newsletter.sources.html.allowlist import BLOCKS, INLINE, PLAYERS
from newsletter.sources.html.blocks import code_blocks, embeds, footnotes, tables
from newsletter.sources.html.hidden import hides
from newsletter.sources.html.images import emoji, image_sizes
from newsletter.sources.html.images.content_images import Pictures
from newsletter.sources.html.math import find
from newsletter.sources.html.tree import Element, Node, words
from newsletter.sources.html.urls import MOST_ADDRESS, absolute_url

_RENAMED = {
    **dict.fromkeys(
        ("center", "header", "footer", "main", "nav", "aside", "hgroup", "search", "fieldset"), "div"
    ),
    "legend": "p",
    "strike": "s",
    "tt": "code",
    "menu": "ul",
    "dir": "ul",
}
#: Without words or a picture these show nothing, or a gap.
_EMPTY_GOES = (BLOCKS | INLINE) - {
    "br",
    "hr",
    "img",
    "td",
    "th",
    "tr",
    "tbody",
    "thead",
    "tfoot",
    "rp",
    "rt",
    "time",
    "bdi",
    "bdo",
}
_MAY_BE_LINES = frozenset({"a", "strong", "b", "em", "i", "small"})
#: Side by side in a row, each of these is a thing of its own.
_IN_A_ROW = INLINE - {"img", "rp", "rt"}
_SHOWS = frozenset({"img", "hr", "input"})
_ALIGNED = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|center|right)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:^|;)\s*list-style-type\s*:\s*((?:lower|upper)-(?:alpha|latin|roman))\b", re.IGNORECASE
)
_NUMBER_TYPES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
#: Of a text as nh3 writes it.
_SHOWS_NOTHING = re.compile(r"(?:[\s\u200b\u200d]|&nbsp;)*+")
#: Marks of a task list as Markdown writes them.
_TASK = re.compile(r"\s*\[( |x|X)\]\s+")
_LINE = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "dt", *INLINE))


class ElementRules:
    """What becomes of each element of one post; called for each after what is in it."""

    def __init__(self, base_url: str, pictures: Pictures) -> None:
        self._base_url = base_url
        self._pictures = pictures
        #: What stands for formulas until their words come, which may be never.
        self.unsaid: list[Node] = []
        self._by_tag: dict[str, Callable[[Element, Sequence[Element]], Sequence[Node]]] = {
            "img": self._picture,
            "amp-img": self._picture,
            "amp-anim": self._picture,
            "picture": lambda element, parents: self._pictures.chosen(element),
            "span": self._span,
            "a": self._link,
            "input": self._box,
            "select": buttons.asks,
            "textarea": buttons.asks,
            "button": lambda element, parents: buttons.button(element, parents, self._base_url),
            "form": self._form,
            "li": self._entry,
            "ol": self._numbered,
            "figure": self._figure,
            "blockquote": self._quotation,
            "q": self._quotation,
            "pre": self._code_block,
            "code": self._code,
            "table": tables.table,
            "td": self._cell,
            "th": self._cell,
            "div": self._division,
            "joomla-hidden-mail": lambda element, parents: (
                obfuscated_email.link(element, parents) or element.children
            ),
        }
        self._by_tag |= find.BY_TAG
        self._by_tag |= dict.fromkeys(PLAYERS - {"source", "picture", "amp-img", "amp-anim"}, self._player)

    def __call__(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if element.attributes and _is_hidden(element) and not find.is_for_readers(element):
            return []
        if element.tag in ("big", "font"):
            return element.children
        tag = element.tag = _RENAMED.get(element.tag, element.tag)
        if element.tag not in ("pre", "code"):
            line_spans.keep_lines(element)
        if line_spans.is_row(element):
            line_spans.drop_double_blanks(element)
        if element.tag == "source":
            return [element] if parents[-1].tag in PLAYERS else []
        decide = self._by_tag.get(element.tag)
        nodes = decide(element, parents) if decide else [element]
        self.unsaid += [node for node in nodes if node is not element and find.is_unsaid(node)]
        if element.tag in _MAY_BE_LINES and line_spans.is_one(element):
            within = _in_line(parents)
            nodes = (
                line_spans.within_a_line(nodes, parents[-1]) if within else [Element("div", {}, list(nodes))]
            )
        nodes = buttons.apart(nodes, parents[-1].children)
        if len(nodes) == 1 and nodes[0] is element and element.tag in _EMPTY_GOES and _is_empty(element):
            return (
                [" "]
                if any("\n" in node or " " in node for node in element.inside() if isinstance(node, str))
                else []
            )
        return [" ", *nodes, " "] if tag in _IN_A_ROW and line_spans.is_in_a_row(parents) else nodes

    def _picture(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if parents[-1].tag == "picture":
            return [element]  # decided with its sources
        if (formula := find.picture(element)) is not None:
            return formula
        if emoji.is_emoji(element) and (sign := emoji.sign(element)) is not None:
            return [words(sign)]
        found = self._pictures.picture(element)
        if found is not None and lazy_pairs.is_told_already(found, element, parents[-1].children):
            return []
        if found is None:
            return [node for node in element.children if isinstance(node, Element) and node.tag == "img"]
        return [found]

    def _player(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if element.tag in ("object", "amp-video") and any(element.elements("a", "img")):
            inside = [node for node in element.children if isinstance(node, Element)]
            if any(node.tag in ("a", "p", "img", "figure") for node in inside):
                return [node for node in inside if node.tag != "source"]
        return embeds.player(element, self._base_url, inline=_in_line(parents))

    def _span(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if code_blocks.is_line_number(element):
            return []
        if (found := find.place(element, parents)) is not None:
            return found
        if "data-fallback" in element.attributes:
            return lazy_pairs.fallback(element, parents[-1].children)
        if (mail := obfuscated_email.link(element, parents)) is not None:
            return mail
        if (otherwise := line_spans.said_otherwise(element)) is not None:
            return otherwise
        if line_spans.is_one(element):
            if _in_line(parents):
                return line_spans.within_a_line(element.children, parents[-1])
            element.tag = "div"
            return self._division(element, parents)
        return [element] if element.attributes.keys() & {"dir", "lang"} else element.children

    def _link(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        place = footnotes.place_in_page(element, self._base_url)
        if place is not None:
            found = footnotes.mark(element, place, parents)
            return element.children if found is None else found
        if (mail := obfuscated_email.link(element, parents)) is not None:
            return mail
        address = _address(element.attributes.get("href", ""), self._base_url)
        if address is None:
            return element.children
        element.attributes["href"] = address
        return [element]

    def _form(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        found = buttons.form(element, self._base_url)
        return [] if found is None else self._division(found, parents)

    def _box(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if any(parent.tag == "form" for parent in parents):
            return [element]  # decided with its form
        if element.attributes.get("type", "").lower() != "checkbox" or not any(
            p.tag == "li" for p in parents[-4:]
        ):
            return []
        return ["☑" if "checked" in element.attributes else "☐"]

    def _entry(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        first = element.children[0] if element.children else None
        if isinstance(first, str) and (found := _TASK.match(first)):
            element.children[0] = ("☐ " if found[1] == " " else "☑ ") + first[found.end() :]
        return [element]

    def _numbered(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        """Word processors and editors say in a style, at the list or at each item, how its items are numbered."""
        items = [node for node in element.children if isinstance(node, Element) and node.tag == "li"]
        for said in (element, *items[:1]):
            found = _NUMBERED.search(said.attributes.get("style", ""))
            if found and "type" not in element.attributes:
                element.attributes["type"] = _NUMBER_TYPES[found[1].lower()]
        return [element]

    def _figure(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if element.has_class("wp-block-embed"):
            embeds.film_of_figure(element, inline=False)
        blocks = [node for node in element.children if isinstance(node, Element)]
        if len(blocks) == 1 and blocks[0].tag in ("pre", "table", "blockquote", "p"):
            return blocks
        images = list(element.elements("img"))
        width = image_sizes.meant({"style": element.attributes.get("style", "")}).width
        if width and len(images) == 1 and "width" not in images[0].attributes:
            images[0].attributes["width"] = str(width)
        return [element]

    def _quotation(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        if element.has_class(*embeds.SOCIAL) and (link := embeds.link_of_quotation(element, self._base_url)):
            element.children.append(link)
        if "cite" in element.attributes:
            cited = absolute_url(element.attributes.pop("cite"), self._base_url)
            element.attributes |= {"cite": cited} if cited else {}
        return [element]

    def _code(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        code_blocks.code(element, parents)
        return [element]

    def _code_block(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        code_blocks.pre(element, parents)
        return [element]

    def _cell(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        style, shown = element.attributes.get("style", ""), element.attributes.get("class", "")
        found = _ALIGNED.search(style) or re.search(r"has-text-align-(left|center|right)", shown)
        if found and "align" not in element.attributes:
            element.attributes["align"] = found[1].lower()
        return [element]

    def _division(self, element: Element, parents: Sequence[Element]) -> Sequence[Node]:
        """A div around nothing but one block says nothing: page builders pile up ten of them."""
        if (found := find.place(element, parents)) is not None:
            return found
        inside = [node for node in element.children if not isinstance(node, str) or node.strip()]
        only = inside[0] if len(inside) == 1 else None
        said = element.attributes.keys() & {"dir", "lang"}
        if isinstance(only, Element) and not said and only.tag in BLOCKS - {"li", "dt", "dd", "br"}:
            return [only]
        return [element]


def _is_hidden(element: Element) -> bool:
    given = element.attributes
    if "hidden" in given or hides(given.get("style", "")):
        return True
    small = element.tag in ("span", "a", "i", "b", "small")
    return small and given.get("aria-hidden") == "true" and not any(element.elements("img"))


def _is_empty(element: Element) -> bool:
    """Whether there is nothing to see or read in it."""
    for node in element.inside():
        if isinstance(node, Element):
            if node.tag in _SHOWS or node.tag in ("td", "th"):
                return False
        elif not _SHOWS_NOTHING.fullmatch(node):
            return False
    return True


def _in_line(parents: Sequence[Element]) -> bool:
    return any(parent.tag in _LINE for parent in parents)


def _address(written_address: str, base_url: str) -> str | None:
    """A link's address: on the web made absolute, for mail and telephone as it stands."""
    address = written_address.strip()
    if not address:
        return None
    if address[:7].lower() == "mailto:":
        address = ascii_mailto(address)
        return address if len(address) <= MOST_ADDRESS else None
    if address[:4].lower() == "tel:":
        return address if len(address) <= MOST_ADDRESS else None
    return absolute_url(address, base_url)
