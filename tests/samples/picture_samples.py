"""Pictures that tests bring along, made when they are asked for."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 40, height: int = 30, more: bytes = b"") -> bytes:
    """A real picture, as small as it can be."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"tEXt", b"k\0" + more) + chunk(b"IEND", b"")
