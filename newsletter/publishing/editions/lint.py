"""Whether an edition may go out: the lint over its frozen parts, and where an error stops it. Rules are rendering's.

An error keeps an edition from being approved, scheduled and sent. Staff may send it despite an error, knowingly, but
not without what the law asks for. Nothing is lost: its posts stay owed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NoReturn

from django.db import transaction

from newsletter.config import Config
from newsletter.errors import NewsletterError, Refused
from newsletter.models import Act, Edition, PageVerdict, Reason, Site
from newsletter.models.edition import UNSTARTED
from newsletter.publishing import log, real_mail
from newsletter.publishing.editions import transitions, variants
from newsletter.rendering.lint.level import Level, LintProblem
from newsletter.rendering.mail_parts import Entry, Frame

#: Where the edition's frozen parts say that staff send it despite errors. Composing it anew takes the word back.
DESPITE = "despite"
#: The rule of what cannot be rendered at all.
BROKEN = "template"


def problems(edition: Edition, config: Config) -> list[LintProblem]:
    """Everything that is wrong with an edition that has not begun, errors first; empty where nothing is frozen yet.

    It writes nothing and asks the net for nothing; it takes about a tenth of a second.
    """
    if edition.frozen_at is None or edition.state not in UNSTARTED or not edition.edition_posts.exists():
        return []
    found: dict[LintProblem, None] = {}
    for posts in _sets(edition):
        found |= dict.fromkeys(_of_set(edition, posts, config))
    return sorted(found, key=lambda problem: problem.level is Level.WARNING)


def blocking(edition: Edition, found: list[LintProblem]) -> list[LintProblem]:
    """Those that stop this edition: errors, and where staff said "despite" those that nobody can wave through."""
    despite = bool(edition.frozen.get(DESPITE))
    return [p for p in found if p.level is Level.ERROR and (p.legal or p.rule == BROKEN or not despite)]


def must_pass(edition: Edition, config: Config, *, despite: bool = False) -> None:
    """Raise Refused when an error stops this edition. ``despite`` is staff's word to send it all the same; it is kept
    with the edition. Call it outside of transactions: it renders."""
    found = problems(edition, config)
    if despite and not edition.frozen.get(DESPITE):
        _keep_word(edition)
    if stopping := blocking(edition, found):
        raise Refused(_sentence(edition, stopping))


def hold_back(edition: Edition, stopping: Sequence[LintProblem], now: datetime) -> NoReturn:
    """Before an edition begins: with these errors it waits for approval instead, and says why. Raises Refused."""
    with transaction.atomic():
        Site.locked()
        edition.refresh_from_db()
        if edition.state in UNSTARTED:
            transitions.back_to_approval(edition, Reason.LINT, _counted(stopping), now, drafts_too=True)
    raise Refused(_sentence(edition, stopping))


@transaction.atomic
def refresh(number: int, config: Config, now: datetime) -> Edition:
    """Compose an edition anew that has not begun: its posts, frame and templates as they are now. It then waits for
    approval, for it is not what staff saw. Raises NotFound and Refused."""
    from newsletter.publishing.editions import compose

    compose.find(number)
    Site.locked()
    edition = Edition.objects.select_related("campaign").select_for_update(of=("self",)).get(pk=number)
    if edition.state not in UNSTARTED:
        raise Refused(
            f"Edition {number} is {edition.state}; only one that has not begun can be composed anew."
        )
    chosen = (
        [] if edition.moves_watermarks else [row.post for row in edition.edition_posts.select_related("post")]
    )
    transitions.recompose(edition, Reason.NONE, now)
    log.note(Act.COMPOSED_ANEW, now, edition)
    compose.freeze(edition, config, now, chosen=chosen)
    return edition


def _sets(edition: Edition) -> Iterator[list[int]]:
    """All posts; and the newest alone where it comes in full, for that is another template."""
    rows = list(edition.edition_posts.values_list("post_id", "entry"))
    yield [post for post, _ in rows]
    if len(rows) > 1 and rows[0][1]["html"].strip():
        yield [rows[0][0]]


def _of_set(edition: Edition, posts: list[int], config: Config) -> list[LintProblem]:
    # Here, because premailer takes a third of a second to load, and most commands render nothing.
    from newsletter.rendering.lint.rules import lint
    from newsletter.rendering.lint.subject import LintedMail
    from newsletter.rendering.mime.message import compile_message
    from newsletter.rendering.preview import preview_personal

    frame = Frame.from_json(edition.frozen["frame"])
    try:
        rendered = variants.render_set(edition, posts)
        compile_message(rendered, frame).splice(preview_personal())
    except NewsletterError as failed:
        return [LintProblem(BROKEN, Level.ERROR, str(failed))]
    rows = edition.edition_posts.filter(post__in=posts).select_related("post")
    gone = {row.entry["url"]: row.post.page_said for row in rows if row.post.page_verdict == PageVerdict.GONE}
    entries = [Entry.from_json(row.entry) for row in rows]
    return lint(
        LintedMail(
            rendered,
            frame,
            entries,
            edition.frozen["templates"],
            real=real_mail.is_for_people(config),
            gone=gone,
        )
    )


@transaction.atomic
def _keep_word(edition: Edition) -> None:
    Site.locked()
    edition.refresh_from_db()
    edition.frozen[DESPITE] = True
    edition.save(update_fields=["frozen"])


def _counted(stopping: Sequence[LintProblem]) -> str:
    more = f" (and {len(stopping) - 1} more)" if len(stopping) > 1 else ""
    return f"{stopping[0]}{more}"


def _sentence(edition: Edition, stopping: Sequence[LintProblem]) -> str:
    lines = "\n".join(f"  {problem}" for problem in stopping[:10])
    ways = f"When that is mended: newsletter editions refresh {edition.pk}, which composes it anew."
    if any(problem.legal for problem in stopping):
        ways += " It cannot be sent as it is: the law asks for this."
    elif any(problem.rule == BROKEN for problem in stopping):
        ways += " Until then there is no mail that could be sent."
    else:
        ways += f" To send it as it is: newsletter editions approve {edition.pk} --despite"
    what = "an error" if len(stopping) == 1 else f"{len(stopping)} errors"
    return f"Edition {edition.pk} has {what} and is not sent:\n{lines}\n{ways}"
