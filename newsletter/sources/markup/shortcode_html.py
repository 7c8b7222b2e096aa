"""What the known shortcodes and template tags become in a mail: a picture, a link, code, a box, an address, or words.

Where they stand in a text is shortcode_parser.py's part. It is HTML that Markdown lets through; sanitize.py makes it
safe.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.sources.markup.markdown import BOXES, box, render_line
from newsletter.sources.markup.shortcode_parser import Tag


@dataclass(frozen=True, slots=True)
class ShortcodePost:
    """What tags may ask of the post and its site."""

    #: Where the source's posts live; empty when only our archive shows them.
    base_url: str
    #: A key of the front matter, as text.
    key: Callable[[str], str]
    #: The address of another post by its file, slug or name; None for one that is not known.
    post_address: Callable[[str], str | None]


def meaning(tag: Tag, inner: str | None, setting: ShortcodePost) -> str | None:
    """The HTML or text that a tag stands for; None when it has no meaning here."""
    if tag.syntax == "output" and not tag.rest.startswith("("):
        return _output(tag, setting)
    if tag.name in _SILENT:
        return ""
    plain, named = tag.arguments()
    if tag.name in BOXES and inner is not None:
        return _box(tag.name, plain, named, inner)
    make = _WORDS.get(tag.name)
    return make(_Call(tag, plain, named, inner, setting)) if make else None


@dataclass(frozen=True, slots=True)
class _Call:
    tag: Tag
    plain: list[str]
    named: dict[str, str]
    inner: str | None
    setting: ShortcodePost

    def first(self, *names: str) -> str:
        """The argument of one of these names, else the first without a name."""
        return next(
            (self.named[name] for name in names if self.named.get(name)), self.plain[0] if self.plain else ""
        )

    def get(self, *names: str) -> str:
        return next((self.named[name] for name in names if self.named.get(name)), "")


#: Settings of a template, and parts of a page that stand apart from a post.
_SILENT_NAMES = (
    "assign set layout extends break continue increment decrement toc seo teaser_end csrf cycle more clear clearfix "
    "feed_meta comment capture pagebreak else elsif when"
)
_SILENT = frozenset(_SILENT_NAMES.split())


def _output(tag: Tag, setting: ShortcodePost) -> str | None:
    """ "{{ site.baseurl }}", "{{ '/about' | relative_url }}", "{{ page.title }}"."""
    written = (tag.name + " " + tag.rest).strip()
    value, _, filters = written.partition("|")
    value = value.strip()
    origin, prefix = _parts(setting.base_url)
    if found := re.fullmatch(r"""["']([^"']*)["']""", value):
        path = found[1]
        if path.startswith("/") and re.search(r"\b(?:relative_url|absolute_url|url|prepend)\b", filters):
            return prefix + path
        return path
    if value in ("site.url", "site.github.url"):
        return origin
    if value in ("site.baseurl", "base_url", "site.base_url", "baseurl"):
        return prefix
    key = re.fullmatch(r"(?:page\.|post\.)?([\w-]+)", value)
    words = (
        setting.key(key[1])
        if key and key[1] in ("title", "description", "summary", "excerpt", "author")
        else ""
    )
    return entities.escape(words, quote=False) if words else None


def _parts(base_url: str) -> tuple[str, str]:
    """ "https://example.org/blog" → its origin and the path that Jekyll calls baseurl."""
    parts = urlsplit(base_url)
    return (f"{parts.scheme}://{parts.netloc}" if base_url else "", parts.path.rstrip("/"))


def _escaped(text: str) -> str:
    # A blank line would end the HTML that Markdown lets through.
    return entities.escape(" ".join(text.split()))


def _link(address: str, words: str) -> str | None:
    return f'<a href="{_escaped(address)}">{_escaped(words or address)}</a>' if address else None


def _picture(src: str, alt: str, caption: str, link: str = "") -> str | None:
    if not src:
        return None
    # An entity, a quotation mark or a tag in a caption is Markdown's or the author's; an alternative text is plain.
    shown = f'<img src="{_escaped(src)}" alt="{_escaped(re.sub(r"<[^<>]*>", "", alt))}">'
    if link:
        shown = f'<a href="{_escaped(link)}">{shown}</a>'
    if not caption.strip():
        return shown
    return f"\n\n<figure>{shown}<figcaption>{render_line(caption)}</figcaption></figure>\n\n"


def _figure(call: _Call) -> str | None:
    """Hugo's figure, and the img, image and picture of many themes."""
    src = call.first("src", "image", "image_path", "url", "path", "href", "filename")
    plain = [value for value in call.plain[1:] if not value.isdigit()]
    alt = call.get("alt", "description") or (plain[0] if plain else "")
    caption = call.get("caption", "title", "attr") or (call.inner or "").strip()
    return _picture(src, alt or caption, caption, call.get("link"))


def _hexo_picture(call: _Call) -> str | None:
    """{% img left /path.jpg 300 200 '"title" "alt"' %} and {% asset_img photo.jpg title %}."""
    place = next((place for place, value in enumerate(call.plain) if re.search(r"[/.]\w", value)), None)
    if place is None:
        return _figure(call)
    rest = [value for value in call.plain[place + 1 :] if not re.fullmatch(r"\d+%?", value)]
    quoted = re.findall(r"""["']([^"']+)["']""", " ".join(rest)) or rest
    return _picture(call.plain[place], quoted[-1] if quoted else call.get("alt"), call.get("caption"))


def _include(call: _Call) -> str | None:
    """Jekyll's {% include figure.html src="…" %}: themes agree on little more than these names."""
    name = call.plain[0].rpartition("/")[2].partition(".")[0].lower() if call.plain else ""
    name = name or call.tag.rest.split(" ", 1)[0].rpartition("/")[2].partition(".")[0].lower()
    if re.search(
        r"(?:^|[-_])(?:toc|share|social|comments?|disqus|ads?|analytics|newsletter|nav|footer|header)(?:$|[-_])",
        name,
    ):
        return ""
    inside = _Call(call.tag, [], call.named, call.inner, call.setting)
    if re.search(r"figure|image|img|picture|photo", name):
        return _figure(inside)
    if re.search(r"youtube|vimeo|video", name):
        return _film(inside, "vimeo" if "vimeo" in name or call.get("provider") == "vimeo" else "youtube")
    if name in BOXES and call.get("content", "text"):
        return box(name, call.get("title"), call.get("content", "text"))
    return None


def _film(call: _Call, site: str) -> str | None:
    code = call.first("id", "videoid", "video_id", "video", "code")
    if code.startswith(("http://", "https://")):
        return _link(code, call.get("title"))
    if not re.fullmatch(r"[\w-]{1,40}", code):
        return None
    address = f"https://vimeo.com/{code}" if site == "vimeo" else f"https://www.youtube.com/watch?v={code}"
    return _link(address, call.get("title"))


def _message(call: _Call) -> str | None:
    """A message on another site: its address, or a user and a number."""
    user, code = call.get("user", "author"), call.first("id", "url")
    if len(call.plain) > 1 and not user:
        user, code = call.plain[0], call.plain[1]
    if code.startswith(("http://", "https://")):
        return _link(code, "")
    if not re.fullmatch(r"[\w-]{1,60}", code):
        return None
    if call.tag.name == "instagram":
        return _link(f"https://www.instagram.com/p/{code}/", "")
    return _link(f"https://x.com/{user or 'i/web'}/status/{code}", "")


def _gist(call: _Call) -> str | None:
    name = "/".join(part for part in call.plain[:2] if re.fullmatch(r"[\w./-]+", part) and "." not in part)
    return _link(f"https://gist.github.com/{name}", "") if name else None


def _code(call: _Call) -> str | None:
    text = call.tag.verbatim if call.tag.verbatim is not None else call.inner
    if text is None and len(call.plain) > 1 and call.tag.syntax == "hugo":
        text = call.plain[0]  # {{< highlight "x = 1" python >}} in a line
    if text is None:
        return None
    return f"\n\n<pre><code>{_for_pre(text)}</code></pre>\n\n"


def _for_pre(text: str) -> str:
    # HTML that begins with <pre> goes on through blank lines (CommonMark §4.6); the first line end is not shown.
    return entities.escape(text.strip("\n"), quote=False)


def _as_it_stands(call: _Call) -> str | None:
    return call.tag.verbatim if call.tag.verbatim is not None else call.inner


def _reference(call: _Call) -> str | None:
    """The address of another post, for use within a link; without one the link becomes its words."""
    wanted = call.first("path")
    if call.tag.name == "link" and len(call.plain) > 1:  # Hexo's link: words, then an address
        places = [place for place, value in enumerate(call.plain) if "://" in value or value.startswith("/")]
        return _link(call.plain[places[0]], " ".join(call.plain[: places[0]])) if places else None
    return _escaped(call.setting.post_address(wanted) or "") if wanted else None


def _post_link(call: _Call) -> str | None:
    """Hexo's {% post_link slug words %}."""
    if not call.plain:
        return None
    words = " ".join(call.plain[1:]) or call.plain[0]
    found = call.setting.post_address(call.plain[0])
    return _link(found, words) if found else _escaped(words)


def _button(call: _Call) -> str | None:
    address = call.get("href", "url", "link", "relref", "to") or next(
        (v for v in call.plain if re.search(r"[/.]", v)), ""
    )
    words = (call.inner or "").strip() or call.get("text", "label", "title")
    return _link(address, words) if address and words else None


def _asset(call: _Call) -> str | None:
    if call.tag.name == "asset_link":
        return _link(call.first(), " ".join(call.plain[1:]) or call.first())
    return _escaped(call.first())


def _quotation(call: _Call) -> str | None:
    """Hexo's {% blockquote author, source %}, Zola's and many themes' quote."""
    if call.inner is None:
        return None
    said = call.get("author", "cite", "source", "attribution") or " ".join(call.tag.rest.strip("() ").split())
    said = "" if "=" in said else said.strip("\"'")
    foot = f"\n\n<p>— {_escaped(said)}</p>" if said else ""
    return f"\n\n<blockquote>\n\n{call.inner.strip()}{foot}\n\n</blockquote>\n\n"


def _box(name: str, plain: list[str], named: dict[str, str], inner: str) -> str:
    kind = (
        named.get("type") or named.get("kind") or next((v for v in plain if v.lower() in BOXES), name)
    ).lower()
    others = " ".join(
        value
        for value in plain
        if value.lower() not in BOXES and value not in ("success", "primary", "default")
    )
    return box(kind if kind in BOXES else name, named.get("title") or others, inner)


def _folded(call: _Call) -> str | None:
    title = call.get("title", "summary") or " ".join(call.plain)
    return box("", title, call.inner) if call.inner is not None else None


def _parameter(call: _Call) -> str | None:
    words = call.setting.key(call.first())
    return entities.escape(words, quote=False) or None


def _word_s_inner(call: _Call) -> str | None:
    return call.inner


_WORDS: dict[str, Callable[[_Call], str | None]] = {
    **dict.fromkeys(
        ("figure", "image", "picture", "imgproc", "fig", "thumbnail", "resize_image", "lazyimg"), _figure
    ),
    **dict.fromkeys(("img", "asset_img", "asset_image"), _hexo_picture),
    **dict.fromkeys(("include", "include_relative", "include_cached"), _include),
    **dict.fromkeys(
        ("youtube", "youtube_lite", "youtubelite", "video", "youtuber"), lambda call: _film(call, "youtube")
    ),
    **dict.fromkeys(("vimeo", "vimeo_simple"), lambda call: _film(call, "vimeo")),
    **dict.fromkeys(
        ("tweet", "twitter", "x", "x_simple", "twitter_simple", "instagram", "instagram_simple"), _message
    ),
    "gist": _gist,
    **dict.fromkeys(("highlight", "codeblock", "code", "mermaid"), _code),
    **dict.fromkeys(("raw", "verbatim", "rawhtml", "html", "math"), _as_it_stands),
    **dict.fromkeys(("ref", "relref", "post_url", "link", "post_path"), _reference),
    "post_link": _post_link,
    **dict.fromkeys(("asset_path", "asset_link"), _asset),
    **dict.fromkeys(("button", "btn", "cta"), _button),
    **dict.fromkeys(("blockquote", "quote", "pullquote", "cq", "centerquote", "epigraph"), _quotation),
    **dict.fromkeys(("details", "expand", "collapse", "spoiler", "accordion"), _folded),
    **dict.fromkeys(
        ("center", "columns", "column", "col", "row", "lead", "tabs", "tab", "markdown", "md"), _word_s_inner
    ),
    "param": _parameter,
}
