"""What stands beside a post on its page, however long and wherever: comments, other posts, boxes, notices."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from newsletter.sources.article.extract import Words
from newsletter.sources.article.html_page import read_html
from newsletter.sources.article.main_content import find_body
from newsletter.sources.article.match_text import keep_only, matched
from newsletter.sources.html.boilerplate.lines import is_furniture
from newsletter.sources.html.sanitize import plain_text

TEXT = [
    f"On the {day} morning the ferry was late, and so we walked along the dyke and counted what was in bloom, which "
    "took longer than any of us had thought it would."
    for day in ("first", "second", "third", "fourth", "fifth")
]
SAID = [
    f"Number {number}: I never agreed with a word of it, and whoever walked there in {1950 + number} will say the same "
    "of your orchids, your ferry and your morning, whatever the town council may have told you about them."
    for number in range(40)
]
POST = "".join(f"<p>{words}</p>" for words in TEXT)
FIGURE = '<figure><img src="/dyke.jpg" alt="A dyke"><figcaption>The dyke from the north</figcaption></figure>'


def read(body: str) -> str:
    page = f'<!doctype html><html lang="en"><head><title>Counting the dyke</title></head><body>{body}</body></html>'
    return read_html(page, "https://blog.example.org/dyke", zone="UTC").html


def words_of(body: str) -> str:
    return " ".join(plain_text(read(body)).split())


def kept_of(inside: str, *also: str) -> str:
    """What is kept around the words of the post, when they are known."""
    page = document_fromstring(f"<html><body><article>{inside}</article></body></html>")
    body = page.find("body")
    assert body is not None
    keep_only(body, matched(page, Words([*TEXT, *also])), "blog.example.org")
    return " ".join(body.text_content().split())


COMMENTS = {
    "a list": ('<ul class="comment-list">{}</ul>', '<li class="comment"><p>{}</p></li>'),
    "articles": ('<div id="comments">{}</div>', '<article class="comment-body"><p>{}</p></article>'),
    "marked as such": (
        "<div>{}</div>",
        '<div itemscope itemtype="https://schema.org/Comment"><p>{}</p></div>',
    ),
}


@pytest.mark.parametrize("kind", COMMENTS)
@pytest.mark.parametrize(
    "around", ["<article>{}</article>", '<div class="texte-7">{}</div>', "<main>{}</main>"]
)
def test_a_short_post_is_not_lost_among_what_readers_say(kind: str, around: str) -> None:
    whole, each = COMMENTS[kind]
    comments = whole.format("".join(each.format(words) for words in SAID))
    found = words_of(around.format(f"<h1>Counting the dyke</h1>{POST}") + comments)
    assert [words for words in TEXT if words not in found] == []
    assert "town council" not in found


def test_the_densest_part_of_a_page_is_not_the_post_where_its_words_are_elsewhere() -> None:
    said = "".join(f'<div class="ligne"><p>{words}</p></div>' for words in SAID)
    page = document_fromstring(
        f'<html><body><div id="post">{POST}</div><div id="bloc">{said}</div></body></html>'
    )
    assert find_body(page).get("id") == "bloc"
    assert find_body(page, matched(page, Words(TEXT))).get("id") == "post"


def test_a_post_that_may_be_commented_on_is_no_comment() -> None:
    found = words_of(f'<div class="post comments-open"><h1>Counting the dyke</h1>{POST}</div>')
    assert [words for words in TEXT if words not in found] == []


TEASER = "<h3><a href='/roof'>The town hall gets a new roof</a></h3>"


@pytest.mark.parametrize(
    "teaser",
    [
        TEASER,
        TEASER.replace("'/roof'", "'https://blog.example.org/roof'"),
        f"<div class='box'><a href='/roof'><img src='/roof.jpg' alt=''></a>{TEASER}<p>It is blue.</p></div>",
        "<div class='box'><img src='/roof.jpg' alt=''><h4>The town hall's roof</h4>"
        "<p>It is blue: <a href='/roof'>more</a></p></div>",
    ],
    ids=["a heading", "a heading with the site's name", "a box", "a box that leads on below its heading"],
)
def test_a_hint_at_another_post_amid_the_text_is_left_out(teaser: str) -> None:
    parts = [f"<p>{words}</p>" for words in TEXT]
    found = kept_of(f"{''.join(parts[:3])}{teaser}{''.join(parts[3:])}")
    assert "town hall" not in found
    assert [words for words in TEXT if words not in found] == []


@pytest.mark.parametrize(
    "heading",
    [
        '<h3 id="late"><a href="#late">When the ferry is late</a></h3>',
        '<h3><a href="https://ferry.example.com/">When the ferry is late</a></h3>',
        '<h3>When the <a href="/ferry">ferry</a> is late</h3>',
    ],
    ids=["leads to itself", "leads to another site", "holds a link"],
)
def test_a_heading_of_the_post_stays_with_its_link(heading: str) -> None:
    parts = [f"<p>{words}</p>" for words in TEXT]
    found = kept_of(f"{''.join(parts[:3])}{heading}{''.join(parts[3:])}")
    assert "When the ferry is late" in found


def test_a_picture_keeps_its_words_and_who_made_it() -> None:
    linked = (
        '<div class="image-box"><a href="/dyke-large.jpg"><img src="/dyke.jpg" alt="A dyke"></a>'
        "<h4>The dyke at noon</h4><p>Photo: Ana Ríos</p></div>"
    )
    html = read(f"<article><h1>Counting the dyke</h1><p>{TEXT[0]}</p>{FIGURE}{linked}{POST}</article>")
    assert "<figcaption>The dyke from the north</figcaption>" in html
    assert "The dyke at noon" in html
    assert "Photo: Ana Ríos" in html


def test_a_word_of_the_post_in_a_menu_is_no_beginning_of_it() -> None:
    menu = "<div><span>What was in bloom</span></div>"
    head = '<div><img src="/logo.png" alt=""><div>0800 55 00 11</div><div>Line for members</div></div>'
    found = kept_of(f"{menu}{head}<div><h2>What was in bloom</h2>{POST}</div>", "What was in bloom")
    assert "0800" not in found
    assert [words for words in TEXT if words not in found] == []


NOTICES = [
    "This entry was posted on Saturday, December 3rd, 2011 at 10:12 and is filed under Plants. You can follow any "
    "responses to this entry through the RSS 2.0 feed. Both comments and pings are currently closed.",
    "This entry was posted in Plants and tagged dyke, orchid by Ana. Bookmark the permalink.",
    "Dieser Beitrag wurde am 3. Dezember 2011 um 10:12 Uhr veröffentlicht und wurde unter Pflanzen abgelegt.",
    "Cette entrée a été publiée dans Plantes. Vous pouvez la mettre en favoris avec ce permalien.",
    "Esta entrada fue publicada en Plantas y etiquetada con dique, orquídea. Guarda el enlace permanente.",
    "Esta entrada foi publicada em Plantas. Adicione o link permanente aos seus favoritos.",
    "Questo articolo è stato pubblicato in Piante. Contrassegna il permalink.",
    "Dit bericht werd geplaatst in Planten. Bookmark de permalink.",
    "Ten wpis został opublikowany w kategorii Rośliny. Dodaj zakładkę do bezpośredniego odnośnika.",
    "Запись опубликована в рубрике Растения. Добавьте в закладки постоянную ссылку.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_where_a_post_was_filed_is_no_part_of_it(notice: str) -> None:
    found = words_of(f"<article><h1>Counting the dyke</h1>{POST}<p>{notice}</p></article>")
    assert found.endswith(TEXT[-1])


@pytest.mark.parametrize(
    "sentence",
    [
        "This entry was a surprise to all of us who had planted the dyke.",
        "The rest of the story you will read in our book about the ferry.",
        "Dieser Beitrag wurde uns von vielen Leserinnen und Lesern geschickt, und wir danken allen dafür sehr.",
    ],
)
def test_a_sentence_of_the_post_is_no_notice(sentence: str) -> None:
    assert not is_furniture(sentence)
    found = words_of(f"<article><h1>Counting the dyke</h1>{POST}<p>{sentence}</p></article>")
    assert found.endswith(sentence)


@pytest.mark.parametrize("hyphen", ["\u00ad", "&shy;", "&#173;", "&#xAD;"])
def test_a_program_s_syllables_go_and_an_author_s_stay(hyphen: str) -> None:
    once = read(
        f"<main><h1>Counting the dyke</h1>{POST}<p>{TEXT[0].replace('morning', f'mor{hyphen}ning')}</p></main>"
    )
    assert "mor\u00adning" in once
    each = POST.replace("ferry", f"fer{hyphen}ry").replace("counted", f"count{hyphen}ed")
    assert read(f"<main><h1>Counting the dyke</h1>{each}</main>").count("\u00ad") == 10
    everywhere = read(f"<main><h1>Counting the dyke</h1>{each * 4}</main>")
    assert everywhere.count("ferry") == 20
    assert "\u00ad" not in everywhere
