"""Content codings: which one a client wants (RFC 9110 §12.5.3), and bytes compressed in it. Nothing is kept here."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache

import brotli

#: Best first: of codings that a client likes equally well the first is sent.
OFFERED = ("br", "gzip")
#: Level 6 is zlib's own default; the last three would save 1 % and take twice as long.
_GZIP_LEVEL = 6
#: The last two levels would save 10 % and take three and eight times as long.
_BROTLI_QUALITY = 9
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


@lru_cache(maxsize=256)
def wanted(accept_encoding: str | None) -> str | None:
    """The coding in which a client wants its answer; None for the bytes as they are.

    Without the header anything would do, but who asks for no coding often cannot read one. A coding with q=0 is never
    sent; ``identity`` is always there to fall back on.
    """
    weights = _weights(accept_encoding or "")
    if "x-gzip" in weights:
        weights.setdefault("gzip", weights["x-gzip"])  # §8.4.1.3: the same coding
    offered = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in OFFERED}
    best = max(offered, key=lambda coding: offered[coding])
    # An identity that is not named is acceptable, but less than anything that is.
    return best if offered[best] > 0 and offered[best] >= weights.get("identity", 0.0) else None


def _weights(accept_encoding: str) -> dict[str, float]:
    """Coding → weight. A member that cannot be read is left out."""
    found: dict[str, float] = {}
    for member in accept_encoding.split(","):
        coding, *parameters = (part.strip() for part in member.split(";"))
        weights = [_QUALITY.fullmatch(parameter) for parameter in parameters]
        if coding and all(weights):
            found[coding.lower()] = float(weights[0][1]) if weights and weights[0] else 1.0
    return found


def compress(body: bytes, coding: str) -> bytes:
    """``body`` in one of OFFERED; the same body always gives the same bytes."""
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)
