"""What falls out of posts is said once for each kind, with a post to look at."""

from __future__ import annotations

from newsletter.sources.base import Item, Name, NameScheme
from newsletter.sources.losses import DRAWING, FORMULA, fallen_out


def post(title: str, *lost: str, url: str | None = None) -> Item:
    return Item((Name(NameScheme.PATH, f"{title.lower()}.md"),), title, "<p>a</p>", url=url, lost=lost)


def test_a_loss_is_said_once_for_all_posts_and_asks_nobody_to_wait() -> None:
    one, two = fallen_out([post("A", FORMULA), post("B"), post("C", FORMULA, DRAWING)], "blog")
    assert one.what.startswith(
        'a formula falls out of 2 posts, such as "A", because a program only painted it'
    )
    assert two.what.startswith('a drawing falls out of "C", because')
    assert (one.where, two.where) == ("blog", "c.md")
    assert one.minor
    assert two.minor
