"""config.toml and the environment, read once into frozen settings. Nothing here has a side effect.

The environment wins over the file: ``NEWSLETTER_SECTION__KEY``, nested with two underscores.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from newsletter.errors import ConfigError

ENVIRONMENT_PREFIX = "NEWSLETTER_"
#: Variables with our prefix that are not settings.
NOT_SETTINGS = frozenset({"NEWSLETTER_CONFIG"})


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f'no time zone "{value}"; expected a name such as America/New_York or Europe/Berlin')
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{value}" is not a web address; expected one such as https://hub.example.org')
    return value.rstrip("/")


def _mail_address(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f'"{value}" is not a mail address; expected one such as hub@example.org') from error
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f'"{value}" is not a colour; expected one such as #0b5d56')
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://")):
        raise ValueError(
            "expected sqlite:///FILE or postgresql://USER@HOST/NAME (the password goes into the environment)"
        )
    return value


Line = Annotated[str, StringConstraints(pattern=r"^[^\r\n\x00]+$", strip_whitespace=True)]
OptionalLine = Annotated[str, StringConstraints(pattern=r"^[^\r\n\x00]*$", strip_whitespace=True)]
Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[Line, AfterValidator(_mail_address)]
Colour = Annotated[str, AfterValidator(_colour)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SiteSection(Section):
    title: Line = Field("Latest from the Learning Hub", description="The heading over every feed, page and mail.")
    organisation: Line = Field(description="Who publishes: the author of feeds and the sender in the footer of a mail.")
    description: Line = Field("New posts, as they come.", description="One sentence for feeds and the sign-up page.")
    url: WebAddress = Field("http://127.0.0.1:8000", description="The public address of these pages, feeds and links.")
    timezone: Zone = Field("UTC", description="The zone of dates on pages, and of campaigns that name none.")
    language: Language = Field("en", description="The language of posts that name none (RFC 5646).")
    postal_address: str = Field(
        "", max_length=500, description="The postal address in the footer of every mail; the law asks for it."
    )
    privacy_url: WebAddress | Literal[""] = Field("", description="The privacy notice that sign-up links to.")


class DatabaseSection(Section):
    url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///newsletter.sqlite3",
        description="sqlite:///FILE (relative to this file) or postgresql://USER@HOST/NAME.",
    )
    password: SecretStr = Field(
        SecretStr(""), description="PostgreSQL's password; better in NEWSLETTER_DATABASE__PASSWORD."
    )


class WebSection(Section):
    host: Line = Field("127.0.0.1", description="The address that the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port that the web server listens on.")
    threads: int = Field(4, ge=1, le=64, description="How many requests are answered at once.")


class SmtpSection(Section):
    host: Line = Field("127.0.0.1", description="The relay's name.")
    port: int = Field(587, ge=1, le=65535, description="587 for STARTTLS, 465 for TLS, 25 on your own network.")
    security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="starttls, tls, or none (only for a relay on this machine or your own network)."
    )
    verify: bool = Field(
        True, description="Refuse a relay whose certificate does not verify. Leave this on."
    )
    ca_file: OptionalLine = Field("", description="A file of certificates to trust besides the system's.")
    username: OptionalLine = Field("", description="The relay's log-in; empty for none.")
    password: SecretStr = Field(
        SecretStr(""), description="The relay's password; better in NEWSLETTER_EMAIL__SMTP__PASSWORD."
    )
    connections: int = Field(4, ge=1, le=64, description="How many connections to the relay are open at once.")
    timeout: int = Field(60, ge=5, le=600, description="Seconds to wait for an answer, but for the last one.")
    final_timeout: int = Field(
        600, ge=30, le=3600, description="Seconds to wait after a message's final dot; a shorter wait makes doubt."
    )


class EmailSection(Section):
    transport: Literal["outbox", "smtp"] = Field(
        "outbox", description="outbox (files on disk: practice) or smtp (a relay: for real)."
    )
    outbox: Line = Field("outbox", description="The folder for practice mail, relative to this file.")
    from_name: OptionalLine = Field("", description="The sender's name; empty for the organisation's.")
    from_address: MailAddress = Field("hub@example.org", description="The sender's address.")
    reply_to: MailAddress | Literal[""] = Field("", description="Where answers go; empty for from_address.")
    bounce_address: MailAddress | Literal[""] = Field(
        "", description="Where bounces go (the envelope sender); empty for from_address."
    )
    unsubscribe_mailbox: MailAddress | Literal[""] = Field(
        "", description="A mailbox for unsubscribing by mail; empty for none."
    )
    list_id: OptionalLine = Field(
        "", description="The list's permanent id, such as hub.example.org; empty for one made from the sender's domain."
    )
    smtp: SmtpSection = Field(default_factory=SmtpSection)  # type: ignore[arg-type]


class FeedsSection(Section):
    items: int = Field(30, ge=1, le=500, description="How many of the newest posts a feed carries.")
    ttl: int = Field(60, ge=5, le=1440, description="Minutes for which a feed reader may keep what it has.")


class TopicSection(Section):
    title: Line = Field(description="The topic's name as people see it.")
    categories: list[Line] = Field(
        default_factory=list, description="Categories and tags of your sources that belong to it."
    )


class SourceSection(Section):
    kind: Literal["folder"] = Field("folder", description="folder: Markdown or HTML files with front matter.")
    path: Line = Field(description="The folder, relative to this file.")
    url: WebAddress | Literal[""] = Field(
        "", description="Where these posts live on the web; a post's path is added to it. Empty: shown in our archive."
    )


class ScheduleSection(Section):
    sync_minutes: int = Field(15, ge=1, le=1440, description="Minutes between two looks at the sources.")
    hold_each_post: int = Field(
        3, ge=1, le=1000, description='More new posts than this in one sync are held back from "each post" mail.'
    )
    hold_digest: int = Field(20, ge=1, le=10000, description="More new posts than this in one sync are held back.")
    hold_days: int = Field(30, ge=1, le=3650, description="A new post dated more days ago than this is held back.")
    digest_most: int = Field(10, ge=1, le=100, description="Posts shown in a digest; the rest are linked.")
    doubt_days: int = Field(7, ge=1, le=90, description="Days after which a mail that may have arrived is closed.")
    deferred_hours: int = Field(48, ge=1, le=240, description="Hours for which a mail put off by a relay is tried.")


class DesignSection(Section):
    accent: Colour = Field("#0b5d56", description="Links and buttons; at least 4.5:1 against white.")
    accent_dark: Colour = Field("#7fd1c7", description="The same in dark mode; at least 4.5:1 against #161b1a.")
    logo: WebAddress | Literal[""] = Field("", description="A picture at the top of mails, by its web address.")
    logo_width: int = Field(120, ge=16, le=560, description="The logo's width in pixels.")


class Config(BaseSettings):
    """Every setting. ``folder`` is where relative paths start: the folder of config.toml."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
    )

    site: SiteSection
    database: DatabaseSection = Field(default_factory=DatabaseSection)  # type: ignore[arg-type]
    web: WebSection = Field(default_factory=WebSection)  # type: ignore[arg-type]
    email: EmailSection = Field(default_factory=EmailSection)  # type: ignore[arg-type]
    feeds: FeedsSection = Field(default_factory=FeedsSection)  # type: ignore[arg-type]
    schedule: ScheduleSection = Field(default_factory=ScheduleSection)  # type: ignore[arg-type]
    design: DesignSection = Field(default_factory=DesignSection)  # type: ignore[arg-type]
    topics: dict[Slug, TopicSection] = Field(default_factory=dict)
    sources: dict[Slug, SourceSection] = Field(default_factory=dict)
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs log-ins; NEWSLETTER_SECRET_KEY, or a file secret.key made beside the database.",
    )
    folder: Path = Field(default=Path(), exclude=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @model_validator(mode="after")
    def _one_topic_a_category(self) -> Self:
        seen: dict[str, str] = {}
        for name, topic in self.topics.items():
            for category in topic.categories:
                other = seen.setdefault(category.casefold(), name)
                if other != name:
                    raise ValueError(f'the category "{category}" is in topics.{other} and topics.{name}')
        return self

    @property
    def from_name(self) -> str:
        return self.email.from_name or self.site.organisation

    @property
    def reply_to(self) -> str:
        return self.email.reply_to or self.email.from_address

    @property
    def envelope_sender(self) -> str:
        return self.email.bounce_address or self.email.from_address

    @property
    def list_id(self) -> str:
        return self.email.list_id or "learning-hub." + self.email.from_address.rpartition("@")[2]

    @property
    def outbox_folder(self) -> Path:
        return self.folder / self.email.outbox

    @property
    def sqlite_file(self) -> Path | None:
        """The embedded database's file, None on PostgreSQL."""
        prefix = "sqlite:///"
        if not self.database.url.startswith(prefix):
            return None
        return self.folder / self.database.url.removeprefix(prefix)

    @property
    def state_folder(self) -> Path:
        """Where keys and locks live: beside the embedded database, or beside config.toml."""
        return self.sqlite_file.parent if self.sqlite_file else self.folder


def find(path: str | Path | None = None) -> Path:
    """The configuration file: the one named, else NEWSLETTER_CONFIG, else config.toml in the current folder.

    Raises ConfigError when there is none.
    """
    chosen = Path(path or os.environ.get("NEWSLETTER_CONFIG") or "config.toml")
    if not chosen.is_file():
        raise ConfigError(
            str(chosen),
            [("file", "not found; go to the site's folder, name it with --config FILE, or make one: newsletter init DIR")],
        )
    return chosen.resolve()


def load(path: str | Path | None = None) -> Config:
    """Read the file and the environment. Raises ConfigError with every mistake at once."""
    file = find(path)
    try:
        data = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), [("file", f"not valid TOML: {error}")]) from error
    problems = _unknown_variables()
    if "folder" in data:
        problems.append(("folder", "no such setting"))
        del data["folder"]
    try:
        config = Config(**data, folder=file.parent)
    except ValidationError as error:
        problems += [_worded(dict(detail)) for detail in error.errors()]
        config = None
    if problems or config is None:
        raise ConfigError(str(file), problems)
    return config


def _unknown_variables() -> list[tuple[str, str]]:
    known = {name.upper() for name in Config.model_fields if name != "folder"}
    unknown = [
        name
        for name in os.environ
        if name.startswith(ENVIRONMENT_PREFIX)
        and name not in NOT_SETTINGS
        and name.removeprefix(ENVIRONMENT_PREFIX).split("__")[0].upper() not in known
    ]
    return [(name, "no such setting; the environment's names are NEWSLETTER_SECTION__KEY") for name in sorted(unknown)]


def _worded(detail: dict[str, Any]) -> tuple[str, str]:
    """One mistake in plain words, without the value itself: it may be a secret."""
    key = ".".join(str(part) for part in detail["loc"] if not str(part).startswith("function-")) or "file"
    kind, message = detail["type"], detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return key, "no such setting"
    if kind == "missing":
        return key, "is missing and has no default"
    return key, message[:1].lower() + message[1:]
