"""A post and the settings, as the parts of a mail."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.config import Config
from newsletter.config.sections import DesignSection
from newsletter.models import Post
from newsletter.publishing.editions.snapshot import design_of, direction_of, entry_of
from newsletter.publishing.public import html_pages
from newsletter.rendering.design import of_design

WITH_SIZE = '<p><img src="https://x.example/mill-1024x640.jpg" width="1024" height="640"></p>'


def post(**changes: Any) -> Post:
    given = {
        "key": "mill",
        "title": "The mill",
        "date": "2026-01-02",
        "html": "<p>Words.</p>",
        "url": "https://x.example/m",
    }
    return Post(**given | changes)


def test_a_recording_comes_along_and_none_stays_none(site: Config) -> None:
    recording = {"url": "https://x.example/a.mp3", "media_type": "audio/mpeg", "length": None}
    assert entry_of(post(enclosure=recording), site, full=False).enclosure == recording
    assert entry_of(post(), site, full=False).enclosure is None


def test_the_size_of_a_picture_comes_from_the_text_even_where_the_text_stays_at_home(site: Config) -> None:
    entry = entry_of(post(html=WITH_SIZE, image="https://x.example/mill-1024x640.jpg"), site, full=False)
    assert (entry.html, entry.image_width, entry.image_height) == ("", 1024, 640)


@pytest.mark.parametrize(
    ("address", "width"),
    [
        ("https://x.example/logo-48x48.png", 48),
        ("https://x.example/mill.jpg?w=300", 300),
        ("https://x.example/mill.jpg", 0),
    ],
)
def test_a_picture_that_stands_in_no_text_is_as_wide_as_its_address_says(
    site: Config, address: str, width: int
) -> None:
    assert entry_of(post(html="<p>Words.</p>", image=address), site, full=True).image_width == width


def test_a_picture_is_as_large_as_its_source_says(site: Config) -> None:
    told = {"html": "<p>Words.</p>", "image_width": 240, "image_height": 160}
    for address in ("https://x.example/mill.jpg", "https://x.example/mill.jpg?w=300"):
        entry = entry_of(post(image=address, **told), site, full=True)
        assert (entry.image_width, entry.image_height) == (240, 160)


def test_the_page_of_a_post_does_not_show_its_picture_twice(site: Config) -> None:
    assert (
        html_pages.post_context(site, post(html=WITH_SIZE, image="https://x.example/mill.jpg"))["image"] == ""
    )
    other = "https://x.example/wheel.jpg"
    assert html_pages.post_context(site, post(html=WITH_SIZE, image=other))["image"] == other


def test_what_staff_chose_reaches_mails_and_pages(site: Config) -> None:
    design = DesignSection(
        accent="#f2b705", logo_width=150, footer=["Charity 1", "Give: https://x.example/give"]
    )
    own = site.model_copy(update={"design": design})
    assert of_design(design_of(own))["band"] == "#f2b705"
    assert design_of(own)["footer"] == "Charity 1\nGive: https://x.example/give"
    page = html_pages.render(
        own, "web/message.html", indexed=True, heading="A", paragraphs=[], button=None, links=[]
    )
    assert '<a href="https://x.example/give">Give</a>' in page
    css = dict(html_pages.assets(own).values())
    assert any(b"--band: #f2b705" in content for content in css.values())


def test_nothing_of_elsewhere_is_linked_or_loaded_on_a_personal_page(site: Config) -> None:
    """Its address is somebody's key, and a link from it would hand that on."""
    own = site.model_copy(
        update={"design": DesignSection(logo="https://x.example/l.png", footer=["https://x.example/give"])}
    )
    given = {
        "indexed": False,
        "personal": True,
        "heading": "A",
        "paragraphs": [],
        "button": None,
        "links": [],
    }
    page = html_pages.render(own, "web/message.html", **given)
    assert "https://x.example/l.png" not in page
    assert 'href="https://x.example/give"' not in page
    assert "x.example/give" in page


def test_directions_follow_the_script(site: Config) -> None:
    assert [direction_of(language) for language in ("ar", "az-Arab", "ku", "en")] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
