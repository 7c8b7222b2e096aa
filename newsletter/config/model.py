"""The settings as a whole, and what follows from several of them. The sections: sections.py; reading: loading.py."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from newsletter.config.sections import (
    NO_SECRET,
    DatabaseSection,
    DesignSection,
    EmailSection,
    FeedsSection,
    FetchSection,
    ScheduleSection,
    Section,
    SiteSection,
    SourceSection,
    TopicSection,
    WebSection,
)
from newsletter.config.values import (
    ShortName,
    not_expected,
)
from newsletter.slots.blackout import Blackout


class Config(Section):
    """The keys that sign and hash; most sites leave them empty and keep the files that are made.

    ``file`` and ``folder`` are no settings: config.toml itself, and its folder, where relative paths start.
    """

    login_key: SecretStr = Field(
        NO_SECRET,
        description="Signs log-ins and forms; empty for the file login.key, made beside the database.",
    )
    links_key: SecretStr = Field(
        NO_SECRET,
        description="Signs the links in mails; empty for the file links.key. Changing it breaks old links.",
    )
    suppression_key: SecretStr = Field(
        NO_SECRET,
        description="Hashes addresses not to be mailed; empty for the file suppression.key. Never change it.",
    )
    site: SiteSection
    database: DatabaseSection = Field(default_factory=DatabaseSection)
    web: WebSection = Field(default_factory=WebSection)
    email: EmailSection = Field(default_factory=EmailSection)
    feeds: FeedsSection = Field(default_factory=FeedsSection)
    schedule: ScheduleSection = Field(default_factory=ScheduleSection)
    design: DesignSection = Field(default_factory=DesignSection)
    fetch: FetchSection = Field(default_factory=FetchSection)
    topics: dict[ShortName, TopicSection] = Field(
        default_factory=dict,
        examples=[
            {
                "guides": {"title": "Guides", "categories": ["guide", "how-to"]},
                "news": {"title": "News", "categories": ["news", "announcement"]},
            }
        ],
    )
    sources: dict[ShortName, SourceSection] = Field(
        default_factory=dict, examples=[{"posts": {"kind": "folder", "path": "posts", "url": ""}}]
    )
    file: Path = Field(default=Path("config.toml"), exclude=True)
    folder: Path = Field(default=Path(), exclude=True)

    @field_validator("topics")
    @classmethod
    def _one_topic_a_category(cls, topics: dict[str, TopicSection]) -> dict[str, TopicSection]:
        owner: dict[str, str] = {}
        for name, topic in topics.items():
            for category in topic.categories:
                other = owner.setdefault(category.casefold(), name)
                if other != name:
                    raise not_expected(
                        f'each category in one topic; "{category}" is in {other} and in {name}'
                    )
        return topics

    @field_validator("topics")
    @classmethod
    def _one_heir_a_name(cls, topics: dict[str, TopicSection]) -> dict[str, TopicSection]:
        heir: dict[str, str] = {}
        for name, topic in topics.items():
            for former in topic.formerly:
                if former in topics:
                    raise not_expected(
                        f'names in formerly that no topic has today; "{former}" is a topic of its own'
                    )
                if heir.setdefault(former, name) != name:
                    raise not_expected(
                        f'"{former}" in the formerly of one topic; {heir[former]} has it, and {name}'
                    )
        return topics

    @property
    def practice(self) -> bool:
        """Mail goes to the outbox on disk and settles nothing."""
        return self.email.transport == "outbox"

    @property
    def blackout(self) -> Blackout:
        """The dates on which nothing goes out."""
        return Blackout.of(self.schedule.blackout)

    @property
    def proof_minutes(self) -> int:
        """Minutes before a slot at which a proof goes to staff; 0 where there is nobody to get one."""
        return self.schedule.proof_minutes if self.email.staff else 0

    @property
    def relay_is_local(self) -> bool:
        """The relay is on this machine, by its address or as localhost."""
        host = self.email.smtp.host
        if host.casefold() == "localhost":
            return True
        try:
            return ipaddress.ip_address(host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def from_name(self) -> str:
        """The sender's name."""
        return self.email.from_name or self.site.organisation

    @property
    def reply_to(self) -> str:
        """Where answers go."""
        return self.email.reply_to or self.email.from_address

    @property
    def envelope_sender(self) -> str:
        """Where bounces go."""
        return self.email.bounce_address or self.email.from_address

    @property
    def list_id(self) -> str:
        """The label and domain of List-Id (RFC 2919)."""
        return self.email.list_id or "learning-hub." + self.email.from_address.rpartition("@")[2]

    @property
    def outbox_folder(self) -> Path:
        """Where practice mail goes."""
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
