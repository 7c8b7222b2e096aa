"""Puts sources and transports together out of the configuration. What they do is their own business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from newsletter.config import Config
from newsletter.errors import NotFound
from newsletter.feeds.websub import Post
from newsletter.http.client import USER_AGENT, Fetcher
from newsletter.sources.base import Source
from newsletter.sources.folder.source import FolderSource
from newsletter.sources.local_files import OwnFiles
from newsletter.sources.webfeed.source import WebFeedSource
from newsletter.sources.wordpress.export_source import ExportSource
from newsletter.sources.wordpress.source import WordPressSource
from newsletter.transports.base import Transport
from newsletter.transports.outbox import OutboxTransport
from newsletter.transports.smtp import SmtpTransport

_HUB_SECONDS = 10.0


def sources(config: Config, only: str | None = None) -> list[Source]:
    """Every source of config.toml, or the one named. Raises NotFound, and names those there are."""
    if only is not None and only not in config.sources:
        names = ", ".join(config.sources) or "none yet"
        raise NotFound(f'There is no source "{only}" in config.toml. There are: {names}.')
    return [_source(name, config) for name in config.sources if only in (None, name)]


def _source(name: str, config: Config) -> Source:
    section = config.sources[name]
    place = config.folder / section.path
    zone, site_url = config.site.timezone, config.site.url
    match section.kind:
        case "webfeed":
            return WebFeedSource(name, section.url, fetcher(config), site_url=site_url, zone=zone)
        case "wordpress" if section.path:
            return ExportSource(name, place, site_url=site_url, zone=zone, own=own_files(config))
        case "wordpress":
            return WordPressSource(name, section.url, fetcher(config), site_url=site_url, zone=zone)
        case "folder":
            return FolderSource(
                name, place, site_url=site_url, base_url=section.url, zone=zone, own=own_files(config)
            )


def own_files(config: Config) -> OwnFiles:
    """What no source ever opens, though it lie in its folder: the database, keys, configuration, outbox, templates."""
    keys = tuple(config.state_folder / f"{name}.key" for name in ("login", "links", "suppression"))
    return OwnFiles(
        files=(config.file, *keys),
        beginnings=(config.sqlite_file,) if config.sqlite_file else (),
        folders=(config.outbox_folder, config.folder / "templates"),
    )


def fetcher(config: Config) -> Fetcher:
    """What asks other servers, by the rules of the configuration, and says who asks."""
    return Fetcher(
        allowed_hosts=frozenset(config.fetch.allowed_hosts),
        user_agent=f"{USER_AGENT} (+{config.site.url})",
    )


def hub_post(config: Config) -> Post:
    """What tells WebSub hubs. They answer at once or are asked again later, so nobody waits long."""
    return replace(fetcher(config), whole_seconds=_HUB_SECONDS).post


def relay(config: Config) -> SmtpTransport:
    """The relay of the configuration, whether or not mail goes there now."""
    smtp = config.email.smtp
    return SmtpTransport(
        smtp.host,
        smtp.port,
        smtp.security,
        verify=smtp.verify,
        ca_file=str(config.folder / smtp.ca_file) if smtp.ca_file else "",
        username=smtp.username,
        password=smtp.password.get_secret_value(),
        timeout=smtp.timeout,
        final_timeout=smtp.final_timeout,
        local_hostname=smtp.hello,
    )


def open_transport(config: Config) -> Callable[[], Transport]:
    """What opens a way for mail: to the relay, or to the outbox on disk."""
    if config.practice:
        return lambda: OutboxTransport(config.outbox_folder)
    return lambda: relay(config)
