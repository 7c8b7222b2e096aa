"""Which content coding a client gets: what it accepts, and of that what we like best (RFC 9110 §12.5.3)."""

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feeds.content_codings import OFFERED, compress, wanted


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("deflate;q=0.9, gzip;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("*", "br"),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=0, *", "br"),
        ("br;q=0, *", "gzip"),
        ("identity", None),
        ("identity;q=0, *", "br"),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=1", "gzip"),
        ("identity, gzip", "gzip"),
        ("deflate", None),
        ("gzip;q=2", None),
        ("gzip;q=abc, br", "br"),
        (",,gzip ,", "gzip"),
    ],
)
def test_the_coding_is_what_the_client_accepts(accepted, coding):
    """H4"""
    assert wanted(accepted) == coding


@given(st.text(alphabet="gzipbr,;q=0.1 *x-deflatnty", max_size=40))
def test_a_coding_that_was_not_asked_for_is_never_sent(accepted):
    """H4"""
    coding = wanted(accepted)
    assert coding is None or coding in accepted.lower() or "*" in accepted


@given(st.binary(max_size=2000))
def test_each_coding_gives_the_bytes_back_and_is_the_same_every_time(body):
    """H5, H11: gzip without a time stamp in its header"""
    for coding, unpack in zip(OFFERED, (brotli.decompress, gzip.decompress), strict=True):
        assert unpack(compress(body, coding)) == body
        assert compress(body, coding) == compress(body, coding)
