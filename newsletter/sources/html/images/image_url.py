"""Which address of an ``img`` is the picture: what scripts load later, sets of sizes, stand-ins and blurs. Nothing is
fetched. HTML §4.8.4 says which a browser would choose; mails and feed readers know ``src`` alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.sources.html.images import image_sizes
from newsletter.sources.html.urls import MOST_ADDRESS, absolute_url

#: Pixels; a mail shows 600, at twice the density of older screens.
WIDEST = 1200
#: Pixels; a file that is no wider, shown much wider, is the blur that a page begins with.
_BLUR = 100
#: Where scripts look for the picture, those that are most often right first; _LATE_NAME tells others of their kind.
_LATE = (
    *(
        "data-src",
        "data-lazy-src",
        "data-original",
        "data-lazy",
        "data-lazyload",
        "data-ezsrc",
        "nitro-lazy-src",
    ),
    *(
        "data-breeze",
        "data-cfsrc",
        "data-opt-src",
        "data-flickity-lazyload",
        "data-flickity-lazyload-src",
        "data-echo",
    ),
    *("data-normal", "data-actualsrc", "data-original-src", "lazy-src", "lazysrc", "data-pagespeed-lazy-src"),
)
_LATE_SETS = ("data-srcset", "data-lazy-srcset", "nitro-lazy-srcset", "data-breeze-srcset", "data-ezsrcset")
_LATE_NAME = re.compile(
    r"(?:data|nitro)-[a-z0-9_-]*(?:src|lazy|load|defer|original|delay|async|breeze|echo)[a-z0-9_-]*"
)
_SET_NAME = re.compile(r"(?:data|nitro)-[a-z0-9_-]*(?:srcset|src-set|bgset|sources?-?set)[a-z0-9_-]*")
#: The same picture in another quality, or for another moment.
_OTHER_NAME = re.compile(
    r"thumb|small|tiny|low|place-?holder|blur|lqip|preview|mobile|retina|2x|poster|fallback|error|hover|backup|load(?:ed|ing)$"
    r"|loader|-set|sizes|width|height|ratio|type|id$|class|event|status|module|script|template|caption|title|alt$"
)
#: Attributes beside a picture that is there already: taken where it is not.
_SPARE = (
    *(
        "data-image",
        "data-orig-file",
        "data-large-file",
        "data-large_image",
        "data-full-url",
        "data-full",
        "data-full-src",
    ),
    *(
        "data-image-src",
        "data-img-src",
        "data-img",
        "data-url",
        "data-hi-res-src",
        "data-high-res-src",
        "data-zoom-image",
    ),
    *(
        "data-pagespeed-high-res-src",
        "data-medium-file",
        "data-pin-media",
        "data-zoom-src",
        "data-hires",
        "data-bg",
    ),
)
#: Files that show nothing, whatever size they are given.
_NOTHING = re.compile(
    r"(?:^|/)(?:blank|spacer|transparent|transparency|clear|pixel|empty|trans|shim|dot|1x1|1px|one-?pixel|grey|gray)"
    r"(?:[-_.]?(?:gif|png|pixel|px|image|img|placeholder|\d{1,4}(?:x\d{1,4})?(?:px)?))*\.(?:gif|png|svg|webp)$"
    r"|/s_1x1\.|/t\.gif$",
    re.IGNORECASE,
)
#: Files that stand in for a picture until a script has loaded it; alone they may be what they say.
_STANDS_IN = re.compile(
    r"place[-_]?holder|lazy[-_]?(?:load|image|img|bg)|/lazy[-_.]|loading|loader|spinner|lqip|blurred|blur-?up|blur-?hash"
    r"|[-_.]blur[-_.]|e_blur|,blur_\d|/blur[:/]|preload|skeleton|default[-_](?:image|img)|no[-_]?image|pixelated|[-_.]tiny\.",
    re.IGNORECASE,
)
_BLURRED = re.compile(r"[?&;](?:blur|blurhash|px)=[1-9]", re.IGNORECASE)
_CLOUDINARY_BLUR = re.compile(r"(?<=/upload/)[^/]*\be_(?:blur|pixelate)[^/]*/", re.IGNORECASE)
#: What every mail program shows; a script may load a lighter kind in its place.
_PLAIN = re.compile(r"\.(?:jpe?g|png|gif)$", re.IGNORECASE)
_WIX_BLUR = re.compile(r"(/media/[^/]+)/v1/[^/]+/[^/]*\bblur_\d[^/]*/[^/?#]+$", re.IGNORECASE)
_LOOKS_LIKE_ONE = re.compile(r"(?:https?:)?//\S+|[^\s{}\[\]<>\"'|]*[./][^\s{}\[\]<>\"'|]*", re.IGNORECASE)
_IS_SET = re.compile(r"\s[0-9.]+[wx](?:\s*,|\s*$)")
_CANDIDATE = re.compile(r"\s*([^\s,][^\s]*)(?:\s+([0-9.]{1,9})([wxh]))?[^,]*(?:,|$)")


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """Where a picture is."""

    address: str
    #: Of the file, in pixels, where its page says so; else 0.
    width: int = 0
    height: int = 0
    #: Nothing better was found, and this only stands in for the picture.
    poor: bool = False


def find(given: dict[str, str], base_url: str, shown: int) -> FoundPicture | None:
    """The address of an ``img``, absolute; None without one on the web. ``shown``: its width on the page, or 0."""
    sets = [list(_candidates(given[name], base_url)) for name in _set_names(given)]
    late = [found for found in (_address(given[name], base_url) for name in _late_names(given)) if found]
    late = [found for found in late if not _NOTHING.search(_path(found))]
    own = _address(given.get("src", ""), base_url)
    is_there = own is not None and not _NOTHING.search(_path(own)) and not _is_poor(own, shown)
    if late and not (own and is_there and _PLAIN.search(_path(own)) and not _PLAIN.search(_path(late[0]))):
        sharp = [found for found in late if not _is_poor(found, shown)]
        return _best((sharp or late)[0], sets, shown)
    late_sets = [found for name, found in zip(_set_names(given), sets, strict=True) if name != "srcset"]
    if (from_set := _widest(late_sets)) is not None:
        return from_set
    if own and is_there:
        return _best(own, sets, shown)
    if (from_set := _widest(sets)) is not None:
        return from_set
    spare = (_address(given.get(name, ""), base_url) for name in _SPARE)
    if found := next(filter(None, spare), None):
        return FoundPicture(found, image_sizes.in_address(found).width)
    if own is None or _NOTHING.search(_path(own)):
        return None
    sharp_one = _WIX_BLUR.sub(r"\1", _CLOUDINARY_BLUR.sub("", own))
    return FoundPicture(sharp_one, poor=sharp_one == own)


def is_loaded_late(given: dict[str, str]) -> bool:
    """Whether a script is to put the picture in its place."""
    return any(True for _ in _late_names(given)) or any(name != "srcset" for name in _set_names(given))


def _path(address: str) -> str:
    return address.partition("?")[0].partition("#")[0]


def _is_poor(address: str, shown: int) -> bool:
    """Whether it is a blur or a sign that the picture is on its way."""
    if _STANDS_IN.search(_path(address)) or _BLURRED.search(address):
        return True
    width = image_sizes.in_address(address).width
    return 0 < width <= _BLUR and shown > 2 * width


def _late_names(given: dict[str, str]) -> Iterator[str]:
    yield from (name for name in _LATE if given.get(name))
    for name, value in given.items():
        if name in _LATE or not value or not _LATE_NAME.fullmatch(name) or _SET_NAME.fullmatch(name):
            continue
        if not _OTHER_NAME.search(name):
            yield name


def _set_names(given: dict[str, str]) -> list[str]:
    known = [name for name in _LATE_SETS if given.get(name)]
    others = [name for name in given if name not in _LATE_SETS and given[name] and _SET_NAME.fullmatch(name)]
    return [*known, *others, *(["srcset"] if given.get("srcset") else [])]


def _address(value: str, base_url: str) -> str | None:
    value = value.strip()
    if len(value) > MOST_ADDRESS:
        return None
    if (
        not value
        or value[:5].lower() == "data:"
        or _IS_SET.search(value)
        or not _LOOKS_LIKE_ONE.fullmatch(value.replace(" ", "%20"))
    ):
        return None
    return absolute_url(value, base_url)


def _best(address: str, sets: Sequence[list[tuple[str, float, str]]], shown: int) -> FoundPicture:
    """The address itself; another of its set where it is wider than anybody sees, or a blur of what is shown."""
    known = image_sizes.in_address(address).width
    for candidates in sets:
        widths = {url: size for url, size, unit in candidates if unit == "w"}
        own = widths.get(address, 0) or known
        best = _widest([candidates])
        if best and own > WIDEST and (best.width or own) >= min(shown or image_sizes.COLUMN, own):
            return best
        if best and own and own < min(shown or image_sizes.COLUMN, best.width):
            return best
        if address in widths:
            return FoundPicture(address, round(widths[address]))
    return FoundPicture(address, known)


def _widest(sets: Sequence[list[tuple[str, float, str]]]) -> FoundPicture | None:
    """The widest up to WIDEST, else the narrowest; without widths the first. One that a mail would have to stretch is
    no better than one that is too wide."""
    for candidates in sets:
        wide = sorted((size, url) for url, size, unit in candidates if unit == "w")
        fitting = [(size, url) for size, url in wide if size <= WIDEST]
        if wide:
            size, url = fitting[-1] if fitting else wide[0]
            if size < image_sizes.COLUMN and len(wide) > len(fitting) > 0:
                size, url = wide[len(fitting)]
            return FoundPicture(url, round(size))
        if candidates:
            return FoundPicture(candidates[0][0], image_sizes.in_address(candidates[0][0]).width)
    return None


def _candidates(text: str, base_url: str) -> Iterator[tuple[str, float, str]]:
    for url, size, unit in _CANDIDATE.findall(text[:20_000]):
        if url.lower().startswith("data:"):
            continue
        address = absolute_url(url.rstrip(","), base_url)
        if address and not _NOTHING.search(_path(address)):
            try:
                yield address, float(size or 1), unit
            except ValueError:
                continue
