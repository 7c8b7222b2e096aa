"""Ghost's export gives its public posts and nothing private; other systems' exports are told which way works."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hostile import assert_safe

from newsletter.errors import SourceError
from newsletter.sources.base import Item, Name, NameScheme
from newsletter.sources.ghost.export import Export, GhostReading, read_export
from newsletter.sources.ghost.lexical import from_lexical, from_mobiledoc
from newsletter.sources.import_page import import_page
from newsletter.sources.local_files import OwnFiles
from newsletter.sources.other_exports import read

ID = "63f0a1b2c3d4e5f6a7b8c{:03d}"
SITE = "https://old.example.org"


def post(number: int, slug: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ID.format(number),
        "uuid": f"uuid-{number}",
        "title": title,
        "slug": slug,
        "html": f"<p>Words of {title}.</p>",
        "type": "post",
        "status": "published",
        "visibility": "public",
        "published_at": f"2022-03-{number + 1:02}T09:30:00.000Z",
        **more,
    }


def exported(*posts: dict[str, Any], site: str = SITE, **tables: Any) -> Export:
    data = {"db": [{"meta": {"version": "5.80.0"}, "data": {"posts": list(posts), **tables}}]}
    reading = GhostReading(
        "UTC", "https://hub.example.org/media/", site, lambda slug: f"https://hub.example.org/posts/{slug}/"
    )
    return read_export(json.dumps(data).encode(), "ghost.json", reading)


def only(*posts: dict[str, Any], **more: Any) -> Item:
    (item,) = exported(*posts, **more).items
    assert_safe(item.html)
    return item


def test_a_post_comes_with_all_that_ghost_knows_of_it() -> None:
    item = only(
        post(
            1,
            "first-light",
            "First &amp; light",
            custom_excerpt="A word before.",
            feature_image="__GHOST_URL__/content/images/a.jpg",
            updated_at="2023-02-01T08:00:00.000Z",
            html='<p>Dawn.</p><figure class="kg-card"><img src="__GHOST_URL__/content/images/b.jpg" alt="B"></figure>',
        ),
        tags=[
            {"id": "t1", "name": "Water", "visibility": "public"},
            {"id": "t2", "name": "Land"},
            {"id": "t3", "name": "#hidden", "visibility": "internal"},
        ],
        posts_tags=[
            {"post_id": ID.format(1), "tag_id": "t2", "sort_order": 1},
            {"post_id": ID.format(1), "tag_id": "t1", "sort_order": 0},
            {"post_id": ID.format(1), "tag_id": "t3", "sort_order": 2},
        ],
        users=[{"id": "1", "name": "Ana Ríos"}],
        posts_authors=[{"post_id": ID.format(1), "author_id": "1"}],
        posts_meta=[{"post_id": ID.format(1), "feature_image_alt": "The bay"}],
    )
    assert (item.title, item.slug, str(item.date)) == ("First & light", "first-light", "2022-03-02T09:30:00Z")
    assert (item.authors, item.categories, item.summary) == (
        ("Ana Ríos",),
        ("Water", "Land"),
        "A word before.",
    )
    assert (item.image, item.image_alt) == (f"{SITE}/content/images/a.jpg", "The bay")
    assert f'src="{SITE}/content/images/b.jpg"' in item.html
    assert item.url is None


def test_a_post_has_the_names_that_ghost_s_feed_gives_it() -> None:
    item = only(post(1, "first-light", "First light"))
    assert item.names == (Name(NameScheme.GUID, ID.format(1)), Name(NameScheme.ADDRESS, "/first-light"))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "draft", "published_at": None}, "still drafts"),
        ({"status": "scheduled", "published_at": "2099-01-01T00:00:00.000Z"}, "scheduled"),
        ({"status": "sent"}, "mailed but never on the web"),
        ({"visibility": "members"}, "for members only"),
        ({"visibility": "paid"}, "for members only"),
        ({"visibility": "tiers"}, "for members only"),
        ({"type": "page"}, "of pages"),
        ({"type": None, "page": 1}, "of pages"),
        ({"status": "something new"}, "not published"),
    ],
)
def test_nothing_private_is_published_and_each_is_counted(more: dict[str, Any], why: str) -> None:
    found = exported(post(1, "a", "A"), post(2, "b", "B", **more))
    assert [item.title for item in found.items] == ["A"]
    assert found.left_out == {why: 1}


def test_a_post_that_was_only_mailed_is_known_by_its_settings_too() -> None:
    found = exported(post(1, "a", "A"), posts_meta=[{"post_id": ID.format(1), "email_only": 1}])
    assert found.items == ()


def test_blocks_for_members_within_a_public_post_are_left_out() -> None:
    html = (
        '<p>All.</p><!--kg-gated-block:begin nonMember:false memberSegment:"status:free" --><p>Members.</p>'
        "<!--kg-gated-block:end--><p>All again.</p><!--members-only--><p>And on.</p>"
        '<!--kg-gated-block:begin nonMember:true memberSegment:"" --><p>Strangers.</p><!--kg-gated-block:end-->'
        "<!--kg-gated-block:begin nonMember:false --><p>Never closed."
    )
    item = only(post(1, "a", "A", html=html))
    assert [word in item.html for word in ("Members", "Never", "All again", "And on", "Strangers")] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_links_between_posts_lead_to_our_archive_and_others_to_the_old_site() -> None:
    html = '<p><a href="__GHOST_URL__/b/">B</a> <a href="__GHOST_URL__/secret/">S</a></p>'
    found = exported(
        post(1, "a", "A", html=html), post(2, "b", "B"), post(3, "secret", "S", visibility="paid")
    )
    assert 'href="https://hub.example.org/posts/b/"' in found.items[0].html
    assert f'href="{SITE}/secret/"' in found.items[0].html


def test_where_the_site_is_is_asked_for_or_found_in_older_texts() -> None:
    placed = post(1, "a", "A", html='<p>W</p><img src="__GHOST_URL__/content/images/a.jpg">')
    found = exported(placed, site="")
    assert "<img" not in found.items[0].html
    assert "--site https://" in found.problems[0].what
    older = post(2, "b", "B", html=f'<p>W</p><img src="{SITE}/content/images/b.jpg">')
    assert f"{SITE}/content/images/a.jpg" in exported(placed, older, site="").items[0].html


def test_both_shapes_and_old_dates_are_read() -> None:
    data = {"meta": {}, "data": {"posts": [post(1, "a", "A", published_at=1646213400000, visibility=None)]}}
    found = read_export(b"\xef\xbb\xbf" + json.dumps(data).encode(), "g.json", GhostReading("UTC", ""))
    assert str(found.items[0].date) == "2022-03-02T09:30:00Z"


def test_posts_come_oldest_first() -> None:
    found = exported(post(5, "e", "E"), post(1, "a", "A"), post(3, "c", "C"))
    assert [item.title for item in found.items] == ["A", "C", "E"]


LEXICAL = {
    "root": {
        "children": [
            {
                "type": "extended-heading",
                "tag": "h2",
                "children": [{"type": "extended-text", "text": "Bay", "format": 0}],
            },
            {
                "type": "paragraph",
                "children": [
                    {"type": "extended-text", "text": "Plain & ", "format": 0},
                    {"type": "extended-text", "text": "bold", "format": 1},
                    {"type": "linebreak"},
                    {
                        "type": "link",
                        "url": "https://example.org/x",
                        "children": [{"type": "text", "text": "there"}],
                    },
                ],
            },
            {
                "type": "list",
                "tag": "ol",
                "children": [{"type": "listitem", "children": [{"type": "text", "text": "one"}]}],
            },
            {"type": "codeblock", "language": "python", "code": "print(1 < 2)"},
            {"type": "image", "src": "/c.jpg", "alt": "C", "caption": "A cat"},
            {"type": "callout", "calloutText": "Mind the gap"},
            {"type": "bookmark", "url": "https://example.org/b", "metadata": {"title": "A book"}},
            {"type": "html", "html": "<p>members</p>", "visibility": {"web": {"nonMember": False}}},
            {"type": "email", "html": "<p>Dear reader</p>"},
            {"type": "signup", "header": "Join"},
        ]
    }
}


def test_a_text_that_is_only_there_as_lexical_is_written_out() -> None:
    assert from_lexical(json.dumps(LEXICAL)) == (
        "<h2>Bay</h2><p>Plain &amp; <strong>bold</strong><br>"
        '<a href="https://example.org/x">there</a></p><ol><li>one</li></ol>'
        '<pre><code class="language-python">print(1 &lt; 2)</code></pre>'
        '<figure><img src="/c.jpg" alt="C"><figcaption>A cat</figcaption></figure><p>Mind the gap</p>'
        '<p><a href="https://example.org/b">A book</a></p>'
    )
    assert "Mind the gap" in only(post(1, "a", "A", html=None, lexical=json.dumps(LEXICAL))).html


def test_a_text_that_is_only_there_as_mobiledoc_is_written_out() -> None:
    document = {
        "version": "0.3.1",
        "atoms": [["soft-return", "", {}]],
        "cards": [
            ["image", {"src": "/d.jpg", "caption": "D"}],
            ["markdown", {"markdown": "*there*"}],
            ["hr", {}],
        ],
        "markups": [["strong"], ["a", ["href", "https://example.org/y"]]],
        "sections": [
            [1, "p", [[0, [], 0, "Before "], [0, [0], 1, "it"], [1, [], 0, 0], [0, [1], 1, "link"]]],
            [10, 0],
            [3, "ul", [[[0, [], 0, "item"]]]],
            [10, 1],
            [10, 2],
        ],
    }
    assert from_mobiledoc(json.dumps(document)) == (
        '<p>Before <strong>it</strong><br><a href="https://example.org/y">link</a></p>'
        '<figure><img src="/d.jpg" alt=""><figcaption>D</figcaption></figure><ul><li>item</li></ul>'
        "<p><em>there</em></p>\n<hr>"
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"root": 1}', '{"root": {"children": [1, {"type": 2}]}}', "[" * 100_000]
)
def test_a_broken_text_is_none(text: str) -> None:
    assert from_lexical(text) == ""
    assert from_mobiledoc(text) == ""


def test_a_broken_post_does_not_stop_the_others() -> None:
    found = exported(post(1, "a", "", html=""), post(2, "b", "B"), {"title": "no id"})
    assert [item.title for item in found.items] == ["B"]
    assert "neither a title nor a text" in found.problems[0].what


@pytest.mark.parametrize(
    "content", [b'{"db": [], "posts"', b'{"db": [{"data": {"posts": 7}}]}', b'{"data": 1, "posts": 1}']
)
def test_what_is_no_whole_export_is_refused(content: bytes) -> None:
    with pytest.raises(
        SourceError, match=r"ghost.json: this (?:is no whole JSON file|JSON file is no export of Ghost's)"
    ):
        read_export(content, "ghost.json", GhostReading("UTC", ""))


ARCHIVES = {
    "Substack": (["posts.csv", "posts/12345.first-light.html", "email_list.tide.csv"], r"substack.com/feed"),
    "Medium": (
        ["posts/2022-03-01_First-light-3f2a.html", "posts/draft_X-1.html", "profile/profile.html"],
        r"delete .* draft_",
    ),
    "Buttondown": (["emails/first-light.md", "subscribers.csv"], r"buttondown.com/NAME/rss"),
    "Mailchimp": (["campaigns_content/12_first-light.html", "campaigns.csv"], r"HTML file of each campaign"),
    "Revue": (["issues/issue-12.html", "subscribers.csv"], r"each issue"),
    "Tumblr": (["posts/html/123.html", "media/123.jpg"], r"tumblr.com/rss"),
    "Ghost": (["content/images/a.jpg", "data/tide.ghost.2024-01-01.json"], r"give its .json file"),
    "Blogger": (["Takeout/Blogger/Blogs/Tide/feed.atom"], r"feeds/posts/default"),
    "beehiiv": (["posts_2024.csv"], r"beehiiv names it"),
    "archive of pages": (["site/a.html"], r"import each page"),
    "archive of Markdown": (["site/a.md"], r"folder"),
    "office document": (["word/document.xml", "[Content_Types].xml"], r"save the text as HTML"),
}


@pytest.mark.parametrize("system", ARCHIVES)
def test_an_archive_is_told_which_way_works(system: str, tmp_path: Path) -> None:
    names, way = ARCHIVES[system]
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(SourceError, match=rf"export.zip: this is an .*{system}.*{way}"):
        import_page(str(file), zone="UTC")


FILES = {
    "a.xml": (
        '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/">',
        r'WordPress.*kind = "wordpress"',
    ),
    "b.xml": (
        '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><a>sqs-block</a>',
        r'Squarespace.*kind = "wordpress"',
    ),
    "c.xml": (
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><id>tag:blogger.com,1999:blog-1</id>",
        r"Blogger.*feeds/posts/default",
    ),
    "d.xml": ('<?xml version="1.0"?><rss version="2.0"><channel>', r"a web feed; add its address"),
    "e.csv": ("email,name\nana@example.org,Ana\n", r"list of people.*subscribers import"),
    "f.csv": (
        "id,title,content_html,web_url\n1,A,<p>x,https://example.org\n",
        r"table of posts, such as beehiiv's",
    ),
    "g.json": ('{"version": "https://jsonfeed.org/version/1.1"}', r"a web feed"),
    "blog.txt": (
        "AUTHOR: Jo\nTITLE: First light\nDATE: 11/30/2026 10:00:00 AM\n-----\nBODY:\n<p>Words</p>\n-----\n--------\n",
        r"Movable Type's kind",
    ),
    "h.json": ('{"some": "settings"}', r"no export of Ghost's"),
}


@pytest.mark.parametrize("name", FILES)
def test_other_files_of_posts_are_told_which_way_works(name: str, tmp_path: Path) -> None:
    content, way = FILES[name]
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(SourceError, match=way):
        import_page(str(file), zone="UTC")


def test_only_ghost_s_export_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"a": 1}')
    assert read(str(file), OwnFiles(), GhostReading("UTC", "")) is None
    assert read("https://example.org/a.json", OwnFiles(), GhostReading("UTC", "")) is None
