"""What staff chose in [design] as templates are given it: every colour readable, fonts with something to fall back on.

How two colours compare is colours.py's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from newsletter.errors import RenderError
from newsletter.rendering.colours import is_light, on, readable

#: What is taken where an edition's frame brings nothing; the settings' defaults are the same.
DESIGN = {
    "accent": "#0b5d56",
    "accent_dark": "#7fd1c7",
    "page": "#f3f5f4",
    "page_dark": "#0e1211",
    "logo": "",
    "logo_dark": "",
    "logo_width": "120",
    "heading_font": "serif",
    "text_font": "sans",
    "footer": "",
}

#: What is not staff's to choose: cards, and what is drawn on them. ``panel`` is behind notes and code.
_LIGHT = {"card": "#ffffff", "panel": "#f3f5f4", "text": "#1c2322", "soft": "#56615f", "rule": "#dbe2e0"}
_DARK = {"card": "#161b1a", "panel": "#1e2523", "text": "#e8edeb", "soft": "#a9b4b1", "rule": "#2c3432"}

#: name → what mail programs have, and the one family that Outlook on Windows is held to.
_STACKS = {
    "sans": ("-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif", "Arial"),
    "serif": ("Georgia, 'Times New Roman', serif", "Georgia"),
}
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,40}")
_ADDRESS = re.compile(r"(?P<words>.*?)[\s:–—-]*(?P<url>https?://\S+)")


def of_design(chosen: Mapping[str, str]) -> dict[str, Any]:
    """The names under ``design`` in templates, listed in docs/mail.md.

    ``chosen`` are the fields of DesignSection as text, ``footer`` its lines joined with line breaks. Raises RenderError
    for a colour, width, font or address that is none.
    """
    design = DESIGN | {key: value for key, value in chosen.items() if value}
    if not re.fullmatch(r"\d{2,3}", design["logo_width"]):
        raise RenderError(f'design.logo_width: "{design["logo_width"]}" is not a number of pixels')
    for name in ("logo", "logo_dark"):
        if design[name] and not design[name].startswith(("http://", "https://")):
            raise RenderError(f"design.{name} is not a web address")
    return {
        "logo": design["logo"],
        "logo_dark": design["logo_dark"] if design["logo"] else "",
        "logo_width": design["logo_width"],
        # Their quotation marks must not be escaped in a style block; font_stack lets nothing else through.
        "heading_font": Markup(font_stack(design["heading_font"])),  # noqa: S704
        "text_font": Markup(font_stack(design["text_font"])),  # noqa: S704
        "mso_heading_font": _outlooks(design["heading_font"]),
        "mso_text_font": _outlooks(design["text_font"]),
        "footer": footer_lines(design["footer"]),
        **palette(design["accent"], design["page"]),
        **_named_dark(palette(design["accent_dark"], design["page_dark"], dark=True)),
    }


def palette(accent: str, page: str, *, dark: bool = False) -> dict[str, str]:
    """The colours of one mode. In each, text has a contrast of 4.5 or more to what is behind it (WCAG 1.4.3).

    band        the accent as it is, for what carries no text
    accent      links on a card or a panel: the accent, or the nearest that can be read on both
    button      the accent, or the nearest that takes on_button as its text
    page        around the card; page_soft is the footer's text on it
    """
    fixed = _DARK if dark else _LIGHT
    # Gmail turns black text white in its own dark mode and leaves a yellow button yellow: in the light colours, which
    # it starts from, buttons have white text. Programs that know dark mode show the dark ones as they are.
    button = accent if dark else readable(accent, "#ffffff")
    return {
        "band": accent,
        # A link that can be read on the panel can be read on the card as well: the panel is nearer to the text.
        "accent": readable(accent, fixed["panel"]),
        "button": button,
        "on_button": on(button),
        "page": page,
        "page_soft": readable(_soft_on(page), page),
        **fixed,
    }


def _soft_on(page: str) -> str:
    return (_LIGHT if is_light(page) else _DARK)["soft"]


def _named_dark(colours: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_dark": colour for name, colour in colours.items()}


def font_stack(names: str) -> str:
    """CSS families for "sans", "serif", or names before one of them: "Source Sans 3, sans". Raises RenderError."""
    families, last = _families(names)
    return ", ".join([*(f"'{family}'" for family in families), _STACKS[last][0]])


def _outlooks(names: str) -> str:
    """Outlook shows Times New Roman for a list whose first family it lacks, so it is given one that it has."""
    return _STACKS[_families(names)[1]][1]


def _families(names: str) -> tuple[list[str], str]:
    *families, last = (name.strip() for name in names.split(","))
    if last not in _STACKS or not all(map(_FAMILY.fullmatch, families)):
        raise RenderError(
            f'design: "{names[:80]}" is no font: use serif, sans, or a name before one of them '
            'such as "Source Sans 3, sans"'
        )
    return families, last


def footer_lines(lines: str) -> list[list[dict[str, str]]]:
    """The footer's lines as rows of {"text", "url", "line"}: "Mastodon: https://…" becomes a link with the word
    Mastodon, and lines of links that follow each other share a row. ``line`` is the whole line, for plain text.
    """
    rows: list[list[dict[str, str]]] = []
    for line in filter(None, map(str.strip, lines.split("\n"))):
        match = _ADDRESS.fullmatch(line)
        if not match:
            rows.append([{"text": line, "url": "", "line": line}])
            continue
        url = match["url"]
        words = match["words"] or re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")
        part = {"text": words, "url": url, "line": line}
        if rows and rows[-1][-1]["url"]:
            rows[-1].append(part)
        else:
            rows.append([part])
    return rows
