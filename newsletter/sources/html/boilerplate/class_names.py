"""Classes and ids by which content systems, plugins and themes call what is no part of a post. Only names live here."""

from __future__ import annotations

#: Of whole elements that go, by who makes them.
GO = frozenset(
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
    saboxplugin-wrap abh_box pp-author-boxes-wrapper
    social-sharing share-bar sharebar share-links share-this post-share entry-share sharing-buttons
    shariff shariff-buttons ns-buttons dpsp-networks-btns-wrapper
    blogger-post-footer feedflare jetpack-slideshow-noscript
    wp-block-rank-math-toc-block wp-block-yoast-seo-table-of-contents wp-block-table-of-contents wp-block-simpletoc-toc
    wp-block-kadence-tableofcontents wp-block-uagb-table-of-contents wp-block-aioseo-table-of-contents
    author-box m-a-box wp-block-post-author-biography
    field--name-uid field--name-created comment-add comment-forbidden node-readmore statistics-counter
    social-share-buttons addthis_toolbox addthis_inline_share_toolbox st-inline-share-buttons

    kg-signup-card kg-video-overlay kg-video-player-container kg-audio-player kg-audio-thumbnail kg-toggle-card-icon
    kg-product-card-rating kg-product-card-rating-star kg-file-card-icon gh-post-upgrade-cta gh-subscribe gh-share

    subscription-widget-wrap subscription-widget-wrap-editor subscription-widget subscribe-widget
    header-anchor-parent header-anchor-widget install-substack-app-embed community-chat paywall-jump
    image-link-expand icon-container post-ufi

    wp-block-mailerlite elementor-widget-share-buttons elementor-share-btn adsbygoogle advertisement
    mc_embed_signup mc_embed_shell formkit-form convertkit-form seva-form ml-embedded ml-form-embedcontainer sib-form
    embeddable-buttondown-form buttondown-form hbspt-form klaviyo-form
    """.split()  # noqa: SIM905 (a column of quotation marks is harder to read)
)
#: Words for who listens to a page and does not see it, such as "opens in a new tab".
UNSEEN = frozenset(
    """
    screen-reader-text screen-reader-only screenreader-only screenreader sr-only sr-only-focusable visually-hidden
    visuallyhidden visually-hidden-focusable u-visually-hidden is-visually-hidden a11y-hidden assistive-text
    accessibly-hidden show-for-sr element-invisible usa-sr-only govuk-visually-hidden offscreen
    """.split()  # noqa: SIM905
)
#: The title once more, where it opens a text (Drupal); elsewhere it is another post's.
TITLES = frozenset({"field--name-title"})
IDS = frozenset(
    {
        "toc_container",
        "ez-toc-container",
        "jp-relatedposts",
        "jp-post-flair",
        "mc_embed_signup",
        "system-readmore",
        "toc",
        "tableofcontents",
    }
)
#: Marks beside a heading that lead to the heading itself (Sphinx, Docusaurus, VitePress, Starlight, anchor.js …).
ANCHORS = frozenset(
    """
    headerlink header-anchor hash-link anchor-link anchorjs-link heading-anchor heading-link sl-anchor-link autolink
    td-heading-self-link header-link subheading-anchor
    """.split()  # noqa: SIM905
)
#: The frame beside the quotation that WordPress shows of another post: the quotation has the link.
FRAMES = frozenset({"wp-embedded-content"})
#: Where one shares, by the beginning of its address without scheme and "www.".
SHARING = (
    "facebook.com/share", "facebook.com/dialog/", "twitter.com/intent/", "twitter.com/share", "twitter.com/home?status",
    "x.com/intent/", "x.com/share", "linkedin.com/share", "linkedin.com/sharing", "pinterest.com/pin/create",
    "pinterest.com/pin-builder", "reddit.com/submit", "wa.me/?", "api.whatsapp.com/send?text",
    "web.whatsapp.com/send?text",
    "t.me/share", "telegram.me/share", "bsky.app/intent", "threads.net/intent", "threads.com/intent",
    "mastodonshare.com", "share.mastodon", "toot.kytta.dev", "getpocket.com/save", "getpocket.com/edit",
    "tumblr.com/share", "tumblr.com/widgets/share", "news.ycombinator.com/submitlink", "xing.com/spi/shares",
    "xing.com/social", "vk.com/share", "connect.ok.ru/", "buffer.com/add", "flipboard.com/bookmarklet",
    "lineit.line.me/share", "social-plugins.line.me", "line.me/r/msg", "b.hatena.ne.jp/", "service.weibo.com/share",
    "addtoany.com/", "s2f.kytta.dev", "mix.com/add", "web.skype.com/share", "teams.microsoft.com/share",
    "share.diasporafoundation.org", "sharetodiaspora.", "viber://forward", "story.kakao.com/share", "share.naver.com",
    "plus.google.com/share", "instapaper.com/", "delicious.com/save", "digg.com/submit", "stumbleupon.com/submit",
    "fb-messenger://", "whatsapp://send", "mailto:?",
)  # fmt: skip
#: Links of Substack's buttons that are about Substack: to subscribe, to share, to say something.
_BUTTONS = (
    "/subscribe?",
    "/subscribe",
    "action=share",
    "/comments",
    "/share-center",
    "substack.com/refer",
    "/leaderboard",
)


def is_button_of_its_own(address: str) -> bool:
    """Whether a button leads to where one subscribes, shares or comments, and not to what an author chose."""
    path = address.lower().partition("#")[0]
    return any(
        path.rstrip("/").endswith(end) or f"{end.rstrip('?')}?" in path for end in _BUTTONS[:2]
    ) or any(part in path for part in _BUTTONS[2:])
