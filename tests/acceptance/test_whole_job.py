"""The whole job as its staff see it: posts come in, feeds and mail go out, and nobody gets anything twice."""

from __future__ import annotations

import email
import email.policy
import re
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from hub import Hub, wait_until
from servers.smtp import CollectingServer

from newsletter.slots.arithmetic import WEEKDAYS

TODAY = datetime.now(UTC).date()


def recipients(relay: CollectingServer, word: str = "") -> Counter[str]:
    """Who got mail whose raw text holds that word, and how often."""
    return Counter(to for _, tos, content in relay.messages if word.encode() in content for to in tos)


def ago(days: int) -> str:
    return str(TODAY - timedelta(days=days))


def test_thirty_posts_a_page_and_two_hundred_people(
    real_hub: Hub, relay: CollectingServer, tmp_path: Path
) -> None:
    hub = real_hub
    for number in range(30):
        hub.post(f"old-{number}", f"Old post {number}", ago(40 + number), tags="guide" if number % 2 else "")
    report = hub.json("sync")
    assert (report[0]["first"], len(report[0]["new"])) == (True, 30)

    added = hub.json("subscribers", "import", str(hub.people(200)), "--consent", "the paper form of May 2026")
    assert (added["added"], added["refused"]) == (200, [])
    hub.run("campaigns", "edit", "each-post", "--wait-minutes", "0")
    hub.run("campaigns", "resume", "each-post")
    far = WEEKDAYS[(TODAY.weekday() + 3) % 7]  # so that no slot of its own falls into the test
    hub.run("campaigns", "edit", "weekly", "--weekday", far)
    hub.run("subscribers", "unsubscribe", "person1@example.org")
    more = tmp_path / "more.csv"
    more.write_text("\n".join(f"eager{number}@example.org" for number in range(1, 11)))
    hub.json("subscribers", "import", str(more), "--cadence", "each-post", "--consent", "asked at the fair")

    page = tmp_path / "the-well.html"
    page.write_text(
        "<!DOCTYPE html><html lang=en><head><title>The Well – Example Hub</title></head><body><main><article>"
        "<h1>The Well</h1><p>By Ann Reed, June 2017</p>"
        + "<p>The well was dug in a week and argued about for a year, and both did the village good.</p>" * 4
        + "</article></main></body></html>"
    )
    imported = hub.json("posts", "import", str(page))
    assert imported["title"] == "The Well"
    assert not imported["mail"]

    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert (made["people"], made["posts"]) == (0, 0), "an archive mails nobody"
    assert any("30 posts arrived with the first sync" in hint for hint in made["hints"])

    hub.post("fresh-1", "Fresh post one", ago(1))
    hub.post("fresh-2", "Fresh post two", ago(0))
    assert len(hub.json("sync")[0]["new"]) == 2
    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert (made["people"], made["posts"]) == (199, 2)
    assert made["left_out"] == {"left": 1}
    refused = hub.run("editions", "send", str(made["id"]), code=1)
    assert "199 people, 2 posts. Send?" in refused.stderr
    assert not relay.messages
    sent = hub.run("editions", "send", str(made["id"]), "--yes")
    assert "199 sent" in sent.stdout
    assert recipients(relay) == Counter({f"person{n}@example.org": 1 for n in range(2, 201)})

    again = hub.run("editions", "send", str(made["id"]), "--yes")
    assert "199 sent" in again.stdout
    assert len(relay.messages) == 199
    state = hub.json("editions", "show", str(made["id"]))
    assert {word: state[word] for word in ("state", "people", "sent", "pending", "unknown")} == {
        "state": "sent",
        "people": 199,
        "sent": 199,
        "pending": 0,
        "unknown": 0,
    }

    # Two schedulers at once; the eager ones get one mail for each post, in order, and nobody anything twice.
    with hub.start("run") as first, hub.start("scheduler") as second:
        wait_until(lambda: sum(recipients(relay, "eager").values()) >= 20, "each-post mails")
        hub.run("sync")
        hub.post("dropped-in", "Dropped in while it runs", ago(0))
        hub.run("sync")
        feed = f"http://127.0.0.1:{hub.env['NEWSLETTER_WEB__PORT']}/rss.xml"
        wait_until(
            lambda: b"Dropped in while it runs" in urllib.request.urlopen(feed, timeout=10).read(), "the feed"
        )
        wait_until(lambda: sum(recipients(relay, "Dropped in").values()) >= 10, "the mail of the new post")
        assert first.stop() == 0, first.output
        assert second.stop() == 0, second.output
    eager = Counter({f"eager{n}@example.org": 3 for n in range(1, 11)})
    assert recipients(relay, "To: eager") == eager

    # Somebody of the weekly letter asks for each post instead; that, and a restart, send nobody anything again.
    before = len(relay.messages)
    made = hub.json("editions", "compose", "--campaign", "weekly")
    assert (made["people"], made["posts"]) == (199, 1)
    hub.run("editions", "cancel", str(made["id"]), "--yes")
    page = preferences_link(relay, "person7@example.org", hub)
    with hub.start("run") as third:
        wait_until(lambda: _listens(feed), "the pages")
        switch(page, "each-post")
        hub.run("sync")
        assert third.stop() == 0, third.output
    assert len(relay.messages) == before
    moved = next(row for row in hub.json("subscribers", "list") if row["address"] == "person7@example.org")
    assert moved["cadence"] == "each-post"


def preferences_link(relay: CollectingServer, address: str, hub: Hub) -> str:
    """The link at the foot of a person's mail, at the port where this site listens."""
    content = next(content for _, tos, content in relay.messages if tos == [address])
    body = email.message_from_bytes(content, policy=email.policy.default).get_body(("plain",))
    assert body is not None
    found = re.search(r"/preferences/[a-z0-9-]+", body.get_content())
    assert found is not None
    return f"http://127.0.0.1:{hub.env['NEWSLETTER_WEB__PORT']}{found[0]}"


def switch(page: str, cadence: str) -> None:
    """Choose another cadence on the preferences page, as a browser would."""
    with urllib.request.urlopen(page, timeout=10) as answer:
        form = re.search(r'name="form" value="([^"]+)"', answer.read().decode())
    assert form is not None
    fields = {"form": form[1], "cadence": cadence, "do": "save"}
    with urllib.request.urlopen(page, urlencode(fields).encode(), timeout=10) as answer:
        assert answer.status == 200


def _listens(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True
