from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.errors import RenderError
from newsletter.rendering.templates.environment import (
    EDITION_KINDS,
    KINDS,
    fill,
    make_environment,
    own_folder,
    template_names,
    template_sources,
)


def site(folder: Path, **files: str) -> Path:
    (folder / "email").mkdir()
    for name, source in files.items():
        stem, _, ending = name.partition("__")
        (folder / "email" / f"{stem}.{ending.replace('_', '.')}").write_text(source, encoding="utf-8")
    return folder


def test_a_kind_comes_with_all_that_it_extends_imports_and_includes() -> None:
    sources = template_sources([], "post")
    assert {
        "email/post.html",
        "email/base.html",
        "email/base.css",
        "email/screens.css",
        "email/parts.html",
    } <= set(sources)
    assert "email/digest.html" not in sources
    assert set(template_sources([], *EDITION_KINDS)) >= set(sources)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_three_templates(kind: str) -> None:
    assert set(template_names(kind)) <= set(template_sources([], kind))
    assert (own_folder() / template_names(kind)[0]).is_file()


def test_a_site_may_replace_one_template_and_keep_the_others(tmp_path: Path) -> None:
    folder = site(tmp_path, foot__txt="our own foot")
    sources = template_sources([folder], "post")
    assert sources["email/foot.txt"] == "our own foot"
    assert sources["email/post.html"] == template_sources([], "post")["email/post.html"]


def test_a_missing_template_is_named_with_who_uses_it(tmp_path: Path) -> None:
    folder = site(tmp_path, post__html="<p>\n{% include 'email/gone.html' %}")
    with pytest.raises(RenderError, match=r"email/gone.html \(used in email/post.html, line 2\)"):
        template_sources([folder], "post")
    (folder / "email/post.html").write_text("<p>\n{% include subject %}")
    with pytest.raises(RenderError, match=r"email/post.html, line 2: extends, import and include need"):
        template_sources([folder], "post")
    with pytest.raises(RenderError, match=r"email/letter.html"):
        template_sources([], "letter")


def test_a_template_cannot_reach_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "templates"
    folder.mkdir()
    site(folder, post__html="{% include 'email/../../secret.txt' %}")
    with pytest.raises(RenderError, match="no template"):
        template_sources([folder], "post")


def test_mistakes_name_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"email/post.html, line 2: .*endfor"):
        template_sources([site(tmp_path, post__html="\n{% endfor %}")], "post")
    environment = make_environment(
        {"email/a.html": "{% include 'email/b.html' %}", "email/b.html": "\n\n{{ gone.x }}"}
    )
    with pytest.raises(RenderError, match=r"email/b.html, line 3: 'gone' is undefined"):
        fill(environment, "email/a.html", {})
    broken = make_environment({"email/a.html": "ok\n{{ 1 / 0 }}"})
    with pytest.raises(RenderError, match=r"email/a.html, line 2: division by zero"):
        fill(broken, "email/a.html", {})
    with pytest.raises(RenderError, match=r"email/none.html"):
        fill(broken, "email/none.html", {})


def test_a_name_that_is_worked_out_at_run_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="quotation marks"):
        template_sources([site(tmp_path, post__html="{% include frame.x %}")], "post")


def test_a_template_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = site(tmp_path)
    (folder / "email" / "post.html").write_bytes(b"caf\xe9")
    with pytest.raises(RenderError, match="not UTF-8"):
        template_sources([folder], "post")


def test_everything_is_escaped_but_text() -> None:
    names = ("email/x.html", "email/x.html.j2", "email/x.css", "email/x")
    environment = make_environment(
        dict.fromkeys((*names, "email/x.txt", "email/x.subject.txt"), "{{ value }}")
    )
    for name in names:
        assert fill(environment, name, {"value": "<&>"}) == "&lt;&amp;&gt;"
    assert fill(environment, "email/x.txt", {"value": "<&>"}) == "<&>"
    assert fill(environment, "email/x.subject.txt", {"value": "<&>"}) == "<&>"


@pytest.mark.parametrize(
    "hostile",
    ["{{ ''.__class__.__mro__ }}", "{{ entries.append(1) }}", "{{ self.__init__.__globals__ }}", "{{ lipsum }}",
     "{% for n in range(10000000) %}{% endfor %}"],
)  # fmt: skip
def test_the_sandbox_holds(hostile: str) -> None:
    environment = make_environment({"email/x.html": hostile})
    with pytest.raises(RenderError):
        fill(environment, "email/x.html", {"entries": []})


def test_what_a_template_counts_begins_anew_in_each_mail() -> None:
    """A file that is imported without context keeps its values as long as its environment lives."""
    sources = {
        "email/a.txt": "{% import 'email/c.txt' as c %}{{ c.next() }} {{ c.next() }}",
        "email/c.txt": "{% set at = namespace(n=0) %}"
        "{% macro next() %}{% set at.n = at.n + 1 %}{{ at.n }}{% endmacro %}",
    }
    for _ in range(2):
        assert fill(make_environment(sources), "email/a.txt", {}) == "1 2"
