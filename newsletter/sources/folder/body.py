"""The text of one post file → clean HTML with its pictures: what a generator would have drawn, fit for a mail.

Front matter, title and address are items.py's. Nothing is fetched from the web.
"""

from __future__ import annotations

import html as entities
import re
import secrets
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from newsletter.errors import SourceError
from newsletter.sources.article.html_page import MOST_ELEMENTS, is_whole_page, read_html, too_much_html
from newsletter.sources.base import LINK_TO_POST, Item, MediaFile, Problem
from newsletter.sources.folder.generator_config import SiteSettings
from newsletter.sources.folder.images import NOT_BY_NAME, FileOnDisk, LocalPictures, NoPicture
from newsletter.sources.folder.links import PostLinks
from newsletter.sources.frontmatter.keys import FrontMatterKeys
from newsletter.sources.html.images import image_sizes
from newsletter.sources.html.images.emoji_names import in_html, in_text
from newsletter.sources.html.images.image_sizes import pixels
from newsletter.sources.html.sanitize import clean_with_files, one_line, plain_text, summary_of
from newsletter.sources.markup import mdx
from newsletter.sources.markup.markdown import render
from newsletter.sources.markup.shortcode_html import ShortcodePost, meaning
from newsletter.sources.markup.shortcode_parser import expand

MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".mdown", ".mkd"})
#: A summary that its author marked off may be as long; a longer one is cut at a sentence.
MOST_EXCERPT = 600
#: Stands for the excerpt's end while a text is drawn; drawn at random, so that no text holds it.
_MARK = "more" + secrets.token_hex(8)
#: Stands for the folder's own site while addresses are made absolute.
_HERE = f"https://{secrets.token_hex(8)}.invalid"
_MORE = re.compile(
    r"<!--\s*(?:more|excerpt|end_?excerpt|truncate|read-?more|TEASER_END(?::[^>]*)?|PELICAN_END_SUMMARY)\s*-->",
    re.IGNORECASE,
)
_MARK_ALONE = re.compile(rf"<p>\s*{_MARK}\s*</p>\s*|{_MARK}")
#: Pelican's places in a link (docs.getpelican.com, "Linking to internal content").
_PELICAN = re.compile(r"""(?<=[("'=<\s])[{|](?:static|attach|filename|photo)[}|]""")
_POST_LINK = re.compile(r"""href="([^"?#:]+\.(?:md|markdown|mdx|rst))((?:[?#][^"]*)?)\"""", re.IGNORECASE)
_OURS = re.compile(rf"""(src|href|cite)="{re.escape(_HERE)}([^"]*)\"""")
_PICTURE_ENDING = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic)$", re.IGNORECASE)
_IMAGE = re.compile(r"<img [^<>]*>")
_GONE = "gone:"
_LINK = re.compile(
    r'<a href="(?P<href>[^"]*)"(?P<more>[^<>]*)>(?P<inner>(?:[^<]|<(?!/?a\b)){0,20000})</a>', re.DOTALL
)
_GONE_PICTURE = re.compile(rf'<img src="{_GONE}"[^<>]*>(?:<br>\s*(?=▶))?')
_GONE_LINK = re.compile(rf'<a href="{_GONE}"[^<>]*>(.*?)</a>', re.DOTALL)
_ALT = re.compile(rf'<img src="{_GONE}"[^<>]*\balt="([^"]*)"')
#: A file of the folder as the words of its link: its name is the last part.
_NAMED_HERE = re.compile(rf"({re.escape(_HERE.removeprefix('https://'))}/(?:[^\s<>/]*/)*)([^\s<>/]*)")
_ARCHIVE_ADDRESS = re.compile(r"/posts/[^/]+/?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a folder's posts belong."""

    #: The public address of our own pages.
    site_url: str
    #: Where these posts live on the web; empty when only our archive shows them.
    base_url: str
    #: The site's zone, for dates without one.
    zone: str
    #: Where the picture files of posts will be served, with a slash at the end; empty leaves them out.
    media_url: str = ""
    #: The part of the folder whose name is in no address ("content", of a whole site); empty for none.
    below: str = ""
    #: Whether what has no date is taken for a page of a site.
    is_site: bool = False
    #: How the site makes the addresses of its posts.
    settings: SiteSettings = field(default_factory=SiteSettings)
    #: The other posts of the folder; None where there are none, as for a single page.
    links: PostLinks | None = None
    #: None where a folder's own pictures are not looked for.
    pictures: LocalPictures | None = None


@dataclass(slots=True)
class Draft:
    """One post file while it is drawn."""

    #: Relative to the folder, with forward slashes.
    path: str
    #: The whole file, for the lines in messages.
    text: str
    body: str
    #: The line on which ``body`` begins, from 1.
    body_line: int
    keys: FrontMatterKeys
    place: Place
    #: Where relative addresses of the post start; empty when it has none of its own on the web.
    base: str
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, MediaFile] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix.lower()

    @property
    def is_ours(self) -> bool:
        """Whether its pictures are looked for in the folder, because it lives nowhere else."""
        return not self.base and self.place.pictures is not None

    def say(self, needle: str, what: str) -> None:
        """A problem at the line where something stands."""
        at = self.text.find(needle) if needle else -1
        where = f"{self.path}:{self.text.count(chr(10), 0, at) + 1}" if at >= 0 else self.path
        self.problems.append(Problem(where, what))


def draw(draft: Draft) -> Item:
    """The post as its body alone gives it: Markdown, a piece of HTML, or a whole HTML page. ``names`` is empty."""
    body = _marked(_plain(draft), draft.keys)
    base = draft.base or (_inside(draft) if draft.is_ours else draft.place.site_url.rstrip("/") + "/")
    is_page = draft.suffix not in MARKDOWN and is_whole_page(body)
    if draft.suffix not in MARKDOWN and (
        what := too_much_html(body, MOST_ELEMENTS if is_page else 2 * MOST_ELEMENTS)
    ):
        raise SourceError(f"{draft.path}: {what}; divide it into several posts")
    if is_page:
        return _settled(_whole_page(body, base, draft), draft)
    # MDX has no code by indentation: components are indented.
    html = render(body, indented_code=draft.suffix != ".mdx") if draft.suffix in MARKDOWN else body
    html = _POST_LINK.sub(lambda found: _to_post(found, draft), html)
    html, files, lost = clean_with_files(html, base, draft.place.media_url)
    return _settled(Item(names=(), title="", html=html, files=files, lost=lost), draft)


def _whole_page(body: str, base: str, draft: Draft) -> Item:
    """A saved page; where it says what its address is, its pictures are there and not in the folder."""
    zone, media = draft.place.zone, draft.place.media_url
    if draft.is_ours and (page := read_html(body, "", zone=zone, media_url=media)).url:
        return page
    return read_html(body, base, zone=zone, media_url=media)


def _plain(draft: Draft) -> str:
    """The body without imports, components, shortcodes and template tags."""
    if draft.suffix == ".mdx":
        plain = mdx.to_markdown(draft.body)
        _say_left_out(plain.left_out, draft)
        return plain.text
    setting = ShortcodePost(draft.place.base_url, draft.keys.text, lambda wanted: _address_of(wanted, draft))
    expanded = expand(draft.body, lambda tag, inner: meaning(tag, inner, setting))
    _say_left_out(expanded.left_out, draft)
    return _PELICAN.sub("", expanded.text)


def _say_left_out(left_out: list[tuple[int, str]], draft: Draft) -> None:
    """One problem a file, at the first of them."""
    if not left_out:
        return
    place, shown = left_out[0]
    line = draft.body.count("\n", 0, place) + draft.body_line
    others = list(dict.fromkeys(text for _, text in left_out[1:] if text != shown))
    more = f" (and so are {', '.join(others[:3])}{', …' if len(others) > 3 else ''})" if others else ""
    what = (
        f"{shown} has no meaning in a mail and is left out{more}; write it out in Markdown if readers need it"
    )
    draft.problems.append(Problem(f"{draft.path}:{line}", what))


def _address_of(wanted: str, draft: Draft) -> str | None:
    """The address of the post that ``wanted``, as written, means; of one of our archive, that of its file."""
    if draft.place.links is None:
        return None
    if not draft.is_ours:
        return draft.place.links.address(draft.path, wanted)
    path = draft.place.links.path(draft.path, wanted)
    return _in_folder(path, draft) + "".join(wanted.partition("#")[1:]) if path else None


def _to_post(found: re.Match[str], draft: Draft) -> str:
    """A link to another file of the folder leads to that post's address; without one it becomes its words."""
    wanted = entities.unescape(unquote(found[1]))
    address = _address_of(wanted, draft)
    if address:
        return f'href="{entities.escape(address)}{found[2]}"'
    if draft.place.links is not None:
        draft.say(wanted, _leads_nowhere(wanted))
    return 'href=""'


def _leads_nowhere(wanted: str) -> str:
    return f'the link to "{wanted[:80]}" leads nowhere, for no post is there; correct it'


def _marked(body: str, keys: FrontMatterKeys) -> str:
    """The body with our mark where its author ends the excerpt (WordPress's, Hugo's, Jekyll's way)."""
    separator = keys.text("excerpt_separator", "excerptseparator")
    if separator and len(separator) > 2 and separator in body:
        return body.replace(separator, f"\n\n{_MARK}\n\n", 1)
    return _MORE.sub(f"\n\n{_MARK}\n\n", body, count=1)


def _settled(item: Item, draft: Draft) -> Item:
    item = _prepared(item, draft)
    if not draft.place.settings.emoji:
        return item
    return replace(item, html=in_html(item.html), title=in_text(item.title), summary=in_text(item.summary))


def _prepared(item: Item, draft: Draft) -> Item:
    """The item with its excerpt as summary, and with the pictures of the folder."""
    if draft.is_ours:
        item = replace(item, html=_of_ours(item.html, draft), summary=_named_plainly(item.summary, draft))
        image = item.image
        if image and image.startswith(_HERE):
            item = replace(item, image=picture_address(image.removeprefix(_HERE), draft))
    summary = item.summary
    if _MARK in item.html:
        opening = item.html.partition(_MARK)[0]
        words = one_line(plain_text(opening))
        summary = words if len(words) <= MOST_EXCERPT else summary_of(opening, MOST_EXCERPT)
        item = replace(item, html=_MARK_ALONE.sub("", item.html))
    return replace(item, summary=summary, files=(*item.files, *draft.files.values()))


def _of_ours(html: str, draft: Draft) -> str:
    """Clean HTML of a post of our archive: its own files become ours, and what leads nowhere its words."""
    site = f'href="{entities.escape(draft.place.site_url.rstrip("/"))}/posts/'
    html = html.replace(site, f'href="{_HERE}/posts/')
    html = _OURS.sub(lambda found: _shown(found, draft), html)
    html = _IMAGE.sub(lambda found: _sized(found[0], draft), html)
    if _GONE in html:
        html = _LINK.sub(_with_words, html)
        html = _GONE_PICTURE.sub("", html)
        html = _GONE_LINK.sub(lambda found: _NAMED_HERE.sub(r"\2", found[1]), html)
    return _named_plainly(html, draft)


def _with_words(link: re.Match[str]) -> str:
    """A link whose only content was a picture that is not shown gets what the picture says, or its own address."""
    inner = _GONE_PICTURE.sub("", link["inner"])
    if inner == link["inner"] or "<img" in inner or re.sub(r"<[^<>]*>", "", inner).strip():
        return link[0]
    said = next((alt for alt in _ALT.findall(link["inner"]) if alt.strip()), "")
    words = said or re.sub(r"^https?://(?:www\.)?|/$", "", link["href"])
    return f'<a href="{link["href"]}"{link["more"]}>{words}</a>'


def _named_plainly(text: str, draft: Draft) -> str:
    """A film or frame of the folder's own site is called by its address: by the one that readers know."""
    host = re.sub(r"^https?://(?:www\.)?", "", draft.place.site_url.rstrip("/"))
    return text.replace(_HERE.removeprefix("https://"), host)


def _inside(draft: Draft) -> str:
    """The address that the file would have if the folder were a site."""
    return _in_folder(draft.path, draft)


def _in_folder(path: str, draft: Draft) -> str:
    assert draft.place.pictures is not None
    return f"{_HERE}/{quote('/'.join(filter(None, (draft.place.pictures.prefix, path))))}"


def _shown(found: re.Match[str], draft: Draft) -> str:
    """One address of the cleaned HTML: a picture of the folder becomes a file of ours."""
    kind, path = found[1], entities.unescape(found[2])
    is_picture = bool(_PICTURE_ENDING.search(urlsplit(path).path))
    if kind == "src" or (kind == "href" and is_picture):
        address = picture_address(path, draft)
        return f'{kind}="{entities.escape(address) if address else _GONE}"'
    assert draft.place.pictures is not None
    if kind == "href" and (marked := _post_of_ours(path, draft)):
        return f'href="{entities.escape(marked)}"'
    if draft.place.pictures.is_there(unquote(urlsplit(path).path), draft.path):
        name = PurePosixPath(unquote(urlsplit(path).path)).name
        draft.say(
            name, f'the link to the file "{name}" leads nowhere; put the file on the web and link to it there'
        )
        return f'{kind}="{_GONE}"'
    return f'{kind}="{entities.escape(draft.place.site_url.rstrip("/") + _below_prefix(path, draft))}"'


def _below_prefix(path: str, draft: Draft) -> str:
    """A path below the top of the site as one below the folder, where it is in it."""
    prefix = draft.place.pictures.prefix if draft.place.pictures else ""
    return path.removeprefix(f"/{prefix}") if prefix and path.startswith(f"/{prefix}/") else path


def _post_of_ours(path: str, draft: Draft) -> str | None:
    """The mark for a link to another post of our archive (LINK_TO_POST), by its file, its page or its address there."""
    parts = urlsplit(path)
    written = unquote(parts.path)
    links = draft.place.links
    file = links.page(_below_prefix(written, draft).strip("/")) if links else None
    of = file or (written if _ARCHIVE_ADDRESS.fullmatch(written) else None)
    if of is None:
        return None
    at = next((at for name in _spellings(written) if (at := draft.text.find(name)) >= 0), -1)
    line = draft.text.count("\n", 0, at) + 1 if at >= 0 else draft.body_line
    rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"{LINK_TO_POST}{line}:{quote(of)}{rest}"


def _spellings(written: str) -> tuple[str, ...]:
    """How an address may stand in a text, the longest first."""
    last = written.rstrip("/").rpartition("/")[2]
    return written, quote(written), written.strip("/"), last, quote(last)


def _sized(image: str, draft: Draft) -> str:
    """An ``img`` of ours with the size of its file, at the width or height that its author gave."""
    source, width, height = (_attribute(image, name) for name in ("src", "width", "height"))
    file = draft.files.get(source.removeprefix(draft.place.media_url))
    if not isinstance(file, FileOnDisk) or file.size is None or (width and height):
        return image
    shown = image_sizes.beside(file.size, pixels(width) or 0, pixels(height) or 0)
    bare = re.sub(r' (?:width|height)="[^"]*"', "", image)
    return f'{bare.removesuffix(">")} width="{shown[0]}" height="{shown[1]}">'


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return entities.unescape(found[1]) if found else ""


def picture_address(path: str, draft: Draft) -> str | None:
    """Where we serve a picture of the folder; None for one that is not there or cannot be shown, which is said.

    ``path`` is as in an address, below the top of the folder's site. Fills ``draft.files``.
    """
    pictures = draft.place.pictures
    assert pictures is not None
    path = unquote(urlsplit(path).path)
    name = PurePosixPath(path).name
    file = pictures.find(path, draft.path)
    if file is None:
        there = pictures.is_there(path, draft.path)
        what = NOT_BY_NAME if there else "is not there; put it beside the post, or correct its name"
        draft.say(name, f'the picture "{name}" {what}')
        return None
    try:
        taken = pictures.take(file)
    except NoPicture as reason:
        draft.say(name, f'the picture "{name}" {reason}; it is left out')
        return None
    draft.files[taken.name] = taken
    return draft.place.media_url + taken.name


def own_picture(written: str, draft: Draft) -> str | None:
    """The address of a picture that the front matter names by a path."""
    path = written
    if not written.startswith("/"):
        folder = PurePosixPath(draft.path).parent
        path = "/".join(
            filter(None, (draft.place.pictures.prefix if draft.place.pictures else "", str(folder), written))
        )
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return picture_address("/" + "/".join(parts), draft)
