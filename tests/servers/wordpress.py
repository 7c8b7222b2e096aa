"""A WordPress on loopback: a blog in memory that answers as WordPress 6 does, by REST, feed and pages.

Made by hand from the REST API Handbook and what live sites answer; it renders nothing, so a post says both how it is
kept (``content``) and how readers get it (``rendered``).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha1
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class BlogPost:
    """A row of wp_posts. Times are UTC and naive, as the database has them."""

    number: int
    title: str
    content: str
    date: datetime
    rendered: str = ""
    modified: datetime | None = None
    excerpt: str = ""
    slug: str = ""
    status: str = "publish"
    kind: str = "post"
    password: str = ""
    author: int = 1
    categories: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    thumbnail: int = 0
    guid: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    #: Kept without its UTC, as posts of old imports are.
    no_gmt: bool = False

    @property
    def changed(self) -> datetime:
        return self.modified or self.date


@dataclass
class Picture:
    """An attachment."""

    number: int
    path: str
    alt: str = ""
    caption: str = ""
    parent: int = 0
    sizes: dict[str, str] = field(default_factory=dict)
    #: Of the original in pixels; those in sizes are 1024 × 683.
    width: int = 1800
    height: int = 1200


@dataclass
class Blog:
    """What is in the database, and how the site behaves."""

    posts: list[BlogPost] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    #: id → (login, display name)
    users: dict[int, tuple[str, str]] = field(
        default_factory=lambda: {1: ("ana", "Ana Ríos"), 2: ("ben", "Ben Okri")}
    )
    #: id → (slug, name as WordPress keeps it, with entities)
    categories: dict[int, tuple[str, str]] = field(
        default_factory=lambda: {1: ("uncategorized", "Uncategorized")}
    )
    tags: dict[int, tuple[str, str]] = field(default_factory=dict)
    home: str = "https://example.org"
    title: str = "The Mill &amp; its neighbours"
    gmt_offset: float = 0.0
    timezone_string: str = ""
    #: Below the host: "" or "/blog".
    folder: str = ""
    pretty: bool = True
    #: Announce the API in headers and heads.
    announces: bool = True
    #: None, or the error of a plugin that closes the API: (status, code, message).
    closed: tuple[int, str, str] | None = None
    #: The API gives a page for people.
    closed_by_html: bool = False
    users_closed: bool = False
    terms_closed: bool = False
    #: Knows modified_after (WordPress 5.7).
    modern: bool = True
    embeds: bool = True
    etags: bool = False
    #: Before every answer of the API.
    warning: str = ""
    feed: bool = True
    #: Called with (route, query) before the API answers; what it returns is the answer: (status, headers, body).
    before: Callable[[str, dict[str, str]], tuple[int, dict[str, str], bytes] | None] | None = None

    def link(self, post: BlogPost) -> str:
        if self.pretty:
            return f"{self.home}{self.folder}/{post.date:%Y/%m}/{post.slug or f'post-{post.number}'}/"
        return f"{self.home}{self.folder}/?p={post.number}"

    def guid(self, post: BlogPost) -> str:
        return post.guid or f"https://example.org/?p={post.number}"

    def public(self) -> list[BlogPost]:
        return [post for post in self.posts if post.kind == "post" and post.status == "publish"]

    def picture_url(self, path: str) -> str:
        return f"{self.home}{self.folder}/wp-content/uploads/{path}"


Answer = tuple[int, dict[str, str], bytes]


class WordPressServer:
    """Serves one blog; ``asked`` has every request's path with query, in order."""

    def __init__(self, blog: Blog) -> None:
        self.blog = blog
        self.asked: list[str] = []
        #: The headers of those requests, names in small letters.
        self.heard: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                heard = {name.lower(): value for name, value in self.headers.items()}
                site.heard.append(heard)
                status, headers, body = site.answer(self.path, heard)
                self.send_response_only(status)
                for name, value in headers.items():
                    for line in value.split("\n"):
                        self.send_header(name, line)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Who hangs up on a page that is too large is what some tests want.
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        blog.home = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def api_questions(self) -> list[tuple[str, dict[str, str]]]:
        """(route, query) of each question to the API."""
        return [found for path in self.asked if (found := self._route(path)) is not None]

    # answering

    def answer(self, path: str, heard: dict[str, str]) -> Answer:
        found = self._route(path)
        if found is not None:
            return self._api(*found, heard)
        parts = urlsplit(path)
        if not parts.path.startswith(self.blog.folder + "/") and parts.path != self.blog.folder:
            return self._page(404, "Not Found")
        below = parts.path.removeprefix(self.blog.folder)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if below.rstrip("/") == "/feed" or query.get("feed"):
            return self._feed() if self.blog.feed else self._page(404, "No feed")
        if found_term := re.fullmatch(r"/category/([\w-]+)/?", below):
            number = next((n for n, (slug, _) in self.blog.categories.items() if slug == found_term[1]), 0)
            return self._page(200, "An archive", f"wp/v2/categories/{number}")
        if below in ("", "/") or any(
            urlsplit(self.blog.link(post)).path == parts.path for post in self.blog.posts
        ):
            return self._page(200, "A page")
        return self._page(404, "Not Found")

    def _route(self, path: str) -> tuple[str, dict[str, str]] | None:
        parts = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if (
            parts.path.rstrip("/") in (self.blog.folder, self.blog.folder + "/index.php")
            and "rest_route" in query
        ):
            return query.pop("rest_route").strip("/"), query
        prefix = self.blog.folder + "/wp-json"
        if self.blog.pretty and (parts.path + "/").startswith(prefix + "/"):
            return parts.path.removeprefix(prefix).strip("/"), query
        return None

    def _rest_url(self, route: str = "") -> str:
        base = self.blog.home + self.blog.folder
        return f"{base}/wp-json/{route}" if self.blog.pretty else f"{base}/index.php?rest_route=/{route}"

    def _page(self, status: int, words: str, alternate: str = "") -> Answer:
        headers = {"Content-Type": "text/html; charset=UTF-8"}
        feed = f"{self.blog.home}{self.blog.folder}/feed/"
        head = f'<link rel="alternate" type="application/rss+xml" title="Feed" href="{feed}" />'
        if self.blog.announces and status == 200:
            # One header a link, as WordPress sends them; what comes last is not the API.
            headers["Link"] = (
                f'<{self._rest_url()}>; rel="https://api.w.org/"\n<{self.blog.home}/>; rel=shortlink'
            )
            head += f'<link rel="https://api.w.org/" href="{escape(self._rest_url())}" />'
            if alternate:
                json_url = escape(self._rest_url(alternate))
                head += f'<link rel="alternate" title="JSON" type="application/json" href="{json_url}" />'
        page = f"<!DOCTYPE html><html><head><title>{words}</title>{head}</head><body><h1>{words}</h1></body></html>"
        return status, headers, page.encode()

    def _feed(self) -> Answer:
        items = []
        for post in sorted(self.blog.public(), key=lambda post: post.date, reverse=True)[:10]:
            terms = [self.blog.categories[n][1] for n in post.categories] + [
                self.blog.tags[n][1] for n in post.tags
            ]
            categories = "".join(f"<category><![CDATA[{name}]]></category>" for name in terms)
            text = "" if post.password else post.rendered or post.content
            items.append(
                f"<item><title>{'Protected: ' if post.password else ''}{post.title}</title>"
                f"<link>{escape(self.blog.link(post))}</link>"
                f"<dc:creator><![CDATA[{self.blog.users[post.author][1]}]]></dc:creator>"
                f"<pubDate>{format_datetime(post.date.replace(tzinfo=UTC))}</pubDate>{categories}"
                f'<guid isPermaLink="false">{escape(self.blog.guid(post))}</guid>'
                f"<description><![CDATA[{self._excerpt(post)}]]></description>"
                f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
            )
        feed = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>'
            f"{self.blog.title}</title><link>{self.blog.home}</link><description></description>"
            f"<generator>https://wordpress.org/?v=6.6</generator>{''.join(items)}</channel></rss>"
        )
        headers = {"Content-Type": "application/rss+xml; charset=UTF-8"}
        if self.blog.announces:
            headers["Link"] = f'<{self._rest_url()}>; rel="https://api.w.org/"'
        return 200, headers, feed.encode()

    def _excerpt(self, post: BlogPost) -> str:
        if post.password:
            return "<p>There is no excerpt because this is a protected post.</p>\n"
        if post.excerpt:
            return f"<p>{post.excerpt}</p>\n"
        words = re.sub(
            r"<(div|figure)\b.*?</\1>|<[^<>]*>|<!--.*?-->", " ", post.rendered or post.content
        ).split()
        return f"<p>{' '.join(words[:55])}{' [&hellip;]' if len(words) > 55 else ''}</p>\n"

    # the API

    def _api(self, route: str, query: dict[str, str], heard: dict[str, str]) -> Answer:
        if self.blog.before and (given := self.blog.before(route, query)):
            return given
        if self.blog.closed_by_html:
            return (
                200,
                {"Content-Type": "text/html"},
                b"<!DOCTYPE html><html><body>Log in, please.</body></html>",
            )
        if self.blog.closed:
            return _error(*self.blog.closed)
        if route == "":
            about = {
                "name": "The Mill", "home": self.blog.home, "url": self.blog.home,
                "namespaces": ["oembed/1.0", "wp/v2"],
                "gmt_offset": self.blog.gmt_offset, "timezone_string": self.blog.timezone_string, "routes": {"/": {}},
            }  # fmt: skip
            return self._json(_only(about, query), heard=heard)
        handler = {
            "wp/v2/posts": self._posts,
            "wp/v2/users": self._users,
            "wp/v2/categories": self._terms,
            "wp/v2/tags": self._terms,
            "wp/v2/media": self._media,
        }.get(route)
        if handler is None:
            return _error(404, "rest_no_route", "No route was found matching the URL and request method.")
        return handler(route, query, heard)

    def _posts(self, route: str, query: dict[str, str], heard: dict[str, str]) -> Answer:
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        if not 1 <= size <= 100:
            return _error(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        found = self.blog.public()
        offset = timedelta(hours=self.blog.gmt_offset)
        if self.blog.modern and "modified_after" in query:
            after = (
                datetime.fromisoformat(query["modified_after"]).astimezone(UTC).replace(tzinfo=None) + offset
            )
            found = [post for post in found if post.changed + offset > after]
        if "categories" in query:
            found = [post for post in found if int(query["categories"]) in post.categories]
        key = {
            "date": lambda p: (p.date, p.number),
            "modified": lambda p: (p.changed, p.number),
            "id": lambda p: p.number,
        }
        found.sort(key=key[query.get("orderby", "date")], reverse=query.get("order", "desc") == "desc")  # type: ignore[arg-type]
        pages = -(-len(found) // size)
        if page > max(pages, 1):
            return _error(
                400, "rest_post_invalid_page_number",
                "The page number requested is larger than the number of pages available.",
            )  # fmt: skip
        shown = [self._post(post, query) for post in found[(page - 1) * size : page * size]]
        return self._json(shown, {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}, heard)

    def _post(self, post: BlogPost, query: dict[str, str]) -> dict[str, Any]:
        offset = timedelta(hours=self.blog.gmt_offset)
        protected = bool(post.password)
        content = "" if protected else post.rendered or post.content
        data = {
            "id": post.number,
            "date": (post.date + offset).isoformat(),
            "date_gmt": None if post.no_gmt else post.date.isoformat(),
            "guid": {"rendered": self.blog.guid(post)},
            "modified": (post.changed + offset).isoformat(),
            "modified_gmt": post.changed.isoformat(),
            "slug": post.slug, "status": post.status, "type": post.kind, "link": self.blog.link(post),
            "title": {"rendered": post.title},
            "content": {"rendered": content, "protected": protected},
            "excerpt": {"rendered": self._excerpt(post), "protected": protected},
            "author": post.author, "featured_media": post.thumbnail, "comment_status": "open", "sticky": False,
            "template": "", "format": "standard", "meta": {"footnotes": ""},
            "categories": post.categories, "tags": post.tags,
            "_links": {"self": [{"href": self._rest_url(f"wp/v2/posts/{post.number}")}]},
        }  # fmt: skip
        if self.blog.embeds and "_embed" in query:
            data["_embedded"] = {"author": [self._user(post.author)], "wp:term": self._terms_of(post)}
            if post.thumbnail:
                data["_embedded"]["wp:featuredmedia"] = [self._picture(post.thumbnail)]  # type: ignore[index]
        return _only(data, query)

    def _terms_of(self, post: BlogPost) -> list[list[dict[str, Any]]]:
        return [
            [self._term("categories", number) for number in post.categories],
            [self._term("tags", number) for number in post.tags],
        ]

    def _term(self, route: str, number: int) -> dict[str, Any]:
        slug, name = (self.blog.categories if route == "categories" else self.blog.tags)[number]
        return {
            "id": number,
            "name": name,
            "slug": slug,
            "taxonomy": "category" if route == "categories" else "post_tag",
        }

    def _user(self, number: int) -> dict[str, Any]:
        if self.blog.users_closed or number not in self.blog.users:
            return json.loads(_error(404, "rest_user_invalid_id", "Invalid user ID.")[2])  # type: ignore[no-any-return]
        login, name = self.blog.users[number]
        return {"id": number, "name": name, "slug": login, "link": f"{self.blog.home}/author/{login}/"}

    def _picture(self, number: int) -> dict[str, Any]:
        found = next((picture for picture in self.blog.pictures if picture.number == number), None)
        if found is None:
            return json.loads(_error(404, "rest_post_invalid_id", "Invalid post ID.")[2])  # type: ignore[no-any-return]
        sizes = {
            name: {"source_url": self.blog.picture_url(path), "width": 1024, "height": 683}
            for name, path in found.sizes.items()
        }
        return {
            "id": number, "source_url": self.blog.picture_url(found.path), "alt_text": found.alt,
            "media_details": {"width": found.width, "height": found.height, "sizes": sizes}, "media_type": "image",
        }  # fmt: skip

    def _users(self, route: str, query: dict[str, str], heard: dict[str, str]) -> Answer:
        if self.blog.users_closed:
            return _error(401, "rest_user_cannot_view", "Sorry, you are not allowed to list users.")
        return self._json([self._user(number) for number in _included(query, self.blog.users)], heard=heard)

    def _terms(self, route: str, query: dict[str, str], heard: dict[str, str]) -> Answer:
        if self.blog.terms_closed:
            return _error(401, "rest_forbidden", "Not for visitors.")
        kind = route.rpartition("/")[2]
        known = self.blog.categories if kind == "categories" else self.blog.tags
        return self._json([self._term(kind, number) for number in _included(query, known)], heard=heard)

    def _media(self, route: str, query: dict[str, str], heard: dict[str, str]) -> Answer:
        known = {picture.number: picture for picture in self.blog.pictures}
        return self._json([self._picture(number) for number in _included(query, known)], heard=heard)

    def _json(
        self, data: Any, headers: dict[str, str] | None = None, heard: dict[str, str] | None = None
    ) -> Answer:
        body = self.blog.warning.encode() + json.dumps(data).encode()
        sent = {
            "Content-Type": "application/json; charset=UTF-8",
            "X-Robots-Tag": "noindex",
            **(headers or {}),
        }
        if self.blog.etags:
            sent["ETag"] = f'"{sha1(body).hexdigest()}"'
            if (heard or {}).get("if-none-match") == sent["ETag"]:
                return 304, {"ETag": sent["ETag"]}, b""
        return 200, sent, body


def _error(status: int, code: str, message: str) -> Answer:
    body = json.dumps({"code": code, "message": message, "data": {"status": status}})
    return status, {"Content-Type": "application/json; charset=UTF-8"}, body.encode()


def _only(data: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    """What ``_fields`` asks for, by the first part of each dotted name."""
    if "_fields" not in query:
        return data
    wanted = {name.partition(".")[0] for name in query["_fields"].split(",")}
    return {name: value for name, value in data.items() if name in wanted}


def _included(query: dict[str, str], known: Any) -> Iterator[int]:
    wanted = [int(number) for number in query["include"].split(",")] if "include" in query else list(known)
    yield from [number for number in wanted if number in known][: int(query.get("per_page", 10))]
