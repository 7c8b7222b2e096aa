"""What is kept out of the log: the secret part of personal addresses, and every address that was not found."""

from __future__ import annotations

import logging
import re

from newsletter.errors import RenderError
from newsletter.publishing.editions.preview_links import PreviewPurpose
from newsletter.publishing.notices.stop_link import StaffPurpose
from newsletter.rendering.templates.page_environment import fault_of
from subscribers.tokens import Purpose

#: By where a token stands, and by its form wherever it stands (subscribers/tokens.py).
_SECRET = re.compile(
    rf"/({'|'.join([*Purpose, *StaffPurpose, *PreviewPurpose, 'desk/password', 'desk/first'])})/[^\s?#'\"]+"
    r"|\b(?:[0-9]{8}-)?[1-9][0-9]{0,18}-[a-z2-7]{26}\b",
    re.IGNORECASE,
)


class WithoutTokens(logging.Filter):
    """Cuts tokens out of a record (ASVS 16.2.5), drops what every scanner causes (4xx answers), and says a template's
    mistake in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            return False
        record.msg = _without(record.getMessage())
        record.args = ()
        # A mistake in a site's own template: its place is all that helps, and a traceback hides it.
        if record.exc_info and (fault := _fault_of(record.exc_info[1])):
            record.msg = f"{record.msg}: {fault}; newsletter check looks at every template"
            record.exc_info = record.exc_text = None
        elif record.exc_info:
            # What is said last in a traceback may quote an address.
            record.exc_text = _without(_plain.formatException(record.exc_info))
        return True


def _fault_of(error: BaseException | None) -> str | None:
    return str(error) if isinstance(error, RenderError) else fault_of(error) if error else None


def _without(text: str) -> str:
    return _SECRET.sub(lambda found: f"/{found[1]}/[token]" if found[1] else "[token]", text)


_plain = logging.Formatter()
_filter = WithoutTokens()


def keep_tokens_out() -> None:
    """Put the filter before everything that logs addresses of requests. Safe to call twice."""
    for name in ("django.request", "django.security.csrf", "waitress", "waitress.queue"):
        logging.getLogger(name).addFilter(_filter)
    # It reports every request that waits for a thread, which is what the queue is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
