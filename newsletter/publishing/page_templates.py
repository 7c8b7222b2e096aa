"""Whether the templates of web pages, a site's own and ours, can be filled, and where a mistake in one stands.

Here they are filled in the words of a post that does not exist; what pages really show is pages.py's part.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
import markupsafe
from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from newsletter.config import Config
from newsletter.errors import RenderError
from newsletter.publishing import pages
from newsletter.publishing.entries import template_folders

_ENDINGS = (".html", ".css", ".svg")
#: Code that templates run through on their way to what they call.
_JINJA = {Path(jinja2.__file__).parent, Path(markupsafe.__file__).parent}


def load_all(config: Config) -> int:
    """Read every page template and fill each page once; gives how many templates there are.

    Raises RenderError, which names the file and the line, for the first mistake.
    """
    environment = pages.environment(tuple(template_folders(config)))
    found = environment.list_templates()
    names = [name for name in found if name.startswith("web/") and name.endswith(_ENDINGS)]
    name = ""
    try:
        for name in names:
            environment.get_template(name)
        for name, context in samples(config):
            pages.render(config, name, **context)
    except UnicodeDecodeError as error:
        raise RenderError(f"the template {name} is not UTF-8: save it as UTF-8") from error
    except Exception as error:  # a template is staff's text: whatever it raises is a mistake in the template
        if (fault := fault_of(error)) is None:
            raise
        raise RenderError(fault) from error
    return len(names)


def fault_of(error: BaseException) -> str | None:
    """ "FILE, line 3: what is wrong" for a mistake that is in a page template itself; None for any other."""
    words = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}, line {error.lineno}: {words}"
    if isinstance(error, TemplateNotFound):
        words = f"there is no template {error.name}"
    where = _innermost(error.__traceback__)
    if where is not None:
        return f"{where[0]}, line {where[1]}: {words}"
    return words if isinstance(error, TemplateError) else None


def _innermost(trace: TracebackType | None) -> tuple[str, int] | None:
    """The template's file and line, when what was raised was raised by it, and not by code of ours that it called.

    Jinja2 rewrites its frames to the template's file and lines.
    """
    found = None
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.suffix in _ENDINGS:
            found = (str(file), trace.tb_lineno)
        elif _JINJA.isdisjoint(file.parents):
            found = None
        trace = trace.tb_next
    return found


def samples(config: Config) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page's template with all that its view gives it, besides what every page is given."""
    base = pages.base_path(config)
    form, post = _form(config, base), _post(base)
    archive = {
        "topic": None,
        "posts": [post],
        "number": 1,
        "last": 2,
        "newer": "",
        "older": f"{base}/page/2/",
    }
    yield "web/archive.html", {**archive, "feeds": pages.feed_links(config, None), "form": form}
    yield "web/archive.html", {**archive, "feeds": pages.feed_links(config, None), "form": None}
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
        "href": f"{base}/posts/sample/",
        "date": "2017-06",
        "date_text": "June 2017",
        "authors": ["Ana Example"],
        "topics": [{"title": "Guides", "href": f"{base}/topics/guides/"}],
        "summary": "Some words.",
        "language": "en",
    }
