"""What stands in place of a post for those who may not read it: password forms, and notices for members only.

They are known by their markup alone, whatever title stands above it. Nothing is fetched or taken out here; what it
means for a mail is link_status.py's part. protected_posts.py has the words that WordPress writes instead of a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: A tag of which only the beginning is looked at; nothing in it is run or followed.
_TAG = re.compile(r"<!--|-->|<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})([^<>]{0,3000})")
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z-]{1,40})\s{0,5}=\s{0,5}(?:"([^"]{0,1000})"|'([^']{0,1000})'|([^\s"'<>=]{1,300}))"""
)
#: What stands in these is shown to nobody, or is text and no markup.
_UNSEEN = frozenset({"script", "style", "template", "textarea", "noscript", "iframe", "title"})
#: WordPress's own form and those of plugins that guard one post (Password Protect WordPress, Passster).
_FORM_CLASSES = frozenset(
    "post-password-form ppw-post-password-form ppw-form passster-form password-form sqs-password-form".split()  # noqa: SIM905
)
#: Whole-word classes of what stands where a text ends for those who do not pay or are not signed in, by who makes it:
#: Ghost, Substack, Jetpack, and WordPress's plugins for members.
_MEMBERS_ONLY = frozenset(
    """
    gh-post-upgrade-cta gh-post-upgrade-cta-content gh-paywall post-upgrade-cta
    paywall paywall-content paywall-title post-paywall
    jetpack-subscribe-paywall wp-block-jetpack-paywall
    mepr-unauthorized-message mepr-login-form-wrap pmpro_content_message pmpro-no-access rcp_restricted
    wc-memberships-restriction-message wc-memberships-content-restricted-message um-locked-content members-access-error
    patreon-locked-content-message patreon-campaign-banner memberful-global-marketing-content
    swpm-post-not-logged-in-msg swpm-restricted-message armember-restriction-message leaky_paywall_message
    content-locked locked-content members-only-message
    """.split()  # noqa: SIM905
)
#: Kinds of schema.org whose "isAccessibleForFree" is about reading; an event's is about its entrance.
_READ = re.compile(r"(?:Article|Posting|Report|WebPage|CreativeWork|Newsletter)$")
_MOST_DATA = 500_000
#: Forms of one page that are looked at.
_MOST_FORMS = 200


@dataclass(slots=True)
class _Form:
    """A form, and what its fields ask for."""

    attributes: dict[str, str]
    kinds: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def guards_a_post(self) -> bool:
        """Whether it asks for a post's password and not who somebody is."""
        if "action=postpass" in self.attributes.get("action", "") or "post_password" in self.names:
            return True
        if "password" not in self.kinds:
            return False
        own = set(self.attributes.get("class", "").lower().split())
        return bool(own & _FORM_CLASSES) or not {"text", "email", "tel"} & set(self.kinds)


@dataclass(slots=True)
class _Page:
    """What of a page tells of a wall."""

    forms: list[_Form] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)
    data: list[str] = field(default_factory=list)


def asks_for_a_password(html: str) -> bool:
    """Whether a form in it asks for a password and nothing else, as WordPress does instead of showing a post's text.
    A form to log in, with a name beside the password, is none. Never raises."""
    return "password" in html.lower() and any(form.guards_a_post() for form in _read(html).forms)


def wall_of(html: str) -> str:
    """Which wall a page shows in a post's place, a clause that goes on "its page …"; empty for none. Never raises."""
    page = _read(html)
    if any(form.guards_a_post() for form in page.forms):
        return "asks for a password"
    if page.classes & _MEMBERS_ONLY:
        return "shows its text to members only"
    if any(_is_paid(found) for text in page.data for found in _objects(text)):
        return "says that not everybody may read it"
    return ""


def _read(html: str) -> _Page:
    page = _Page()
    form: _Form | None = None
    unseen, start = "", 0
    for tag in _TAG.finditer(html):
        name = (tag[2] or "").lower()
        if unseen:
            if tag[0] != unseen and not (tag[1] and name == unseen):
                continue
            if start:
                page.data.append(html[start : tag.start()][:_MOST_DATA])
            unseen, start = "", 0
        elif tag[0] == "<!--":
            unseen = "-->"
        elif tag[1]:
            form = None if name == "form" else form
        elif name in _UNSEEN:
            # A closing slash in HTML closes nothing.
            unseen = name
            start = tag.end() + 1 if name == "script" and "ld+json" in tag[3] else 0
        elif name == "form":
            form = _Form(_attributes(tag[3]))
            page.forms += [form] if len(page.forms) < _MOST_FORMS else []
        elif name == "input":
            form = _with_field(page, form, _attributes(tag[3]))
        if not unseen and tag[2] and "class" in tag[3]:
            page.classes.update(_attributes(tag[3]).get("class", "").lower().split())
    return page


def _with_field(page: _Page, form: _Form | None, given: dict[str, str]) -> _Form | None:
    """The form with one field more; a field outside of forms tells by its name only."""
    kind, name = given.get("type", "text").lower(), given.get("name", "").lower()
    if form is None and name == "post_password":
        page.forms.append(_Form({}, [kind], [name]))
    if form is not None:
        form.kinds.append(kind)
        form.names.append(name)
    return form


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(text)}


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD, at its top or in its graph."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    waiting = found if isinstance(found, list) else [found]
    for entry in waiting[:_MOST_FORMS]:
        if isinstance(entry, dict):
            yield entry
            graph = entry.get("@graph")
            yield from (
                inner for inner in (graph if isinstance(graph, list) else []) if isinstance(inner, dict)
            )


def _is_paid(found: dict[str, Any]) -> bool:
    """schema.org's "isAccessibleForFree" of a text, as JSON's false or as a word."""
    kinds = found.get("@type")
    named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    free = found.get("isAccessibleForFree")
    return (free is False or str(free).lower() == "false") and any(_READ.search(kind) for kind in named)
