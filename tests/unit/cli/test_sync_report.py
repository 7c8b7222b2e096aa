"""What ``newsletter sync`` says of what it found."""

from __future__ import annotations

import pytest

from newsletter.cli.commands import site
from newsletter.models import HeldFor, Post, PostState
from newsletter.publishing.ingest.sync import SyncReport


def held(key: str, why: HeldFor) -> Post:
    return Post(key=key, state=PostState.HELD, held_for=why, held_because="we say so")


def test_all_choices_about_held_posts_are_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    site._say_report(
        SyncReport("posts", new=[held("mill", HeldFor.TOGETHER), held("weir", HeldFor.TOGETHER)])
    )
    said = capsys.readouterr().out
    assert "held: mill (we say so)" in said
    assert "held: weir (we say so)" in said
    for choice in ("posts release", "--together", "--mail", "--newest-only", "--feed-only"):
        assert said.count(choice) == 1


def test_each_reason_has_its_own_choices(capsys: pytest.CaptureFixture[str]) -> None:
    old, alike = HeldFor.OLD, HeldFor.ALIKE
    new = [held("mill", old), held("weir", alike), held("lock", old), held("sluice", alike)]
    site._say_report(SyncReport("posts", new=new))
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  To feed and archive: newsletter posts release KEY… --feed-only; to inboxes as well: "
        "newsletter posts release KEY… --mail",
        "  If they are the same posts: newsletter posts same --all (of one: newsletter posts same KEY); if they are "
        "others: newsletter posts release KEY… --mail",
    ]


def test_what_holds_one_post_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    site._say_report(SyncReport("posts", new=[held("weir", HeldFor.ALIKE)]))
    said = capsys.readouterr().out
    assert "same weir; if it is another: newsletter posts release weir --mail" in said


def test_posts_that_came_together_share_one_each_post_mail_that_waits_for_approval(
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = [Post(key=f"post-{number}", state=PostState.RELEASED) for number in range(5)]
    site._say_report(SyncReport("posts", new=new, together=5))
    said = capsys.readouterr().out
    assert (
        "5 posts came together: they are in the feed and in digests. One "
        '"each post" mail with all of them will wait for your approval; see: newsletter editions list'
    ) in said
    assert "held" not in said


def test_a_sync_without_surprises_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    site._say_report(SyncReport("posts", new=[Post(key="mill", state=PostState.RELEASED)]))
    assert capsys.readouterr().out == "posts: 1 new post, 0 changed, 0 as before.\n"
