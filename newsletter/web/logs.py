"""What is kept out of the log: the secret part of personal addresses, and every address that was not found."""

from __future__ import annotations

import logging
import re

from newsletter.publishing.page_templates import fault_of

_SECRET = re.compile(r"/(confirm|preferences|unsubscribe)/[^\s?#]+")


class WithoutTokens(logging.Filter):
    """Cuts tokens out of a record (ASVS 16.2.5), drops what every scanner causes (4xx answers), and says a template's
    mistake in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            return False
        record.msg = _SECRET.sub(r"/\1/[token]", record.getMessage())
        record.args = ()
        # A mistake in a site's own template: its place is all that helps, and a traceback hides it.
        if record.exc_info and record.exc_info[1] and (fault := fault_of(record.exc_info[1])):
            record.msg = f"{record.msg}: {fault}; newsletter check looks at every template"
            record.exc_info = record.exc_text = None
        return True


_filter = WithoutTokens()


def keep_tokens_out() -> None:
    """Put the filter before everything that logs addresses of requests. Safe to call twice."""
    for name in ("django.request", "django.security.csrf", "waitress", "waitress.queue"):
        logging.getLogger(name).addFilter(_filter)
    # It reports every request that waits for a thread, which is what the queue is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
