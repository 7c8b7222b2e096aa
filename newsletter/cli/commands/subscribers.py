"""``newsletter subscribers``: the people and what they agreed to. Lists of them, in and out, are
subscriber_lists.py's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import bootstrap, output
from subscribers.cadence import Cadence

if TYPE_CHECKING:
    from newsletter.config import Config
    from subscribers.models import Subscriber

app = typer.Typer(
    help="Subscribers: list, add, show, import, export, unsubscribe, suppress, unsuppress, erase.",
    no_args_is_help=True,
)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's mail address.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
FORM = "command line"
_PAGE = 1000
#: What an import kept of another system's record.
_PROOF = ("said", "signed_up_at", "signed_up_ip", "signed_up_from", "confirmed_at", "confirmed_ip")


def people(status: str | None, cadence: Cadence | None) -> Iterator[Subscriber]:
    """Everybody of a status and a cadence; None for any."""
    for page in pages_of_people(status, cadence):
        yield from page


def pages_of_people(status: str | None, cadence: Cadence | None) -> Iterator[list[Subscriber]]:
    """In pages by key, so that a million cost what a thousand cost."""
    from subscribers.models import Subscriber

    rows = Subscriber.objects.select_related("subscription").order_by("pk")
    if status is not None:
        rows = rows.filter(subscription__status=status)
    if cadence is not None:
        rows = rows.filter(subscription__cadence=cadence)
    after = 0
    while page := list(rows.filter(pk__gt=after)[:_PAGE]):
        yield page
        after = page[-1].pk


def as_row(person: Subscriber, suppressed: Collection[str]) -> dict[str, Any]:
    subscription = person.subscription
    return {
        "address": person.address,
        "name": person.name,
        "status": subscription.status,
        "suppressed": person.hashed in suppressed,
        "cadence": subscription.cadence,
        "topics": list(subscription.topics),
        "confirmed_at": output.rfc3339(subscription.confirmed_at),
        "paused_at": output.rfc3339(subscription.paused_at),
        "left_at": output.rfc3339(subscription.left_at),
    }


def suppressed_hashes() -> dict[str, str]:
    """The hash of each suppressed address → the reason."""
    from subscribers.models import Suppression

    return dict(Suppression.objects.values_list("hashed", "reason"))


Status = Annotated[str | None, typer.Option(help="Only these: pending, confirmed, paused or left.")]


def known_status(status: str | None) -> str | None:
    from subscribers.models import Status as Words

    if status is not None and status not in set(Words):
        raise typer.BadParameter(f"expected one of {', '.join(Words)}", param_hint="--status")
    return status


@app.command("list")
def list_subscribers(
    status: Status = None,
    cadence: Annotated[Cadence | None, typer.Option(help="Only the people of this cadence.")] = None,
    as_json: Json = False,
) -> None:
    """Everybody, in the order they came."""
    bootstrap.start()
    suppressed = suppressed_hashes()
    rows = [as_row(person, suppressed) for person in people(known_status(status), cadence)]
    if as_json:
        output.as_json(rows)
        return
    output.table(
        ("address", "name", "status", "cadence", "topics"),
        [
            (
                row["address"],
                row["name"],
                f"{row['status']}, suppressed" if row["suppressed"] else row["status"],
                row["cadence"],
                ", ".join(row["topics"]) or "all",
            )
            for row in rows
        ],
        "Nobody yet: newsletter subscribers import FILE --consent TEXT",
    )


@app.command()
def add(
    address: Address,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    cadence: Annotated[Cadence, typer.Option(help="How often.")] = Cadence.WEEKLY,
    topic: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A topic; may be given more than once. None: all."),
    ] = None,
    consent: Annotated[
        str,
        typer.Option(metavar="TEXT", help="What the person agreed to; without it they are asked by mail."),
    ] = "",
) -> None:
    """One person. With --consent they are subscribed at once, without it they get the confirmation mail."""
    config = bootstrap.start()
    from newsletter.publishing.subscriptions import sign_up
    from subscribers.consent import Proof
    from subscribers.models import Event

    topics = sorted(set(topic or []))
    unknown = [word for word in topics if word not in config.topics]
    if unknown:
        raise typer.BadParameter(
            f'there is no topic "{unknown[0]}"; there are: {", ".join(config.topics) or "none"}',
            param_hint="--topic",
        )
    proof = Proof(wording=consent.strip(), form=FORM)
    if not proof.wording:
        _ask_by_mail(address, name, cadence, topics, config)
    else:
        person, changed = sign_up.add(
            address,
            name=name,
            cadence=cadence,
            topics=topics,
            event=Event.ADDED,
            proof=proof,
            now=bootstrap.now(),
        )
        what = "is subscribed" if changed else "was subscribed already; nothing changed"
        output.say(f"{person.address} {what}.")
    warn_if_not_running([cadence])


def _ask_by_mail(address: str, name: str, cadence: Cadence, topics: list[str], config: Config) -> None:
    from django.conf import settings
    from django.db import transaction

    from newsletter.publishing.notices import confirmations
    from newsletter.publishing.subscriptions import sign_up
    from subscribers import address as addresses
    from subscribers import suppression
    from subscribers.consent import Proof
    from subscribers.models import Event

    now = bootstrap.now()
    suppression.refuse(addresses.parse(address), settings.SUBSCRIBERS_SUPPRESSION_KEY)
    with transaction.atomic():
        person, due = sign_up.sign_up(
            address,
            name=name,
            cadence=cadence,
            topics=topics,
            event=Event.ADDED,
            proof=Proof(form=FORM),
            now=now,
        )
        asked = due and confirmations.request_confirmation(person, config, now)
    if not due:
        output.say(f"{person.address} is subscribed already; nothing changed.")
    elif asked:
        output.say(f"{person.address} gets a mail with a link to confirm; newsletter run sends it.")
    else:
        output.say(
            f"{person.address} gets no confirmation mail: this mailbox was asked today, and one a day is the most."
        )


def warn_if_not_running(cadences: list[Cadence]) -> None:
    from newsletter.publishing.subscriptions import sign_up

    for cadence in cadences:
        if not sign_up.offered(cadence):
            output.aside(
                f"No campaign runs for the cadence {cadence}, so these people get no mail yet; "
                f"see: newsletter campaigns list"
            )


@app.command("show")
def show_subscriber(address: Address, as_json: Json = False) -> None:
    """Everything that is kept about one person: their rows, consents and mails."""
    config = bootstrap.start()
    from newsletter.publishing.editions.previews import subscriber_of
    from subscribers.privacy import rows_of

    person = subscriber_of(address)
    rows = rows_of(person)
    rows["mails"] = [
        {
            "edition": mail.edition_id,
            "state": mail.state,
            "at": mail.changed_at,
            "reply": mail.reply,
            "practice": mail.edition.practice,
        }
        for mail in person.deliveries.select_related("edition").order_by("pk")
    ]
    if as_json:
        output.as_json(rows)
        return
    zone = config.site.timezone
    consents, mails = rows.pop("consent"), rows.pop("mails")
    if rows["suppressed"]:
        stands = rows["suppressed"]
        words = " ".join(filter(None, (str(stands["code"] or ""), stands["reply"])))
        rows["suppressed"] = f"{stands['reason']}, {output.moment(stands['at'], zone)}" + (
            f', the mail server said "{words}"' if words else ""
        )
    rows["topics"] = ", ".join(rows["topics"]) or "all"
    times = {name: output.moment(rows[name], zone) for name in rows if name.endswith("_at")}
    output.facts(rows | times)
    for step in consents:
        proof = "; ".join(f"{what}: {text}" for what, text in step["detail"].items() if what in _PROOF)
        words = " ".join(
            filter(None, (step["event"], step["form"], step["wording"], f"({proof})" if proof else ""))
        )
        output.say(f"  {output.moment(step['at'], zone)}: {words}")
    for mail in mails:
        practice = ", practice" if mail["practice"] else ""
        output.say(
            f"  {output.moment(mail['at'], zone)}: edition {mail['edition']} {mail['state']}{practice}"
        )


@app.command()
def unsubscribe(address: Address) -> None:
    """The person leaves, at once. They may come back by themselves."""
    bootstrap.start()
    from newsletter.publishing.editions.previews import subscriber_of
    from subscribers import consent

    person = subscriber_of(address)
    consent.leave(person, proof=consent.Proof(form=FORM), now=bootstrap.now())
    output.say(f"{person.address} is unsubscribed.")


@app.command()
def unsuppress(address: Address) -> None:
    """An address may be mailed again after all; not one whose owner complained or had their data erased."""
    bootstrap.start()
    from django.conf import settings

    from subscribers import address as addresses
    from subscribers import suppression

    parsed = addresses.parse(address)
    was = suppression.take_back(parsed, settings.SUBSCRIBERS_SUPPRESSION_KEY)
    output.say(f"{parsed.shown} {'may be mailed again' if was else 'was not suppressed'}.")


@app.command()
def erase(address: Address, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything about a person but a hash that keeps them from ever being mailed again."""
    bootstrap.start()
    from newsletter.publishing.editions.previews import subscriber_of
    from newsletter.publishing.subscriptions import erasure

    person = subscriber_of(address)
    shown = person.address
    output.sure(
        f"Erase everything about {shown}? This cannot be undone.",
        yes=yes,
        instead="Nothing was erased: without a terminal, add --yes.",
    )
    erasure.erase(person, bootstrap.now())
    output.say(f"{shown} is erased; a hash of the address stays, so that nobody mails them again.")
