"""A mistake in a template of the web pages is found before a visitor finds it, with its file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.config import Config
from newsletter.errors import RenderError
from newsletter.models import Post
from newsletter.publishing.public import catalogue, html_pages, page_templates
from newsletter.publishing.setup import check
from newsletter.rendering.templates import sandbox
from newsletter.rendering.templates.environment import own_folder


@pytest.fixture
def own(site: Config, tmp_path: Path) -> Config:
    """A site with a folder for templates of its own."""
    (tmp_path / "templates" / "web").mkdir(parents=True)
    return site.model_copy(update={"folder": tmp_path})


def spoil(own: Config, name: str, old: str, new: str) -> Path:
    """Our template, with a change, as the site's own."""
    text = (own_folder() / "web" / name).read_text()
    assert old in text
    file = own.folder / "templates" / "web" / name
    file.write_text(text.replace(old, new, 1))
    return file


def test_our_own_templates_are_well(site: Config) -> None:
    assert page_templates.load_all(site) == len(list((own_folder() / "web").iterdir()))


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("archive.html", "{% for post in posts %}", "{% for post in %}", "Expected an expression"),
        ("archive.html", "{{ post.heading }}", "{{ post.titel }}", "has no attribute 'titel'"),
        ("post.html", "{{ html | safe }}", "{{ html | shout }}", "No filter named 'shout'"),
        ("base.html", "{{ direction }}", "{{ direction + 1 }}", "can only concatenate"),
        ("subscribe.html", "{{ form.notice }}", "{{ form.nothing }}", "no attribute 'nothing'"),
        ("form.html", "{{ topic.title }}", "{{ topic.titel }}", "no attribute 'titel'"),
        ("preferences.html", "{{ address }}", "{{ adress }}", "'adress' is undefined"),
        ("message.html", "web/base.html", "web/bace.html", "there is no template web/bace.html"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    own: Config, name: str, old: str, new: str, words: str
) -> None:
    file = spoil(own, name, old, new)
    line = file.read_text().partition(new)[0].count("\n") + 1
    with pytest.raises(RenderError) as caught:
        page_templates.load_all(own)
    assert str(caught.value).startswith(f"{file}, line {line}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    (finding,) = [found for found in check.check(own, datetime.now(UTC)) if found.what == "page templates"]
    assert not finding.ok
    assert finding.text == str(caught.value)


def test_a_template_that_no_page_uses_is_read_too(own: Config) -> None:
    (own.folder / "templates" / "web" / "extra.html").write_text("one\n{% if %}")
    with pytest.raises(RenderError, match=r"extra\.html, line 2: "):
        page_templates.load_all(own)


def test_a_template_that_is_not_utf_8_is_named(own: Config) -> None:
    (own.folder / "templates" / "web" / "extra.html").write_bytes(b"caf\xe9")
    with pytest.raises(RenderError, match=r"web/extra\.html is not UTF-8"):
        page_templates.load_all(own)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ site.update({'title': 'x'}) }}", "update"),
        ("{{ [].__class__.__base__.__subclasses__() }}", "unsafe"),
    ],
)
def test_a_page_s_template_runs_in_the_sandbox(own: Config, text: str, words: str) -> None:
    (own.folder / "templates" / "web" / "message.html").write_text(text)
    with pytest.raises(RenderError, match=words):
        page_templates.load_all(own)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10 ** 10 }}",
        "{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    ],
)
def test_a_page_s_template_has_a_ceiling_and_the_program_goes_on(
    own: Config, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(sandbox, "PAGE_SECONDS", 0.5)
    (own.folder / "templates" / "web" / "message.html").write_text(text)
    with pytest.raises(RenderError, match=r"message\.html|web/message"):
        page_templates.load_all(own)
    assert "<html" in html_pages.render(
        own, "web/archive.html", **html_pages.archive_context(own, catalogue.current(own), None, 1)
    )


def test_a_site_s_own_page_is_filled_like_ours(own: Config) -> None:
    context = html_pages.archive_context(own, catalogue.current(own), None, 1)
    ours = html_pages.render(own, "web/archive.html", **context)
    spoil(own, "archive.html", "{% extends", "{% extends")
    assert html_pages.render(own, "web/archive.html", **context) == ours


def test_a_fault_in_our_own_code_is_not_called_a_template_s() -> None:
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("ours")
    assert page_templates.fault_of(caught.value) is None


def test_samples_hold_what_the_pages_really_give(site: Config) -> None:
    from newsletter.web.public.subscribe import blank_form

    given: dict[str, dict[str, Any]] = dict(page_templates.samples(site))
    archive = html_pages.archive_context(site, catalogue.current(site), None, 1)
    assert set(given["web/archive.html"]) == set(archive)
    assert set(given["web/subscribe.html"]["form"]) == set(blank_form(datetime.now(UTC)))
    post = Post(
        key="seeds", title="Seeds", html="<p>Words</p>", date="2026-01-02", dated_at=datetime.now(UTC)
    )
    assert set(given["web/post.html"]) == set(html_pages.post_context(site, post))
    assert set(given["web/post.html"]["post"]) == set(html_pages.item(post, site))
