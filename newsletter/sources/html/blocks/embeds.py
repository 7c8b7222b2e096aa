"""Frames and players made into what a mail and a feed can carry: a linked picture where the host has a public one of a
known address, else a link in words. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from newsletter.sources.html.images.content_images import tiny_sides
from newsletter.sources.html.tree import Element, Node, words
from newsletter.sources.html.urls import absolute_url

#: Titles that the hosts' own code snippets bring; they say nothing.
_NO_TITLES = frozenset(
    {
        *("youtube video player", "youtube video", "youtube player", "vimeo video player", "video player"),
        *("vimeo player", "dailymotion video player", "embedded content", "embed", "iframe", "video", "play"),
        *("player", "spotify embed", "peertube video player", "media player"),
    }
)
_YOUTUBE_ID = re.compile(r"[\w-]{6,20}")
_VIDEO_HOSTS = re.compile(
    r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|dai\.ly|ted\.com|archive\.org|"
    r"twitch\.tv|wistia\.(?:com|net)|loom\.com|odysee\.com|bitchute\.com|media\.ccc\.de)$"
)
#: Nothing shows Flash any more.
_GONE = re.compile(r"\.swf(?:[?#]|$)", re.IGNORECASE)
_ADDRESS_ALONE = re.compile(r"\s*(https?://[^\s<>]{4,1500})\s*")
#: Quotations that a script of the host would dress up.
SOCIAL = frozenset(
    {
        *(
            "twitter-tweet",
            "twitter-video",
            "instagram-media",
            "tiktok-embed",
            "mastodon-embed",
            "bluesky-embed",
        ),
        *(
            "reddit-embed-bq",
            "reddit-card",
            "imgur-embed-pub",
            "flourish-embed",
            "text-post-media",
            "fb-post",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Film:
    """What a frame shows: where a person can watch it, and a picture of it where the host has one."""

    page: str
    picture: str = ""
    #: Its host's name where it is known as one of films; empty for any other frame.
    host: str = ""


def film(address: str) -> Film:
    """What an absolute address shows. Raises nothing; the address itself for hosts that are not known."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    except ValueError:
        return Film(address)
    known = next((read for name, read in _HOSTS.items() if host == name or host.endswith("." + name)), None)
    found = (known(parts, host) if known else None) or _peertube(parts)
    if found:
        return found
    return Film(address, host=host if _VIDEO_HOSTS.search(host) else "")


def _last(parts: SplitResult) -> str:
    return parts.path.rstrip("/").rpartition("/")[2]


def _youtube(parts: SplitResult, host: str) -> Film | None:
    query = parse_qs(parts.query)
    steps = [step for step in parts.path.split("/") if step]
    if host == "youtu.be":
        name = steps[0] if steps else ""
    elif steps[:1] == ["watch"]:
        name = query.get("v", [""])[0]
    elif steps[:1] == ["playlist"] or steps[1:2] == ["videoseries"]:
        listed = query.get("list", [""])[0]
        return (
            Film(f"https://www.youtube.com/playlist?list={quote(listed)}", host="YouTube") if listed else None
        )
    elif steps[1:2] == ["live_stream"] and (channel := query.get("channel", [""])[0]):
        return Film(f"https://www.youtube.com/channel/{quote(channel)}/live", host="YouTube")
    elif steps[:1] and steps[0] in ("embed", "shorts", "v", "live", "e"):
        name = steps[1] if len(steps) > 1 else ""
    else:
        return None
    return youtube_film(name, (query.get("start") or query.get("t") or [""])[0])


def youtube_film(name: str, start: str = "") -> Film | None:
    """A film of YouTube by its id."""
    if not name or not re.fullmatch(r"[\w-]+", name):
        return None
    seconds = start.removesuffix("s")
    page = f"https://www.youtube.com/watch?v={name}" + (f"&t={seconds}" if seconds.isdecimal() else "")
    picture = f"https://i.ytimg.com/vi/{name}/hqdefault.jpg" if _YOUTUBE_ID.fullmatch(name) else ""
    return Film(page, picture, "YouTube")


def _vimeo(parts: SplitResult, host: str) -> Film | None:
    name = next((step for step in parts.path.split("/") if step.isdecimal()), "")
    secret = parse_qs(parts.query).get("h", [""])[0]
    secret = f"/{secret}" if re.fullmatch(r"\w{4,40}", secret) else ""
    return Film(f"https://vimeo.com/{name}{secret}", host="Vimeo") if name else None


def _dailymotion(parts: SplitResult, host: str) -> Film | None:
    name = _last(parts) if host == "dai.ly" or "/video/" in parts.path else ""
    name = name or parse_qs(parts.query).get("video", [""])[0]
    if not re.fullmatch(r"[A-Za-z0-9]{3,20}", name):
        return None
    picture = f"https://www.dailymotion.com/thumbnail/video/{name}"
    return Film(f"https://www.dailymotion.com/video/{name}", picture, "Dailymotion")


def _ted(parts: SplitResult, host: str) -> Film | None:
    if not (found := re.search(r"/talks/(?:lang/[\w-]+/)?([\w-]+)", parts.path)):
        return None
    return Film(f"https://www.ted.com/talks/{found[1]}", host="TED")


def _archive(parts: SplitResult, host: str) -> Film | None:
    if not (found := re.match(r"/(?:embed|details)/([\w.-]+)", parts.path)):
        return None
    return Film(
        f"https://archive.org/details/{found[1]}",
        f"https://archive.org/services/img/{found[1]}",
        "archive.org",
    )


def _quoted(parts: SplitResult, host: str) -> Film | None:
    """Players that name the page they play in their query (Facebook, SoundCloud)."""
    query = parse_qs(parts.query)
    named = absolute_url((query.get("href") or query.get("url") or [""])[0], "")
    a_player = "/plugins/" in parts.path or parts.path.startswith("/player")
    return Film(named) if named and a_player and "://api." not in named else None


def _spotify(parts: SplitResult, host: str) -> Film | None:
    path = parts.path.replace("/embed-podcast/", "/").replace("/embed/", "/")
    return Film(f"https://open.spotify.com{path}")


def _tweet(parts: SplitResult, host: str) -> Film | None:
    name = parse_qs(parts.query).get("id", [""])[0]
    return Film(f"https://twitter.com/i/status/{name}") if name.isdecimal() else None


def _peertube(parts: SplitResult) -> Film | None:
    """PeerTube runs on many hosts; its paths tell it (joinpeertube.org: /videos/embed/ID, watched at /w/ID)."""
    found = re.fullmatch(
        r"/(?:videos/embed|videos/watch)/([0-9a-f-]{36}|[A-Za-z0-9]{22})", parts.path.rstrip("/")
    )
    return Film(f"https://{parts.netloc}/w/{found[1]}", host=parts.hostname or "") if found else None


_HOSTS = {
    "youtube.com": _youtube,
    "youtube-nocookie.com": _youtube,
    "youtu.be": _youtube,
    "vimeo.com": _vimeo,
    "dailymotion.com": _dailymotion,
    "dai.ly": _dailymotion,
    "ted.com": _ted,
    "archive.org": _archive,
    "facebook.com": _quoted,
    "soundcloud.com": _quoted,
    "open.spotify.com": _spotify,
    "platform.twitter.com": _tweet,
}


def shown(found: Film, title: str, *, inline: bool, poster: str = "") -> list[Node]:
    """A film as a link, with its picture where there is one. ``inline``: it stands within a line of text."""
    title = "" if title.strip().lower() in _NO_TITLES else " ".join(title.split())[:300]
    picture = poster or found.picture
    name = title or found.host or re.sub(r"^https?://(?:www\.)?", "", found.page)
    link = Element("a", {"href": found.page}, [words(name)])
    if picture:
        alt = f"Video: {title}" if title else "Video"
        link.children = [Element("img", {"src": picture, "alt": alt}), Element("br"), words(f"▶ {name}")]
    return [link] if inline else [Element("p", {}, [link])]


def player(element: Element, base_url: str, *, inline: bool) -> Sequence[Node]:
    """A frame or player as what can be carried. What stands in it for old browsers where it has no address."""
    given = element.attributes
    # A page may give one side alone and let a script or min-width set the other.
    if len(tiny_sides(given)) == 2:
        return []
    title = given.get("title") or given.get("playlabel", "")
    if element.tag in ("lite-youtube", "youtube-video", "amp-youtube"):
        name = given.get("videoid") or given.get("data-videoid", "")
        found = youtube_film(name) if name else film(absolute_url(given.get("src", ""), base_url) or "")
        return shown(found, title, inline=inline) if found and found.page else []
    if element.tag in ("lite-vimeo", "amp-vimeo", "amp-dailymotion"):
        place = "dailymotion.com/video" if element.tag == "amp-dailymotion" else "vimeo.com"
        name = given.get("videoid") or given.get("data-videoid", "")
        return shown(film(f"https://{place}/{name}"), title, inline=inline) if name.isalnum() else []
    address = _address(element, base_url)
    if not address:
        return _instead(element)
    poster = absolute_url(given.get("poster", ""), base_url) if given.get("poster", "").strip() else None
    return shown(film(address), title, inline=inline, poster=poster or "")


def _address(element: Element, base_url: str) -> str | None:
    given = element.attributes
    sources = [source.attributes.get("src", "") for source in element.elements("source")]
    late = [given.get("data-src", ""), given.get("src", ""), given.get("data", ""), given.get("href", "")]
    for candidate in (*late, *sources):
        found = absolute_url(candidate, base_url) if candidate.strip() else None
        if found and not _GONE.search(found):
            return found
    return None


def _instead(element: Element) -> Sequence[Node]:
    """What an object holds for browsers that cannot show it; the "your browser does not" of others is dropped."""
    if element.tag != "object":
        return []
    return [node for node in element.children if isinstance(node, Element) and node.tag != "source"]


def film_of_figure(figure: Element, *, inline: bool) -> bool:
    """WordPress writes the bare address of what it could not embed into a figure: make it a film. True when done."""
    for wrapper in figure.elements("div"):
        found = _ADDRESS_ALONE.fullmatch(wrapper.text())
        if found and not any(isinstance(node, Element) and node.tag == "img" for node in wrapper.inside()):
            address = absolute_url(found[1], "")
            if address:
                wrapper.children = shown(film(address), "", inline=inline)
                return True
    return False


def link_of_quotation(quotation: Element, base_url: str) -> Node | None:
    """The way to a post on a social network whose quotation has none."""
    if any(element.attributes.get("href") for element in quotation.elements("a")):
        return None
    given = quotation.attributes
    address = absolute_url(given.get("data-instgrm-permalink") or given.get("cite", ""), "")
    if not address:
        return None
    page = address.partition("?")[0]
    name = re.sub(r"^https?://(?:www\.)?", "", page)
    return Element("p", {}, [Element("a", {"href": page}, [words(name)])])
