"""One site fed by a WordPress (its export, then its API), a Hugo folder and a feed of others, as staff set it up."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

import pytest
from feed_server import FeedServer, feed_server
from hub import Hub
from servers.smtp import CollectingServer
from servers.wordpress import Blog, BlogPost, Picture, WordPressServer
from servers.wxr import export

NOW = datetime.now(UTC)
PEOPLE = 5


@dataclass
class Places:
    """Where the posts come from."""

    blog: Blog
    hugo: Path
    friends: FeedServer
    hub: Hub

    def blog_post(self, number: int, title: str, days_ago: float) -> None:
        text = f"<p>The words of {title}, with an <em>accent</em>.</p>"
        when = (NOW - timedelta(days=days_ago)).replace(tzinfo=None, microsecond=0)
        slug = f"story-{number}"
        self.blog.posts.append(
            BlogPost(number, title, text, when, rendered=text, slug=slug, categories=[5], thumbnail=90)
        )

    def hugo_post(self, slug: str, title: str, days_ago: float) -> None:
        """A page bundle with a picture of its own."""
        folder = self.hugo / "content" / "news" / slug
        folder.mkdir(parents=True)
        (folder / "field.png").write_bytes(png())
        when = (NOW - timedelta(days=days_ago)).isoformat(timespec="seconds")
        matter = f'+++\ntitle = "{title}"\ndate = {when}\ntags = ["how-to"]\nauthor = "Ola Berg"\n+++\n'
        (folder / "index.md").write_text(f"{matter}\nWords of {title}.\n\n![The field](field.png)\n")

    def friends_feed(self, *titles: str) -> None:
        items = "".join(
            f"<item><title>{title}</title><link>{self.friends.url}/{number}</link><guid>friend-{number}</guid>"
            f"<pubDate>{format_datetime(NOW - timedelta(hours=9 - number))}</pubDate>"
            f"<description>Short.</description><content:encoded><![CDATA[<p>All words of {title}, "
            f'<a href="/more">and more</a>.</p>]]></content:encoded></item>'
            for number, title in reversed(list(enumerate(titles)))
        )
        for number, title in enumerate(titles):
            self.friends.give(f"/{number}", f"<h1>{title}</h1>", Content_Type="text/html")
        feed = (
            '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>Friends</title><link>{self.friends.url}</link><description>d</description>{items}"
            "</channel></rss>"
        )
        self.friends.give("/feed.xml", feed, Content_Type="application/rss+xml", ETag=f'"{len(titles)}"')

    def sources(self, blog: str) -> None:
        """Write the three sources into config.toml; ``blog`` is the line that says where the WordPress is."""
        config = self.hub.folder / "config.toml"
        ours = config.read_text().partition("\n# three sources\n")[0]
        config.write_text(
            f'{ours}\n# three sources\n[sources.blog]\nkind = "wordpress"\n{blog}\n'
            f'[sources.hugo]\nkind = "folder"\npath = "{self.hugo / "content"}"\n'
            f'[sources.friends]\nkind = "webfeed"\nurl = "{self.friends.url}"\n'
        )


def png() -> bytes:
    """A picture of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"IDAT", zlib.compress(b"\0\x80")),
            chunk(b"IEND", b""),
        )
    )


@pytest.fixture
def places(real_hub: Hub, tmp_path: Path) -> Iterator[Places]:
    blog = Blog(categories={5: ("guides", "Guide")}, pictures=[Picture(90, "wheel.jpg", "The wheel")])
    with WordPressServer(blog), feed_server() as friends:
        real_hub.env["NEWSLETTER_FETCH__ALLOWED_HOSTS"] = '["127.0.0.1", "localhost"]'
        home = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        friends.give("/", f"<html><head>{home}</head></html>", Content_Type="text/html")
        made = Places(blog, tmp_path / "hugo", friends, real_hub)
        for number in range(1, 5):
            made.blog_post(number, f"Blog story {number}", 50 + number)
            made.hugo_post(f"field-{number}", f"Field note {number}", 40 + number)
        made.friends_feed("Friend one", "Friend two")
        yield made


def mails(relay: CollectingServer) -> list[EmailMessage]:
    parser = BytesParser(policy=default)
    return [parser.parsebytes(content) for _, _, content in relay.messages]  # type: ignore[misc]


def test_an_export_an_api_a_folder_and_a_feed_feed_one_site(
    places: Places, relay: CollectingServer, tmp_path: Path
) -> None:
    hub = places.hub
    (tmp_path / "export.xml").write_text(export(places.blog))
    places.sources(f'path = "{tmp_path / "export.xml"}"')
    first = {row["source"]: row for row in hub.json("sync")}
    assert {name: len(row["new"]) for name, row in first.items() if name != "posts"} == {
        "blog": 4,
        "hugo": 4,
        "friends": 2,
    }
    hub.run("subscribers", "import", str(hub.people(PEOPLE)), "--consent", "the paper form")
    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert (made["people"], made["posts"]) == (0, 0), "no archive is mailed, whatever it came from"

    # From the export to the living site, under the same name: the same posts.
    places.sources(f'url = "{places.blog.home}"')
    again = {row["source"]: row for row in hub.json("sync")}
    assert [row["new"] for row in again.values() if row["new"]] == []

    places.blog_post(9, "Blog story 9", 0.01)
    places.hugo_post("field-9", "Field note 9", 0.01)
    places.friends_feed("Friend one", "Friend two", "Friend three")
    news = {row["source"]: row["new"] for row in hub.json("sync")}
    assert {name: len(new) for name, new in news.items() if new} == {"blog": 1, "hugo": 1, "friends": 1}

    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert (made["people"], made["posts"]) == (PEOPLE, 3)
    sent = hub.run("editions", "send", str(made["id"]), "--yes")
    assert f"{PEOPLE} sent" in sent.stdout
    got = Counter(to for _, tos, _ in relay.messages for to in tos)
    assert got == Counter({f"person{number}@example.org": 1 for number in range(1, PEOPLE + 1)})
    for mail in mails(relay):
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for title in ("Blog story 9", "Field note 9", "Friend three"):
            assert title in text
        assert "Blog story 1" not in text

    files = tmp_path / "out"
    hub.run("feeds", "build", "--out", str(files))
    feed = (files / "rss.xml").read_text()
    assert feed.count("<item>") == 13
    assert f"{places.friends.url}/more" in feed, "addresses of another site stay its own"
    pictures = list((files / "media").iterdir())
    assert [picture.read_bytes() for picture in pictures] == [png()], (
        "one picture, however many posts show it"
    )

    quiet = {row["source"]: row for row in hub.json("sync")}
    assert [row["new"] for row in quiet.values() if row["new"]] == []
    assert hub.json("editions", "compose", "--campaign", "weekly")["people"] == 0


def test_a_page_that_is_gone_by_the_time_of_the_mail_holds_its_post_and_the_others_go(
    places: Places, relay: CollectingServer
) -> None:
    hub = places.hub
    places.sources(f'url = "{places.blog.home}"')
    hub.run("sync")
    hub.run("subscribers", "import", str(hub.people(2)), "--consent", "the paper form")
    places.blog_post(9, "Blog story 9", 0.01)
    places.friends_feed("Friend one", "Friend two", "Friend three")
    hub.run("sync")
    places.friends.give("/2", "gone", status=410)
    made = hub.json("editions", "compose", "--campaign", "weekly")
    hub.run("editions", "send", str(made["id"]), "--yes", code=None)
    texts = [mail.get_body(("plain",)).get_content() for mail in mails(relay)]  # type: ignore[union-attr]
    assert all("Friend three" not in text for text in texts)
    held = [post for post in hub.json("posts", "list") if post["state"] == "held"]
    assert [post["title"] for post in held] == ["Friend three"]
