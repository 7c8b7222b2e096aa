"""A mail as one person would see it, for previews and the desk, without a recipient."""

from __future__ import annotations

from datetime import UTC, datetime

from newsletter.rendering.mail_parts import Personal, Rendered
from newsletter.rendering.mime import merge_tags


def preview_personal() -> Personal:
    """Somebody who does not exist, on a domain that never will (RFC 2606): their links lead nowhere."""
    return Personal(
        address="somebody@example.invalid",
        address_shown="somebody@example.invalid",
        name="Somebody Invented",
        unsubscribe_url="https://example.invalid/unsubscribe/preview",
        preferences_url="https://example.invalid/preferences/preview",
        unsubscribe_mailbox="unsubscribe-preview@example.invalid",
        message_id="<preview@example.invalid>",
        date=datetime(2000, 1, 1, tzinfo=UTC),
    )


def html_for(rendered: Rendered, personal: Personal) -> str:
    """The HTML with the values in place, as ``splice`` puts them there. Raises UnsafeValue like it."""
    return _filled(rendered.html, rendered, personal, is_html=True)


def text_for(rendered: Rendered, personal: Personal) -> str:
    """The text with the values in place, as ``splice`` puts them there. Raises UnsafeValue like it."""
    return _filled(rendered.text, rendered, personal, is_html=False)


def _filled(content: str, rendered: Rendered, personal: Personal, *, is_html: bool) -> str:
    found = merge_tags.pattern(rendered.marks)
    names = {mark: name for name, mark in rendered.marks.items()}
    return found.sub(lambda match: merge_tags.value(names[match[1]], personal, is_html=is_html), content)
