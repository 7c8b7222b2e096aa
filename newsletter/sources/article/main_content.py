"""Where on an HTML page the post is, and what around and in it goes. Works on a parsed page and changes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from newsletter.sources.article.comments import is_of_readers, names_readers
from newsletter.sources.article.match_text import Match, body_of
from newsletter.sources.html.hidden import hides
from newsletter.sources.html.sanitize import one_line

_NEVER_PROSE = (
    "script",
    "style",
    "template",
    "nav",
    "form",
    "button",
    "select",
    "textarea",
    "dialog",
    "link",
    "meta",
)
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu"}
)
_JUNK = re.compile(
    r"(?:^|[-_ ])(?:share|sharing|sharedaddy|social(?:-?(?:links?|icons?|share|media|bar))?|cookies?(?:-\w+)?"
    r"|gdpr|consent|breadcrumbs?|related(?:-\w+)?|comments?|respond|sidebar|widgets?|newsletter|subscribe|signup|sign-up|popup"
    r"|modal|menu|navbar|navigation|pagination|pager|skip(?:-\w+)?|screen-reader\S*|sr-only|visually-hidden"
    r"|advert\w*|ads?|promo|footer|masthead|toolbar|tags?-links|cat-links|back-to-top|print-only"
    r"|site-header)(?:$|[-_ ])",
    re.IGNORECASE,
)
#: What a page builder calls each piece of a text.
_BUILDERS = re.compile(
    r"(?<!\S)elementor-widget(?:-(?:wrap|container|text-editor|heading|image\S*|video|html|theme-post-content|divider"
    r"|accordion|toggle|tabs|blockquote|table\S*|button|audio|shortcode|testimonial\S*|code\S*|n-\S+))?(?!\S)",
    re.IGNORECASE,
)
#: Of these names none is ever a paragraph's.
_SURE_JUNK = re.compile(
    r"(?:^|[-_ ])(?:share|sharing|sharedaddy|cookies?(?:-\w+)?|gdpr|consent|breadcrumbs?|comments?|respond|newsletter"
    r"|subscribe|signup|sign-up|popup|modal|advert\w*|ads?|related(?:-\w+)?)(?:$|[-_ ])",
    re.IGNORECASE,
)
#: Names under which content systems keep a post's text.
_BODY_CLASS = re.compile(
    r"(?:^|\s)(?:entry|post|article|story|page|node|blog|field--name|gh|kg|blog-item|blog-post|td-post|single|item|news"
    r"|com-content-article)[-_]{1,2}(?:content|body|text|main|text-wrap)(?:$|\s)"
    r"|(?:^|\s)(?:e-content|articleBody|wysiwyg|prose|rich-?text|markup|the-content|body-copy|available-content"
    r"|elementor-widget-theme-post-content|et_pb_post_content|w-richtext|c-article__body)(?:$|\s)",
    re.IGNORECASE,
)
PROSE_TAGS = ("p", "blockquote", "li", "pre", "td", "dd")
_NEARLY_ALL = 0.6
_ALL_OF_IT = 0.97
#: What asks people to fill in a form is no longer than this.
_MOST_OF_A_BOX = 300
#: Less of a part than this was found there by chance.
_HARDLY = 0.1
#: Of a post that the page names itself, words that were found make more.
_FEW_OF_IT = 0.4
#: Who holds so many of the words that were found holds the post.
_MOST_OF_THEM = 0.5
_NEARLY_THEIRS = 0.6
#: Shorter pieces are captions and labels.
SHORTEST = 25
#: An element with less prose than this is not taken for the post by its name alone.
ENOUGH = 140


def remove_furniture(page: HtmlElement, match: Match | None = None) -> None:
    """Take out what is never a post: scripts, menus, forms, hidden parts, share bars.

    A part that holds a good deal of the page's prose stays whatever it is called: class names lie. So does one with a
    weak name that holds words of the post (``match``): a page builder calls each paragraph a widget. What holds most of
    these words is never furniture, form or not, and neither is what it stands in.
    """
    for element in list(page.iter(*_NEVER_PROSE)):
        if element.tag != "form":
            drop(element)
    held = prose_of_all(page)
    for form in list(page.iter("form")):
        mostly = match is not None and match.chosen(form) > _MOST_OF_THEM * match.chosen(page)
        if mostly or held[form] > 0.5 * held[page]:
            form.drop_tag()  # some systems wrap the whole page in one
        else:
            drop(_box_of(form))
    held = prose_of_all(page)
    for element in [found for found in page.iter() if isinstance(found.tag, str)]:
        if element.tag in ("html", "body", "head") or not _is_removable(element):
            continue
        if match is not None and match.chosen(element) > _MOST_OF_THEM * match.chosen(page):
            continue
        if match is not None and _is_unread_comment(element, page, match):
            drop(element)
            continue
        hidden = element.get("hidden") is not None or hides(element.get("style") or "")
        if hidden or (held[element] <= 0.3 * held[page] and not _is_of_the_post(element, match)):
            drop(element)


def _is_unread_comment(element: HtmlElement, page: HtmlElement, match: Match) -> bool:
    """True for comments, however long, where the post's words were found outside of them."""
    return (
        names_readers(element)
        and match.chosen(page) >= ENOUGH
        and match.chosen(element) < _HARDLY * match.text(element)
    )


def _box_of(form: HtmlElement) -> HtmlElement:
    """The form with the few words that ask to fill it in: the largest part around it that holds little else."""
    box = form
    for parent in form.iterancestors():
        if (
            parent.tag not in ("div", "section", "aside")
            or len(one_line(parent.text_content())) > _MOST_OF_A_BOX
        ):
            break
        if any(
            True
            for _ in parent.iter("h1", "article", "time", "pre", "table", "blockquote", "figure", "iframe")
        ):
            break
        box = parent
    return box


def _is_of_the_post(element: HtmlElement, match: Match | None) -> bool:
    if match is None or not (chosen := match.chosen(element)):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in ("aside", "footer") or _SURE_JUNK.search(named):
        # A section of a text may be named after the advertisement in it.
        is_text = chosen > _NEARLY_THEIRS * match.text(element) and match.linked(element) < 0.2 * match.text(
            element
        )
        return element.tag == "section" and chosen >= ENOUGH and is_text
    return chosen >= ENOUGH or chosen > 0.7 * match.text(element)


def _is_removable(element: HtmlElement) -> bool:
    if element.tag in ("aside", "footer"):
        return True
    if element.tag == "header":
        return not any(parent.tag in ("article", "main") for parent in element.iterancestors())
    if element.get("hidden") is not None or (element.get("aria-hidden") == "true" and element.tag != "img"):
        return True
    named = _BUILDERS.sub(" ", f"{element.get('class') or ''} {element.get('id') or ''}")
    return (
        (element.get("role") or "").lower() in _ROLES
        or bool(_JUNK.search(named))
        or hides(element.get("style") or "")
    )


def prose(element: HtmlElement) -> int:
    """How many characters of running text it holds, links not counted."""
    return prose_of_all(element)[element]


def prose_of_all(top: HtmlElement) -> dict[HtmlElement, int]:
    """How many characters of running text an element and each one in it holds. Every element is looked at once."""
    held = dict.fromkeys(top.iter(), 0)
    for element in reversed(list(held)):
        parent = element.getparent()
        if element is top or parent is None:
            continue
        length = held[element]
        if element.tag in PROSE_TAGS:
            length = own if (own := unlinked(element)) >= SHORTEST else 0
        held[parent] += length
    return held


def unlinked(element: HtmlElement) -> int:
    linked = sum(len(link.text_content().strip()) for link in element.iter("a"))
    return len(" ".join(element.text_content().split())) - linked


def find_body(page: HtmlElement, match: Match | None = None) -> HtmlElement:
    """The element that holds the post: by the words that were found (``match``), by what the page says of itself,
    else by where its prose is densest."""
    whole = page.find("body")
    assert whole is not None
    held = prose_of_all(page)
    named = _body_by_names(page, whole, held)
    ours = _densest(whole, held) if named is None else named
    theirs = body_of(page, match) if match else None
    if match is None or theirs is None:
        return ours
    if match.chosen(page) >= _FEW_OF_IT * held[ours]:
        return theirs
    # The densest part of a page may be what readers say below a short post.
    is_said = named is not None or match.chosen(ours) > _MOST_OF_THEM * match.chosen(page)
    return ours if is_said else theirs


def _body_by_names(
    page: HtmlElement, whole: HtmlElement, held: Mapping[HtmlElement, int]
) -> HtmlElement | None:
    for candidates in _said(page):
        own = (found for found in candidates if not is_of_readers(found))
        found = max(own, key=lambda candidate: held[candidate], default=None)
        if found is not None and held[found] >= min(ENOUGH, 0.5 * held[whole]):
            return _narrowed(found, held)
    return None


def _said(page: HtmlElement) -> Iterable[list[HtmlElement]]:
    yield list(page.xpath(".//*[contains(concat(' ', @itemprop, ' '), ' articleBody ')]"))
    yield list(page.xpath(".//*[@data-hook='post-description' or @data-content-region='post-body']"))
    yield list(page.iter("article"))
    yield [found for found in page.iter("div", "section") if _BODY_CLASS.search(found.get("class") or "")]
    yield list(page.xpath(".//main | .//*[@role='main']"))


def _narrowed(found: HtmlElement, held: Mapping[HtmlElement, int]) -> HtmlElement:
    """The smallest part of it that is named as the text, if that has nearly all of its prose."""
    inner = [part for part in found.iter("div", "section") if _BODY_CLASS.search(part.get("class") or "")]
    most = max((held[part] for part in inner), default=0)
    # Comments and words about the author may stand beside it; the text's own part may begin with its picture.
    if not inner or most < _NEARLY_ALL * held[found]:
        return found
    return [part for part in inner if held[part] >= _ALL_OF_IT * most][-1]


def _densest(whole: HtmlElement, held: Mapping[HtmlElement, int]) -> HtmlElement:
    """Each paragraph speaks for its parent, and half as loudly for its grandparent."""
    scores: dict[HtmlElement, float] = {}
    for paragraph in whole.iter(*PROSE_TAGS):
        length = unlinked(paragraph)
        parent = paragraph.getparent()
        if length < SHORTEST or parent is None:
            continue
        for place, share in ((parent, 1.0), (parent.getparent(), 0.5)):
            if place is not None and place.tag not in ("html", "ul", "ol", "tr"):
                scores[place] = scores.get(place, 0) + share * length
    best = max(scores, key=lambda place: scores[place], default=whole)
    # Prose that mostly stands outside of it (text between line breaks, a layout of tables) needs the whole page.
    return best if held[best] >= 0.4 * held[whole] and held[best] >= 0.2 * unlinked(whole) else whole


def drop(element: HtmlElement) -> None:
    """Take it out with all that is in it; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()
