"""Every section of the settings: name, kind and default of each, and the line that says what it does.

The descriptions are the only place where a setting is explained: config.toml and docs/configuration.md are
written from here (docgen.py), and a test keeps them equal.
"""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from newsletter.config.values import (
    BlackoutDates,
    Colour,
    DatabaseAddress,
    Font,
    ForeignAddress,
    Language,
    Line,
    MailAddress,
    OptionalHost,
    OptionalLine,
    OptionalListId,
    OptionalMailAddress,
    OptionalWebAddress,
    ShortName,
    WebAddress,
    Whole,
    Zone,
    not_expected,
)

NO_SECRET = SecretStr("")


class Section(BaseModel):
    """Frozen, and refuses what it does not know. Its mistakes never show the value: it may be a secret."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        validate_default=True,
    )


class SiteSection(Section):
    """Who publishes, and under which address."""

    title: Line = Field(
        "Latest from the Learning Hub", description="The heading over every feed, page and mail."
    )
    organisation: Line = Field(
        description="Who publishes: the author in feeds and the name in the footer of every mail.",
        examples=["Example Hub"],
    )
    description: Line = Field(
        "New posts, as they come.", description="One sentence for feeds and the sign-up page."
    )
    url: WebAddress = Field(
        "http://127.0.0.1:8000",
        description="The public address of the pages and feeds; links in mails begin with it.",
    )
    timezone: Zone = Field("UTC", description="The zone of dates on pages, and of campaigns that name none.")
    language: Language = Field(
        "en", description="The language of posts that name none: en, de, pt-BR (RFC 5646)."
    )
    postal_address: str = Field(
        "",
        max_length=500,
        description=r"The postal address in the footer of every mail; the law asks for it. \n breaks lines.",
    )
    privacy_url: OptionalWebAddress = Field(
        "", description="The address of your privacy notice, linked from the sign-up form; empty for none."
    )

    @property
    def address_lines(self) -> list[str]:
        """The postal address below the organisation's name, which stands there already: a first line that is this name
        is left out, and where it only begins with it, the name."""
        lines = [line.strip() for line in self.postal_address.splitlines() if line.strip()]
        name = re.escape(" ".join(self.organisation.split())).replace(r"\ ", r"\s+")
        rest = re.sub(
            rf"^{name}\s*(?:[,;|·•]+|\s[-–—]\s|$)\s*", "", lines[0] if lines else "", flags=re.IGNORECASE
        )
        first = [rest] if rest else []
        return first + lines[1:] or lines


class DatabaseSection(Section):
    """Where everything is kept."""

    # Out of repr: people do write a password into it.
    url: DatabaseAddress = Field(
        "sqlite:///newsletter.sqlite3",
        description="sqlite:///FILE (relative to this file) or postgresql://USER@HOST/NAME.",
        repr=False,
    )
    password: SecretStr = Field(
        NO_SECRET, description="PostgreSQL's password; empty for none or for one in the url."
    )


class WebSection(Section):
    """The web server of `newsletter run` and `newsletter web`."""

    host: Line = Field(
        "127.0.0.1",
        description="The address to listen on; 127.0.0.1 is this machine only, 0.0.0.0 every network.",
    )
    port: Whole = Field(8000, ge=1, le=65535, description="The port to listen on.")
    threads: Whole = Field(4, ge=1, le=64, description="How many requests are answered at once.")


class SmtpSection(Section):
    """The relay that takes the mail, when the transport is smtp."""

    host: Line = Field("127.0.0.1", description="The relay's name or address.")
    port: Whole = Field(
        587,
        ge=1,
        le=65535,
        description="The relay's port: 587 for starttls, 465 for tls, 25 on your own network.",
    )
    security: Literal["none", "starttls", "tls"] = Field(
        "starttls",
        description="starttls, tls, or none (only for a relay on this machine or your own network).",
    )
    verify: bool = Field(True, description="Refuse a relay whose certificate does not verify. Leave this on.")
    ca_file: OptionalLine = Field(
        "", description="A file of certificates (PEM) to trust besides the system's; empty for none."
    )
    hello: OptionalHost = Field(
        "",
        description="The name we greet the relay with (EHLO), such as hub.example.org; empty for this machine's.",
    )
    username: OptionalLine = Field("", description="The name to log in with; empty for no log-in.")
    password: SecretStr = Field(NO_SECRET, description="The password to log in with.")
    connections: Whole = Field(
        4, ge=1, le=64, description="How many connections to the relay are open at once."
    )
    timeout: Whole = Field(
        60, ge=5, le=600, description="Seconds to wait for each answer of the relay but the last."
    )
    final_timeout: Whole = Field(
        600,
        ge=30,
        le=3600,
        description="Seconds to wait after a message's last line; a shorter wait makes doubt.",
    )


class EmailSection(Section):
    """How mail leaves, and whose name is on it."""

    transport: Literal["outbox", "smtp"] = Field(
        "outbox", description="outbox (files on disk, for practice) or smtp (a relay, for real)."
    )
    outbox: Line = Field("outbox", description="The folder for practice mail, relative to this file.")
    from_name: OptionalLine = Field("", description="The sender's name; empty for the organisation's.")
    from_address: MailAddress = Field("hub@example.org", description="The sender's address.")
    reply_to: OptionalMailAddress = Field("", description="Where answers go; empty for from_address.")
    bounce_address: OptionalMailAddress = Field(
        "", description="Where undeliverable mail comes back to; empty for from_address."
    )
    unsubscribe_mailbox: OptionalMailAddress = Field(
        "", description="A mailbox for unsubscribing by mail; empty for none."
    )
    list_id: OptionalListId = Field(
        "",
        description="The list's permanent id, such as hub.example.org; empty for one made from from_address.",
    )
    staff: list[MailAddress] = Field(
        default_factory=list,
        description="Who gets proofs, reminders and a report after each slot; empty for nobody.",
    )
    smtp: SmtpSection = Field(default_factory=SmtpSection)


class FeedsSection(Section):
    """What feed readers fetch."""

    items: Whole = Field(30, ge=1, le=500, description="How many of the newest posts a feed carries.")
    ttl: Whole = Field(60, ge=5, le=1440, description="Minutes for which a feed reader may keep what it has.")
    hubs: list[ForeignAddress] = Field(
        default_factory=list,
        description="WebSub hubs to tell of new posts, such as https://hub.example.org/; empty for none.",
    )


class ScheduleSection(Section):
    """The rhythm of the work, and the limits that stop a surprise."""

    sync_minutes: Whole = Field(15, ge=1, le=1440, description="Minutes between two looks at the sources.")
    hold_each_post: Whole = Field(
        3,
        ge=1,
        le=1000,
        description='When more posts than this wait for "each post" mail, they share one that waits for approval.',
    )
    hold_digest: Whole = Field(
        20,
        ge=1,
        le=10000,
        description="More new posts than this in one sync are held altogether until you decide.",
    )
    hold_days: Whole = Field(
        30, ge=1, le=3650, description="A new post dated more than this many days ago is held back from mail."
    )
    digest_most: Whole = Field(
        10, ge=1, le=100, description="How many posts a digest shows; the rest are linked."
    )
    doubt_days: Whole = Field(
        7, ge=1, le=90, description="Days after which a mail that may have arrived is closed undecided."
    )
    deferred_hours: Whole = Field(
        48, ge=1, le=240, description="Hours for which a mail that the relay put off is tried again."
    )
    blackout: list[BlackoutDates] = Field(
        default_factory=list,
        description='Dates without mail, in each campaign\'s zone: ["2026-12-24..2027-01-01", "2026-11-26"].',
    )
    proof_minutes: Whole = Field(
        60,
        ge=0,
        le=1440,
        description="Minutes before a slot at which email.staff get a proof with a link that stops it; 0 for none.",
    )


class DesignSection(Section):
    """How mails and pages look."""

    accent: Colour = Field(
        "#0b5d56",
        description="The colour of links and buttons; links are made darker where they could not be read.",
    )
    accent_dark: Colour = Field(
        "#7fd1c7", description="The same in dark mode; links are made lighter where they could not be read."
    )
    page: Colour = Field("#f3f5f4", description="The colour around the mail.")
    page_dark: Colour = Field("#0e1211", description="The same in dark mode.")
    logo: OptionalWebAddress = Field(
        "", description="The web address of a picture for the top of mails; empty for none."
    )
    logo_dark: OptionalWebAddress = Field(
        "",
        description="The same for dark mode; empty puts the logo on a white plate there, and the address of the "
        "logo itself leaves it as it is.",
    )
    logo_width: Whole = Field(120, ge=16, le=380, description="The logo's width in pixels.")
    heading_font: Font = Field(
        "serif",
        description="Headings: serif, sans, or a font that some readers have with one of them behind it, such as "
        '"Source Serif 4, serif".',
    )
    text_font: Font = Field("sans", description="Everything else, in the same way.")
    footer: list[Line] = Field(
        default_factory=list,
        max_length=20,
        description="Lines above the postal address, such as a charity number; one with an address at its end "
        'becomes a link: "Mastodon: https://social.example.org/@hub".',
    )


class TopicSection(Section):
    """A subject that people can choose. NAME goes into addresses, so choose it once: [topics.open-data]"""

    title: Line = Field(description="The topic's name as people see it.")
    categories: list[Line] = Field(
        default_factory=list, description="The categories and tags of your sources that belong to it."
    )
    formerly: list[ShortName] = Field(
        default_factory=list,
        description="Names that it had before: whoever chose one of them has chosen this topic.",
    )


class SourceSection(Section):
    """A place that posts come from. NAME is yours to choose, and to keep: [sources.posts]"""

    kind: Literal["folder", "webfeed", "wordpress"] = Field(
        "folder",
        description="folder (Markdown or HTML files), webfeed (RSS, Atom, JSON Feed) or wordpress.",
    )
    path: OptionalLine = Field(
        "",
        description="The folder, or the export file (WXR) of a wordpress; relative to this file.",
    )
    url: OptionalWebAddress = Field(
        "",
        description="A webfeed's or wordpress's address (the site's will do). Of a folder: where its posts live "
        "on the web, a post's path is added; empty for our own archive.",
    )

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        if self.kind == "folder" and not self.path:
            raise not_expected('a path: the folder of its posts, such as path = "posts"')
        if self.kind == "webfeed" and (self.path or not self.url):
            raise not_expected(
                'a url and no path: the address of the feed or its site, such as url = "https://example.org"'
            )
        if self.kind == "wordpress" and not (self.path or self.url):
            raise not_expected(
                'a url (the site) or a path (an export file), such as url = "https://example.org"'
            )
        return self


class FetchSection(Section):
    """Asking other servers: sources, imported pages, and the pages of posts before they are mailed."""

    allowed_hosts: list[Line] = Field(
        default_factory=list,
        description="Hosts on your own network that may be asked; all other private addresses are refused.",
    )
    check_pages: bool = Field(
        True,
        description="Ask for each post's page before it is mailed: one that is gone or behind a log-in is held.",
    )
