"""Shortcodes and template tags become what they mean, or go and are named; none is ever mailed as it stands."""

from __future__ import annotations

import pytest
from hostile import hostile_text
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.markup.shortcode_html import ShortcodePost, meaning
from newsletter.sources.markup.shortcode_parser import Expanded, Tag, expand

KEYS = {"title": "Bread & salt", "author": "Ana"}
OTHERS = {
    "other.md": "https://posts.example.org/blog/other/",
    "2023-11-20-other": "https://posts.example.org/x",
}
SETTING = ShortcodePost("https://posts.example.org/blog", lambda name: KEYS.get(name, ""), OTHERS.get)


def expanded(text: str) -> Expanded:
    return expand(text, lambda tag, inner: meaning(tag, inner, SETTING))


def plain(text: str) -> str:
    return " ".join(expanded(text).text.split())


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("{{ site.url }}{{ site.baseurl }}/about", "https://posts.example.org/blog/about"),
        ("{{ '/a.png' | relative_url }}", "/blog/a.png"),
        ('{{ "/a.png" | url }}', "/blog/a.png"),
        ("{{ 'as it is' }}", "as it is"),
        ("{{ page.title }}", "Bread &amp; salt"),
        ("{{- title -}}", "Bread &amp; salt"),
        ("[a]({{< ref \"other.md\" >}})", "[a](https://posts.example.org/blog/other/)"),
        ("[a]({% post_url 2023-11-20-other %})", "[a](https://posts.example.org/x)"),
        ("[a]({% link other.md %})", "[a](https://posts.example.org/blog/other/)"),
        ("[a]({{< relref path=\"gone.md\" >}})", "[a]()"),
        ("{% post_link other.md that one %}", '<a href="https://posts.example.org/blog/other/">that one</a>'),
        ("{% post_link gone that one %}", "that one"),
        ("{% link Seeds https://example.org/s %}", '<a href="https://example.org/s">Seeds</a>'),
        ("{{< youtube abc123 >}}", "https://www.youtube.com/watch?v=abc123"),
        ("{{< youtube id=\"abc123\" title=\"The film\" >}}", ">The film</a>"),
        ("{{ youtube(id=\"abc123\", autoplay=true) }}", "https://www.youtube.com/watch?v=abc123"),
        ("{{% youtube abc123 %}}", "https://www.youtube.com/watch?v=abc123"),
        ("{% include youtube.html id='abc123' %}", "https://www.youtube.com/watch?v=abc123"),
        ("{{< vimeo 99 >}}", "https://vimeo.com/99"),
        ("{{< tweet user=\"ana\" id=\"12\" >}}", "https://x.com/ana/status/12"),
        ("{% gist ana/99 %}", "https://gist.github.com/ana/99"),
        ("{{< gist ana 99 file.py >}}", "https://gist.github.com/ana/99"),
        ("{{< figure src=\"a.jpg\" alt=\"A\" >}}", '<img src="a.jpg" alt="A">'),
        ("{{< figure src=\"a.jpg\" caption=\"*C*\" >}}", "<figcaption><em>C</em></figcaption>"),
        ("{{< figure src=`a.jpg` link=\"/b\" >}}", '<a href="/b"><img src="a.jpg" alt=""></a>'),
        ("{% include figure.html src=\"a.jpg\" alt=\"A\" %}", '<img src="a.jpg" alt="A">'),
        ("{% img left /a.jpg 300 200 \"A title\" %}", '<img src="/a.jpg" alt="A title">'),
        ("{% asset_img a.jpg %}", '<img src="a.jpg" alt="">'),
        ("{% image \"./a.jpg\", \"A thing\" %}", '<img src="./a.jpg" alt="A thing">'),
        ("{% highlight py %}\na < {{ b }}\n{% endhighlight %}", "<pre><code>a &lt; {{ b }}</code></pre>"),
        ("{{< highlight go >}}\na<b\n{{< /highlight >}}", "<pre><code>a&lt;b</code></pre>"),
        ("{% codeblock lang:js %}\na\n{% endcodeblock %}", "<pre><code>a</code></pre>"),
        ("{% raw %}{{ shown }}{% endraw %}", "{{ shown }}"),
        ("{{</* figure */>}}", "{{< figure >}}"),
        ("a {% comment %}gone{% endcomment %} b", "a b"),
        ("{{< details \"More\" >}}words{{< /details >}}", "<p><strong>More</strong></p> words"),
        ("{{% notice tip \"Mine\" %}}words{{% /notice %}}", "<p><strong>Mine</strong></p> words"),
        ("{% note warning %}words{% endnote %}", "<p><strong>Warning</strong></p> words"),
        ("{% quote(author=\"Vi\") %}words{% end %}", "words <p>— Vi</p>"),
        ("{% blockquote Ana, Book %}words{% endblockquote %}", "words <p>— Ana, Book</p>"),
        ("{{< button href=\"/b\" >}}Go{{< /button >}}", '<a href="/b">Go</a>'),
        ("{% include toc.html %}{% assign a = 1 %}", ""),
    ],
)  # fmt: skip
def test_a_known_tag_becomes_what_it_means(text: str, becomes: str) -> None:
    found = expanded(text)
    assert becomes in " ".join(found.text.split())
    assert found.left_out == []
    if not becomes:
        assert found.text == ""


@pytest.mark.parametrize(
    ("text", "stays", "named"),
    [
        ("a {{ site.data.x }} b", "a b", "{{ site.data.x }}"),
        ("a {{< chart id=3 >}} b", "a b", "{{< chart id=3 >}}"),
        ("a {% widget %} b", "a b", "{% widget %}"),
        ("{% include share-of-us.html %} b", "b", ""),
        ("{{< gallery >}}words{{< /gallery >}}", "words", "{{< gallery >}}"),
        ("a {% if site.x %}not this{% else %}nor this{% endif %} b", "a b", "{% if site.x %}"),
        ("{% for p in posts %}{{ p.title }}{% endfor %}x", "x", "{{ p.title }}"),
        ('{{< youtube "javascript:x" >}}', "", "{{< youtube"),
        ("{{< unclosed", "{{< unclosed", ""),
    ],
)
def test_an_unknown_tag_goes_and_is_named_and_its_words_stay(text: str, stays: str, named: str) -> None:
    found = expanded(text)
    assert " ".join(found.text.split()) == stays
    assert [shown for _, shown in found.left_out][:1] == (
        [named] if named and len(named) > 12 else []
    ) or any(shown.startswith(named) for _, shown in found.left_out)
    assert bool(found.left_out) == bool(named)


@pytest.mark.parametrize(
    "text",
    [
        "`{{ code }}`",
        "``{% x %}``",
        "```\n{{ x }}\n```",
        "~~~\n{% x %}\n~~~",
        "<!-- {{ x }} -->",
        "$x_{{a}}$",
    ],
)
def test_what_is_code_or_a_comment_or_a_formula_stays_as_it_is(text: str) -> None:
    assert expanded(text) == Expanded(text, [])


def test_tags_in_one_another_are_read_from_the_inside() -> None:
    text = "{{< tabs >}}{{< tab >}}{{% notice note %}}x{{% /notice %}}{{< /tab >}}{{< /tabs >}}"
    assert plain(text) == "<blockquote> <p><strong>Note</strong></p> x </blockquote>"


def test_the_place_of_what_is_left_out_is_that_of_the_old_text() -> None:
    text = "one\n{{ site.baseurl }}\n{{ x.y }}\n"
    ((place, shown),) = expanded(text).left_out
    assert (text.count("\n", 0, place), shown) == (2, "{{ x.y }}")


TAGS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{{<",
    ">}}",
    "{% raw %}",
    "{% endraw %}",
    "{% if x %}",
    "{% endif %}",
    "{% end %}",
]
TAGS += [
    "{{< figure src='a' >}}",
    "{{< /figure >}}",
    "{{% note %}}",
    "{{% /note %}}",
    "```\n",
    "`",
    "<!--",
    "-->",
]
TAGS += [
    "{% highlight x %}",
    "{{< highlight >}}",
    "{% note(a=1) %}",
    "{{ '/x' | url }}",
    "\n",
    "words ",
    "{{</* x */>}}",
]


@given(st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=5)), max_size=30).map("".join))
def test_any_mixture_of_tags_is_read(text: str) -> None:
    found = expanded(text)
    assert all(0 <= place < len(text) and len(shown) <= 60 for place, shown in found.left_out)


@given(hostile_text)
def test_a_text_without_tags_stays_as_it_is(text: str) -> None:
    text = text.replace("{", "(").replace("}", ")")
    assert expanded(text) == Expanded(text, [])


def test_arguments_are_read_in_every_spelling() -> None:
    rest = """one "two words" three='3' four = `4` five=5, six: "6" https://example.org/x"""
    tag = Tag("hugo", "x", rest, False, 0, "")
    assert tag.arguments() == (
        ["one", "two words", "https://example.org/x"],
        {"three": "3", "four": "4", "five": "5", "six": "6"},
    )
