"""Which mailbox an address leads to, as far as it is known: for limits on mail that nobody has asked for yet.

Never to tell who is the same person: what a provider ignores today it may tell apart tomorrow, and the address that
somebody typed stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Provider:
    """How one provider reads what stands before the @."""

    #: The domains under which it knows a mailbox; the first stands for all of them.
    domains: tuple[str, ...]
    #: Characters that make no difference.
    ignored: str = ""
    #: What begins a tag besides the plus sign.
    tag: str = ""
    #: ann@anything.domain is anything@domain.
    subdomains: bool = False


#: Only rules that the providers publish; for everybody else a plus sign begins a tag, which is the common rule.
_PROVIDERS = (
    _Provider(("gmail.com", "googlemail.com"), ignored="."),
    _Provider(("proton.me", "protonmail.com", "pm.me", "protonmail.ch"), ignored=".-_"),
    _Provider(("yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"), ignored=".-"),
    _Provider(("icloud.com", "me.com", "mac.com")),
    # Yahoo's disposable addresses are name-keyword@…; its own names have no hyphen.
    _Provider(("yahoo.com", "ymail.com", "rocketmail.com"), tag="-"),
    *(
        _Provider((f"yahoo.{end}",), tag="-")
        for end in ("de", "fr", "it", "es", "ca", "in", "co.uk", "co.in", "com.br", "com.au", "com.mx")
    ),
    _Provider(("fastmail.com",), subdomains=True),
    _Provider(("fastmail.fm",), subdomains=True),
)
_OF_DOMAIN = {domain: provider for provider in _PROVIDERS for domain in provider.domains}


def mailbox(normal: str) -> str:
    """The mailbox of an ``Address.normal``: without tag, and without what its provider ignores."""
    local, _, domain = normal.rpartition("@")
    provider = _OF_DOMAIN.get(domain)
    if provider is None:
        above = domain.partition(".")[2]
        parent = _OF_DOMAIN.get(above)
        if parent is not None and parent.subdomains:
            return f"{domain.partition('.')[0]}@{parent.domains[0]}"
        return f"{_untagged(local, '+')}@{domain}"
    local = _untagged(local, "+" + provider.tag)
    bare = "".join(letter for letter in local if letter not in provider.ignored)
    return f"{bare or local}@{provider.domains[0]}"


def _untagged(local: str, begins_tag: str) -> str:
    ends = [found for sign in begins_tag if (found := local.find(sign, 1)) > 0]
    return local[: min(ends)] if ends else local
