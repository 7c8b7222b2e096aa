"""What ``newsletter sync`` says of what it found."""

from __future__ import annotations

import pytest

from newsletter.cli import site
from newsletter.models import Post, PostState
from newsletter.publishing.ingest import SyncReport


def held(key: str) -> Post:
    return Post(key=key, state=PostState.HELD, held_because="it is old")


def test_all_choices_about_held_posts_are_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    site._say_report(SyncReport("posts", new=[held("mill"), held("weir")]))
    said = capsys.readouterr().out
    assert "held: mill (it is old)" in said
    assert "held: weir (it is old)" in said
    for choice in ("posts release", "--mail", "--newest-only", "--feed-only"):
        assert said.count(choice) == 1


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
