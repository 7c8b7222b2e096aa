"""``newsletter init``: a site folder that works at once, and with ``--sample`` one that has something to send."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from newsletter.cli import bootstrap, output
from newsletter.errors import Refused

if TYPE_CHECKING:
    from newsletter.config import Config

_ZONE_IN_PATH = re.compile(r"zoneinfo/(?:posix/|right/)?(.+)$")
_UTC = ("Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu")
_ABOUT = """\
# A newsletter

Put posts (Markdown files with a title and a date at the top) into posts/, then: newsletter run
Everything is set in config.toml; newsletter check says whether all is well.
Keep the files *.key beside the database and back them up with it: they cannot be made anew.
"""
_SAMPLE_TOPICS = {
    name: {"title": name.capitalize(), "categories": []} for name in ("climate", "food", "land", "movements")
}
_SAMPLE_ADDRESS = "Example Hub, 1 Garden Lane, Springfield"
#: How many of the sample posts come after the first sync, and so into the first edition.
_NEWEST = 3


def make(folder: Path, *, sample: bool, starting: bool = False) -> None:
    """Make the folder, its configuration and its database. Raises Refused where a site is already."""
    zone = machine_zone(os.environ.get("TZ", ""), Path("/etc/localtime"))
    site = {"timezone": zone} | ({"postal_address": _SAMPLE_ADDRESS} if sample else {})
    _write_files(folder, {"site": site} | ({"topics": _SAMPLE_TOPICS} if sample else {}))
    # The new site is the one that the rest of this command is about, whatever else was chosen.
    bootstrap.choose(folder / "config.toml")
    config = bootstrap.start()
    output.say(f"{folder} is a new site. Its time zone is {zone} (timezone in config.toml).")
    if sample:
        _fill(folder, config)
    if not starting:
        output.say(f"Next: cd {folder} && newsletter run")


def _write_files(folder: Path, settings: Mapping[str, Any]) -> None:
    from newsletter.config.docgen import example_toml

    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file; name a folder that is new or empty.")
    if (folder / "config.toml").exists():
        raise Refused(f"{folder} is a site already: it has a config.toml. Name another folder.")
    (folder / "posts").mkdir(parents=True, exist_ok=True)
    files = {"config.toml": example_toml(settings), "README.md": _ABOUT}
    for name, content in files.items():
        if not (folder / name).exists():
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
            if name == "config.toml":
                (folder / name).chmod(
                    0o600
                )  # a password may be written into it, as the keys beside it are secret


def machine_zone(variable: str, link: Path) -> str:
    """The zone of this machine: the variable TZ, or where /etc/localtime leads; UTC when neither names one."""
    known = available_timezones()
    candidates = [variable.removeprefix(":")]
    if link.is_symlink():
        candidates.append(str(link.readlink()))
        candidates.append(str(link.resolve()))
    for candidate in candidates:
        match = _ZONE_IN_PATH.search(candidate)
        name = match[1] if match else candidate
        if name in known and name not in ("localtime", "Factory"):
            return "UTC" if name in _UTC else name
    return "UTC"


def _fill(folder: Path, config: Config) -> None:
    """Sample posts, invented people, and an early weekly edition of the newest posts, due now."""
    from newsletter.publishing.editions import campaigns

    for name in ("daily", "monthly"):  # some of the invented people chose these
        campaigns.resume(name, bootstrap.now())
    samples = Path(__file__).parents[2] / "samples"
    older, newest = _by_date(samples / "posts", config, bootstrap.now())
    _copy(older, samples / "posts", folder / "posts")
    now = bootstrap.now()
    first = _sync(config, now)
    people = _import_people(samples / "subscribers.csv", config, now)
    _copy(newest, samples / "posts", folder / "posts")
    second = _sync(config, bootstrap.now())
    number, reached = _first_edition(config)
    output.say(
        f"It has {first + second} sample posts and {output.counted(people, 'invented subscriber')}. Edition "
        f"{number}, the newest posts for {output.counted(reached, 'person', 'people')}, is due now."
    )


def _by_date(posts: Path, config: Config, now: datetime) -> tuple[list[str], list[str]]:
    """The sample files, the newest apart."""
    from newsletter.sources.base import Look, NameScheme
    from newsletter.sources.folder.source import FolderSource

    zone = config.site.timezone
    fetched = FolderSource("samples", posts, site_url=config.site.url, base_url="", zone=zone).fetch(
        Look(now)
    )
    dated = sorted(
        (item.date.starts(zone).isoformat() if item.date else "", name.value)
        for item in fetched.items
        for name in item.names
        if name.scheme == NameScheme.PATH
    )
    files = [file for _, file in dated]
    return files[:-_NEWEST], files[-_NEWEST:]


def _copy(files: list[str], source: Path, target: Path) -> None:
    for file in files:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_bytes((source / file).read_bytes())


def _sync(config: Config, now: datetime) -> int:
    """Sync, whatever age the posts have: the samples keep their own dates, and no surprise can come of them."""
    from newsletter.publishing.from_config import sources
    from newsletter.publishing.ingest import sync

    schedule = config.schedule.model_copy(update={"hold_days": 36500})
    patient = config.model_copy(update={"schedule": schedule})
    return sum(len(sync.sync(source, patient, now).new) for source in sources(config))


def _import_people(file: Path, config: Config, now: datetime) -> int:
    from newsletter.publishing.subscriptions.bulk_import import admit
    from subscribers.cadence import Cadence
    from subscribers.consent import Proof
    from subscribers.lists import imports

    rows = imports.read(file, {name: topic.title for name, topic in config.topics.items()})
    proof = Proof(
        wording="invented people of the sample; nobody agreed to anything", form=f"import of {file.name}"
    )
    return admit(rows, cadence=Cadence.WEEKLY, proof=proof, now=now).added


def _first_edition(config: Config) -> tuple[int, int]:
    from newsletter.publishing.decisions import edition_actions
    from newsletter.publishing.editions import compose

    edition = compose.compose("weekly", config, bootstrap.now())
    edition_actions.approve(edition.pk, bootstrap.now())
    return edition.pk, edition.people
