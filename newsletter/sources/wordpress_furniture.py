"""What plugins and themes put into a WordPress post that is no part of it: share bars, related posts, forms.

Known by the classes and ids that they carry. What may stay is made safe by clean.py.
"""

from __future__ import annotations

import html as entities
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from newsletter.sources.depth import without_crowded_tags
from newsletter.sources.words import without_controls

#: Classes of whole elements that go, by who makes them.
_GO = frozenset(
    """
    sharedaddy sd-sharing sd-sharing-enabled jp-relatedposts jp-post-flair jetpack-likes-widget-wrapper
    jetpack_subscription_widget wp-block-jetpack-related-posts wp-block-jetpack-sharing-buttons
    wp-block-jetpack-subscriptions wp-block-jetpack-likes
    addtoany_share_save_container addtoany_content a2a_kit ssba ssba-wrap ssbp-wrap heateor_sss_sharing_container
    the_champ_sharing_container swp_social_panel simplesocialbuttons sharethis-inline-share-buttons
    shareaholic-canvas essb_links mashsb-container dpsp-content-wrapper scriptlesssocialsharing juiz_sps_links
    sfsi_sicons apss-social-share social-share share-buttons wpulike
    yarpp yarpp-related crp_related wp_rp_wrap rp4wp-related-posts related-posts
    mailpoet_form mc4wp-form tnp-subscription wpforms-container wpcf7 gform_wrapper nf-form-cont
    wp-block-social-links wp-block-latest-posts wp-block-latest-comments wp-block-query wp-block-search
    wp-block-loginout wp-block-archives wp-block-categories wp-block-tag-cloud wp-block-calendar wp-block-rss
    wp-block-post-navigation-link wp-block-comments wp-block-post-comments-form wp-block-spacer
    wp-block-file__button wp-block-read-more more-link read-more readmore
    ez-toc-container lwptoc toc_container rt-reading-time post-views printfriendly pf-button
    saboxplugin-wrap abh_box pp-author-boxes-wrapper screen-reader-text
    """.split()  # noqa: SIM905 (a column of quotation marks is harder to read)
)
_IDS = frozenset({"toc_container", "ez-toc-container", "jp-relatedposts", "jp-post-flair"})
#: Emoji and smileys that WordPress turned into pictures; the sign itself is in ``alt``.
_SMILEYS = frozenset({"wp-smiley", "emoji"})
#: The frame beside the quotation that WordPress shows of another post: the quotation has the link.
_FRAMES = frozenset({"wp-embedded-content"})
_NAMES = _GO | _IDS | _SMILEYS | _FRAMES
#: An address alone in its paragraph: what WordPress could not embed.
_BARE_ADDRESS = re.compile(
    r"(<p\b[^<>]{0,300}>)\s{0,50}(https?://[^\s<>\"']{1,2000})\s{0,50}</p>", re.IGNORECASE
)


def without_furniture(html: str) -> str:
    """The post without share bars and the like; addresses that stand alone are embedded. Never raises."""
    html = without_controls(html)
    lowered = html.lower()
    if any(name in lowered for name in _NAMES):  # a regular expression of them is fifty times slower
        html = _dropped(html)
    return _BARE_ADDRESS.sub(lambda found: f"{found[1]}{embedded(found[2])}</p>", html)


def embedded(address: str) -> str:
    """An address that stands alone as WordPress means it: a film, a sound, a page to be shown. clean.py makes a linked
    picture or a link of it. ``address`` may have entities, as in HTML."""
    return f'<iframe src="{entities.escape(entities.unescape(address))}"></iframe>'


def _dropped(html: str) -> str:
    try:
        page = document_fromstring(
            f"<body><div>{without_crowded_tags(html)}".encode(),
            parser=HTMLParser(encoding="utf-8", no_network=True),
        )
        body = page.find("body")
        if body is None or len(body) == 0:
            return html
        for element in [found for found in body.iter() if isinstance(found.tag, str)]:
            _judge(element)
        ours, *others = body
        before, between = (entities.escape(text or "", quote=False) for text in (ours.text, ours.tail))
        inner, outer = (
            "".join(tostring(part, encoding="unicode") for part in parts) for parts in (ours, others)
        )
        return before + inner + between + outer
    except (etree.LxmlError, ValueError, AssertionError):
        return html  # lxml cannot hold it; clean.py will do what it can


def _judge(element: HtmlElement) -> None:
    classes = set((element.get("class") or "").lower().split())
    if element.tag == "img" and classes & _SMILEYS:
        element.tail = (element.get("alt") or "") + (element.tail or "")
        element.drop_tree()
        return
    framed = element.tag == "iframe" and classes & _FRAMES
    if framed or classes & _GO or (element.get("id") or "").lower() in _IDS:
        element.drop_tree()
