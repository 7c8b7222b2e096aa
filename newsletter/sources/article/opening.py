"""What stands in a post's own part of a page and is not its text: who wrote it, when, in which section, how often read.

Works on a parsed page and changes it. Where the post is, and what stands around it, is main_content.py's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from newsletter.sources.article.details.bylines import read_byline
from newsletter.sources.article.main_content import prose_of_all
from newsletter.sources.html.boilerplate.lines import bare_line, is_furniture
from newsletter.sources.html.sanitize import one_line

#: Names that content systems give to such parts, each checked against how much of the text is in it.
_ABOUT_THE_POST = re.compile(
    r"(?:^|[-_ ])(?:(?:post|entry|article|blog-item|gh-article|node)[-_]{1,2}(?:meta|info|tags?|categories|category"
    r"|footer|author|byline|submitted|header__meta|nav(?:igation)?|ufi|links)(?:[-_]\w+)*|article-info"
    r"|byline(?:-wrapper)?|author-(?:bio|box|info|card|description|profile)|about-(?:the-)?author|post-views?"
    r"|page-views?|hits|read(?:ing)?-time|entry-cats|cat-links|tag-links|tags-links|post-labels"
    r"|field--name-field-(?:tags|category|author)|post-?meta-?data|entry-?meta-?data|paginav|post-actions|social-actions|claps?|pw-multi-vote-icon"
    r"|button-wrapper|subscription-widget\S*|kg-signup-card|toc|table-of-contents|ez-toc\S*|news-related\S*"
    r"|news-backlink\S*|wp-block-post-(?:date|author\S*|terms|navigation-link))(?:$|[-_ ])",
    re.IGNORECASE,
)
#: The line above a headline, where it stands for itself.
_KICKER = re.compile(
    r"(?:^|[-_ ])(?:kicker|eyebrow|overline|topline|dachzeile|spitzmarke|roofline|surtitre|antet[ií]tulo|volanta"
    r"|occhiello)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HOOK_NAMES = (
    "post-footer social-actions user-info time-ago authorName authorPhoto storyReadTime storyPublishDate "
    "time-to-read post-main-actions-desktop"
)
_HOOKS = frozenset(_HOOK_NAMES.split())
#: A part with more of the post's text than this is the post, whatever it is called.
_MOST_SHARE = 0.3
_SHORT = 60
_COUNT = re.compile(
    r"[\d.,\s]*\d[kKmM]?\s*(?:views?|likes?|comments?|shares?|claps?|responses?|hits)?(?:\s*[\d.,]+\s*\w+){0,3}"
)


def remove_about(
    body: HtmlElement, authors: Sequence[str], categories: Sequence[str], summary: str = ""
) -> None:
    """Take out of the post what tells about it, by its name, and above the first paragraph by its words: in its header
    the summary too, which is kept as such."""
    if summary:
        for header in body.iter("header"):
            for line in [line for line in header.iter("p", "div", "h2") if line.getparent() is not None]:
                if one_line(line.text_content()).casefold() == summary.casefold():
                    line.drop_tree()
    held = prose_of_all(body)
    for element in [found for found in body.iterdescendants() if isinstance(found.tag, str)]:
        if element.getparent() is None or not _is_named_so(element):
            continue
        if held[element] <= _MOST_SHARE * held[body]:
            element.drop_tree()
    people = {name.casefold() for name in authors}
    for image in list(body.iter("img")):
        if one_line(image.get("alt") or "").casefold() in people and image.getparent() is not None:
            image.drop_tree()
    _remove_above_the_text(body, people | {name.casefold() for name in categories})


def _is_named_so(element: HtmlElement) -> bool:
    if element.get("data-hook") in _HOOKS or element.get("data-testid") in _HOOKS:
        return True
    if element.tag in ("p", "h1", "h2", "figure", "img", "pre", "blockquote", "table") and not element.get(
        "class"
    ):
        return False
    return bool(_ABOUT_THE_POST.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _remove_above_the_text(body: HtmlElement, known: set[str]) -> None:
    """Short elements before the first paragraph that hold a name, a category, a date or a number and nothing else."""
    for element in [found for found in body.iterdescendants() if isinstance(found.tag, str)]:
        words = one_line(element.text_content())
        if element.tag in ("p", "li", "blockquote", "pre", "td") and len(words) > _SHORT:
            return
        if element.getparent() is None or not words or len(words) > _SHORT or _holds_more(element):
            continue
        if _says_only(words, known) or _KICKER.search(element.get("class") or ""):
            element.drop_tree()


def _holds_more(element: HtmlElement) -> bool:
    return any(True for _ in element.iter("img", "picture", "figure", "video", "iframe", "pre", "table"))


def _says_only(words: str, known: set[str]) -> bool:
    bare = bare_line(words)
    if not bare or bare.casefold() in known or is_furniture(words) or _COUNT.fullmatch(bare):
        return True
    return read_byline(words, zone="UTC") is not None
