"""A site that has an edition to send to a relay on loopback: what tests of crashes and faults begin with."""

from __future__ import annotations

from pathlib import Path

from hub import Hub, free_port
from servers.smtp import CollectingServer


def environment(relay: CollectingServer, *, connections: int) -> dict[str, str]:
    """What leads a site to the relay."""
    return {
        "NEWSLETTER_EMAIL__TRANSPORT": "smtp",
        "NEWSLETTER_EMAIL__SMTP__PORT": str(relay.port),
        "NEWSLETTER_EMAIL__SMTP__SECURITY": "none",
        "NEWSLETTER_EMAIL__SMTP__CONNECTIONS": str(connections),
        "NEWSLETTER_WEB__PORT": str(free_port()),
    }


def site_with_edition(
    folder: Path, relay: CollectingServer, *, people: int, connections: int
) -> tuple[Hub, int]:
    """A site with people and one post that is owed, and the number of its edition."""
    Hub(folder).run("init", "hub")
    hub = Hub(folder / "hub", environment(relay, connections=connections))
    hub.run("sync")
    hub.run("subscribers", "import", str(hub.people(people)), "--consent", "They said yes.")
    (hub.folder / "posts" / "new.md").write_text("---\ntitle: A new post\n---\nWith some text.\n")
    hub.run("sync")
    composed = hub.json("editions", "compose", "--campaign", "weekly")
    assert (composed["people"], composed["posts"]) == (people, 1)
    return hub, int(composed["id"])


def arrived(relay: CollectingServer) -> list[str]:
    """Whom the relay has mail for, in the order it came."""
    return [recipients[0] for _, recipients, _ in relay.messages]
