"""``newsletter staff``: who may use the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import bootstrap, output

if TYPE_CHECKING:
    from newsletter.config import Config

app = typer.Typer(help="People of staff, who use the desk: add, list, remove, reset.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Their mail address.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def add(
    address: Address,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="viewer, editor, sender or owner: each may do more.")
    ] = "viewer",
) -> None:
    """Let somebody in, or give them another role. Prints a link that works once, to set a password with."""
    config = bootstrap.start()
    from newsletter.publishing.staff import accounts
    from newsletter.publishing.staff.roles import Role

    if role not in set(Role):
        raise typer.BadParameter(f"expected one of {', '.join(Role)}", param_hint="--role")
    user = accounts.add(address, Role(role), bootstrap.now())
    output.say(f"{user.email} is of staff now: {role}.")
    if not user.has_usable_password():
        _say_link(accounts.link_token(user, bootstrap.now()), config)


@app.command("list")
def list_staff(
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Who may use the desk, and as what."""
    config = bootstrap.start()
    from newsletter.publishing.staff import accounts

    people = accounts.everybody()
    if as_json:
        output.as_json(
            [
                {
                    "address": person.address,
                    "role": person.role,
                    "ready": person.ready,
                    "last_login": output.rfc3339(person.last_login),
                }
                for person in people
            ]
        )
        return
    output.table(
        ("address", "role", "password", "last log-in"),
        [
            (
                person.address,
                person.role,
                "set" if person.ready else "not set yet",
                output.moment(person.last_login, config.site.timezone),
            )
            for person in people
        ],
        "Nobody yet: newsletter staff add you@example.org --role owner",
    )


@app.command()
def remove(address: Address, yes: Yes = False) -> None:
    """Take somebody's account away; whoever is logged in with it is logged out."""
    bootstrap.start()
    from newsletter.publishing.staff import accounts

    user = accounts.find(address)
    output.sure(f"Remove {user.email} from staff?", yes=yes, instead="Without a terminal, add --yes.")
    accounts.remove(address, bootstrap.now())
    output.say(f"{user.email} is not of staff any more.")


@app.command()
def reset(address: Address) -> None:
    """Print a link that works once, with which somebody who is locked out sets a new password."""
    config = bootstrap.start()
    from newsletter.publishing.staff import accounts

    _say_link(accounts.link_token(accounts.find(address), bootstrap.now()), config)


def _say_link(token: str, config: Config) -> None:
    output.say(f"To set a password, once, within two days: {config.site.url}/desk/password/{token}/")
