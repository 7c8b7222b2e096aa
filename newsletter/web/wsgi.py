"""The application for a WSGI server of your own. NEWSLETTER_CONFIG names config.toml."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from newsletter.web.logs import keep_tokens_out

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
keep_tokens_out()
application = get_wsgi_application()
