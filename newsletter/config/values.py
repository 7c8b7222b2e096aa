"""The kinds of value that a setting can have, and what is expected of each. The settings are in model.py.

A check that fails raises PydanticCustomError of type ``not_expected``: its message says what would be right
and never repeats the value, which may be a secret; messages.py adds what was found where it may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from newsletter.host_names import ascii_mailbox, with_ascii_host
from newsletter.slots import blackout
from newsletter.text.language_tags import is_language_tag


def not_expected(expected: str, hint: str = "") -> PydanticCustomError:
    """A failed check. ``expected`` follows the word "expected"; ``hint`` is a half-sentence or empty."""
    return PydanticCustomError("not_expected", "expected {expected}", {"expected": expected, "hint": hint})


def _one_line(value: str) -> str:
    # A line break in a title or a name would become a line break in a mail header.
    if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", value):
        raise not_expected("one line of text, without line breaks or control characters")
    return value


def _some_text(value: str) -> str:
    if not value:
        raise not_expected("some text")
    return value


def _no_bool(value: Any) -> Any:
    # Python counts true as 1, and "port = true" is a mistake.
    if isinstance(value, bool):
        raise not_expected("a whole number")
    return value


def _zone(value: str) -> str:
    zones = available_timezones()
    if value not in zones:
        near = get_close_matches(value.replace(" ", "_"), zones, n=1, cutoff=0.75)
        near = near or sorted(zone for zone in zones if zone.endswith("/" + value.replace(" ", "_").title()))
        raise not_expected(
            "the name of a time zone such as America/New_York or Europe/Berlin",
            f'did you mean "{near[0]}"?' if near else "",
        )
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        found = (
            parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        found = False
    if not found or re.search(r"[\s<>\"\x00-\x1f]", value):
        raise not_expected(
            "a web address that begins with http:// or https://, such as https://hub.example.org"
        )
    return value


def _folder_address(value: str) -> str:
    """Ours, to which paths are added: with its host in ASCII, as it goes into headers and feeds."""
    address = with_ascii_host(_web_address(value))
    if address is None:
        raise not_expected("a web address whose host is one (RFC 5891), such as https://hub.example.org")
    return address.rstrip("/")


def _mail_address(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise not_expected("a mail address such as hub@example.org") from error
    local, _, domain = value.rpartition("@")
    if not local.isascii():
        raise not_expected("an address with nothing but ASCII before the @: few relays take another sender")
    # On the wire a domain such as bücher.example is written as its A-label (RFC 5891), wherever it stands.
    return value if domain.isascii() else ascii_mailbox(value) or value


def _or_empty(check: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(lambda value: check(value) if value else value)


def _language(value: str) -> str:
    if not is_language_tag(value):
        raise not_expected("a language code such as en, de or pt-BR (RFC 5646)")
    return value


def _list_id(value: str) -> str:
    label = r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
    if not re.fullmatch(rf"{label}(?:\.{label})+", value) or len(value) > 255:
        raise not_expected("an id that looks like hub.example.org (RFC 2919)")
    return value


def _host(value: str) -> str:
    label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    if not re.fullmatch(rf"{label}(?:\.{label})+", value) or len(value) > 253:
        raise not_expected("the full name of a machine such as hub.example.org (RFC 5321 §4.1.1.1)")
    return value


def _short_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 40:
        raise not_expected(
            "a short name of small letters, digits and single hyphens, at most 40, such as open-data"
        )
    return value


def _database(value: str) -> str:
    sqlite = value.startswith("sqlite:///") and len(value) > len("sqlite:///")
    postgresql = value.startswith("postgresql://") and len(value) > len("postgresql://")
    if not (sqlite or (postgresql and _can_be_taken_apart(value))):
        hint = "what is no letter or digit in a password is written as %40 and such" if postgresql else ""
        raise not_expected("sqlite:///FILE or postgresql://USER@HOST/NAME", hint)
    return value


def _can_be_taken_apart(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise not_expected("a colour written as # and six digits, such as #0b5d56")
    return value


def _blackout(value: str) -> str:
    try:
        blackout.span(value)
    except ValueError as error:
        raise not_expected(str(error).removeprefix("expected ")) from error
    return value


def _font(value: str) -> str:
    if not re.fullmatch(r"(?:[A-Za-z0-9][A-Za-z0-9 -]{0,40}, *)*(?:serif|sans)", value):
        raise not_expected('serif, sans, or a font with one of them behind it, such as "Source Sans 3, sans"')
    return value


OptionalLine = Annotated[str, AfterValidator(_one_line)]
Line = Annotated[str, AfterValidator(_some_text), AfterValidator(_one_line)]
Whole = Annotated[int, BeforeValidator(_no_bool)]
Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_folder_address)]
OptionalHost = Annotated[str, _or_empty(_host)]
OptionalWebAddress = Annotated[str, _or_empty(_folder_address)]
#: As it is written: what others gave us may mean something else without its last slash.
ForeignAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_one_line), AfterValidator(_mail_address)]
OptionalMailAddress = Annotated[str, AfterValidator(_one_line), _or_empty(_mail_address)]
Colour = Annotated[str, AfterValidator(_colour)]
Font = Annotated[str, AfterValidator(_font)]
Language = Annotated[str, AfterValidator(_language)]
ShortName = Annotated[str, AfterValidator(_short_name)]
OptionalListId = Annotated[str, _or_empty(_list_id)]
DatabaseAddress = Annotated[str, AfterValidator(_database)]
BlackoutDates = Annotated[str, AfterValidator(_blackout)]
