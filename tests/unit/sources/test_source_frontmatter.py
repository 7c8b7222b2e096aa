"""Front matter is read as its author wrote it, and refused with a line number where it cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from hostile import hostile_text
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.sources.frontmatter import split


def test_yaml_keeps_the_author_s_spelling() -> None:
    found = split("---\ntitle: no\nnumber: 007\ndate: 2017-06\ntags: [yes, 1.10]\n---\nBody\n", "a.md")
    assert found.values == {"title": "no", "number": "007", "date": "2017-06", "tags": ["yes", "1.10"]}
    assert (found.body, found.body_line) == ("Body\n", 7)


def test_toml_gives_its_own_types() -> None:
    found = split("+++\ntitle = 'Seeds'\ndate = 2017-06-12\ndraft = true\n+++\nBody", "a.md")
    assert found.values == {"title": "Seeds", "date": date(2017, 6, 12), "draft": True}
    assert (found.body, found.body_line) == ("Body", 6)


def test_json_ends_where_its_object_ends() -> None:
    found = split('{\n"title": "Seeds {}"\n}\n\nBody', "a.md")
    assert found.values == {"title": "Seeds {}"}
    assert (found.body, found.body_line) == ("Body", 5)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_any_line_end_hide_nothing(newline: str) -> None:
    found = split("\ufeff" + newline.join(["---", "title: Seeds", "---", "Body"]), "a.md")
    assert found.values == {"title": "Seeds"}
    assert found.body == "Body"


@pytest.mark.parametrize("text", ["Body only", "{{ shortcode }}\n", "----\nnot a fence\n", ""])
def test_a_post_without_front_matter_is_all_body(text: str) -> None:
    assert split(text, "a.md").body == text
    assert split(text, "a.md").values == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: Seeds\nBody", 'a.md:1: the front matter begun by "---" never ends'),
        ("+++\ntitle='Seeds'\nBody", 'a.md:1: the front matter begun by "+++" never ends'),
        (
            "---\ntitle: Land: a history\n---\n",
            'a.md:2: the YAML front matter cannot be read: a value that holds ": "',
        ),
        ("---\ntitle: a\ndate: [\n---\n", "a.md:4:"),
        (
            "---\ntitle: a\ntitle: b\n---\n",
            'a.md:3: the YAML front matter cannot be read: "title" is given twice',
        ),
        ("+++\na = 1\nb =\n+++\n", "a.md:3: the TOML front matter cannot be read"),
        ('{"a": 1,\n"b": }\nBody', "a.md:2: the JSON front matter cannot be read"),
        ("---\na: !!python/object/apply:os.system [ls]\n---\n", "a.md:2:"),
        ("---\na: !!python/name:os.system\n---\n", "is not allowed"),
        ("---\n- a\n---\n", "the front matter holds no keys"),
        ("---\na: &a [*a]\n---\n", "a.md:2:"),
        ("---\na: &a [x]\nb: [" + "*a, " * 11 + "]\n---\n", "too many aliases"),
        ("---\na: " + "[" * 5000 + "\n---\n", "nested too deeply"),
        ("---\na: " + "x" * 70_000 + "\n---\n", "longer than"),
        ("---\na: \x01\n---\n", "a.md:1:"),
        ('{"a": ' + "[" * 200_000, "nested too deeply"),
        ("+++\na = " + "[" * 200_000 + "\n+++", "a.md:1:"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(SourceError) as refusal:
        split(text, "a.md")
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(SourceError, match="too many aliases"):
        split("---\n" + "\n".join(lines) + "\n---\n", "a.md")


@given(st.sampled_from(["", "---\n", "+++\n", "{", '{"title": ', "\ufeff---\r\n"]), hostile_text)
def test_any_text_is_taken_apart_or_refused_in_one_line(opening: str, text: str) -> None:
    try:
        found = split(opening + text, "a.md")
    except SourceError as refusal:
        message = str(refusal)
    else:
        message = ""
        assert found.body_line >= 1
    assert not message or message.startswith("a.md:")
    assert "\n" not in message
