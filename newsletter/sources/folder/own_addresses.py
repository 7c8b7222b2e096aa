"""The addresses in a post that only our archive shows: its pictures are looked for in the folder and become files of
ours, its links lead to our archive, and what leads nowhere becomes its words. The text itself is drawn by body.py.
"""

from __future__ import annotations

import html as entities
import re
import secrets
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from newsletter.sources.base import LINK_TO_POST
from newsletter.sources.folder.draft import Draft
from newsletter.sources.folder.images import NOT_BY_NAME, FileOnDisk, NoPicture
from newsletter.sources.html.images import image_sizes
from newsletter.sources.html.images.image_sizes import pixels

#: Stands for the folder's own site while addresses are made absolute.
HERE = f"https://{secrets.token_hex(8)}.invalid"
_OURS = re.compile(rf"""(src|href|cite)="{re.escape(HERE)}([^"]*)\"""")
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
_NAMED_HERE = re.compile(rf"({re.escape(HERE.removeprefix('https://'))}/(?:[^\s<>/]*/)*)([^\s<>/]*)")
_ARCHIVE_ADDRESS = re.compile(r"/posts/[^/]+/?")


def settled_html(html: str, draft: Draft) -> str:
    """Clean HTML of a post of our archive: its own files become ours, and what leads nowhere its words."""
    site = f'href="{entities.escape(draft.place.site_url.rstrip("/"))}/posts/'
    html = html.replace(site, f'href="{HERE}/posts/')
    html = _OURS.sub(lambda found: _shown(found, draft), html)
    html = _IMAGE.sub(lambda found: _sized(found[0], draft), html)
    if _GONE in html:
        html = _LINK.sub(_with_words, html)
        html = _GONE_PICTURE.sub("", html)
        html = _GONE_LINK.sub(lambda found: _NAMED_HERE.sub(r"\2", found[1]), html)
    return named_plainly(html, draft)


def _with_words(link: re.Match[str]) -> str:
    """A link whose only content was a picture that is not shown gets what the picture says, or its own address."""
    inner = _GONE_PICTURE.sub("", link["inner"])
    if inner == link["inner"] or "<img" in inner or re.sub(r"<[^<>]*>", "", inner).strip():
        return link[0]
    said = next((alt for alt in _ALT.findall(link["inner"]) if alt.strip()), "")
    words = said or re.sub(r"^https?://(?:www\.)?|/$", "", link["href"])
    return f'<a href="{link["href"]}"{link["more"]}>{words}</a>'


def named_plainly(text: str, draft: Draft) -> str:
    """A film or frame of the folder's own site is called by its address: by the one that readers know."""
    host = re.sub(r"^https?://(?:www\.)?", "", draft.place.site_url.rstrip("/"))
    return text.replace(HERE.removeprefix("https://"), host)


def address_inside(draft: Draft) -> str:
    """The address that the file would have if the folder were a site."""
    return address_in_folder(draft.path, draft)


def address_in_folder(path: str, draft: Draft) -> str:
    assert draft.place.pictures is not None
    return f"{HERE}/{quote('/'.join(filter(None, (draft.place.pictures.prefix, path))))}"


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
