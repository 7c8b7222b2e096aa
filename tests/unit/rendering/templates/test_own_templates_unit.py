"""A site's own templates: a whole file, one block, one macro, or the colours, and the rest stays ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html as lxml_html
from mail_looks import week
from mail_samples import digest_entries, frame, long_entry

from newsletter.errors import RenderError, UnsafeValue
from newsletter.rendering.email import render
from newsletter.rendering.lint.rules import lint
from newsletter.rendering.lint.subject import LintedMail
from newsletter.rendering.templates.environment import EDITION_KINDS, own_folder, template_sources


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "email").mkdir()
    return tmp_path


def sources(site: Path, **files: str) -> dict[str, str]:
    for name, source in files.items():
        (site / "email" / name.replace("__", ".")).write_text(source, encoding="utf-8")
    return template_sources([site], *EDITION_KINDS)


def test_one_block_is_replaced_and_the_rest_stays(site: Path) -> None:
    own = sources(
        site,
        digest__html='{% extends "ours/email/digest.html" %}{% block opening %}<h1>Tides &amp; news</h1>{% endblock %}',
    )
    page = lxml_html.document_fromstring(render(frame(), digest_entries(4), own).html)
    assert page.xpath("//h1/text()") == ["Tides & news"]
    assert len(page.xpath("//h2")) == 4
    assert page.xpath("//td[@class='foot']//a[text()='Unsubscribe']")
    # The post's mail is ours as before.
    assert "How the tide tables came home" in render(frame(), [long_entry()], own).html


def test_a_block_may_keep_our_words_and_add_to_them(site: Path) -> None:
    own = sources(
        site,
        base__html='{% extends "ours/email/base.html" %}{% block sender %}<p>Be kind.</p>{{ super() }}{% endblock %}',
    )
    for entries in ([long_entry()], digest_entries(3)):
        foot = lxml_html.document_fromstring(render(frame(), entries, own).html).xpath(
            "//td[@class='foot']/p[last() - 1]/text()"
        )
        assert foot == ["Be kind."], "base.html is extended by every kind of mail"


def test_one_macro_is_replaced_by_a_file_that_imports_the_others(site: Path) -> None:
    ours = (own_folder() / "email" / "parts.html").read_text(encoding="utf-8")
    own = sources(site, parts__html=ours.replace('<p class="topics"', '<p class="topics marked"'))
    page = lxml_html.document_fromstring(render(frame(), week(), own).html)
    assert page.xpath("//p[@class='topics marked']")
    assert page.xpath("//a[@class='button']")


def test_css_is_added_to_ours_and_inlined_with_it(site: Path) -> None:
    own = sources(site, base__css='{% include "ours/email/base.css" %}\nh1 { color: #123456; }')
    page = lxml_html.document_fromstring(render(frame(), digest_entries(1), own).html)
    style = page.xpath("//h1/@style")[0]
    assert "color:#123456" in style
    assert "font-size:38px" in style


def test_what_is_ours_is_frozen_with_the_edition_like_what_is_theirs(site: Path) -> None:
    own = sources(site, digest__html='{% extends "ours/email/digest.html" %}')
    ours = (own_folder() / "email" / "digest.html").read_text(encoding="utf-8")
    assert own["ours/email/digest.html"] == ours
    (site / "email" / "digest.html").write_text("changed", encoding="utf-8")
    assert "Latest from the Learning Hub" in render(frame(), digest_entries(2), own).html


def test_a_mistake_in_a_block_names_the_sites_file_and_line(site: Path) -> None:
    own = sources(
        site,
        digest__html='{% extends "ours/email/digest.html" %}\n{% block opening %}\n{{ frame.titel }}\n{% endblock %}',
    )
    with pytest.raises(RenderError, match=r"^email/digest.html, line 3: .*titel"):
        render(frame(), digest_entries(2), own)


def test_ours_that_does_not_exist_is_named_with_who_wants_it(site: Path) -> None:
    with pytest.raises(
        RenderError, match=r"no template ours/email/letter.html \(used in email/post.html, line 1\)"
    ):
        sources(site, post__html='{% extends "ours/email/letter.html" %}')


def test_ours_does_not_lead_out_of_the_templates(site: Path) -> None:
    with pytest.raises(RenderError, match="no template"):
        sources(site, post__html='{% include "ours/../pyproject.toml" %}')


def test_a_subject_of_two_lines_names_its_file(site: Path) -> None:
    (site / "email" / "digest.subject.txt").write_text("{{ title }}\nBcc: x@example.org\n", encoding="utf-8")
    with pytest.raises(UnsafeValue, match=r"^email/digest\.subject\.txt: the subject holds a line break"):
        render(frame(), digest_entries(2), template_sources([site], *EDITION_KINDS))


def test_plain_words_and_links_of_a_sites_own_can_be_read_in_light_and_in_dark(site: Path) -> None:
    opening = '<h1>T</h1><p>Plain words with <a href="https://www.w3.org/">a link</a>.</p>'
    own = sources(
        site,
        digest__html=f'{{% extends "ours/email/digest.html" %}}{{% block opening %}}{opening}{{% endblock %}}',
    )
    entries = digest_entries(2)
    rendered = render(frame(), entries, own)
    assert lint(LintedMail(rendered, frame(), entries, own, True)) == []
