"""What the configuration of a generator says of its posts' addresses. Nothing is run, and most is not read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from newsletter.errors import SourceError
from newsletter.sources.frontmatter.split import MOST_CHARACTERS
from newsletter.sources.frontmatter.yaml import read_yaml
from newsletter.sources.local_files import OwnFiles, openable, read

_HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml")
#: What Jekyll does when nothing is said (jekyllrb.com/docs/permalinks).
_JEKYLL = "date"
_ARTICLE_URL = re.compile(r"""^ARTICLE_URL\s*=\s*(["'])([^"'\n]{1,200})\1""", re.MULTILINE)
_PELICAN_PARTS = {
    "{slug}": ":titleslug",
    "{category}": ":category",
    "{date:%Y}": ":year",
    "{date:%m}": ":month",
    "{date:%d}": ":day",
}


_PLUG_IN = re.compile(
    r"""["'](?:markdown-it-emoji|remark-g?emoji|gatsby-remark-emojis?|hexo-filter-github-emojis|eleventy-plugin-emoji)["']"""
)
_SWITCH = re.compile(r"^\s*(?:enableEmoji|render_emoji)\s*[=:]\s*true\b", re.MULTILINE | re.IGNORECASE)
#: What says in a configuration that names of emoji are signs.
_EMOJI = {
    "_config.yml": re.compile(r"^[^#\n]*\bjemoji\b|^\s*githubEmojis\s*:", re.MULTILINE),
    "Gemfile": re.compile(r"^\s*gem\s*\(?\s*[\"']jemoji[\"']", re.MULTILINE),
    **dict.fromkeys((*_HUGO, "zola.toml"), _SWITCH),
    "mkdocs.yml": re.compile(r"^\s*-\s*pymdownx\.emoji\b", re.MULTILINE),
    "package.json": _PLUG_IN,
}  # fmt: skip
#: VitePress, Docusaurus and Nuxt Content read names as signs unless they are told not to.
_EMOJI_BY_THEMSELVES = (
    ".vitepress", "docusaurus.config.js", "docusaurus.config.ts", "nuxt.config.ts", "nuxt.config.js",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """How addresses are made where a post does not say its own; empty when they follow folders and names."""

    pattern: str = ""
    #: Hugo: by the first folder below content.
    patterns: Mapping[str, str] = field(default_factory=dict)
    #: Whether names of emoji in texts (":tada:") are signs there.
    emoji: bool = False

    def of(self, section: str) -> str:
        return self.patterns.get(section, self.pattern)


def read_settings(site: Path, own: OwnFiles) -> SiteSettings:
    """Of the site whose configuration lies in that folder. Never raises: what cannot be read says nothing."""
    texts = _Texts(site, own)
    return replace(_addresses(site, texts), emoji=_shows_emoji(site, texts))


def _addresses(site: Path, texts: _Texts) -> SiteSettings:
    if (text := texts.of("_config.yml")) is not None:
        return _of_jekyll_or_hexo(text, site)
    if (text := texts.of("pelicanconf.py")) is not None:
        return _of_pelican(text)
    for name in _HUGO:
        if (text := texts.of(name)) is not None:
            return _of_hugo(_values(text, name))
    return SiteSettings()


def _shows_emoji(site: Path, texts: _Texts) -> bool:
    """Whether a plug-in or a setting of the generator makes signs of names; some always do."""
    if any((site / name).exists() for name in _EMOJI_BY_THEMSELVES):
        return True
    found = ((texts.of(name), said) for name, said in _EMOJI.items())
    return any(text and said.search(text) for text, said in found)


def _of_jekyll_or_hexo(text: str, site: Path) -> SiteSettings:
    said = _values(text, "_config.yml").get("permalink")
    if isinstance(said, str) and said:
        return SiteSettings(said if ":" in said or said in ("date", "pretty", "ordinal", "none") else "")
    return SiteSettings("" if (site / "source").is_dir() else _JEKYLL)


def _of_pelican(text: str) -> SiteSettings:
    found = _ARTICLE_URL.search(text)
    pattern = found[2] if found else "{slug}.html"  # docs.getpelican.com: the default of ARTICLE_URL
    for part, ours in _PELICAN_PARTS.items():
        pattern = pattern.replace(part, ours)
    return SiteSettings("" if "{" in pattern else pattern)


def _of_hugo(values: Mapping[str, Any]) -> SiteSettings:
    said = values.get("permalinks")
    if not isinstance(said, Mapping):
        return SiteSettings()
    pages = said.get("page")
    said = pages if isinstance(pages, Mapping) else said
    return SiteSettings(patterns={str(name): one for name, one in said.items() if isinstance(one, str)})


def _values(text: str, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text) if name.endswith(".toml") else read_yaml(text, name, 1)
    except (SourceError, ValueError, RecursionError):
        return {}


@dataclass(frozen=True, slots=True)
class _Texts:
    """The configuration files of a site."""

    site: Path
    own: OwnFiles

    def of(self, name: str) -> str | None:
        """What is in one; empty when it cannot be read, None when it is not there."""
        file = openable(self.site / name, [self.site], (name,), self.own)
        if file is None:
            return None
        try:
            content = read(file, MOST_CHARACTERS)
        except OSError:
            return ""
        return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
