"""``newsletter posts``: why a post is held, what to do, and doing it."""

from __future__ import annotations

import pytest
from staff import Staff

from newsletter.models import Post

TEXT = "The mill turns again after a hundred years of rest, because its neighbours wanted bread. " * 3


def imported(staff: Staff, name: str, title: str, text: str = TEXT) -> str:
    file = staff.folder / f"{name}.md"
    file.write_text(f"---\nid: {name}\ntitle: {title}\ndate: 2026-11-01\n---\n\n{text}\n")
    return staff("posts", "import", str(file), "--mail")


def test_a_page_that_looks_like_a_post_is_held_and_says_what_to_do(staff: Staff) -> None:
    imported(staff, "one", "The mill")
    said = imported(staff, "two", "The mill again")
    assert 'It is held: it has the text of "the-mill" and may be the same post.' in said
    assert "newsletter posts same the-mill-again" in said
    listed = staff("posts", "list", "--state", "held")
    assert "the-mill-again: it has the text of" in listed
    assert "if it is another: newsletter posts release the-mill-again --mail" in listed
    assert "newsletter posts same the-mill-again" in staff("posts", "show", "the-mill-again")
    (row,) = staff.json("posts", "list", "--state", "held")
    assert row["to_do"].startswith("If it is the same post")


def test_staff_say_that_it_is_the_same_and_it_is_gone(staff: Staff) -> None:
    imported(staff, "one", "The mill")
    imported(staff, "two", "The mill again")
    assert 'is "the-mill" under another name' in staff("posts", "same", "the-mill-again")
    assert list(Post.objects.values_list("key", flat=True)) == ["the-mill"]
    assert "The post" in staff("posts", "same", "the-mill", code=1)
    assert "There is no post" in staff("posts", "same", "nothing", code=1)
    assert "known and is up to date" in imported(staff, "two", "The mill")


def test_or_that_it_is_another(staff: Staff) -> None:
    imported(staff, "one", "The mill")
    imported(staff, "two", "The mill again")
    assert "owed by mail" in staff("posts", "release", "the-mill-again", "--mail")
    assert staff.json("posts", "show", "the-mill-again")["to_do"] == ""


def test_after_a_move_all_look_alikes_are_settled_by_one_word(staff: Staff) -> None:
    for name in ("mill", "well"):
        imported(staff, name, f"The {name}", f"Of the {name}. {TEXT}")
    for name in ("mill", "well"):
        imported(staff, f"new-{name}", f"The {name}, moved", f"Of the {name}. {TEXT}")
    said = staff("posts", "same", "--all")
    assert 'the-mill-moved is "the-mill" under another name' in said
    assert 'the-well-moved is "the-well" under another name' in said
    assert set(Post.objects.values_list("key", flat=True)) == {"the-mill", "the-well"}
    assert "No post is held" in staff("posts", "same", "--all")
    assert "--all" in staff("posts", "same", code=2)


def test_posts_that_came_at_once_are_decided_at_once(staff: Staff) -> None:
    for number in range(3):
        file = staff.folder / f"p{number}.md"
        file.write_text(
            f"---\nid: p{number}\ntitle: Post {number}\ndate: 2026-11-0{number + 1}\n---\n\nWords {number}.\n"
        )
        staff("posts", "import", str(file))
    Post.objects.update(state="held", held_for="together", held_because="many came", release_number=None)
    assert "--together" in staff.json("posts", "show", "post-0")["to_do"]
    assert "--together" in staff("posts", "release", "--mail", code=2)
    assert "--together" in staff("posts", "release", "post-0", "--together", "--mail", code=2)
    staff("posts", "release", "--together", "--newest-only")
    assert list(Post.objects.filter(mail=True).values_list("key", flat=True)) == ["post-2"]
    assert set(Post.objects.values_list("state", flat=True)) == {"released"}
    assert "No post is held" in staff("posts", "release", "--together", "--feed-only")


@pytest.mark.parametrize(
    ("gone", "said"),
    [(1, "1 post is no longer in the folder and stays"), (2, "2 posts are no longer in the folder and stay")],
)
def test_sync_says_what_becomes_of_posts_without_their_files(
    capsys: pytest.CaptureFixture[str], gone: int, said: str
) -> None:
    from newsletter.cli.commands.site import _say_report
    from newsletter.publishing.ingest.sync import SyncReport

    _say_report(SyncReport("posts", gone=gone))
    assert f"  {said} published; to take" in capsys.readouterr().out
