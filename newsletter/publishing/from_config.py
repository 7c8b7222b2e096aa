"""Puts sources and transports together out of the configuration. What they do is their own business."""

from __future__ import annotations

from collections.abc import Callable

from newsletter.config import Config
from newsletter.errors import NotFound
from newsletter.sources.base import Source
from newsletter.sources.folder import FolderSource
from newsletter.transports.base import Transport
from newsletter.transports.outbox import OutboxTransport
from newsletter.transports.smtp import SmtpTransport


def sources(config: Config, only: str | None = None) -> list[Source]:
    """Every source of config.toml, or the one named. Raises NotFound, and names those there are."""
    if only is not None and only not in config.sources:
        names = ", ".join(config.sources) or "none yet"
        raise NotFound(f'There is no source "{only}" in config.toml. There are: {names}.')
    return [_source(name, config) for name in config.sources if only in (None, name)]


def _source(name: str, config: Config) -> Source:
    section = config.sources[name]
    return FolderSource(
        name,
        config.folder / section.path,
        site_url=config.site.url,
        base_url=section.url,
        zone=config.site.timezone,
    )


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
    )


def open_transport(config: Config) -> Callable[[], Transport]:
    """What opens a way for mail: to the relay, or to the outbox on disk."""
    if config.practice:
        return lambda: OutboxTransport(config.outbox_folder)
    return lambda: relay(config)
