"""Django's settings, derived from config.toml; nothing is decided here.

Without a configuration (a fresh checkout under mypy or makemigrations) it stands on an empty in-memory database.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from newsletter.config import Config, load
from newsletter.database.current import use_current_sqlite
from newsletter.database.unusable import NO_DRIVER
from newsletter.errors import ConfigError
from newsletter.secrets import SecretKeys, load_keys

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
    KEYS = SecretKeys(login="design time", links=b"", suppression=b"")
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
    "axes",
    "subscribers",
    "newsletter",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "newsletter.web.headers.SecurityHeaders",
    "newsletter.web.failures.DatabaseAway",
    # Read on pages of the desk only: public pages ask for no session, so they set no cookie and vary by none.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "axes.middleware.AxesMiddleware",
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

# The desk. Its cookies bind to this host, where the site has https (RFC 6265bis, "__Host-").
_HTTPS = bool(CONFIG and CONFIG.site.url.startswith("https://"))
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME, SESSION_COOKIE_NAME = (
    ("__Host-" if _HTTPS else "") + name for name in ("desk-form", "desk")
)
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(CONFIG.site.url))] if CONFIG else []
CSRF_FAILURE_VIEW = "newsletter.web.desk.access.form_refused"
#: Seconds after which a log-in ends whatever happens; how soon it does when nothing happens is desk/access.py's part.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 2 * 24 * 3600
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Five wrong passwords from one network for one account: a quarter of an hour without another try. Others are not locked
# out by it, so nobody can keep staff from their desk.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "newsletter.web.visitor.counted_ip"
AXES_LOCKOUT_CALLABLE = "newsletter.web.desk.account.locked_out"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
LOGGING_CONFIG = None

TEMPLATE_FOLDERS = [Path(CONFIG.folder) / "templates"] if CONFIG else []
