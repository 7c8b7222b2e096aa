"""``newsletter posts import`` of a whole export: what comes in, what stays out, and what a later feed repeats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from feed_server import feed_server
from staff import Staff

from newsletter.config.sections import FetchSection, SourceSection
from newsletter.models import Post

ID = "63f0a1b2c3d4e5f6a7b8c{:03d}"


def posts(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": ID.format(number),
            "title": f"Letter {number}",
            "slug": f"letter-{number}",
            "html": f"<p>What letter {number} said, and to whom.</p>",
            "status": "published",
            "visibility": "public",
            "type": "post",
            "published_at": f"2022-03-{number + 1:02}T09:30:00.000Z",
        }
        for number in range(count)
    ]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "tide.ghost.json"
    public = posts(5)
    private = [
        {**posts(9)[6], "visibility": "paid"},
        {**posts(9)[7], "status": "draft"},
        {**posts(9)[8], "status": "sent"},
    ]
    file.write_text(json.dumps({"db": [{"data": {"posts": public + private}}]}))
    return file


def test_an_export_of_ghost_comes_in_whole_and_nobody_is_mailed_it(staff: Staff, export: Path) -> None:
    said = staff("posts", "import", str(export))
    assert "5 new posts." in said
    assert "1 for members only, 1 mailed but never on the web, 1 still drafts" in said
    rows = {row["key"]: row for row in staff.json("posts", "list")}
    assert set(rows) == {f"letter-{number}" for number in range(5)}
    assert {(row["state"], row["mail"]) for row in rows.values()} == {("released", False)}
    assert "0 new posts, 5 known already" in staff("posts", "import", str(export))
    assert staff.json("posts", "import", str(export))["known"] == 5


def test_an_archive_is_never_mailed(staff: Staff, export: Path) -> None:
    assert "nobody is mailed an archive" in staff("posts", "import", str(export), "--mail", code=1)
    assert "begins with https://" in staff(
        "posts", "import", str(export), "--site", "old.example.org", code=1
    )
    assert staff.json("posts", "list") == []


def test_a_feed_of_the_same_ghost_site_repeats_nothing(
    staff: Staff, export: Path, site: Any, settings: Any
) -> None:
    entries = "".join(
        f"<item><title>Letter {number}</title><link>https://old.example.org/letter-{number}/</link>"
        f'<guid isPermaLink="false">{ID.format(number)}</guid><description>What letter {number} said, and to whom.'
        f"</description><pubDate>Tue, 0{number + 1} Mar 2022 09:30:00 GMT</pubDate></item>"
        for number in range(6)
    )
    head = "<title>Tide</title><link>https://old.example.org/</link><description>d</description>"
    staff("posts", "import", str(export))
    with feed_server() as running:
        running.give(
            "/rss", f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'
        )
        source = SourceSection(kind="webfeed", url=f"{running.url}/rss")
        settings.CONFIG = site.model_copy(
            update={"sources": {"tide": source}, "fetch": FetchSection(allowed_hosts=["127.0.0.1"])}
        )
        assert staff("sync", "tide").startswith("tide: 1 new post, ")
    assert Post.objects.count() == 6
    assert Post.objects.filter(state="held").count() == 0
