"""``newsletter posts``: what is published, what waits, and what staff decide about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import bootstrap, output

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from newsletter.config import Config
    from newsletter.models import Delivery, Post
    from newsletter.publishing.decisions.post_actions import TakenBack

app = typer.Typer(help="Posts: list, show, hold, release, same, withdraw, import.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The post's key; newsletter posts list shows all.")]
Keys = Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys of posts.")]
AnyKeys = Annotated[list[str] | None, typer.Argument(metavar="[KEY...]", help="Keys of posts.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def _as_row(post: Post, config: Config) -> dict[str, Any]:
    from newsletter.publishing.editions.snapshot import date_of, page_of
    from newsletter.publishing.ingest.moderation import advice

    return {
        "key": post.key,
        "title": post.title,
        "date": post.date,
        "date_text": date_of(post, config),
        "topics": list(post.topics),
        "state": post.state,
        "source": post.source,
        "url": page_of(post, config),
        "authors": list(post.authors),
        "release_number": post.release_number,
        "released_at": output.rfc3339(post.released_at),
        "mail": post.mail,
        "because": post.held_because or post.no_mail_because,
        "to_do": advice(post),
    }


@app.command("list")
def list_posts(
    state: Annotated[
        str | None, typer.Option(help="Only these: waiting, held, released or withdrawn.")
    ] = None,
    as_json: Json = False,
) -> None:
    """All posts, newest first."""
    config = bootstrap.start()
    from newsletter.models import Post, PostState

    posts = Post.objects.order_by("-dated_at", "-pk")
    if state is not None:
        if state not in set(PostState):
            raise typer.BadParameter(f"expected one of {', '.join(PostState)}", param_hint="--state")
        posts = posts.filter(state=state)
    rows = [_as_row(post, config) for post in posts.iterator(chunk_size=500)]
    if as_json:
        output.as_json(rows)
        return
    output.table(
        ("key", "date", "state", "mail", "topics", "title"),
        [
            (
                row["key"],
                row["date_text"],
                row["state"],
                "yes" if row["mail"] else "feed only",
                ", ".join(row["topics"]),
                row["title"],
            )
            for row in rows
        ],
        _nothing_listed(state),
    )
    if state == PostState.HELD:
        for row in rows:
            output.say(f"{row['key']}: {row['because']}. {row['to_do']}")


def _nothing_listed(state: str | None) -> str:
    from newsletter.models import Post

    if state is not None and Post.objects.exists():
        return f"No post is {state}."
    return "No posts yet: newsletter sync fetches the sources, newsletter posts import FILE takes one page."


@app.command("show")
def show_post(
    key: Key,
    who: Annotated[bool, typer.Option("--who", help="List the people who have it by mail.")] = False,
    as_json: Json = False,
) -> None:
    """One post: where it stands, what it is called, and who has it by mail."""
    config = bootstrap.start()
    from newsletter.models import DeliveryState
    from newsletter.publishing.decisions.post_actions import who_has
    from newsletter.publishing.ledger import release

    post = release.find(key)
    mails = who_has(post)
    row = _as_row(post, config) | {
        "summary": post.summary,
        "names": [f"{name.scheme}:{name.value}" for name in post.names.order_by("pk")],
        "first_seen_at": output.rfc3339(post.first_seen_at),
        "updated_at": output.rfc3339(post.updated_at),
        "page": f"{post.page_said or post.page_verdict} ({output.rfc3339(post.page_asked_at)})"
        if post.page_asked_at
        else "",
        "sent": mails.filter(state=DeliveryState.SENT).count(),
        "unknown": mails.exclude(state=DeliveryState.SENT).count(),
        "html": post.html,
    }
    if who:
        row["has_it"] = _people(mails)
    if as_json:
        output.as_json(row)
        return
    has_it = row.pop("has_it", None)
    del row["html"]
    row["topics"], row["authors"], row["names"] = (
        ", ".join(row[name]) for name in ("topics", "authors", "names")
    )
    row["mail"] = "yes" if row["mail"] else "no, feed and archive only"
    output.facts(row)
    if has_it is not None:
        output.table(
            ("address", "edition", "state", "at"),
            [(mail["address"] or "(erased)", mail["edition"], mail["state"], mail["at"]) for mail in has_it],
            "Nobody has it by mail.",
        )


def _people(mails: QuerySet[Delivery]) -> list[dict[str, Any]]:
    return [
        {
            "address": mail.subscriber.address if mail.subscriber else None,
            "edition": mail.edition_id,
            "state": mail.state,
            "at": output.rfc3339(mail.changed_at),
        }
        for mail in mails.iterator(chunk_size=500)
    ]


@app.command()
def hold(keys: Keys) -> None:
    """Take posts out of the feeds and out of editions that have not begun, until you release them."""
    config = bootstrap.start()
    from newsletter.publishing.decisions import post_actions

    for key in keys:
        done = post_actions.hold(key, config, bootstrap.now())
        output.say(f"{key} is held. To release it: newsletter posts release {key} --mail (or --feed-only)")
        _say_editions(done)


@app.command()
def release(
    keys: AnyKeys = None,
    together: Annotated[
        bool, typer.Option("--together", help="All that are held because too many came at once.")
    ] = False,
    mail: Annotated[bool, typer.Option("--mail", help="To the feed, and to inboxes.")] = False,
    feed_only: Annotated[
        bool, typer.Option("--feed-only", help="To feed and archive, and into no mail.")
    ] = False,
    newest_only: Annotated[
        bool, typer.Option("--newest-only", help="All to the feed, the newest of them to inboxes.")
    ] = False,
) -> None:
    """Release posts that were held or withdrawn. Say what becomes of them: --mail, --feed-only or --newest-only."""
    if mail + feed_only + newest_only != 1:
        raise typer.BadParameter("choose one of --mail, --feed-only and --newest-only")
    if bool(keys) == together:
        raise typer.BadParameter("name posts by their keys, or all that came at once: --together")
    bootstrap.start()
    from newsletter.publishing.ingest import moderation
    from newsletter.publishing.ledger import release

    chosen = keys or [post.key for post in moderation.together()]
    posts = sorted((release.find(key) for key in chosen), key=lambda post: (post.dated_at, post.pk))
    mailed = chosen if mail else [posts[-1].key] if newest_only and posts else []
    for post in release.release(chosen, bootstrap.now(), mail=mailed):
        where = "and is owed by mail" if post.mail else "to feed and archive only"
        output.say(f"{post.key} is released (number {post.release_number}) {where}.")
    if not posts:
        output.say("No post is held because too many came at once.")


@app.command()
def same(
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="The key of the held post.")] = None,
    other: Annotated[
        str | None,
        typer.Argument(metavar="OTHER", help="The post that it is; without it the one it was held for."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every post that is held as a look-alike, such as after a move.")
    ] = False,
) -> None:
    """Say that a held post is one that you have: that one stays, and follows its source under the new name too."""
    if (key is None) != every:
        raise typer.BadParameter("name one post by its key, or say --all")
    bootstrap.start()
    from newsletter.publishing.ingest import moderation

    pairs = [(post.key, None) for post in moderation.alike()] if key is None else [(key, other)]
    for name, its_other in pairs:
        stays = moderation.same(name, its_other, now=bootstrap.now())
        output.say(f'{name} is "{stays.key}" under another name. Nobody gets it by mail again.')
    if not pairs:
        output.say("No post is held as a look-alike.")


@app.command()
def withdraw(key: Key, as_json: Json = False) -> None:
    """Take a post out of feeds, archive, web versions and unsent mail, and say who has it."""
    config = bootstrap.start()
    from newsletter.models import DeliveryState
    from newsletter.publishing.decisions import post_actions
    from newsletter.publishing.delivery.deliver import finish

    done = post_actions.withdraw(key, config, bootstrap.now())
    finish(bootstrap.now())
    mails = post_actions.who_has(done.post)
    sent = mails.filter(state=DeliveryState.SENT)
    if as_json:
        output.as_json(
            {
                "key": key,
                "state": done.post.state,
                "back_to_approval": done.back_to_approval,
                "cancelled": done.cancelled,
                "changed": done.changed,
                "called_off": done.called_off,
                "sent": sent.count(),
                "unknown": mails.exclude(state=DeliveryState.SENT).count(),
                "has_it": _people(mails),
            }
        )
        return
    output.say(f"{key} is withdrawn: out of feeds, archive and web versions.")
    _say_editions(done)
    if done.changed or done.called_off:
        without = output.counted(done.changed, "waiting mail leaves", "waiting mails leave")
        off = output.counted(
            done.called_off, "that carried nothing else does", "that carried nothing else do"
        )
        output.say(f"{without} without it, {off} not leave.")
    may = mails.exclude(state=DeliveryState.SENT).count()
    has = output.counted(sent.count(), "person has", "people have")
    output.say(f"{has} it by mail, {may:,} may have it; newsletter posts show {key} --who lists them.")


def _say_editions(done: TakenBack) -> None:
    for number in done.back_to_approval:
        output.say(f"Edition {number} goes on without it and waits: newsletter editions approve {number}")
    for number in done.cancelled:
        output.say(f"Edition {number} carried nothing else and is cancelled.")


@app.command("import")
def import_one(
    page: Annotated[
        str,
        typer.Argument(
            metavar="FILE-OR-URL", help="A page: a file, or its web address. Or Ghost's export, a .json file."
        ),
    ],
    mail: Annotated[
        bool, typer.Option("--mail", help="Also to inboxes, not only to feed and archive.")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="It is a new version of the post of that name, under a new title."),
    ] = False,
    site: Annotated[
        str, typer.Option(metavar="ADDRESS", help="For an export: where its site is, with its pictures.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Take one page as a post; without --mail it goes to feed and archive only. An export: all its public posts."""
    config = bootstrap.start()
    from newsletter.cli.commands.post_exports import import_export

    if import_export(page, config, site, mail=mail, as_json=as_json):
        return
    from newsletter.models import PostState
    from newsletter.publishing.from_config import fetcher, own_files
    from newsletter.publishing.ingest import moderation, sync
    from newsletter.sources.html.images.content_images import media_url
    from newsletter.sources.import_page import import_page
    from newsletter.sources.losses import fallen_out

    item = import_page(
        page,
        zone=config.site.timezone,
        fetch=fetcher(config).fetch,
        site_titles=(config.site.title, config.site.organisation),
        media_url=media_url(config.site.url),
        own=own_files(config),
    )
    post, new = sync.import_page(item, config, bootstrap.now(), mail=mail, replace=replace)
    if as_json:
        output.as_json(_as_row(post, config) | {"new": new})
        return
    what = "is new" if new else "was known and is up to date now"
    output.say(f"{post.key} {what}: {post.title} ({post.state})")
    if post.state == PostState.HELD:
        output.say(f"It is held: {post.held_because}. {moderation.advice(post)}")
    elif new and not mail:
        output.say("It goes to feed and archive only; --mail would bring it to inboxes too.")
    for problem in fallen_out([item], page):
        output.say(f"{problem.where}: {problem.what}")
