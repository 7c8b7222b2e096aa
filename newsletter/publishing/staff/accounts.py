"""Accounts of staff: Django's users, known by their mail address, each in the group of one role.

There is no default account and no default password. A password is set with a link that works once, within two days,
and only until it is used. The last owner cannot be removed or made less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from newsletter.errors import NotFound, Refused
from newsletter.models import Act, Site
from newsletter.publishing import log
from newsletter.publishing.staff.roles import Role
from subscribers import address as addresses

#: Seconds that the link for the first owner works.
FIRST_LINK_LASTS = 24 * 3600
#: How long wrong passwords are remembered, with address and network.
_TRIES_KEPT = timedelta(days=1)
_FIRST = signing.TimestampSigner(salt="the first owner of this site")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of staff."""

    address: str
    role: Role
    #: Whether a password was set, so that they can log in.
    ready: bool
    #: Aware UTC; None for never.
    last_login: datetime | None


def role_of(user: User) -> Role | None:
    """The role of an active user; None for everybody else."""
    if not user.is_active:
        return None
    names = set(user.groups.values_list("name", flat=True))
    return max((role for role in Role if role in names), key=list(Role).index, default=None)


def everybody() -> list[Person]:
    """All active staff, by address."""
    users = User.objects.filter(is_active=True).prefetch_related("groups").order_by("username")
    return [
        Person(user.email, role, user.has_usable_password(), user.last_login)
        for user in users
        if (role := role_of(user)) is not None
    ]


def find(typed: str) -> User:
    """The active account of an address. Raises BadAddress and NotFound."""
    parsed = addresses.parse(typed)
    user = User.objects.filter(username=parsed.normal, is_active=True).first()
    if user is None:
        raise NotFound(f"{parsed.shown} is not of staff; newsletter staff list shows who is.")
    return user


@transaction.atomic
def add(typed: str, role: Role, now: datetime) -> User:
    """Give an address an account, or another role. Raises BadAddress, and Refused for the last owner."""
    Site.locked()
    parsed = addresses.parse(typed)
    user = User.objects.filter(username=parsed.normal).first()
    if user is not None and user.is_active:
        before = role_of(user)
        if before == Role.OWNER and role != Role.OWNER:
            _must_not_be_the_last(user)
        if before != role:
            _give(user, role)
            log.note(Act.ROLE_CHANGED, now, address=parsed.shown, role=role, before=str(before))
        return user
    user = user or User(username=parsed.normal)
    user.email, user.is_active = parsed.shown, True
    user.set_unusable_password()
    user.save()
    _give(user, role)
    log.note(Act.STAFF_ADDED, now, address=parsed.shown, role=role)
    return user


@transaction.atomic
def remove(typed: str, now: datetime) -> None:
    """Take an account away: it logs in no more, and whoever is logged in with it is logged out. Raises BadAddress,
    NotFound, and Refused for the last owner."""
    Site.locked()
    user = find(typed)
    _must_not_be_the_last(user)
    user.is_active = False
    user.set_unusable_password()
    user.groups.clear()
    user.save()
    log.note(Act.STAFF_REMOVED, now, address=user.email)


@transaction.atomic
def link_token(user: User, now: datetime) -> str:
    """What a one-time link carries with which this person sets a password; a new one makes no older one void, but the
    first that is used makes all others void."""
    log.note(Act.LINK_MADE, now, address=user.email)
    return f"{urlsafe_base64_encode(str(user.pk).encode())}.{default_token_generator.make_token(user)}"


def of_token(token: str) -> User | None:
    """Whose link this is; None when it is damaged, used, too old, or the account is gone."""
    name, _, rest = token.partition(".")
    try:
        user = User.objects.filter(pk=force_str(urlsafe_base64_decode(name)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user is not None and default_token_generator.check_token(user, rest) else None


def first_token() -> str:
    """What a link carries with which the first owner makes an account."""
    return _FIRST.sign("owner")


def is_first(token: str) -> bool:
    """Whether this is such a link, and there is no owner yet."""
    try:
        _FIRST.unsign(token, max_age=FIRST_LINK_LASTS)
    except signing.BadSignature:
        return False
    return not has_owner()


def has_owner() -> bool:
    """Whether somebody can log in who may do everything."""
    return any(person.role == Role.OWNER and person.ready for person in everybody())


@transaction.atomic
def set_password(user: User, password: str, now: datetime) -> None:
    """Whoever is logged in with the account is logged out. Raises Refused with what is wrong with the password."""
    if wrong := wrong_with(password, user):
        raise Refused(" ".join(wrong))
    user.set_password(password)
    user.save()
    with log.acting(user.email):
        log.note(Act.PASSWORD_SET, now)


def wrong_with(password: str, user: User | None) -> Sequence[str]:
    """Sentences on why this is no good password; none when it is one."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


@transaction.atomic
def make_first_owner(typed: str, password: str, now: datetime) -> User:
    """The account of the first owner. Raises BadAddress, and Refused for a bad password or where there is an owner."""
    Site.locked()
    if has_owner():
        raise Refused("This site has an owner already, who can add you: newsletter staff add")
    parsed = addresses.parse(typed)
    with log.acting(parsed.shown):
        user = add(typed, Role.OWNER, now)
        set_password(user, password, now)
    return user


def tidy(now: datetime) -> None:
    """Forget log-ins that are over, and who tried which password from where, once that locks nobody out any more."""
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - _TRIES_KEPT).delete()


def _give(user: User, role: Role) -> None:
    user.groups.set([Group.objects.get_or_create(name=role.value)[0]])


def _must_not_be_the_last(user: User) -> None:
    owners = User.objects.filter(is_active=True, groups__name=Role.OWNER)
    if role_of(user) == Role.OWNER and not owners.exclude(pk=user.pk).exists():
        raise Refused(
            f"{user.email} is the last owner, and without one nobody could let others in. Make somebody else an owner "
            "first: newsletter staff add ADDRESS --role owner"
        )
