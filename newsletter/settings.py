"""Django's settings, derived from config.toml; nothing is decided here.

Without a configuration (a fresh checkout under mypy or makemigrations) it stands on an empty in-memory database.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from newsletter.config import Config, load
from newsletter.database.current import use_current_sqlite
from newsletter.database.unusable import NO_DRIVER
from newsletter.errors import ConfigError
from newsletter.secrets import Keys, load_keys

use_current_sqlite()

_DESIGN_TIME = os.environ.get("NEWSLETTER_CONFIG") == ":none:"


def _database(config: Config) -> dict[str, Any]:
    if config.sqlite_file:
        return {
            "ENGINE": "newsletter.database.sqlite",
            "NAME": str(config.sqlite_file),
            "OPTIONS": {
                # The gate queues writers, so this wait is only for a checkpoint or a stray tool.
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY",
            },
            "TEST": {"NAME": str(config.sqlite_file.with_name("test-" + config.sqlite_file.name))},
        }
    try:
        import psycopg  # noqa: F401  Django would say the same in words for programmers
    except ImportError as error:
        said = NO_DRIVER.format(said=error)
        raise ConfigError(str(config.folder / "config.toml"), [("database.url", said)]) from error
    parts = urlsplit(config.database.url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": config.database.password.get_secret_value() or unquote(parts.password or ""),
        "HOST": _host(parts.hostname, parts.query),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


def _host(host: str | None, query: str) -> str:
    """The server, or with ``?host=/folder`` the folder of its socket (libpq's own spelling)."""
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == "host":
            return unquote(value)
    return host or ""


if _DESIGN_TIME:
    CONFIG: Config | None = None
    KEYS = Keys(login="design time", links=b"", suppression=b"")
    DATABASES = {"default": {"ENGINE": "newsletter.database.sqlite", "NAME": ":memory:"}}
else:
    CONFIG = load()
    KEYS = load_keys(
        CONFIG.state_folder,
        login=CONFIG.login_key.get_secret_value(),
        links=CONFIG.links_key.get_secret_value(),
        suppression=CONFIG.suppression_key.get_secret_value(),
    )
    DATABASES = {"default": _database(CONFIG)}

SECRET_KEY = KEYS.login
SUBSCRIBERS_LINKS_KEY = KEYS.links
SUBSCRIBERS_SUPPRESSION_KEY = KEYS.suppression

DEBUG = False
# The reverse proxy decides which names reach us; links in mails come from site.url, never from the Host header.
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "subscribers",
    "newsletter",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "newsletter.web.headers.SecurityHeaders",
    "newsletter.web.failures.DatabaseAway",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "newsletter.web.urls"
WSGI_APPLICATION = "newsletter.web.wsgi.application"
TEMPLATES: list[dict[str, Any]] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = bool(CONFIG and CONFIG.site.url.startswith("https://"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
LOGGING_CONFIG = None

TEMPLATE_FOLDERS = [Path(CONFIG.folder) / "templates"] if CONFIG else []
