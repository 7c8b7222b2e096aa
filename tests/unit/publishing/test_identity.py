"""Which post each item is: one post is never two items, and a stronger name beats a weaker one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.publishing.ingest.identity import recognise
from newsletter.sources.base import Item, Name, NameScheme

ID, PATH, ADDRESS = NameScheme.ID, NameScheme.PATH, NameScheme.ADDRESS


def item(title: str, *names: tuple[NameScheme, str]) -> Item:
    return Item(names=tuple(Name(scheme, value) for scheme, value in names), title=title, html="<p>x</p>")


def test_an_item_is_the_post_of_its_strongest_name() -> None:
    found, problems = recognise(
        [item("A", (ID, "1"), (PATH, "b.md"))], {("id", "1"): 10, ("path", "b.md"): 20}
    )
    assert (found[0].post_id, found[0].item.names) == (10, (Name(ID, "1"),))
    assert "names of two posts" in problems[0].what


def test_a_new_file_may_take_over_the_name_that_a_moved_one_gave_up() -> None:
    """seeds.md was moved to old/seeds.md, known by its id, and a new post is called seeds.md now."""
    known = {("id", "1"): 10, ("path", "seeds.md"): 10}
    moved, new = item("Old", (ID, "1"), (PATH, "old/seeds.md")), item("New", (PATH, "seeds.md"))
    for items in ([moved, new], [new, moved]):
        found, problems = recognise(items, known)
        by_title = {one.item.title: one for one in found}
        assert (by_title["Old"].post_id, by_title["New"].post_id, problems) == (10, None, [])
        assert by_title["New"].taken_over == (Name(PATH, "seeds.md"),)


def test_two_items_of_one_name_are_said_and_the_first_is_the_post() -> None:
    found, problems = recognise([item("A", (ID, "1")), item("B", (ID, "1"))], {("id", "1"): 10})
    assert [(one.item.title, one.post_id) for one in found] == [("A", 10)]
    assert '"B"' in problems[0].what
    found, problems = recognise([item("A", (ID, "1")), item("B", (ID, "1"), (ADDRESS, "/b"))], {})
    assert [one.item.names for one in found] == [(Name(ID, "1"),), (Name(ADDRESS, "/b"),)]
    assert problems == []


def test_names_of_different_kinds_with_one_value_are_different_names() -> None:
    found, _ = recognise([item("A", (ID, "42"))], {("wordpress", "42"): 10})
    assert found[0].post_id is None


names = st.lists(
    st.tuples(st.sampled_from([ID, PATH, ADDRESS]), st.sampled_from("abcdef")),
    min_size=1,
    max_size=3,
    unique=True,
)


@settings(deadline=None)
@given(
    st.lists(names, max_size=6),
    st.dictionaries(
        st.tuples(st.sampled_from(["id", "path", "address"]), st.sampled_from("abcdef")), st.integers(1, 4)
    ),
)
def test_no_post_and_no_name_is_given_out_twice(
    many: list[list[tuple[NameScheme, str]]], known: dict
) -> None:
    items = [item(str(number), *own) for number, own in enumerate(many)]
    found, problems = recognise(items, known)
    posts = [one.post_id for one in found if one.post_id is not None]
    given_out = [name for one in found for name in one.item.names]
    assert len(posts) == len(set(posts))
    assert len(given_out) == len(set(given_out))
    assert all(one.item.names for one in found)
    assert len(found) + len(problems) >= len(items), "whoever is left out is named"
    for one in found:
        for name in one.item.names:
            assert known.get((str(name.scheme), name.value)) in (None, one.post_id) or name in one.taken_over
