"""The values of one person that are spliced into a compiled message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsletter.config import Config
from newsletter.rendering.mail_parts import Personal
from subscribers import tokens
from subscribers.tokens import Purpose


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message is for, read with the claim so that senders need no database."""

    subscriber_id: int
    wire: str
    shown: str
    name: str


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the personal links of a site."""

    site_url: str
    #: The domain of our Message-IDs: the sender's.
    domain: str
    unsubscribe_mailbox: str
    key: bytes

    @classmethod
    def of(cls, config: Config, key: bytes) -> Links:
        """``key`` is the links key of the site."""
        # The configuration gives it in ASCII (config/values.py).
        domain = config.email.from_address.rpartition("@")[2]
        return cls(config.site.url, domain, config.email.unsubscribe_mailbox, key)

    def link(self, purpose: Purpose, subscriber_id: int) -> str:
        """The address of a person's page for one purpose."""
        return f"{self.site_url}/{purpose.value}/{tokens.make(purpose, subscriber_id, self.key)}"

    def message_id(self, edition_id: int, subscriber_id: int) -> str:
        """With angle brackets; the same for every attempt at this edition for this person."""
        return f"<{tokens.message_mark(edition_id, subscriber_id, self.key)}@{self.domain}>"

    def personal(self, recipient: Recipient, edition_id: int, now: datetime) -> Personal:
        """Everything personal in one copy of an edition."""
        return self._personal(recipient, self.message_id(edition_id, recipient.subscriber_id), now)

    def personal_notice(self, recipient: Recipient, notice_id: int, now: datetime) -> Personal:
        """Everything personal in a notice."""
        mark = tokens.message_mark(0, notice_id, self.key)
        return self._personal(recipient, f"<n{mark}@{self.domain}>", now)

    def _personal(self, recipient: Recipient, message_id: str, now: datetime) -> Personal:
        token = tokens.make(Purpose.UNSUBSCRIBE, recipient.subscriber_id, self.key)
        local, _, domain = self.unsubscribe_mailbox.rpartition("@")
        return Personal(
            address=recipient.wire,
            address_shown=recipient.shown,
            name=recipient.name,
            unsubscribe_url=self.link(Purpose.UNSUBSCRIBE, recipient.subscriber_id),
            preferences_url=self.link(Purpose.PREFERENCES, recipient.subscriber_id),
            unsubscribe_mailbox=f"{local}+{token}@{domain}" if domain else "",
            message_id=message_id,
            date=now,
        )
