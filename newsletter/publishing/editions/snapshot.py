"""Posts and settings as the frozen parts of a mail: what rendering gets, and what an edition keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from newsletter import date_parsing, dates
from newsletter.config import Config
from newsletter.host_names import with_ascii_host
from newsletter.models import Campaign, Edition, Post
from newsletter.publishing.ingest import stored_images
from newsletter.publishing.ingest.post_keys import path_of
from newsletter.rendering import direction
from newsletter.rendering.image_widths import size_of
from newsletter.rendering.mail_parts import Entry, Frame
from newsletter.rendering.templates.environment import template_sources
from newsletter.sources.html.summary import is_title_of
from subscribers.cadence import Cadence

_CADENCE_WORDS = {
    Cadence.EACH_POST: "each time there is a new post",
    Cadence.DAILY: "once a day",
    Cadence.WEEKLY: "once a week",
    Cadence.MONTHLY: "once a month",
}


def page_of(post: Post, config: Config) -> str:
    """Where a post can be read, absolute: its own page, or ours where there is none."""
    return (with_ascii_host(post.url) or post.url) or f"{config.site.url}{path_of(post.key)}"


def date_of(post: Post, config: Config, language: str = "") -> str:
    """A post's date as readers see it, with no more precision than it has."""
    parsed = date_parsing.parse(post.date, zone=config.site.timezone)
    return parsed.text(language or config.site.language, config.site.timezone) if parsed else ""


def entry_of(post: Post, config: Config, *, full: bool) -> Entry:
    """A post's text as it stands now. ``full`` takes the whole text, else the summary only."""
    width, height = size_of(post.image, post.html)
    if not width:
        width, height = post.image_width, post.image_height
    if post.image and not width:
        width, height = stored_images.size_of(post.image, config)
    return Entry(
        key=post.key,
        title=post.title,
        url=page_of(post, config),
        date_text=date_of(post, config),
        summary=post.summary,
        html=post.html if full else "",
        authors=list(post.authors),
        image=post.image or None,
        image_alt=post.image_alt,
        image_width=width,
        image_height=height,
        topics=[config.topics[name].title for name in post.topics if name in config.topics],
        language=post.language,
        enclosure=dict(post.enclosure) or None,
        untitled=is_title_of(post.title, post.html),
    )


def direction_of(language: str) -> str:
    """ "rtl" or "ltr"."""
    return direction.of_language(language)


def design_of(config: Config) -> dict[str, str]:
    """What staff chose in [design], as text, for rendering/design.py."""
    chosen = config.design.model_dump()
    return {name: str(value) for name, value in chosen.items()} | {"footer": "\n".join(chosen["footer"])}


def cadence_text(cadence: Cadence) -> str:
    """How often, in words that end a sentence."""
    return _CADENCE_WORDS[cadence]


def day_text(at: datetime, zone: str, language: str) -> str:
    """The day of an instant in a zone, as people read it."""
    return dates.PartialDate.of_instant(at).text(language, zone)


def site_frame(config: Config, *, subject: str, date_text: str) -> Frame:
    """What every mail of a site has around its words: who sends it, in which language, how it looks."""
    site = config.site
    return Frame(
        site_title=site.title,
        organisation=site.organisation,
        site_url=site.url,
        postal_address="\n".join(site.address_lines),
        subject=subject,
        date_text=date_text,
        from_name=config.from_name,
        from_address=config.email.from_address,
        reply_to=config.reply_to,
        list_id=config.list_id,
        language=site.language,
        direction=direction_of(site.language),
        archive_url=f"{site.url}/",
        privacy_url=site.privacy_url,
        design=design_of(config),
    )


def frame_of(edition: Edition, campaign: Campaign, config: Config) -> Frame:
    """Everything of an edition around its posts, as it stands now."""
    day = day_text(edition.slot_at, campaign.zone, config.site.language)
    return replace(
        site_frame(config, subject=edition.subject or campaign.subject, date_text=day),
        feedback_id=f"{edition.pk}:{campaign.name}:edition:{config.list_id.replace('.', '-')}",
        preheader=edition.preheader or campaign.preheader,
        note=edition.note,
        web_url=f"{config.site.url}/editions/{edition.pk}/",
        cadence_text=cadence_text(Cadence(campaign.cadence)),
        most=config.schedule.digest_most,
    )


def templates_of(config: Config) -> dict[str, str]:
    """The sources of the templates an edition may need: a site's own where it has one, else ours."""
    return template_sources(template_folders(config), "post", "digest")


def template_folders(config: Config) -> list[Path]:
    """Where a site's own templates lie; ours come after them."""
    return [config.folder / "templates"]
