"""Pictures of posts over HTTP: kept for ever by whoever has them, and never anything but a picture."""

from __future__ import annotations

import page_samples
import pytest
from django.test import Client

from newsletter.models import Media, Post, PostState
from newsletter.publishing.ingest import stored_images
from newsletter.sources.base import MediaFile

NAME = "0123456789abcdef0123456789abcdef.png"
CONTENT = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def picture(site, now) -> Post:
    post = page_samples.post(site, now)
    stored_images.store(post, [MediaFile(NAME, "image/png", CONTENT)], now)
    return post


def test_a_picture_is_served_with_its_type_and_may_be_kept_for_ever(picture: Post, browser: Client) -> None:
    answer = browser.get(f"/media/{NAME}")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, CONTENT, "image/png")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Length"] == str(len(CONTENT))
    assert not answer.cookies


def test_who_has_it_is_told_so(picture: Post, browser: Client) -> None:
    etag = browser.get(f"/media/{NAME}")["ETag"]
    assert not etag.startswith("W/")
    for header in (etag, f'"other", {etag}', "*"):
        answer = browser.get(f"/media/{NAME}", headers={"If-None-Match": header})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert browser.get(f"/media/{NAME}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_and_other_methods(picture: Post, browser: Client) -> None:
    head = browser.head(f"/media/{NAME}")
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(CONTENT)))
    assert browser.post(f"/media/{NAME}").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "ffffffffffffffff.png",
        "x.png",
        "../config.toml",
        "",
        f"{NAME}/",
        NAME.upper(),
        "0123456789abcdef.html",
    ],
)
def test_what_is_not_there_is_not_found(picture: Post, browser: Client, path: str) -> None:
    assert browser.get(f"/media/{path}").status_code == 404


def test_a_picture_of_a_withdrawn_post_is_not_found(picture: Post, browser: Client) -> None:
    page_samples.in_state(picture, PostState.WITHDRAWN)
    assert browser.get(f"/media/{NAME}").status_code == 404
    assert Media.objects.filter(name=NAME).exists()
