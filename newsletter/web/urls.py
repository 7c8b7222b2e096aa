"""Every address that this site answers. Feeds are answered by front.py before Django is asked."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from newsletter.web.desk.urls import urls as desk
from newsletter.web.public import (
    archive,
    assets,
    confirm,
    editions,
    feeds,
    health,
    media,
    preferences,
    stop,
    subscribe,
    unsubscribe,
)

_TOPIC = r"topics/(?P<topic>[a-z0-9-]+)"
_SIGNED = r"(?P<token>[^/]+)"

# A slash at the end is taken or left, as people type it; pages that are linked have theirs.
_public: list[URLPattern] = [
    path("", archive.everything),
    re_path(r"^page/(?P<number>[0-9]{1,6})/?$", archive.everything),
    re_path(rf"^{_TOPIC}/?$", archive.topic),
    re_path(rf"^{_TOPIC}/page/(?P<number>[0-9]{{1,6}})/?$", archive.topic),
    re_path(r"^posts/(?P<key>[^/]+)/?$", archive.post),
    re_path(r"^(?:.+/)?(?:rss\.xml|atom\.xml|feed\.json)$", feeds.view),
    re_path(r"^media/(?P<name>[0-9a-f]{8,40}\.[a-z]{3,4})$", media.file),
    re_path(r"^editions/(?P<number>[0-9]{1,18})/?$", editions.edition),
    re_path(rf"^preview/{_SIGNED}/?$", editions.preview),
    re_path(r"^subscribe/?$", subscribe.subscribe),
    re_path(rf"^confirm/{_SIGNED}/?$", confirm.confirm),
    re_path(rf"^preferences/{_SIGNED}/?$", preferences.preferences),
    re_path(rf"^unsubscribe/{_SIGNED}/?$", unsubscribe.unsubscribe),
    re_path(rf"^stop/{_SIGNED}/?$", stop.stop),
    path("healthz", health.healthz),
    re_path(r"^(?P<file>static/[a-z0-9.-]+)$", assets.asset),
]
# On none of these pages does a cookie stand for anybody, so there is nothing that another site could use. Forms
# carry a stamp instead (stamps.py); RFC 8058 wants the one-click POST without any.
for _pattern in _public:
    _pattern.callback = csrf_exempt(_pattern.callback)

urlpatterns = _public + desk()

handler400 = "newsletter.web.failures.bad_request"
handler403 = "newsletter.web.failures.forbidden"
handler404 = "newsletter.web.failures.not_found"
handler500 = "newsletter.web.failures.server_error"
