"""What stands on a page around a post and is no part of it: menus, share buttons, notices, "Back to top".

Rules about single lines of text, whatever page they come from. Where the post is, text_page.py and html_page.py say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from newsletter.sources.html.boilerplate import phrases

#: Nothing longer is furniture, but for notices: of cookies, and of where a post was filed.
MOST_LINE = 120
MOST_NOTICE = 400
_ORNAMENT = " \t\u00a0:;.,…!|·•*+×✕»«›‹>→←↑↓⇧▲▼^-–—_[]()#="
_NETWORKS = (
    r"(?:facebook|twitter|instagram|linkedin|youtube|whatsapp|telegram|mastodon|bluesky|threads|reddit"
    r"|pinterest|tiktok|flickr|vimeo|e-?mail|print|rss|copy link|pocket|tumblr)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(patterns) + ")", re.IGNORECASE)


#: Furniture wherever it stands.
_ALWAYS = _any(
    r"(?:skip|jump)(?: (?:to|past))?(?: the)?(?: main| primary| page)?(?: content| navigation| menu| search| footer)",
    r"(?:zum inhalt(?: springen)?|saltar al contenido|aller au contenu|pular para o conteúdo)",
    r"(?:(?:back|return|scroll|go|jump) to(?: the)? top|top of (?:the )?page|to top)",
    r"(?:nach oben|volver arriba|retour en haut|voltar ao topo)",
    r"share(?: this| the)?(?: post| article| page| story| entry)?(?: with friends)?",
    rf"share(?: this| the)?(?: post| article| page| story| entry)? (?:on|via|with|by) {_NETWORKS}.{{0,60}}",
    rf"(?:share|follow|like|find|join) (?:us )?(?:on |via )?{_NETWORKS}(?:[\s,|/·•&]+{_NETWORKS})*",
    rf"{_NETWORKS}(?:[\s,|/·•]+{_NETWORKS})*",
    r"(?:tweet|pin)(?: this| it)?|follow us(?: on .{1,40})?",
    r"(?:e-?mail|print) (?:this|page|article|a friend)(?: \w+){0,3}",
    r"(?:main |site |primary |mobile )?(?:menu|navigation)",
    r"(?:open|close|toggle|show|hide)(?: the)?(?: main| mobile| site)? ?(?:menu|navigation|search|nav|sidebar)",
    r"search(?: this site| the site| for| our site)?|search \w+(?:\.\w+)+",
    r"(?:accept|allow|reject|decline|manage|customi[sz]e)(?: all| optional| my)?(?: cookies?| preferences| choices)",
    r"(?:accept|reject|decline|allow) all|cookie (?:settings|preferences|policy|notice|consent)",
    r"(?:©|copyright (?=©|\(c\)|\d{4})|\(c\)).{0,100}|.{0,60}all rights reserved",
    r"(?:read|load|view|see|show) (?:more|all)(?: posts| news| stories| articles)?|continue reading|learn more",
    r"(?:leave|post|write|add) a (?:comment|reply)|no comments(?: yet)?|comments (?:are closed|off)",
    r"(?:donate|give|subscribe|sign up|join)(?: now| today| here)?|log ?in|log ?out|sign in|register",
    r"(?:subscribe to|sign up for) (?:our|the) .{0,30}(?:newsletter|e-?news|mailing list|updates)",
    r"\d+ min(?:ute)?s?(?: to)? read|(?:estimated )?reading time.{0,20}|advertisement",
    r"listen to this (?:article|post|story)",
    *phrases.ALWAYS,
)
_NOTICE = _any(
    r"(?:this|our) (?:web)?site (?:uses|makes use of) cookies.*",
    r"this (?:entry|post|article) was (?:posted|published|written|filed)(?: .{1,40}?)? (?:in|on|by|under)\b.*",
    r"you can (?:follow|skip) (?:any|all)? ?(?:responses|comments) to this (?:entry|post)\b.*",
    r"we (?:and our partners )?use (?:essential |necessary )?cookies.*",
    r"by (?:continuing|using|clicking|browsing) .*\bcookies?\b.*",
    *phrases.NOTICES,
)
#: Furniture only above the title or below the last paragraph; within a post it may be a heading of its own.
_AT_THE_EDGES = _any(
    r"home(?:page)?|about(?: us)?|contact(?: us)?|blog|news(?:room)?|events|press(?: room)?|careers|jobs|shop",
    r"our (?:work|programs?|programmes|team|story|partners|impact)|programs?|programmes|projects|resources",
    r"publications|get involved|take action|what we do|who we are|where we work|support us|ways to give|faqs?",
    r"privacy(?: policy| notice| statement)?|terms(?: of (?:use|service))?(?: (?:and|&) conditions)?|imprint",
    r"legal(?: notice)?|site ?map|accessibility(?: statement)?|disclaimer",
    r"(?:english|español|français|português|deutsch|en|es|fr|pt|de)(?:[\s|/·]+(?:english|español|français|português"
    r"|deutsch|en|es|fr|pt|de))*",
    r"(?:your |enter your )?(?:first |last )?(?:name|e-?mail(?: address)?)|submit|send|go|ok|close|previous|next",
    r"(?:previous|next|older|newer)(?: post| article| story| entries)(?:\s*[:»›→-].{0,90})?",
    r"(?:filed under|posted in|tagged(?: with| as)?)\b.{0,100}|(?:tags?|categor(?:y|ies)|topics?)(?:\s*:.{0,100})?",
    r"comments?|\d+ (?:comments?|likes?|shares?|views?)|permalink|uncategorized|featured",
    r"(?:e-?mail|phone|tel|fax)\s*:.{0,60}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|page \d+ of \d+|\d+",
    r"powered by .{1,40}|(?:web)?site (?:design )?by .{1,40}|proudly powered .{1,40}",
    r"sharing is caring|spread the (?:word|love)|share (?:this|it) with your (?:friends|network)",
    *phrases.AT_THE_EDGES,
)
#: Below one of these come other posts, or what readers say.
_AFTER_THE_POST = _any(
    r"(?:the )?latest from .{1,60}|latest (?:news|posts?|stories|articles|updates)",
    r"more from .{1,60}|more (?:news|stories|posts|articles|like this)",
    r"related (?:posts?|articles?|stories|content|news)",
    r"you (?:might|may)(?: also)? (?:like|enjoy|be interested in).{0,30}|recommended(?: for you)?",
    r"(?:read|up|what to read) next|keep reading|(?:recent|popular|trending) (?:posts|news|articles|comments)",
    r"(?:leave|post|write|add) a (?:comment|reply)|\d+ (?:comments?|responses?|thoughts on .{1,90})",
    r"get (?:our )?(?:e-?mail )?updates.{0,40}",
    r"(?:you )?(?:might|may) also (?:like|interest you|enjoy).{0,30}",
    r"(?:read|see) also(?:\s*:.{0,100})?|further stories",
    *phrases.AFTER_THE_POST,
)
#: The same, but a post may have a heading of its own with these words.
_PERHAPS_AFTER = _any(
    r"more (?:in|about|on) .{1,60}|related(?: pages| topics)?|trending(?: now)?|comments?(?: \(\d+\))?",
    r"(?:blog |post )?archives?|stay (?:connected|informed|in touch|up to date)",
)


def is_furniture(line: str) -> bool:
    """True for a line that is furniture wherever it stands."""
    bare = bare_line(line)
    if len(bare) <= MOST_LINE and _is_always(bare):
        return True
    return len(bare) <= MOST_NOTICE and bool(_NOTICE.fullmatch(bare))


@lru_cache(maxsize=4096)
def _is_always(bare: str) -> bool:
    return bool(_ALWAYS.fullmatch(bare))


@lru_cache(maxsize=4096)
def _is_after(bare: str) -> bool:
    return bool(_AFTER_THE_POST.fullmatch(bare))


def is_furniture_at_the_edge(line: str, site_titles: Iterable[str] = ()) -> bool:
    """True for a line that is furniture above the title or below the last paragraph."""
    bare = bare_line(line)
    if not bare or is_furniture(line) or opens_other_posts(line, site_titles) or may_open_other_posts(line):
        return True
    return len(bare) <= MOST_LINE and (bool(_AT_THE_EDGES.fullmatch(bare)) or is_menu(line))


def is_menu(line: str) -> bool:
    """True for several short entries in a row: "About | Programs | Donate", "Home » Blog » Seeds"."""
    parts = [
        part.strip() for part in re.split(r"\s[|·•»›>/]\s|\t+", line.strip(" |·•»›>/\t")) if part.strip()
    ]
    if len(parts) < 2 or any(len(part.split()) > 4 or part.endswith(".") for part in parts[:-1]):
        return False
    return len(parts) > 2 or bool(_AT_THE_EDGES.fullmatch(bare_line(parts[0])))


def opens_other_posts(line: str, site_titles: Iterable[str] = ()) -> bool:
    """True for a heading below which other posts are listed, such as one of the site's own headings."""
    bare = bare_line(line)
    if bare.casefold() in {bare_line(title).casefold() for title in site_titles}:
        return True
    return len(bare) <= MOST_LINE and _is_after(bare)


def may_open_other_posts(line: str) -> bool:
    """True for a heading that lists other posts when no paragraphs follow it."""
    bare = bare_line(line)
    return len(bare) <= MOST_LINE and bool(_PERHAPS_AFTER.fullmatch(bare))


def bare_line(line: str) -> str:
    """The line without arrows, dots and other ornament at its ends, and with single spaces."""
    return " ".join(line.split()).strip(_ORNAMENT)
