"""gzip bodies taken apart piece by piece, never more of them in memory than allowed. Nothing is fetched here."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_PIECE = 64 * 1024
_GZIP = b"\x1f\x8b"


class Damaged(ValueError):
    """What arrived is not what gzip writes, or ends too early."""


class UnpackedTooLarge(ValueError):
    """It unpacks to more than was allowed."""


def unpacked(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The content of a gzip body of one or several members (RFC 1952 §2.2); nothing for a body without a byte.

    What follows the last member is passed over, as browsers do. Raises Damaged, and TooLarge beyond ``most`` bytes.
    """
    member, size, fed = _member(), 0, False
    for piece in pieces:
        rest = piece
        while rest:
            if member.eof:
                if not rest.startswith(_GZIP):
                    break
                member = _member()
            fed = True
            try:
                found = member.decompress(rest, _PIECE)
            except zlib.error as error:
                raise Damaged(str(error)) from error
            size += len(found)
            if size > most:
                raise UnpackedTooLarge
            yield found
            rest = member.unused_data if member.eof else member.unconsumed_tail
    if fed and not member.eof:
        raise Damaged("it ends too early")


def _member() -> zlib._Decompress:
    return zlib.decompressobj(16 + zlib.MAX_WBITS)
