"""Front matter is read as its author wrote it, and refused with a line number where it cannot be."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hostile import hostile_text
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SourceError
from newsletter.sources.frontmatter.split import split


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
            "---\nlayout: Land: a history\n---\n",
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
        ("---\nb: c\na: \x01\n---\n", "a.md:3:"),
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


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        ("---yaml\ntitle: A\n---\nB", {"title": "A"}, "B"),
        ("---toml\ntitle = 'A'\n---\nB", {"title": "A"}, "B"),
        ('---json\n{"title": "A"}\n---\nB', {"title": "A"}, "B"),
        (';;;\n"title": "A",\n"n": 1\n;;;\nB', {"title": "A", "n": "1"}, "B"),
        ('"title": "A"\n;;;\nB', {"title": "A"}, "B"),
        ("title: A\ndate: 2024\n---\nB", {"title": "A", "date": "2024"}, "B"),
        ("Title: A\nDate: 2024-01-01\nSummary: one\n    two\n\nB", {"title": "A", "summary": "one two"}, "B"),
        ("<!--\n.. title: A\n.. date: 2024-01-01\n-->\n\nB", {"title": "A", "date": "2024-01-01"}, "B"),
        (".. title: A\n.. tags: a, b\n\nB", {"title": "A", "tags": "a, b"}, "B"),
    ],
)
def test_every_fence_is_known_and_so_are_lines_without_one(
    text: str, values: dict[str, str], body: str
) -> None:
    found = split(text, "a.md")
    assert found.given
    assert found.values.items() >= values.items()
    assert found.body == body
    assert text.split("\n")[found.body_line - 1] == "B"


@pytest.mark.parametrize(
    "text",
    ["Title: Minutes\n\nWe met.", "Title: Minutes\nPresent: Ana\n\nWe met.", "Note: this\nDate: that\n\nB",
     "title: A\n\nText\n\n---\n\nMore", "<!-- a comment -->\nB", '"Words," she said.\n;;;\nB'],
)  # fmt: skip
def test_notes_that_begin_alike_are_not_taken_for_a_post(text: str) -> None:
    assert not split(text, "a.md").given


def test_pelican_s_date_may_stand_in_the_file_s_name() -> None:
    assert split("Title: A\n\nB", "2024-03-01-a.md").given


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "---\ntitle: A\n\ttags: b\n---\n",
            "a.md:3: the YAML front matter cannot be read: a tab stands at the beginning",
        ),
        (
            "---\nlayout: @a\n---\n",
            "a.md:2: the YAML front matter cannot be read: a value that begins with this sign",
        ),
        (
            "---\nlayout: *a*\n---\n",
            "a.md:2: the YAML front matter cannot be read: a value that begins with *",
        ),
        ('---\ntitle: "A\n---\n', "a quotation mark is opened here and never closed"),
        (
            '{"title": "A",\n"title": "B"}\nB',
            'a.md:2: the JSON front matter cannot be read: "title" is given twice',
        ),
        ("---js\n{}\n---\n", 'a.md:1: front matter in "js" is not read'),
        (';;;\n"a": \n;;;\n', "the JSON front matter cannot be read"),
        ('{"a": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}\nB', "nested too deeply"),
        ("+++\na = [[[[[[[[[[[[[[1]]]]]]]]]]]]]]\n+++\nB", "nested too deeply"),
    ],
)
def test_the_reason_helps(text: str, message: str) -> None:
    with pytest.raises(SourceError) as refusal:
        split(text, "a.md")
    assert message in str(refusal.value)


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


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ('title: "Quoted" words', '"Quoted" words'),
        ('title: "Yes" and "no"', '"Yes" and "no"'),
        ('title: "He said "no" to it"', 'He said "no" to it'),
        ("title: 'It's here'", "It's here"),
        ("title: Lunch: the sequel", "Lunch: the sequel"),
        ("title: @home", "@home"),
        ("title: %d things", "%d things"),
        ("title: `code` in it", "`code` in it"),
        ("title: *stars* and **more**", "*stars* and **more**"),
        ("title: &tea time", "&tea time"),
        ("title: !important news", "!important news"),
        ("title: [Draft] news", "[Draft] news"),
        ("title: [News]", "[News]"),
        ("title: {a} b", "{a} b"),
        ("title: - a dash", "- a dash"),
        ("title: > 5 reasons", "> 5 reasons"),
        ("title: Issue #5 is out", "Issue #5 is out"),
        ("title: #hashtag", "#hashtag"),
        ("title: Seeds # what we call them", "Seeds"),
        ("title:No space", "No space"),
        ('title: "C:\\mill"', "C:\\mill"),
        ("Sub-Title: a\ntitle: b: c", "b: c"),
        ('title: "plain: quotes"', "plain: quotes"),
        ("title: Tom's & Ana's: 100 %", "Tom's & Ana's: 100 %"),
        ("title: >\n  two\n  lines", "two lines\n"),
    ],
)
def test_a_title_is_read_as_its_author_plainly_meant_it(line: str, title: str) -> None:
    assert split(f"---\n{line}\ndate: 2026-11-20\n---\nText", "a.md").values["title"] == title


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('date: 2026-11-20\ntitle: "Hello\nauthor: Ana', "a.md:3: the YAML front matter cannot be read: a quot"),
        ('title: "Hello\nsummary: "Words"', "a.md:2: the YAML front matter cannot be read: a quotation mark is opened"),
        ('slug: "a" b', "a.md:2: the YAML front matter cannot be read: what stands behind a closing quotation mark"),
        ('draft: "tru"e', "a.md:2: the YAML front matter cannot be read: what stands behind"),
        ("title: A\nno colon here\ndate: 2026", 'a.md:3: the YAML front matter cannot be read: a line has no ": "'),
        ("title: A\n date: 2026", "a.md:3: the YAML front matter cannot be read: the line is set in"),
        ("tags: [a, b\ntitle: A", 'a list that begins with "[" has no "]"'),
        ("title: [unclosed\ndate: 2026", "a.md:2: the YAML front matter cannot be read: a list that begins"),
        ("title: A\ntitle: B", 'a.md:3: the YAML front matter cannot be read: "title" is given twice; keep one'),
        ("title: {{ page.name }}", "a.md:2: the YAML front matter cannot be read: a value that begins with a brace"),
        ("title: {{ page.name }} tricks", "a.md:2: the YAML front matter cannot be read: a value that begins"),
    ],
)  # fmt: skip
def test_what_has_no_plain_meaning_is_refused_with_the_line_and_what_to_write(lines: str, said: str) -> None:
    with pytest.raises(SourceError) as refused:
        split(f"---\n{lines}\n---\nText", "a.md")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('title = "He said "hi""', "more stands behind a value"),
        ("title = Hello", "text needs quotes around it"),
        ("title: Hello", 'a line has no "="'),
        ('title = "a', "never closed"),
        ('title = "C:\\path"', "a backslash stands within double quotes"),
    ],
)
def test_a_mistake_in_toml_is_said_in_plain_words(line: str, said: str) -> None:
    with pytest.raises(SourceError, match=r"a\.md:2: the TOML front matter cannot be read") as refused:
        split(f"+++\n{line}\n+++\nText", "a.md")
    assert said in str(refused.value)


def test_a_name_that_is_used_again_is_yaml_s_and_hashes_are_no_part_of_tags() -> None:
    assert split("---\ntitle: &x Foo\nother: *x\n---\n", "a.md").values == {"title": "Foo", "other": "Foo"}
    assert split("---\ntags: #news, #land\n---\n", "a.md").values == {"tags": "#news, #land"}


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1).map(str.strip).filter(bool))
def test_a_value_in_quotes_is_what_stands_in_them(title: str) -> None:
    for quoted in (json.dumps(title, ensure_ascii=False), "'" + title.replace("'", "''") + "'"):
        assert split(f"---\ntitle: {quoted}\ndate: 2026\n---\n", "a.md").values["title"] == title
