"""Which elements and attributes a source's HTML is looked at for, before it is what newsletter/text/html_elements.py
allows. element_rules.py decides what the others become."""

from __future__ import annotations

from newsletter.sources.html.math import find, mathml
from newsletter.text.html_elements import ALIGNS, ATTRIBUTES, BLOCKS, INLINE, SCHEMES
from newsletter.text.html_elements import names as _names

__all__ = [
    "ALIGNS",
    "ATTRIBUTES",
    "BLOCKS",
    "FIRST_ATTRIBUTES",
    "FIRST_STYLES",
    "GONE_WITH_CONTENT",
    "INLINE",
    "OTHERS",
    "PLAYERS",
    "SCHEMES",
]

#: Their words go with them: a script's source or a sign-up form's labels are no part of a post.
GONE_WITH_CONTENT = _names(
    "script style form iframe object embed applet svg math noscript noembed noframes template title "
    "textarea select button option video audio canvas dialog"
)
#: What the first look keeps besides, so that something can be made of it.
PLAYERS = _names(
    "iframe video audio object embed source picture lite-youtube lite-vimeo youtube-video amp-youtube "
    "amp-vimeo amp-dailymotion amp-img amp-anim amp-video amp-audio"
)
OTHERS = (
    _names("joomla-hidden-mail")
    | _names(
        "form button select textarea input"
        " center strike tt big font header footer main nav aside hgroup search menu dir fieldset legend"
    )
    | find.INSIDE
    | find.ELEMENTS
)
#: Beside all that begin with "data-".
_LOADED_LATE = _names("srcset sizes nitro-lazy-src nitro-lazy-srcset lazy-src lazysrc")
_PLAYER = _names(
    "src data-src data-lazy-src title data type poster href videoid playlabel data-videoid width height"
)
FIRST_ATTRIBUTES: dict[str, set[str]] = (
    ATTRIBUTES
    | {
        "*": {"dir", "lang", "class", "id", "hidden", "style", "aria-hidden", "role", "data-fallback"},
        "a": {"href", "hreflang", "title", "rel"},
        "img": {"src", "alt", "width", "height", "title", *_LOADED_LATE},
        "amp-img": {"src", "srcset", "alt", "width", "height", "title"},
        "amp-anim": {"src", "srcset", "alt", "width", "height", "title"},
        "blockquote": {"cite", "data-instgrm-permalink"},
        "pre": {"data-lang", "data-language"},
        "code": {"data-lang", "data-language"},
        "source": {"src", "srcset", "data-srcset", "type", "media"},
        "form": {"action", "method"},
        "button": {"type", "name", "value", "formaction", "onclick", "data-href"},
        "input": {"type", "checked", "name", "value", "alt", "formaction"},
        "joomla-hidden-mail": {"first", "last"},
        "span": set(find.SAID_IN_PLACE),
        "div": set(find.SAID_IN_PLACE),
        "td": {"colspan", "rowspan", "align", "data-line-number"},
        "th": {"colspan", "rowspan", "scope", "align"},
    }
    | mathml.ATTRIBUTES
    | find.ATTRIBUTES
    | {tag: set(_PLAYER) for tag in PLAYERS - {"source", "picture", "amp-img", "amp-anim"}}
)
#: A style is never kept; these tell what nobody was meant to see, how large a picture is, how a cell is aligned, a
#: list numbered, and whether lines are kept.
_STYLES = "width height max-width max-height display visibility text-align vertical-align list-style-type white-space"
#: Editors of old write them in capitals, and nh3 knows a property by its letters alone.
FIRST_STYLES = _names(f"{_STYLES} {_STYLES.upper()} {_STYLES.title()}")
