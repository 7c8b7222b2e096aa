"""MDX becomes Markdown: nothing of it is run, what is known is kept, what is not is named."""

from __future__ import annotations

import pytest
from hostile import hostile_text
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.frontmatter.js_literal import NotPlain, read_object
from newsletter.sources.markup.mdx import exported_metadata, to_markdown


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ('import A from "a"\nimport {\n  B,\n} from "b"\n\nWords', "Words"),
        ("export const a = {\n  b: 1,\n}\n\nWords", "Words"),
        ("export default function X() {\n\n  return <p>no</p>\n}\n\nWords", "Words"),
        ('{"plain"} {`text`}{/* comment */}', "plain text"),
        (
            "<Callout type='tip'>\nWords\n</Callout>",
            "<blockquote> <p><strong>Tip</strong></p> Words </blockquote>",
        ),
        ('<Note title="Mine">Words</Note>', "<p><strong>Mine</strong></p> Words"),
        ('import p from "./p.png"\n\n<Image src={p} alt="P" width={3} />', '<img src="./p.png" alt="P">'),
        ('<Image src={require("./p.png").default} alt="P" />', '<img src="./p.png" alt="P">'),
        ("<img src='/p.png' style={{ color: 'red' }} />", '<img src="/p.png" alt="">'),
        ('<Link href="/b">to b</Link>', '<a href="/b">to b</a>'),
        ('<YouTube id="abc" />', "https://www.youtube.com/watch?v=abc"),
        ("<Tabs><TabItem value='a'>one</TabItem></Tabs>", "one"),
        ('<div className="x" onClick={() => go()}>words</div>', '<div className="x">words</div>'),
        ("<>words</>", "words"),
        ("a < b, 3 > 2 and {'{'}", "a < b, 3 > 2 and {"),
        ("<https://example.org/x>", "<https://example.org/x>"),
    ],
)
def test_what_is_known_is_kept(text: str, becomes: str) -> None:
    found = to_markdown(text)
    assert becomes in " ".join(found.text.split())
    assert found.left_out == []
    if becomes == "Words":
        assert found.text.strip() == "Words"
        assert found.text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "stays", "named"),
    [
        ("Hi {name}!", "Hi !", "{name}"),
        ("<Chart data={[1, 2]} />x", "x", "<Chart data={[1, 2]} />"),
        ("<Unknown.Part a='b'>words</Unknown.Part>", "words", "<Unknown.Part a='b'>"),
        ("<Image src={somewhere()} />", "", "<Image src={somewhere()} />"),
    ],
)
def test_what_is_not_known_goes_and_is_named_and_its_words_stay(text: str, stays: str, named: str) -> None:
    found = to_markdown(text)
    assert found.text.strip() == stays
    assert [shown for _, shown in found.left_out] == [named]


def test_code_is_left_alone() -> None:
    text = "```jsx\nimport a from 'b'\nexport default 1\n<Foo bar={1} />\n```\n\n`<Foo {x}>` and `{y}`"
    assert to_markdown(text).text == text


def test_exported_metadata_is_read_when_it_is_plain() -> None:
    text = """import x from "y"

export const metadata: Metadata = {
  title: 'It\\'s a "title"', // a comment
  "date": new Date("2024-03-01"),
  tags: ["a", `b`,], draft: false, count: 3, nothing: null,
  author: { name: "Ana" },
}
"""
    assert exported_metadata(text) == {
        "title": 'It\'s a "title"',
        "date": "2024-03-01",
        "tags": ["a", "b"],
        "draft": "false",
        "count": "3",
        "nothing": None,
        "author": {"name": "Ana"},
    }


@pytest.mark.parametrize(
    "text",
    [
        "export const metadata = { title: t }",
        "export const metadata = { title: f() }",
        "export const metadata = { title: `a ${b}` }",
        "export const metadata = { title: 'a'",
        "export const metadata = { ...other }",
        "export const metadata = [" + "[" * 500,
        "export const metadata = {a:" * 50,
        "Words",
    ],
)
def test_what_would_have_to_be_run_is_not_read(text: str) -> None:
    assert exported_metadata(text) is None


JSX = [
    "<A>",
    "</A>",
    "<A ",
    "<Image src={x} ",
    "/>",
    "{",
    "}",
    "{/*",
    "*/}",
    "import a from 'b'\n",
    "export {\n",
    "```\n",
]
JSX += [
    "`",
    "<>",
    "</>",
    "<Note>",
    "</Note>",
    '"',
    "'",
    "\n",
    "words ",
    "<a href={x}>",
    "export const metadata = {",
    "a: ",
]


@given(st.lists(st.one_of(st.sampled_from(JSX), st.text(max_size=5)), max_size=30).map("".join))
def test_any_mixture_is_read(text: str) -> None:
    found = to_markdown(text)
    assert all(0 <= place < len(text) for place, _ in found.left_out)
    exported_metadata(text)


@given(hostile_text)
def test_any_text_is_an_object_or_refused(text: str) -> None:
    try:
        found, end = read_object("{" + text, 0)
    except NotPlain:
        return
    assert isinstance(found, dict)
    assert end <= len(text) + 1
