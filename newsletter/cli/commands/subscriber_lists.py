"""``newsletter subscribers import``, ``export`` and ``suppress``: lists of people in and out."""

from __future__ import annotations

import io
import sys
from collections import Counter
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import bootstrap, output
from newsletter.cli.commands.subscribers import (
    Json,
    Status,
    as_row,
    known_status,
    pages_of_people,
    suppressed_hashes,
    warn_if_not_running,
)
from subscribers.cadence import Cadence

if TYPE_CHECKING:
    from newsletter.publishing.subscriptions.bulk_import import Admission
    from subscribers.lists.imports import Refusal, Row
    from subscribers.lists.status_columns import Answers
    from subscribers.models import Subscriber

#: Refused rows, and reasons, that are printed.
_SHOWN = 10
_CHUNK = 300


def add_to(subscribers: typer.Typer) -> None:
    """Put these commands beside the others about people."""
    subscribers.command("import")(import_file)
    subscribers.command()(export)
    subscribers.command()(suppress)


class Everybody(StrEnum):
    """What staff may say of all people of a file."""

    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    LEFT = "left"
    SUPPRESSED = "suppressed"


class Reason(StrEnum):
    """Why an address is suppressed by hand."""

    STAFF = "staff"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"


Encoding = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="How the file is written, where it is no UTF-8: windows-1250, mac_roman, …"
    ),
]


def import_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV file with a header, or an address a line.")
    ],
    consent: Annotated[
        str,
        typer.Option(metavar="TEXT", help="What these people agreed to, and where; kept with each of them."),
    ],
    cadence: Annotated[Cadence, typer.Option(help="How often, for rows that do not say.")] = Cadence.WEEKLY,
    status_value: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE=MEANING",
            help="What a value of a status column means: subscribed, paused, pending, left, suppressed or skip. "
            "COLUMN:VALUE=MEANING for one column; may be given more than once.",
        ),
    ] = None,
    ignore_column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A column that does not say who may be mailed."),
    ] = None,
    everybody: Annotated[
        Everybody | None, typer.Option(help="Where all people of the file stand, whatever it is called.")
    ] = None,
    encoding: Encoding = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Subscribe the people of a file at once, but not who left there; what cannot be taken is named with the reason."""
    if not consent.strip():
        raise typer.BadParameter("say what these people agreed to, and where", param_hint="--consent")
    config = bootstrap.start()
    from newsletter.publishing.subscriptions.bulk_import import admit
    from subscribers.consent import Proof
    from subscribers.lists import imports
    from subscribers.lists.files import count_lines
    from subscribers.lists.standing import Standing

    rows = imports.read(
        file,
        {name: topic.title for name, topic in config.topics.items()},
        answers=_answers(status_value or [], ignore_column or []),
        everybody=Standing(everybody) if everybody else None,
        encoding=encoding,
    )
    _say_guessed_encoding(file, encoding)
    proof = Proof(wording=consent.strip(), form=f"import of {file.name}")
    with output.progress(file.name, count_lines(file)) as bar:
        done = admit(rows, cadence=cadence, proof=proof, now=bootstrap.now(), dry_run=dry_run, progress=bar)
    if as_json:
        output.as_json(_admission(done, dry_run))
    else:
        _say_admission(done, dry_run)
    warn_if_not_running([Cadence(word) for word in done.cadences])


def _say_guessed_encoding(file: Path, said: str) -> None:
    from subscribers.lists import encodings
    from subscribers.lists.files import encoding_of

    found = encoding_of(file, said)
    if found.guessed:
        output.aside(
            f"{file.name} is no UTF-8; it is read as {encodings.shown(found.name)}. Where names come out wrong, "
            "save the list as UTF-8, or say how it is written: --encoding NAME."
        )


def _answers(values: list[str], ignored: list[str]) -> Answers:
    from subscribers.lists.status_columns import answered

    try:
        return answered(values, ignored)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--status-value") from error


def _admission(done: Admission, dry_run: bool) -> dict[str, Any]:
    from subscribers.lists.standing import Standing

    others = (Standing.PAUSED, Standing.PENDING, Standing.LEFT, Standing.SUPPRESSED)
    return {
        "added": done.added,
        **{standing.value: done.counted(standing) for standing in others},
        "not_subscribed": [
            {"line": one.line, "address": one.address, "becomes": one.becomes.value, "reason": one.why}
            for one in done.stood_down
        ],
        "refused": _refusals(done.refused),
        "dry_run": dry_run,
    }


def _refusals(refused: list[Refusal]) -> list[dict[str, object]]:
    return [{"line": row.line, "address": row.address, "reason": row.reason} for row in refused]


def _say_admission(done: Admission, dry_run: bool) -> None:
    from subscribers.lists.standing import Standing

    reasons = Counter((one.becomes, one.why) for one in done.stood_down)
    for (becomes, why), count in reasons.most_common(_SHOWN):
        output.aside(f"{output.counted(count, 'person', 'people')} {becomes}: {why}")
    if len(reasons) > _SHOWN:
        output.aside(f"… and {len(reasons) - _SHOWN:,} more reasons; --json names everybody.")
    _say_refused(done.refused)
    verb = "would be subscribed" if dry_run else ("is subscribed" if done.added == 1 else "are subscribed")
    words = (Standing.PAUSED, Standing.PENDING, Standing.LEFT, Standing.SUPPRESSED)
    others = "".join(f", {done.counted(word):,} {word}" for word in words if done.counted(word))
    output.say(
        f"{output.counted(done.added, 'person', 'people')} {verb}{others}, "
        f"{output.counted(len(done.refused), 'row')} refused."
    )


def _say_refused(refused: list[Refusal]) -> None:
    if len(refused) > _SHOWN:
        for reason, count in Counter(row.reason for row in refused).most_common(_SHOWN):
            output.aside(f"{output.counted(count, 'row')} refused: {reason}")
    for row in refused[:_SHOWN]:
        output.aside(f"line {row.line}: {row.address}: {row.reason}")
    if len(refused) > _SHOWN:
        output.aside(f"… and {len(refused) - _SHOWN:,} more; --json names every row.")


def export(
    status: Status = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it into a file.")] = None,
) -> None:
    """Everybody as CSV, with nothing that a spreadsheet would take for a formula; import takes it back as it was."""
    bootstrap.start()
    from subscribers.consent import agreed_at, proofs
    from subscribers.lists.exports import HEADER, write_csv

    suppressed = suppressed_hashes()
    rows = (
        _exported(person, suppressed, agreed, proof.get(person.pk, {}))
        for page in pages_of_people(known_status(status), None)
        for agreed, proof in [(agreed_at(page), proofs(page))]
        for person in page
    )
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            output.aside(f"{output.counted(write_csv(file, HEADER, rows), 'person', 'people')} in {out}")
        return
    stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
    try:
        write_csv(stream, HEADER, rows)
    finally:
        stream.detach()


def _exported(
    person: Subscriber, suppressed: dict[str, str], agreed: dict[int, datetime], proof: dict[str, str]
) -> tuple[str, ...]:
    row = as_row(person, suppressed)
    return (
        row["address"],
        row["name"],
        row["status"],
        "yes" if row["suppressed"] else "",
        row["cadence"],
        "|".join(row["topics"]),
        output.rfc3339(agreed.get(person.pk)) or "",
        row["left_at"] or "",
        row["paused_at"] or "",
        suppressed.get(person.hashed, ""),
        *(proof.get(name, "") for name in ("signed_up_at", "signed_up_ip", "signed_up_from", "confirmed_ip")),
    )


def suppress(
    address: Annotated[str | None, typer.Argument(metavar="ADDRESS", help="A mail address.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A list of addresses: each of them, whatever else the list says."),
    ] = None,
    encoding: Encoding = "",
    reason: Annotated[Reason, typer.Option(help="Why; what staff say stays, whoever asks.")] = Reason.STAFF,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Never mail this address again, or those of a file, whether they are subscribed or not."""
    if (address is None) == (file is None):
        raise typer.BadParameter("give one address, or a list with --file FILE", param_hint="ADDRESS")
    bootstrap.start()
    from newsletter.publishing.subscriptions.listed_leavers import suppress_address
    from subscribers.lists.imports import Row, addresses_in
    from subscribers.models import SuppressionReason

    if file is not None:
        rows = list(addresses_in(file, encoding=encoding))
        found = [row for row in rows if isinstance(row, Row)]
        new = _suppress_all(found, reason, dry_run)
        refused = [row for row in rows if not isinstance(row, Row)]
        _say_suppressed(len(found), new, refused, dry_run=dry_run, as_json=as_json)
        return
    assert address is not None
    shown, made = suppress_address(address, SuppressionReason(reason), bootstrap.now(), dry_run=dry_run)
    if as_json:
        output.as_json({"suppressed": int(made), "already": int(not made), "refused": [], "dry_run": dry_run})
        return
    verb = "would be suppressed" if dry_run else "is suppressed"
    output.say(f"{shown} {verb if made else 'was suppressed already'}.")


def _suppress_all(found: list[Row], reason: Reason, dry_run: bool) -> int:
    """Some hundreds in a transaction, as an import. Returns how many are new."""
    from django.db import transaction

    from newsletter.publishing.subscriptions.listed_leavers import suppress_address
    from subscribers.models import SuppressionReason

    now, new = bootstrap.now(), 0
    with output.progress("suppress", len(found)) as bar:
        for begin in range(0, len(found), _CHUNK):
            with transaction.atomic():
                for row in found[begin : begin + _CHUNK]:
                    _, made = suppress_address(
                        row.address.shown, SuppressionReason(reason), now, dry_run=dry_run
                    )
                    new += made
            bar(begin)
    return new


def _say_suppressed(number: int, new: int, refused: list[Refusal], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        answer = {"suppressed": new, "already": number - new, "refused": _refusals(refused)}
        output.as_json({**answer, "dry_run": dry_run})
        return
    _say_refused(refused)
    verb = "would be suppressed" if dry_run else ("is suppressed" if new == 1 else "are suppressed")
    output.say(
        f"{output.counted(new, 'address', 'addresses')} {verb}, {number - new:,} were already, "
        f"{output.counted(len(refused), 'row')} refused."
    )
