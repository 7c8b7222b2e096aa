"""A page of each common system gives its post, whole, and nothing that stands around it.

The pages in pages/systems/ have the structure and the class names of each system, and words of our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile import assert_safe

from newsletter.http.client import Download
from newsletter.sources.base import Item, Name, NameScheme
from newsletter.sources.html.sanitize import plain_text
from newsletter.sources.import_page import import_page

PAGES = Path(__file__).parent / "pages" / "systems"


@dataclass(frozen=True)
class Expected:
    url: str
    title: str
    date: str
    author: str
    language: str
    image: str
    image_alt: str
    first: str
    last: str
    #: How many paragraphs the text has.
    paragraphs: int
    #: Words of the page that are no part of the post, with commas between.
    furniture: str


EXPECTED = {
    "wordpress-blocks": Expected(
        "https://mill.example.org/2026/03/orchard-nobody-owned/",
        "The orchard that nobody owned",
        "2026-03-14T08:15:00Z",
        "Hana Kovar",
        "en-GB",
        "https://mill.example.org/wp-content/uploads/2026/03/orchard.jpg",
        "Pear trees in blossom behind a brick wall",
        "Behind the wall of the old laundry stand",
        "takes a ladder and a basket home.",
        4,
        "Skip, Donate, Hana, Share, Related, Previous, responses, boy, Reply, Designed, in Land",
    ),
    "wordpress-classic": Expected(
        "https://citywing.example.org/counting-swifts/",
        "Counting swifts from a roof",
        "2026-05-21",
        "Ray Bassett",
        "en-US",
        "https://citywing.example.org/wp-content/uploads/swifts.jpg",
        "Swifts over chimneys",
        "You need a flat roof,",
        "write to the office before April.",
        3,
        "Skip, Birds and buildings, Join, Categories, Comments, Tags, Ray, Archive, hawk, Newsletter",
    ),
    "ghost": Expected(
        "https://crumb.example.org/night-shift/",
        "Night shift at the bread co-op",
        "2026-04-02T05:00:00Z",
        "Dora Lenz",
        "en",
        "https://crumb.example.org/content/images/2026/04/oven.jpg",
        "An oven with its door open",
        "At two in the morning the street is ours.",
        "tells the story of the bride.",
        4,  # its bookmark is one
        "Subscribe, Sign, Dora, min read, Member, Rye, Ghost, Home",
    ),
    "squarespace": Expected(
        "https://slowstreet.example.org/journal/bench",
        "A bench for every bus stop",
        "2026-02-11T14:00:00Z",
        "Miles Oduya",
        "en-US",
        "http://slowstreet.example.org/static/bench.jpg?format=1500w",
        "",
        "There are forty-four bus stops",
        "then it asked for six more.",
        3,
        "Skip, spring walk, Journal, Shop, Written, Miles, Subscribe, email, Crossing, Made with",
    ),
    "wix": Expected(
        "https://www.garagechoir.example.org/post/garage",
        "The choir that meets in a garage",
        "2026-01-20T18:30:12Z",
        "Lotte Vane",
        "en",
        "https://static.example.org/media/choir.jpg/v1/fill/w_1000/choir.jpg",
        "",
        "We did not choose the garage.",
        "how small we will sound.",
        3,
        "top of page, All Posts, Lotte, Jan 20, views, comment, Recent, Tuning, Wix, bottom",
    ),
    "medium": Expected(
        "https://medium.example.com/river-papers/ferryman-keeps-3f2a",
        "What the ferryman keeps",
        "2025-11-30T14:21:04Z",
        "Ida Brandt",
        "en",
        "https://images.example.com/v2/resize:fit:1200/ferry.jpeg",
        "A flat boat on a rope across a river",
        "The ferry is a raft on a cable,",
        "and then the meeting was over.",
        4,
        "Open in app, Sign, Ida, Follow, min read, Listen, Share, 212, Rivers, Responses, Locks, Help",
    ),
    "substack": Expected(
        "https://furrow.example.com/p/seed-money",
        "Seed money, literally",
        "2026-05-05T11:00:30Z",
        "Paz Molina",
        "en",
        "https://cdn.example.com/image/fetch/beans.jpg",
        "Beans in paper envelopes",
        "The bank opens on Thursdays,",
        "in it, all labelled.",
        4,
        "Subscribe, Sign in, Paz, 38, Share, reader-supported, Discussion, grandmother, Top, Privacy",
    ),
    "blogger": Expected(
        "https://hedgerow.example.com/2026/02/laying-a-hedge.html",
        "Laying a hedge in February",
        "2026-02-07T18:40:00Z",
        "Wilf Arden",
        "en-GB",
        "https://images.example.com/img/hedge.jpg",
        "A laid hedge along a lane",
        "You cut nearly through the stem,",
        "until the year after next.",
        2,
        "Hedgerow Diary, Notes from, Saturday, Posted, Wilf, Email, Labels, comments, Newer, Archive",
    ),
    "drupal": Expected(
        "https://watershed.example.org/news/beavers-downstream",
        "Beavers, downstream",
        "2026-06-03",
        "Joan Tallis",
        "en",
        "https://watershed.example.org/sites/default/files/styles/wide/public/2026-06/dam.jpg?itok=x",
        "A beaver dam across a brook",
        "Below the new dams the brook ran clear",
        "when the beavers might come to them.",
        3,
        "Skip, Maps, Breadcrumb, Joan, Tags, Comments, Recent, Mud, Powered",
    ),
    "joomla": Expected(
        "https://bog.example.org/blog/peat",
        "Peat, and what comes after",
        "2026-01-08",
        "Una Kilroy",
        "en-GB",
        "https://bog.example.org/images/peat.jpg",
        "Cut peat drying in rows",
        "For two hundred years the bog",
        "and it is never short.",
        3,
        "You are here, Details, Written by, Category, Hits, Previous, Latest, Curlews, Login, Copyright",
    ),
    "typo3": Expected(
        "https://stadtgruen.example.org/aktuelles/detail/garten-auf-dem-parkdeck",
        "Der Garten auf dem Parkdeck",
        "2026-04-18",
        "Jette Brauer",
        "de-DE",
        "https://stadtgruen.example.org/fileadmin/_processed_/parkdeck.jpg",
        "Beete auf einem Parkdeck",
        "Im dritten Stock des Parkhauses",
        "noch einmal zwölf Beete lang Tomaten.",
        3,
        "springen, Spenden, Startseite, Jette, Ähnliche, Kompost, Zurück, Impressum, "
        "Cookies, Alles klar",
    ),
    "hugo-papermod": Expected(
        "https://quay.example.org/posts/lamps/",
        "Lamps for the harbour wall",
        "2026-02-28",
        "Sam Achterberg",
        "en",
        "https://quay.example.org/posts/lamps/wall.jpg",
        "A wall with lamps",
        "There were six lamps on the wall",
        "and humming, they came on.",
        3,
        "Archive, Home, Suggest, Table of Contents, Sam, 2 min, Prev, Powered, #",
    ),
    "jekyll-minima": Expected(
        "https://walk.example.org/2025/07/19/a-map-of-shade.html",
        "A map of shade",
        "2025-07-19",
        "Bo Stendahl",
        "en",
        "https://walk.example.org/assets/shade.jpg",
        "A hand-coloured street map",
        "On the hottest day of July",
        "The bank has since moved.",
        4,
        "About, Bo , Jul 19, Subscribe, We walk so that, ↩",
    ),
    "elementor": Expected(
        "https://barrio.example.org/agua-plaza/",
        "El agua vuelve a la plaza",
        "2025-10-09",
        "Marisol Ibarra",
        "es-MX",
        "https://barrio.example.org/wp-content/uploads/fuente.jpg",
        "La fuente de la plaza",
        "Durante once años la fuente",
        "ya sabemos quién tiene la madera.",
        3,
        "Ir al contenido, Dona, Marisol, Facebook, Vive frente, tienda de la esquina, "
        "Leer más, reservados",
    ),
    "microdata": Expected(
        "https://jardin.example.org/nouvelles/ruches",
        "Les ruches du lycée",
        "2026-05-12",
        "Maud Ferrand",
        "fr",
        "https://jardin.example.org/images/ruches.jpg",
        "Trois ruches sur un toit",
        "Les élèves ont peint les ruches en bleu,",
        "et ce sera un événement.",
        3,
        "Accueil, Contact, Nouvelles, Maud, Partager, Mentions",
    ),
}  # fmt: skip


def imported(system: str) -> Item:
    """As it is when its address is given."""
    content = (PAGES / f"{system}.html").read_bytes()
    return import_page(
        EXPECTED[system].url, zone="Europe/London", fetch=lambda url: Download(url, content, "text/html")
    )


def test_every_page_is_tested() -> None:
    assert {file.stem for file in PAGES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("system", sorted(EXPECTED))
def test_title_date_author_picture_language_and_address_are_found(system: str) -> None:
    item, expected = imported(system), EXPECTED[system]
    assert (item.title, str(item.date), item.authors, item.language) == (
        expected.title,
        expected.date,
        (expected.author,),
        expected.language,
    )
    assert (item.image, item.image_alt, item.url) == (expected.image, expected.image_alt, expected.url)
    path = re.sub(r"^https://[^/]+", "", expected.url).rstrip("/")
    assert item.names == (Name(NameScheme.ADDRESS, path),)


@pytest.mark.parametrize("system", sorted(EXPECTED))
def test_the_text_is_whole_and_nothing_around_it_is_left(system: str) -> None:
    item, expected = imported(system), EXPECTED[system]
    assert_safe(item.html)
    words = plain_text(item.html)
    shown = re.findall(r"<p(?: [^>]*)?>(.+?)</p>", item.html, re.DOTALL)
    texts = [plain_text(text) for text in shown]
    assert len(texts) == expected.paragraphs
    assert texts[0].startswith(expected.first)
    assert words.rstrip(" ↩").endswith(expected.last)
    assert [word for word in expected.furniture.split(", ") if word in words] == []
    assert expected.title not in words


def test_what_is_no_plain_paragraph_of_a_page_is_kept() -> None:
    blocks = imported("wordpress-blocks").html
    for piece in (
        "<h2>A wall with a door</h2>",
        "<figcaption>The door, in a dry year.</figcaption>",
        "<li>one quince.</li>",
        "<blockquote><p>We did not buy it.",
        'alt="A green door in a wall"',
    ):
        assert piece in blocks
    assert "<td>31</td>" in imported("wordpress-classic").html
    assert "open every night since 1994" in imported("ghost").html
    assert 'alt="A bench of oak at a bus stop"' in imported("squarespace").html
    assert "eggs:   412\ncoats:  3" in imported("medium").html
    assert "One of them was a goat." in imported("substack").html
    assert 'alt="Singers around a workbench"' in imported("wix").html
    assert "lamp on 1 2 3" in imported("hugo-papermod").html


def test_categories_and_summaries_are_those_that_the_page_says() -> None:
    assert imported("wordpress-blocks").categories == ("fruit", "commons", "Land")
    assert imported("ghost").categories == ("bread",)
    assert imported("hugo-papermod").categories == ("Light",)
    assert imported("ghost").summary == "Four bakers, one oven, and a door that stays open."
    assert imported("blogger").summary == ""
