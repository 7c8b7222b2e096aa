"""Writes pages of invented posts as real systems lay them out, and what is in each: ``made_pages.py FOLDER``.

benchmarks/pages.py measures with them. Each layout comes in several languages, with what its system puts around and
within a post: a menu, shares, a letter, the author, other posts, comments, a footer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from made_words import AROUND, AUTHORS, DATES, HEADINGS, PLACES, SENTENCES, SITES, TITLES, Around


@dataclass(frozen=True)
class Story:
    """One post and the words around it."""

    language: str
    paragraphs: Sequence[str]
    items: Sequence[str]
    quote: str
    caption: str
    cells: Sequence[str]

    @property
    def title(self) -> str:
        return TITLES[self.language]

    @property
    def site(self) -> str:
        return SITES[self.language]

    @property
    def heading(self) -> str:
        return HEADINGS[self.language]

    @property
    def author(self) -> str:
        return AUTHORS[self.language]

    @property
    def date(self) -> str:
        return DATES[self.language]

    @property
    def around(self) -> Around:
        return AROUND[self.language]


def story(language: str, seed: int) -> Story:
    """The seed chooses names and numbers, so that no two pages are the same."""

    def sentence(number: int) -> str:
        sentences = SENTENCES[language]
        place = PLACES[(seed + number * 5 + number // 6) % len(PLACES)]
        return sentences[number % len(sentences)].format(p=place, n=11 + (seed * 7 + number * 3) % 80)

    gap = "" if language == "ja" else " "
    paragraphs = [sentence(2 * number) + gap + sentence(2 * number + 1) for number in range(8)]
    return Story(
        language,
        paragraphs,
        [sentence(20 + number).rstrip("。.").split("、")[0].split(",")[0] for number in range(3)],
        sentence(27) + gap + sentence(28),
        sentence(33).split("。")[0].split(",")[0],
        [f"{place} {seed + number}" for number, place in enumerate(PLACES[:6])],
    )


def p(text: str) -> str:
    return f"<p>{text}</p>"


def menu(s: Story) -> str:
    entries = "".join(
        f'<li><a href="/{number}">{entry}</a></li>' for number, entry in enumerate(s.around.menu)
    )
    return f'<header class="top"><a href="/">{s.site}</a><nav><ul>{entries}</ul></nav></header>'


def also(s: Story, tag: str = "h3", name: str = "x1") -> str:
    """Other posts, under a heading that only its words tell."""
    entries = "".join(
        f'<li><a href="/p/{number}">{entry}</a></li>' for number, entry in enumerate(s.around.also)
    )
    return f'<div class="{name}"><{tag}>{s.around.related}</{tag}><ul>{entries}</ul></div>'


def cards(s: Story, name: str = "cards") -> str:
    one = "".join(
        f'<div class="card"><img src="/c{n}.jpg" alt=""><h4><a href="/p/{n}">{entry}</a></h4></div>'
        for n, entry in enumerate(s.around.also)
    )
    return f'<section class="{name}"><h2>{s.around.related}</h2>{one}</section>'


def letter(s: Story, name: str = "box") -> str:
    return f'<div class="{name}"><h4>{s.around.letter}</h4><p>{s.around.letter_text}</p><form><input><button>OK</button></form></div>'


def comments(s: Story, name: str = "comments") -> str:
    return f'<div id="{name}" class="{name}"><h3>{s.around.comments}</h3><div class="comment-body"><p>{s.around.comment}</p></div></div>'


def bio(s: Story, name: str = "author-box") -> str:
    return f'<div class="{name}"><img src="/a.jpg" alt=""><p>{s.author} {s.around.about_author}</p></div>'


def foot(s: Story) -> str:
    return f'<footer class="bottom"><p>© 2019 {s.site}. {s.around.rights}.</p></footer><div class="cc">{p(s.around.cookies)}</div>'


def share(s: Story, name: str = "sh") -> str:
    links = "".join(
        f'<li><a href="https://x.example.com/{to}">{to}</a></li>'
        for to in ("Facebook", "WhatsApp", "Mastodon")
    )
    return f'<div class="{name}"><span>{s.around.share}</span><ul>{links}</ul></div>'


def figure(s: Story) -> str:
    return f'<figure><img src="/mill.jpg" alt="A mill" width="900" height="600"><figcaption>{s.caption}</figcaption></figure>'


def table(s: Story) -> str:
    rows = "".join(f"<tr><td>{s.cells[n]}</td><td>{s.cells[n + 1]}</td></tr>" for n in (0, 2, 4))
    return f"<table><tbody>{rows}</tbody></table>"


def items(s: Story, tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in s.items)}</{tag}>"


def quote(s: Story) -> str:
    return f"<blockquote><p>{s.quote}</p></blockquote>"


def byline(s: Story, name: str = "meta") -> str:
    return (
        f'<div class="{name}"><span class="author">{s.around.by} <a href="/a">{s.author}</a></span> '
        f'<time datetime="2023-05-04T09:00:00+00:00">{s.date}</time></div>'
    )


def page(s: Story, body: str, head: str = "", title: str | None = None) -> str:
    named = title if title is not None else f"{s.title} | {s.site}"
    return f'<!doctype html><html lang="{s.language}"><head><meta charset="utf-8"><title>{named}</title>{head}</head><body>{body}</body></html>'


def blocks(s: Story) -> list[str]:
    """The post in seven parts, as page builders keep them."""
    t = [p(text) for text in s.paragraphs]
    return [
        t[0] + t[1],
        f"<h2>{s.heading}</h2>" + t[2],
        figure(s),
        t[3] + items(s),
        quote(s),
        t[4] + t[5] + table(s),
        t[6] + t[7],
    ]


def whole(s: Story) -> str:
    return "".join(blocks(s))


def _elementor(s: Story) -> str:
    def section(inner: str, kind: str = "text-editor") -> str:
        return (
            '<section class="elementor-section elementor-top-section elementor-element"><div class="elementor-container">'
            '<div class="elementor-column elementor-col-100"><div class="elementor-widget-wrap elementor-element-populated">'
            f'<div class="elementor-element elementor-widget elementor-widget-{kind}" data-widget_type="{kind}.default">'
            f'<div class="elementor-widget-container">{inner}</div></div></div></div></div></section>'
        )

    inner = section(f'<h1 class="elementor-heading-title">{s.title}</h1>', "heading") + byline(
        s, "elementor-post-info"
    )
    inner += "".join(section(block) for block in blocks(s))
    return page(
        s,
        menu(s)
        + f'<div class="elementor elementor-77">{inner}{section(also(s, name="elementor-widget-posts"))}</div>'
        + foot(s),
    )


def _squarespace(s: Story) -> str:
    rows = "".join(
        f'<div class="row sqs-row"><div class="col sqs-col-12"><div class="sqs-block html-block sqs-block-html"><div class="sqs-block-content"><div class="sqs-html-content">{block}</div></div></div></div></div>'
        for block in blocks(s)
    )
    inner = f'<article class="blog-item"><div class="blog-item-title"><h1 class="entry-title">{s.title}</h1></div>{byline(s, "blog-meta-item")}<div class="blog-item-content e-content"><div class="sqs-layout sqs-grid-12">{rows}</div></div></article>'
    return page(
        s,
        menu(s)
        + f'<main id="page"><section class="page-section">{inner}</section>{cards(s, "item-pagination")}</main>'
        + letter(s)
        + foot(s),
    )


def _squarespace_fluid(s: Story) -> str:
    parts = "".join(
        f'<section class="page-section full-bleed-section"><div class="content-wrapper"><div class="fluid-engine fe-{n}"><div class="fe-block"><div class="sqs-block-content"><div class="sqs-html-content">{block}</div></div></div></div></div></section>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        menu(s)
        + f'<main><article class="sections" id="sections"><section class="page-section"><h1>{s.title}</h1></section>{parts}</article></main>'
        + foot(s),
    )


def _divi(s: Story) -> str:
    rows = "".join(
        f'<div class="et_pb_section et_pb_section_{n} et_section_regular"><div class="et_pb_row et_pb_row_{n}"><div class="et_pb_column et_pb_column_4_4"><div class="et_pb_module et_pb_text"><div class="et_pb_text_inner">{block}</div></div></div></div></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        menu(s)
        + f'<div id="main-content"><article class="post et_pb_post"><div class="et_post_meta_wrapper"><h1 class="entry-title">{s.title}</h1><p class="post-meta"> {s.around.by} <span class="author vcard"><a rel="author">{s.author}</a></span> | <span class="published">{s.date}</span></p></div><div class="entry-content">{rows}</div></article><div id="sidebar">{also(s, "h4", "et_pb_widget")}</div></div>'
        + foot(s),
    )


def _wix(s: Story) -> str:
    parts = "".join(
        f'<div class="p{n}" data-breakout="normal"><div class="rich-text_{n}">{block}</div></div><div class="type-empty-line"></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        menu(s)
        + f'<div id="SITE_CONTAINER"><section data-id="content-viewer"><h1 data-hook="post-title">{s.title}</h1>{byline(s, "post-header")}<div class="c1">{parts}</div></section>{cards(s, "recent-posts")}</div>'
        + foot(s),
    )


def _webflow(s: Story) -> str:
    parts = "".join(
        f'<div class="section-{n}"><div class="w-layout-blockcontainer w-container"><div class="text-block w-richtext">{block}</div></div></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        f'<div class="navbar w-nav">{menu(s)}</div><div class="hero"><h1>{s.title}</h1>{byline(s, "post-info")}</div>{parts}<div class="section more"><h3>{s.around.related}</h3><div class="w-dyn-list">{cards(s)}</div></div>'
        + foot(s),
    )


def _gutenberg(s: Story) -> str:
    b = blocks(s)
    columns = f'<div class="wp-block-columns"><div class="wp-block-column">{b[2]}</div><div class="wp-block-column">{b[3]}</div></div>'
    inner = f'<div class="wp-block-group"><div class="wp-block-group__inner-container">{b[0]}</div></div><div class="wp-block-group">{b[1]}</div>{columns}<div class="wp-block-cover"><div class="wp-block-cover__inner-container">{b[4]}</div></div><div class="wp-block-media-text"><div class="wp-block-media-text__content">{b[5]}</div></div><div class="wp-block-group has-background">{b[6]}</div>'
    return page(
        s,
        menu(s)
        + f'<main class="wp-site-blocks"><h1 class="wp-block-post-title">{s.title}</h1>{byline(s, "wp-block-post-author")}<div class="entry-content wp-block-post-content">{inner}</div>{comments(s, "wp-block-comments")}{cards(s, "wp-block-query")}</main>'
        + foot(s),
    )


def _gutenberg_plain(s: Story) -> str:
    b = blocks(s)
    inner = "".join(f'<div class="wp-block-group alignfull">{block}</div>' for block in b)
    return page(s, menu(s) + f'<div class="site"><h1>{s.title}</h1>{inner}{also(s, "h2")}</div>' + foot(s))


def _wordpress(s: Story) -> str:
    bar = f'<div class="sharedaddy">{share(s)}</div><div id="jp-relatedposts" class="jp-relatedposts">{also(s, name="jp")}</div>'
    return page(
        s,
        f'<div id="page">{menu(s)}<div id="primary"><article class="post type-post hentry"><header class="entry-header"><h1 class="entry-title">{s.title}</h1></header><div class="entry-content">{whole(s)}{bar}</div><footer class="entry-meta"><span class="posted-on">{s.around.on} <time class="entry-date published" datetime="2023-05-04T15:57:41+00:00">{s.date}</time></span> <span class="byline">{s.around.by} <span class="author vcard"><a class="url fn n">{s.author}</a></span></span></footer></article><nav class="post-navigation"><a href="/q">{s.around.before}</a></nav>{comments(s)}</div><div id="secondary">{also(s)}</div></div>'
        + foot(s),
    )


def _wpbakery(s: Story) -> str:
    rows = "".join(
        f'<div class="vc_row wpb_row vc_row-fluid"><div class="wpb_column vc_column_container vc_col-sm-12"><div class="vc_column-inner"><div class="wpb_wrapper"><div class="wpb_text_column wpb_content_element"><div class="wpb_wrapper">{block}</div></div></div></div></div></div>'
        for block in blocks(s)
    )
    return page(
        s,
        menu(s) + f'<div class="wrap"><h1>{s.title}</h1>{byline(s)}{rows}{cards(s, "grid")}</div>' + foot(s),
    )


def _beaver(s: Story) -> str:
    rows = "".join(
        f'<div class="fl-row fl-node-{n}"><div class="fl-col-group"><div class="fl-col"><div class="fl-module fl-module-rich-text"><div class="fl-module-content"><div class="fl-rich-text">{block}</div></div></div></div></div></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        menu(s)
        + f'<div class="fl-builder-content"><h1 class="fl-heading">{s.title}</h1>{rows}</div>{comments(s)}'
        + foot(s),
    )


def _bricks(s: Story) -> str:
    rows = "".join(
        f'<section class="brxe-section"><div class="brxe-container"><div class="brxe-text">{block}</div></div></section>'
        for block in blocks(s)
    )
    return page(
        s,
        menu(s)
        + f'<main id="brx-content"><section class="brxe-section"><h1 class="brxe-heading">{s.title}</h1>{byline(s, "brxe-post-meta")}</section>{rows}<section class="brxe-section">{also(s)}</section></main>'
        + foot(s),
    )


def _hashed(s: Story) -> str:
    rows = "".join(
        f'<div class="css-{n}a9x"><div class="css-{n}k2">{block}</div></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        f'<div id="__next"><div class="css-1h">{menu(s)}</div><div class="css-9z"><h1 class="css-t1">{s.title}</h1><div class="css-7m"><span>{s.author}</span><span>{s.date}</span></div>{rows}</div><div class="css-ab">{cards(s, "css-r")}</div>{letter(s, "css-l")}</div>'
        + foot(s),
        f'<meta property="og:title" content="{s.title}"><meta name="author" content="{s.author}"><meta property="article:published_time" content="2023-05-04T09:00:00Z">',
    )


def _drupal(s: Story) -> str:
    rows = "".join(
        f'<div class="field__item"><div class="paragraph paragraph--type--text"><div class="clearfix text-formatted field field--name-field-text field__item">{block}</div></div></div>'
        for block in blocks(s)
    )
    return page(
        s,
        menu(s)
        + f'<main role="main"><div class="block block-system"><article class="node node--type-article"><h1 class="page-title">{s.title}</h1><div class="node__meta"><span>{s.around.by} {s.author}</span> <span>{s.date}</span></div><div class="node__content"><div class="field field--name-field-paragraphs field__items">{rows}</div></div></article></div><div class="views-element-container block">{also(s, "h2", "view-related")}</div></main>'
        + foot(s),
    )


def _typo3(s: Story) -> str:
    rows = "".join(
        f'<div id="c{n}" class="frame frame-default frame-type-text"><div class="frame-container"><div class="frame-inner">{block}</div></div></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        menu(s)
        + f'<div id="content"><div class="news news-single"><div class="article"><h1>{s.title}</h1><p class="news-list-date"><time datetime="2023-05-04">{s.date}</time></p>{rows}</div></div>{also(s, "h3", "news-list-view")}</div>'
        + foot(s),
    )


def _hubspot(s: Story) -> str:
    return page(
        s,
        menu(s)
        + f'<div class="body-container-wrapper"><div class="blog-post"><div class="blog-post__heading"><h1><span id="hs_cos_wrapper_name" class="hs_cos_wrapper">{s.title}</span></h1></div><div class="blog-post__meta"><a rel="author">{s.author}</a><div class="blog-post__timestamp">{s.date}</div></div><div class="blog-post__body"><span id="hs_cos_wrapper_post_body" class="hs_cos_wrapper">{whole(s)}</span></div><div class="blog-post__tags">{s.around.tagged}</div></div></div>{letter(s)}{cards(s, "blog-recent")}'
        + foot(s),
    )


def _weebly(s: Story) -> str:
    rows = "".join(
        f'<div class="wsite-multicol"><div class="paragraph" style="text-align:left">{block}</div></div>'
        for block in blocks(s)
    )
    return page(
        s,
        menu(s)
        + f'<div id="wsite-content"><div class="blog-post"><div class="blog-header"><h2 class="blog-title"><a>{s.title}</a></h2><p class="blog-date"><span class="date-text">{s.date}</span></p></div><div class="blog-content">{rows}</div>{comments(s, "blog-comments-bottom")}</div><div class="column-blog">{also(s)}</div></div>'
        + foot(s),
    )


def _jimdo(s: Story) -> str:
    rows = "".join(
        f'<div id="cc-m-{n}" class="j-module n j-text">{block}</div>' for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        f'<div id="cc-inner">{menu(s)}<div id="content_area"><article class="j-blog"><div class="n j-blog-meta j-blog-post--header"><span class="j-text j-module n">{s.date}</span><h1 class="j-blog-header j-blog-headline j-blog-post--headline">{s.title}</h1></div><div class="post j-blog-content">{rows}</div></article></div></div>'
        + foot(s),
    )


def _notion(s: Story) -> str:
    rows = "".join(
        f'<div class="column-list"><div class="column" style="width:100%">{block}</div></div>'
        for block in blocks(s)
    )
    return page(
        s,
        f'<article id="x" class="page sans"><header><h1 class="page-title">{s.title}</h1><table class="properties"><tbody><tr><th>Date</th><td><time>@{s.date}</time></td></tr></tbody></table></header><div class="page-body">{rows}</div></article>',
        title=s.title,
    )


def _old_tables(s: Story) -> str:
    cells = "<br><br>".join(s.paragraphs[:4])
    more = "<br><br>".join(s.paragraphs[4:])
    return page(
        s,
        f'<table width="100%"><tr><td width="150" bgcolor="#eee">{menu(s)}</td><td valign="top"><font size="5"><b>{s.title}</b></font><br><i>{s.author}, {s.date}</i><br><br>{cells}{figure(s)}{more}{items(s)}{quote(s)}</td></tr></table><font size="1">© 2019 {s.site}</font>',
        title=s.title,
    )


def _breaks(s: Story) -> str:
    return page(
        s,
        menu(s)
        + f'<h1>{s.title}</h1><div class="txt">{"<br><br>".join(s.paragraphs)}{figure(s)}{items(s)}{quote(s)}</div>{also(s)}'
        + foot(s),
    )


def _inline_related(s: Story) -> str:
    b = blocks(s)
    inset = (
        f'<div class="inset"><strong>{s.around.related}:</strong> <a href="/p/9">{s.around.also[0]}</a></div>'
    )
    inner = b[0] + inset + "".join(b[1:4]) + letter(s, "inline-cta") + "".join(b[4:])
    return page(
        s,
        menu(s)
        + f'<main><article><header><h1>{s.title}</h1>{byline(s)}{share(s)}</header><div class="c-body">{inner}</div>{bio(s)}{cards(s)}</article></main>'
        + foot(s),
        title=f"{s.title} – {s.site}",
    )


def _news(s: Story) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": s.title,
        "datePublished": "2023-05-04T06:00:00+02:00",
        "author": [{"@type": "Person", "name": s.author}],
    }
    t = [p(text) for text in s.paragraphs]
    parts = "".join(
        f'<div class="story-part">{one}</div><div class="ad-slot"></div>'
        for one in (*t, figure(s), items(s), quote(s))
    )
    return page(
        s,
        menu(s)
        + f'<div class="grid"><div class="col-8"><h1><span class="kicker">{s.around.menu[2]}</span> <span class="headline">{s.title}</span></h1>{parts}</div><div class="col-4">{also(s)}{letter(s)}</div></div>{comments(s)}'
        + foot(s),
        f'<script type="application/ld+json">{json.dumps(data)}</script>',
    )


def _ghost(s: Story) -> str:
    return page(
        s,
        f'<div class="viewport">{menu(s)}<main class="gh-main"><article class="gh-article post"><header class="gh-article-header"><h1 class="gh-article-title">{s.title}</h1><div class="gh-article-meta"><h4 class="gh-article-author-name"><a>{s.author}</a></h4><time datetime="2023-05-04">{s.date}</time></div></header><section class="gh-content gh-canvas">{whole(s)}<div class="kg-card kg-signup-card">{s.around.letter_text}</div></section></article></main>{cards(s, "gh-readmore")}</div>'
        + foot(s),
    )


def _blogger(s: Story) -> str:
    inner = "<br />".join(f'<div style="text-align: left;">{block}</div>' for block in blocks(s))
    return page(
        s,
        f'<div class="header section"><h1 class="title"><a href="/">{s.site}</a></h1></div><div class="main section"><h2 class="date-header">{s.date}</h2><div class="post hentry uncustomized-post-template"><h3 class="post-title entry-title">{s.title}</h3><div class="post-body entry-content">{inner}</div><div class="post-footer"><span class="post-author vcard">{s.around.by} <span class="fn">{s.author}</span></span></div></div><div class="comments">{comments(s)}</div><div class="sidebar section">{also(s)}</div></div>'
        + foot(s),
        title=f"{s.site}: {s.title}",
    )


def _tilda(s: Story) -> str:
    rows = "".join(
        f'<div id="rec{n}" class="r t-rec"><div class="t106"><div class="t-container"><div class="t-col t-col_8"><div class="t106__text t-text t-text_md">{block}</div></div></div></div></div>'
        for n, block in enumerate(blocks(s))
    )
    return page(
        s,
        f'<div id="allrecords" class="t-records"><div class="r t-rec"><h1 class="t-title">{s.title}</h1></div>{rows}<div class="r t-rec">{also(s, "div", "t-card")}</div></div>'
        + foot(s),
    )


def _sitename(s: Story) -> str:
    return page(
        s,
        f'<div id="head"><h1><a href="/">{s.site}</a></h1></div><div class="post"><h2>{s.title}</h2><p class="posted">{s.around.on} {s.date} {s.around.by.lower()} {s.author}</p>{whole(s)}<p class="pagenav"><a href="/q">{s.around.before}</a></p></div>{also(s)}'
        + foot(s),
    )


def _shopify(s: Story) -> str:
    return page(
        s,
        menu(s)
        + f'<main id="MainContent"><article class="article-template"><div class="article-template__hero-container"><header><h1 class="article-template__title">{s.title}</h1><span class="caption-with-letter-spacing"><time datetime="2023-05-04T08:00:00Z">{s.date}</time></span></header></div><div class="article-template__social-sharing">{share(s)}</div><div class="article-template__content page-width rte">{whole(s)}</div>{comments(s, "article-template__comment-wrapper")}</article></main>'
        + foot(s),
    )


def _headless(s: Story) -> str:
    rows = "".join(f'<section class="slice" data-slice-type="text">{block}</section>' for block in blocks(s))
    return page(
        s,
        menu(s)
        + f'<main><h1><style>.a{{color:red}}</style>{s.title}</h1><p class="lead-meta">{s.around.by} {s.author} · {s.date}</p>{rows}<aside>{also(s)}</aside></main>'
        + foot(s),
    )


LAYOUTS: dict[str, Callable[[Story], str]] = {
    name.strip("_"): made
    for name, made in list(globals().items())
    if name.startswith("_") and not name.startswith("__") and callable(made)
}
#: Layouts that show no author, or no day, or not all the parts.
NO_AUTHOR = {
    "squarespace_fluid",
    "gutenberg_plain",
    "beaver",
    "typo3",
    "weebly",
    "jimdo",
    "notion",
    "breaks",
    "tilda",
    "shopify",
}
NO_DATE = {"squarespace_fluid", "gutenberg_plain", "beaver", "breaks", "tilda"}
NO_TABLE = {"old_tables", "breaks", "news"}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, object] = {}
    languages = list(SENTENCES)
    for number, (name, made) in enumerate(LAYOUTS.items()):
        for language in (languages[number % 7], languages[(number + 2) % 7], languages[(number + 5) % 7]):
            s = story(language, number)
            file = f"{name}-{language}.html"
            (folder / file).write_text(made(s), encoding="utf-8")
            around = s.around
            inside = [*s.paragraphs, *s.items, s.quote, s.caption]
            inside += [] if name in NO_TABLE else [s.cells[0], s.cells[5]]
            told[f"https://blog.example.org/{name}/{language}"] = {
                "file": file,
                "with": inside,
                "without": [
                    text
                    for text in (
                        around.menu[1],
                        *around.also,
                        around.letter_text,
                        around.comment,
                        around.before,
                        around.cookies,
                        around.rights,
                        around.about_author,
                        around.share,
                        around.related,
                    )
                    if text in made(s)
                ],
                "title": s.title,
                "date": "" if name in NO_DATE else "2023-05-04",
                "author": "" if name in NO_AUTHOR else s.author,
            }
    (folder / "evaldata.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{len(told)} pages in {folder}")


if __name__ == "__main__":
    main()
