"""The application for a WSGI server of your own. NEWSLETTER_CONFIG names config.toml."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
# What is imported from here on has rows in it.
django.setup()

from newsletter.web.front import application as _application  # noqa: E402
from newsletter.web.logs import keep_tokens_out  # noqa: E402

keep_tokens_out()
application = _application()
