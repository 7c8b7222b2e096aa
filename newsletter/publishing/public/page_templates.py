"""Whether the templates of web pages, a site's own and ours, can be filled, and where a mistake in one stands.

Here they are filled in the words of a post that does not exist; what pages really show is html_pages.py's part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter.config import Config
from newsletter.publishing.public import html_pages
from newsletter.rendering.templates.page_environment import fault_of

__all__ = ["fault_of", "load_all", "samples"]


def load_all(config: Config) -> int:
    """Read every page template and fill each page once; gives how many templates there are.

    Raises RenderError, which names the file and the line, for the first mistake.
    """
    names = html_pages.names(config)
    for name in names:
        html_pages.load(config, name)
    for name, context in samples(config):
        html_pages.render(config, name, **context)
    return len(names)


def samples(config: Config) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page's template with all that its view gives it, besides what every page is given."""
    base = html_pages.base_path(config)
    form, post = _form(config, base), _post(base)
    archive = {
        "topic": None,
        "posts": [post],
        "number": 1,
        "last": 2,
        "newer": "",
        "older": f"{base}/page/2/",
    }
    yield "web/archive.html", {**archive, "feeds": html_pages.feed_links(config, None), "form": form}
    yield "web/archive.html", {**archive, "feeds": html_pages.feed_links(config, None), "form": None}
    yield (
        "web/post.html",
        {
            "post": post,
            "address": f"{config.site.url}/posts/sample/",
            "html": "<p>Some words.</p>",
            "image": "https://example.org/picture.jpg",
            "image_alt": "A picture",
            "post_direction": "ltr",
        },
    )
    yield "web/subscribe.html", {"form": form}
    yield (
        "web/preferences.html",
        {
            "address": "sample@example.org",
            "action": f"{base}/preferences/sample",
            "form": "sample",
            "offered": form["cadences"],
            "cadence": "weekly",
            "choices": form["topics"],
            "chosen": [],
            "paused": True,
            "said": "Saved.",
            "wrong": False,
        },
    )
    yield (
        "web/message.html",
        {
            "indexed": False,
            "heading": "A sample",
            "paragraphs": ["Some words."],
            "button": {"action": f"{base}/", "text": "Go on", "fields": {"name": "value"}, "quiet": False},
            "links": [{"text": "All posts", "href": f"{base}/"}],
        },
    )


def _form(config: Config, base: str) -> dict[str, Any]:
    return {
        "action": f"{base}/subscribe",
        "address": "",
        "error": "Please check the address.",
        "notice": "Please try again.",
        "cadences": [{"name": "daily", "text": "Once a day"}, {"name": "weekly", "text": "Once a week"}],
        "cadence": "weekly",
        "topics": [{"name": name, "title": topic.title} for name, topic in config.topics.items()],
        "chosen": [],
        "made": "sample",
        "wording": "Yes.",
        "privacy_url": config.site.privacy_url,
    }


def _post(base: str) -> dict[str, Any]:
    return {
        "title": "A sample post",
        "heading": "A sample post",
        "href": f"{base}/posts/sample/",
        "date": "2017-06",
        "date_text": "June 2017",
        "authors": ["Ana Example"],
        "topics": [{"title": "Guides", "href": f"{base}/topics/guides/"}],
        "summary": "Some words.",
        "language": "en",
    }
