"""Documents by the thousand, as people and systems write them and as they come damaged, for each parser of sources.

As a program, ``feed_documents.py make KIND COUNT`` writes that many and ``feed_documents.py read KIND`` reads them
and prints the worst of them as JSON: in two processes, because what makes them remembers all that it made.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from hostile import PIECES, assert_safe
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from peak_memory import peak_megabytes

from newsletter.sources.article.html_page import read_html
from newsletter.sources.article.text_page import read_text
from newsletter.sources.base import Item
from newsletter.sources.folder.items import FileReading, FolderPlace, read_post

PLACES = (
    FolderPlace("https://hub.example.org", "", "Europe/Berlin", "https://hub.example.org/media/"),
    FolderPlace("https://hub.example.org", "https://posts.example.org/blog", "Europe/Berlin"),
)
SYSTEMS = Path(__file__).parents[1] / "unit" / "sources" / "article" / "pages" / "systems"

WORDS = [
    "seeds",
    "the mill",
    "Ana",
    "",
    "no",
    "2024-03-01",
    "é ñ 中文",
    "a: b",
    "'x'",
    "*x*",
    "{{ x }}",
    "../x",
]
words = st.sampled_from(WORDS)
noise = st.one_of(words, st.text(max_size=20), st.sampled_from(PIECES))
PROSE = [
    "A sentence of prose that goes on for a while, as sentences do. ",
    "Short. ",
    "“Quoted, ",
    "one, two; ",
]
prose = st.sampled_from(PROSE)
numbers = st.integers(1, 60)
lines = st.builds(lambda text, times: text * times, prose, numbers)
KEYS = [
    "title", "date", "lastmod", "author", "authors", "tags", "categories", "summary", "draft", "published",
    "status", "slug", "permalink", "url", "image", "cover", "lang", "id", "aliases", "layout", "expiryDate",
    "publishDate", "excerpt_separator",
]  # fmt: skip
keys = st.sampled_from(KEYS)

MARKDOWN = [
    "# Heading {#id}", "## {{< x >}}", "- a\n  - b\n    - c", "1. a\n1. b", "> q\n>> r", "> [!NOTE]\n> x",
    "- [x] a", "a\n: b", "|a|b|\n|-|-:|\n|1|2|", "```py {x=1}\na\n```", "~~~\n", "    code", "***", "[a](b 'c')",
    "[a][b]\n\n[b]: /c", "![a](b.png)", "<img src=b.png>", "<div>\n\n*x*\n\n</div>", "a[^1]\n\n[^1]: n", "$a_b$",
    "$$\na\n$$", "!!! note\n    x", ":::tip\nx\n:::", "{: .a}", "* TOC\n{:toc}", "<!--more-->",
    "{% highlight x %}a{% endhighlight %}", "{% raw %}{{ a }}{% endraw %}",
    '{{< figure src="a.png" caption="b" >}}', "{{% notice tip %}}\nx\n{{% /notice %}}", "{% if a %}b{% endif %}",
    '{% include x.html a="b" %}', "{{ site.url }}", "{% unclosed", "{{< unclosed", "`{{ a }}`",
    "https://example.org/a_b", "<!-- c", "\\", "&amp;&#0;&bogus;", "**a *b** c*", "~~a~~",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "****************************************",
    "```````", "<<<<<<<<<<<<<<<<<<<<", "> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > ",
]  # fmt: skip
JSX = [
    "import a from './a.png'", "export const b = {", "}", "<Foo a={1}>", "</Foo>", "<Image src={a} alt='x' />",
    "{a}", "{/* x */}", '<Note title="x">', "</Note>", "<>", "</>", "{'", "<a href={b}>x</a>",
    "export default () => <p/>", "<Foo.Bar {...x} />",
]  # fmt: skip
HTML = [
    "<article>", "</article>", "<main>", "</main>", "<header>", "</header>", "<nav>", "</nav>", "<aside>",
    "</aside>", "<footer>", "</footer>", "<h1>A title</h1>", "<h2>Related posts</h2>",
    "<div class='entry-content'>", "<div class=share>", "</div>", "<div hidden>", "<section>", "</section>",
    "<time datetime=2024-03-01>March 2024</time>", "<span class=author>By Ana</span>",
    "<p class=byline>By Ana | 1 March 2024</p>",
    "<figure><img src=a.jpg alt=a><figcaption>b</figcaption></figure>", "<ul><li>", "<table><tr><td>", "</table>",
    "<br>", "<img data-src=b.png width=1>", "<iframe src=https://www.youtube.com/embed/x></iframe>",
    "<meta property=og:title content='A title'>",
    "<meta property=article:published_time content=2024-03-01T10:00:00Z>", "<meta name=author content=Ana>",
    "<link rel=canonical href=/a>", "<base href=//x>", "<html lang=de>", "<body>", "<title>T | S", "</title>",
    """<script type='application/ld+json'>{"@type": "Article", "author": [{"name": "Ana"}], "headline": "A title"}""",
    "<script type='application/ld+json'>{\"@graph\": [[{}]]",
    "<div itemscope itemtype=https://schema.org/BlogPosting>", "<span itemprop=author>Ana</span>",
    "<div itemprop=articleBody>", "<form>", "</form>", "<blockquote>", "</blockquote>", "<template>", "<svg>",
    "<select><option>", "<p>Skip to content</p>", "<p>Share this</p>", "<p>© 2024</p>", "<a href=#x>x</a>",
]  # fmt: skip
TEXT = [
    "Skip to content", "Home | About | Contact", "A Title of Its Own", "June 2017",
    "By Ana and Ben | 12 June 2017", "- a", "2. b", "## Heading", "Related posts", "More about seeds",
    "Share this", "Back To Top", "© 2024 Hub", "“A quotation that stays open.", "It ends here.”", "Read more",
    "x" * 300,
    "Tags: a, b", "3 comments", "www.example.org", "Subscribe",
]  # fmt: skip


#: Units whose repetition has held a parser up.
REPEATED = [
    "&<![CDATA[](", "\n: :::",
    "[$\n: ", "'~~~[: ", "a*~~a*", "[^1]: a@b.c", "&amp;_a", "'*a<a www.a.b", "``\"", "*/>}}", "{{< note >}}", "{{% ",
    "{{< /note >}}{{< note >}}", '<Note>"{...', "<Note>\t", "=<div[", "[;", "{/*", "${", "//'a*<![CDATA[<x@y.z>&",
    "<!-->", "\u00a0", "&", "< ", "&amp;<p>", "</iframe><mi></code><b>", "</h1><ol>", "<summary></blockquote>",
    "</code><svg>", "</math><object>", "<div><object></div></object>", "<b><div></b>", "<form>", "<form><div></form>",
    "<div><select></div></select>", "<svg><tr>", "<table><b></table>", "<img srcset='a 1x, b 2x'>", "<a name=x>",
    "<td>", "<p>“A quotation that is open", "<h2>Related posts</h2><p>A sentence of prose that goes on and on.",
    "<article>", "<div class=share>", "<blockquote>", "- a\n\n", "2024\n”—", "|\n/", "June 2017\n\n", "a.b.",
]  # fmt: skip
repeated = st.builds(lambda unit, times: unit * times, st.sampled_from(REPEATED), st.integers(1, 3000))


def blocks(kind: list[str], between: str, most: int = 25) -> st.SearchStrategy[str]:
    piece = st.one_of(*[st.sampled_from(kind), lines, noise] * 6, repeated)
    return st.lists(piece, max_size=most).map(between.join)


markdown = blocks(MARKDOWN, "\n\n")
yaml_values = st.one_of(
    words,
    noise,
    st.lists(words, max_size=4).map(lambda all_: "[" + ", ".join(all_) + "]"),
    st.just("\n  - a\n  - b"),
)
pairs = st.lists(st.tuples(keys, yaml_values), max_size=8)
newlines = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
encodings = st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1"])


def written(head: str, body: str, newline: str, encoding: str) -> bytes:
    return (
        (head + body)
        .replace("\n", newline)
        .encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")
    )


def file_of(heads: st.SearchStrategy[str], bodies: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return st.builds(written, heads, bodies, newlines, encodings)


def titled(found: list[tuple[str, str]]) -> dict[str, str]:
    return {"title": "T"} | dict(found)


def listed(found: list[tuple[str, str]], line: str) -> str:
    return "".join(line.format(key, value) for key, value in titled(found).items())


yaml_heads = pairs.map(lambda found: f"---\n{listed(found, '{}: {}' + chr(10))}---\n")
toml_heads = pairs.map(
    lambda found: f"+++\n{listed(found, '{} = {!r}' + chr(10))}[extra]\na = [1, {{b = 2}}]\n+++\n"
)
json_heads = pairs.map(lambda found: json.dumps(titled(found)) + "\n\n")
hexo_heads = pairs.map(lambda found: f";;;\n{json.dumps(titled(found))[1:-1]}\n;;;\n")
pelican_heads = pairs.map(lambda found: f"Date: 2024-03-01\n{listed(found, '{}: {}' + chr(10))}\n")
nikola_heads = pairs.map(lambda found: f"<!--\n{listed(found, '.. {}: {}' + chr(10))}-->\n\n")
mdx_heads = st.one_of(
    yaml_heads,
    pairs.map(lambda found: "export const metadata = " + json.dumps(titled(found)) + "\n\n"),
)
damaged = st.one_of(yaml_heads, toml_heads, json_heads).flatmap(
    lambda head: st.integers(0, len(head)).map(lambda cut: head[:cut])
)
html_bodies = blocks(HTML, "\n")
system_pages = st.sampled_from(sorted(SYSTEMS.glob("*.html"))).map(
    lambda file: file.read_text(encoding="utf-8")
)


@st.composite
def damaged_pages(draw: st.DrawFn) -> str:
    """A page of a system, cut, with other pieces in it."""
    page = draw(system_pages)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(page)))
        end = min(len(page), start + draw(st.sampled_from([0, 1, 10, 300, 5000])))
        page = page[:start] + draw(html_bodies) + page[end:]
    return page


#: Ways to read a document: each is timed by itself.
Readings = Sequence[Callable[[], Item | None]]


def read_file(suffix: str) -> Callable[[bytes], Readings]:
    def read(content: bytes, place: FolderPlace) -> Item | None:
        reading: FileReading = read_post(content, f"land/2024-03-01-a{suffix}", place)
        for problem in reading.problems:
            assert "\n" not in problem.what
        return reading.item

    return lambda content: [partial(read, content, place) for place in PLACES]


def read_page(text: str) -> Item | None:
    return read_html(
        text, "https://a.example.org/b/", zone="Europe/Berlin", media_url="https://hub.example.org/media/"
    )


def read_words(text: str) -> Item | None:
    return read_text(text, zone="Europe/Berlin", site_titles=["Hub"])


def once(read: Callable[[Any], Item | None]) -> Callable[[Any], Readings]:
    return lambda document: [partial(read, document)]


#: kind → documents, and what reads one.
KINDS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], Readings]]] = {
    "yaml": (file_of(yaml_heads, markdown), read_file(".md")),
    "toml": (file_of(toml_heads, markdown), read_file(".md")),
    "json": (file_of(json_heads, markdown), read_file(".md")),
    "hexo": (file_of(hexo_heads, markdown), read_file(".md")),
    "pelican": (file_of(pelican_heads, markdown), read_file(".md")),
    "nikola": (file_of(nikola_heads, markdown), read_file(".md")),
    "mdx": (file_of(mdx_heads, blocks(MARKDOWN + JSX * 3, "\n\n")), read_file(".mdx")),
    "html-file": (file_of(yaml_heads, html_bodies), read_file(".html")),
    "damaged": (file_of(damaged, markdown), read_file(".md")),
    "page": (st.one_of(html_bodies, damaged_pages()), once(read_page)),
    "text": (blocks(TEXT, "\n\n", 40), once(read_words)),
}


def read_one(kind: str, document: Any) -> float:
    """Read it in each way there is, and check what came of it; the seconds of CPU that the slowest took."""
    slowest = 0.0
    for reading in KINDS[kind][1](document):
        start = time.process_time()
        item = reading()
        slowest = max(slowest, time.process_time() - start)
        if item is not None:
            assert_safe(item.html)
            assert "\n" not in item.title
            assert "\n" not in item.summary
    return slowest


def make(kind: str, count: int) -> None:
    """Write that many documents to the standard output."""

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(KINDS[kind][0])
    def run(document: Any) -> None:
        pickle.dump(document, sys.stdout.buffer)

    run()


def read_all(kind: str) -> None:
    """Read the documents from the standard input, and print how it went as JSON."""
    slowest, read = 0.0, 0
    while True:
        try:
            document = pickle.load(sys.stdin.buffer)
        except EOFError:
            break
        try:
            slowest = max(slowest, read_one(kind, document))
        except BaseException:
            sys.stderr.write(f"{kind} {read}: {document!r}\n")
            raise
        read += 1
    worst = {"kind": kind, "read": read, "slowest": round(slowest, 3), "megabytes": peak_megabytes()}
    sys.stdout.write(json.dumps(worst))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]))
    else:
        read_all(sys.argv[2])
