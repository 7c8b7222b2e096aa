"""HTML pages out of templates/web: the environment, and what every page is given. Files are made in static_export.py.

The web server fills the same templates with forms in them; nothing here knows a request or a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.config import Config
from newsletter.errors import RenderError
from newsletter.feeds.formats import FORMATS
from newsletter.models import Post
from newsletter.publishing.editions.snapshot import (
    date_of,
    design_of,
    direction_of,
    page_of,
    template_folders,
)
from newsletter.publishing.ingest.post_keys import path_of
from newsletter.publishing.public.catalogue import Shelf
from newsletter.rendering.body import fit_for_mail
from newsletter.rendering.design import footer_lines, of_design
from newsletter.rendering.image_widths import shows
from newsletter.rendering.templates import sandbox
from newsletter.rendering.templates.environment import own_folder
from newsletter.rendering.templates.page_environment import ENDINGS, make_page_environment
from newsletter.sources.html.summary import is_title_of

#: Posts on one page of the archive.
POSTS_A_PAGE = 20


@lru_cache(maxsize=1)
def environment() -> ImmutableSandboxedEnvironment:
    """Our own templates, in the same sandbox as a site's."""
    return make_page_environment(_read((own_folder(),)))


def render(config: Config, template: str, **context: Any) -> str:
    """Fill one page. A site's own templates are filled in another process, with a ceiling on time and memory. Raises
    RenderError for a mistake in one."""
    return _filled(tuple(template_folders(config)), template, page_context(config) | context)


def _filled(folders: tuple[Path, ...], template: str, context: Mapping[str, Any] | None) -> str:
    theirs = _read(folders)
    if not theirs:
        ours = environment().get_template(template)
        return "" if context is None else ours.render(context)
    return sandbox.fill_page({**_read((own_folder(),)), **theirs}, template, context)


def load(config: Config, template: str) -> None:
    """Read one template, and fill nothing. Raises RenderError."""
    _filled(tuple(template_folders(config)), template, None)


def names(config: Config) -> list[str]:
    """Every template that pages may use. Raises RenderError for one that is not UTF-8."""
    found: set[str] = set()
    for folder in (*template_folders(config), own_folder()):
        for name, file in _files(folder):
            try:
                file.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                raise RenderError(f"the template {name} is not UTF-8: save it as UTF-8") from error
            found.add(name)
    return sorted(found)


def _read(folders: tuple[Path, ...]) -> dict[str, tuple[str, str]]:
    """Template → (its source, its file). One that is not UTF-8 is no template: check says so."""
    found: dict[str, tuple[str, str]] = {}
    for folder in reversed(folders):
        for name, file in _files(folder):
            with suppress(UnicodeDecodeError, FileNotFoundError):
                found[name] = (file.read_text(encoding="utf-8"), str(file))
    return found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Those of pages, with their names. Mails have theirs apart."""
    if not (folder / "web").is_dir():
        return
    for file in sorted((folder / "web").rglob("*")):
        if file.suffix in ENDINGS and file.is_file():
            yield file.relative_to(folder).as_posix(), file


@lru_cache(maxsize=4)
def _asset(
    folders: tuple[Path, ...], template: str, design: tuple[tuple[str, str], ...]
) -> tuple[str, bytes]:
    content = _filled(folders, template, {"design": of_design(dict(design))}).encode()
    stem, _, ending = Path(template).name.partition(".")
    return f"static/{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content


def assets(config: Config) -> dict[str, tuple[str, bytes]]:
    """What pages load, and "feed.css", the look of a feed in a browser: "site.css" → (path with a digest in it, so it
    may be kept for ever; bytes)."""
    folders, design = tuple(template_folders(config)), tuple(design_of(config).items())
    return {name: _asset(folders, f"web/{name}", design) for name in ("site.css", "icon.svg", "feed.css")}


def asset_for_feeds(config: Config, name: str) -> str:
    """The path of one of them, for a feed; that of ours where the site's own is broken, which must not cost readers the
    feed."""
    try:
        return assets(config)[name][0]
    except RenderError:
        return _asset((), f"web/{name}", tuple(design_of(config).items()))[0]


def base_path(config: Config) -> str:
    """The path under which a proxy shows the site, without a slash at the end; mostly empty."""
    return urlsplit(config.site.url).path.rstrip("/")


def page_context(config: Config) -> dict[str, Any]:
    """What every page is given."""
    site, base = config.site, base_path(config)
    return {
        "site": site.model_dump(mode="json"),
        "base": base,
        "direction": direction_of(site.language),
        "postal_lines": site.address_lines,
        "logo": config.design.logo,
        "logo_dark": config.design.logo_dark,
        "logo_width": config.design.logo_width,
        "footer": footer_lines("\n".join(config.design.footer)),
        "assets": {name: f"{base}/{path}" for name, (path, _) in assets(config).items()},
        "topics": {name: topic.model_dump(mode="json") for name, topic in config.topics.items()},
        "feeds": feed_links(config, None),
        "topic": None,
        # For pages behind a personal link: nothing from elsewhere, not even the logo.
        "personal": False,
        "indexed": True,
    }


def feed_links(config: Config, topic: str | None) -> list[dict[str, str]]:
    """The feeds to announce on a page: those of all posts, and on a topic's page its own first."""
    folders = [("", config.site.title)]
    if topic is not None:
        title = f"{config.site.title}: {config.topics[topic].title}"
        folders.insert(0, (f"topics/{topic}/", title))
    return [
        {
            "name": kind.name,
            "type": kind.media_type,
            "title": f"{title} ({kind.name})",
            "href": f"{base_path(config)}/{folder}{file}",
        }
        for folder, title in folders
        for file, kind in FORMATS.items()
    ]


def item(post: Post, config: Config) -> dict[str, Any]:
    """One post as the archive lists it."""
    day = date_of(post, config)
    heading = day if day and is_title_of(post.title, post.html) else post.title
    return {
        "title": post.title,
        "heading": heading,
        "href": post.url or f"{base_path(config)}{path_of(post.key)}",
        "date": post.date,
        "date_text": "" if heading == day else day,
        "authors": post.authors,
        "topics": [
            {"title": config.topics[name].title, "href": f"{base_path(config)}/topics/{name}/"}
            for name in post.topics
            if name in config.topics
        ],
        "summary": "" if post.summary == heading else post.summary,
        "language": post.language if post.language != config.site.language else "",
    }


def last_page(shelf: Shelf, topic: str | None) -> int:
    """The number of the archive's last page, from 1."""
    return max(1, -(-len(shelf.ids(topic)) // POSTS_A_PAGE))


def archive_context(config: Config, shelf: Shelf, topic: str | None, number: int) -> dict[str, Any]:
    """What the archive's page ``number`` (from 1) is given."""
    folder = f"{base_path(config)}/" if topic is None else f"{base_path(config)}/topics/{topic}/"
    last = last_page(shelf, topic)
    posts = shelf.posts(topic, (number - 1) * POSTS_A_PAGE, POSTS_A_PAGE)
    return {
        "topic": topic,
        "feeds": feed_links(config, topic),
        "posts": [item(post, config) for post in posts],
        "number": number,
        "last": last,
        "newer": _page_href(folder, number - 1) if number > 1 else "",
        "older": _page_href(folder, number + 1) if number < last else "",
        "form": None,
    }


def _page_href(folder: str, number: int) -> str:
    return folder if number == 1 else f"{folder}page/{number}/"


def post_context(config: Config, post: Post) -> dict[str, Any]:
    """What the page of a post is given. Its headings are put in order below the page's own."""
    runs = direction_of(post.language or config.site.language)
    return {
        "post": item(post, config),
        "address": page_of(post, config),
        "html": fit_for_mail(post.html, page_of(post, config), runs, outlook=False),
        "image": "" if shows(post.html, post.image) else post.image,
        "image_alt": post.image_alt,
        "post_direction": runs,
    }
