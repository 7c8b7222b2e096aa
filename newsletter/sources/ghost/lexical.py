"""The text of a Ghost post as HTML, where the export has no HTML of it: from Lexical (Ghost 5) or Mobiledoc (before).

Both are trees in JSON. What comes out is not cleaned. Which posts there are is export.py's part.
"""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from newsletter.sources.markup.markdown import render

#: Lexical's bits of a text's looks.
_FORMATS = ((1, "strong"), (2, "em"), (4, "s"), (16, "code"), (32, "sub"), (64, "sup"))
_DEEPEST = 60
_TAG = re.compile(r"(?:p|h[1-6]|blockquote|aside|ul|ol|li|strong|b|em|i|s|u|code|sub|sup|a|pre)")
#: Cards that ask for an address, show only in mail, or sell something.
_NO_TEXT = frozenset({"signup", "email", "email-cta", "paywall", "transistor"})
_GATED = re.compile(
    r"<!--\s*kg-gated-block:begin\b(?P<who>.*?)-->(?P<text>.*?)(?:<!--\s*kg-gated-block:end\s*-->|\Z)",
    re.DOTALL,
)


def public_html(html: str) -> str:
    """A public post's HTML without the blocks that only members, or only readers of the mail, are shown."""
    return _GATED.sub(
        lambda found: found["text"] if re.search(r"nonMember:\s*true", found["who"]) else "", html
    )


def _is_public(said: Mapping[str, Any]) -> bool:
    who = said.get("visibility")
    if not isinstance(who, Mapping):
        return True
    web = who.get("web")
    if isinstance(web, Mapping):
        return web.get("nonMember") is not False
    return who.get("showOnWeb") is not False and who.get("emailOnly") is not True


def from_lexical(text: str) -> str:
    """HTML of a Lexical document; empty when it is none."""
    try:
        root = json.loads(text)["root"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return _children(root, 0) if isinstance(root, Mapping) else ""


def _children(node: Mapping[str, Any], depth: int) -> str:
    found = node.get("children")
    if depth > _DEEPEST or not isinstance(found, list):
        return ""
    parts: list[str] = []
    for child in found:
        if not isinstance(child, Mapping):
            continue
        if _is_public(child):
            parts.append(_node(child, depth + 1))
    return "".join(parts)


def _node(node: Mapping[str, Any], depth: int) -> str:
    kind = str(node.get("type") or "").removeprefix("extended-")
    if kind == "text":
        words = entities.escape(_words(node, "text"), quote=False)
        bits = node.get("format")
        for bit, tag in _FORMATS:
            words = f"<{tag}>{words}</{tag}>" if isinstance(bits, int) and bits & bit else words
        return words
    inner = _children(node, depth)
    match kind:
        case "linebreak":
            return "<br>"
        case "paragraph":
            return f"<p>{inner}</p>"
        case "heading" | "list":
            tag = _words(node, "tag")
            return f"<{tag}>{inner}</{tag}>" if _TAG.fullmatch(tag) else inner
        case "listitem":
            return f"<li>{inner}</li>"
        case "quote" | "aside":
            return f"<blockquote>{inner}</blockquote>"
        case "link":
            return f'<a href="{entities.escape(_words(node, "url"))}">{inner}</a>'
    return inner or card(kind, node)


def from_mobiledoc(text: str) -> str:
    """HTML of a Mobiledoc 0.3 document; empty when it is none."""
    try:
        document = json.loads(text)
        sections = document.get("sections")
    except (ValueError, AttributeError, RecursionError):
        return ""
    if not isinstance(sections, list):
        return ""
    parts: list[str] = []
    for section in sections:
        try:
            kind = section[0]
            if kind == 1:
                parts.append(_wrapped(section[1], _markers(section[2], document)))
            elif kind == 2:
                parts.append(f'<img src="{entities.escape(str(section[1]))}">')
            elif kind == 3:
                items = "".join(f"<li>{_markers(item, document)}</li>" for item in section[2])
                parts.append(_wrapped(section[1], items))
            elif kind == 10:
                name, payload = document["cards"][section[1]][:2]
                said = payload if isinstance(payload, Mapping) else {}
                parts.append(card(str(name), said) if _is_public(said) else "")
        except (IndexError, KeyError, TypeError, ValueError):
            continue
    return "".join(parts)


def _wrapped(tag: object, inner: str) -> str:
    tag = str(tag)
    tag = "blockquote" if tag == "aside" else tag
    return f"<{tag}>{inner}</{tag}>" if _TAG.fullmatch(tag) else inner


def _markers(markers: Sequence[Any], document: Mapping[str, Any]) -> str:
    """Pieces of a line: [kind, what it opens, how many it closes, text or number of an atom]."""
    opened: list[str] = []
    parts: list[str] = []
    for kind, opens, closes, value in markers:
        for number in opens:
            tag, *attributes = document["markups"][number]
            pairs = list(attributes[0]) if attributes else []
            href = dict(zip(pairs[::2], pairs[1::2], strict=False)).get("href")
            parts.append(f'<a href="{entities.escape(str(href))}">' if tag == "a" and href else f"<{tag}>")
            opened.append(str(tag))
        if kind == 0:
            parts.append(entities.escape(str(value), quote=False))
        elif document["atoms"][value][0] == "soft-return":
            parts.append("<br>")
        parts += [f"</{opened.pop()}>" for _ in range(min(int(closes), len(opened)))]
    return "".join(parts)


def card(kind: str, said: Mapping[str, Any]) -> str:
    """A piece that is no line of text: a picture, a film, code, a box."""
    made = _CARDS.get(kind)
    if made is not None:
        return made(said)
    return "" if kind in _NO_TEXT else _box(said)


def _words(said: Mapping[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := said.get(name), str) and value), "")


def _attribute(said: Mapping[str, Any], *names: str) -> str:
    return entities.escape(_words(said, *names))


def _picture(said: Mapping[str, Any]) -> str:
    source = _attribute(said, "src")
    if not source:
        return ""
    image = f'<img src="{source}" alt="{_attribute(said, "alt")}">'
    href = _attribute(said, "href")
    image = f'<a href="{href}">{image}</a>' if href else image
    return f"<figure>{image}{_caption(said)}</figure>"


def _caption(said: Mapping[str, Any]) -> str:
    caption = _words(said, "caption")
    return f"<figcaption>{caption}</figcaption>" if caption else ""


def _gallery(said: Mapping[str, Any]) -> str:
    images = said.get("images")
    found = (
        [_picture(image) for image in images if isinstance(image, Mapping)]
        if isinstance(images, list)
        else []
    )
    return "".join(found) + (f"<p>{caption}</p>" if (caption := _words(said, "caption")) else "")


def _embed(said: Mapping[str, Any]) -> str:
    return _words(said, "html") or _link(said)


def _link(said: Mapping[str, Any]) -> str:
    about = said.get("metadata")
    title = _words(about, "title") if isinstance(about, Mapping) else ""
    url = _attribute(said, "url", "href", "buttonUrl", "src")
    words = entities.escape(
        title or _words(said, "title", "buttonText", "fileName", "url", "src"), quote=False
    )
    return f'<p><a href="{url}">{words}</a></p>' if url else ""


def _code(said: Mapping[str, Any]) -> str:
    language = _attribute(said, "language")
    named = f' class="language-{language}"' if language else ""
    return (
        f"<pre><code{named}>{entities.escape(_words(said, 'code'), quote=False)}</code></pre>{_caption(said)}"
    )


def _box(said: Mapping[str, Any]) -> str:
    """A call-out, a header, a toggle, a product: its heading, its text, its button."""
    heading = _words(said, "heading", "header", "productTitle")
    inner = _words(said, "calloutText", "content", "text", "subheader", "productDescription")
    inner = inner if inner.lstrip().startswith("<") or not inner else f"<p>{inner}</p>"
    head = f"<p><strong>{heading}</strong></p>" if heading else ""
    return f"{head}{inner}{_link(said) if _words(said, 'buttonUrl') else ''}"


def _player(tag: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda said: f'<{tag} src="{_attribute(said, "src")}"></{tag}>{_caption(said)}'


_CARDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "image": _picture,
    "gallery": _gallery,
    "html": lambda said: _words(said, "html"),
    "markdown": lambda said: render(_words(said, "markdown")),
    "card-markdown": lambda said: render(_words(said, "markdown")),
    "embed": _embed,
    "bookmark": _link,
    "button": _link,
    "file": _link,
    "code": _code,
    "codeblock": _code,
    "hr": lambda said: "<hr>",
    "horizontalrule": lambda said: "<hr>",
    "video": _player("video"),
    "audio": _player("audio"),
}
