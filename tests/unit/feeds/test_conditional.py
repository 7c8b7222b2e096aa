"""How a feed is answered over HTTP: every decision of RFC 9110 that a feed reader relies on."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feeds import content_codings
from newsletter.feeds.conditional import Asked, Document, answer, gone, moved, unavailable

BODY = b"<rss>" + b"The same words again and again. " * 200 + b"</rss>"
MODIFIED = datetime(2026, 10, 6, 9, 30, 15, 900_000, tzinfo=timezone(timedelta(hours=2)))
#: MODIFIED as HTTP says it.
STAMP = "Tue, 06 Oct 2026 07:30:15 GMT"
REPEATED = {"ETag", "Last-Modified", "Cache-Control", "Vary"}


def document(body=BODY, modified=MODIFIED, content_type="application/rss+xml", **options):
    return Document(body, content_type=content_type, last_modified=modified, **options)


def ask(headers=None, *, method="GET", body=BODY, modified=MODIFIED, **options):
    named = {name.lower().replace("-", "_"): value for name, value in (headers or {}).items()}
    return answer(document(body, modified, **options), Asked(method, **named))


def etag_of(**headers):
    return ask({name.replace("_", "-"): value for name, value in headers.items()}).headers["ETag"]


PLAIN = etag_of()
PACKED = etag_of(accept_encoding="gzip")
TIGHT = etag_of(accept_encoding="br")


def test_a_first_visit_gets_the_feed_with_both_validators():
    """H1"""
    got = ask()
    assert (got.status, got.body) == (200, BODY)
    assert got.headers["Last-Modified"] == STAMP
    assert got.headers["ETag"].startswith('"')
    assert got.headers["ETag"].endswith('"')
    assert got.headers["Content-Length"] == str(len(BODY))


def test_the_etag_is_made_of_the_bytes():
    """H1"""
    assert ask(body=BODY).headers["ETag"] == PLAIN
    assert ask(body=BODY + b" ").headers["ETag"] != PLAIN
    assert ask(modified=MODIFIED + timedelta(days=1)).headers["ETag"] == PLAIN


@pytest.mark.parametrize(
    "tags",
    [
        PLAIN,
        f"W/{PLAIN}",
        f'"other", {PLAIN}',
        f'"a,b",W/"c" ,  {PLAIN},"d"',
        "*",
        " * ",
    ],
)
def test_a_copy_that_is_still_good_is_not_sent_again(tags):
    """H2: lists, any, and weak comparison"""
    assert ask({"If-None-Match": tags}).status == 304


@pytest.mark.parametrize(
    "tags", ['"other"', PLAIN.strip('"'), "", '"*"', PLAIN[:-2] + '"', PLAIN.upper()[:-1]]
)
def test_a_tag_that_does_not_match_gets_the_feed(tags):
    """H2"""
    assert ask({"If-None-Match": tags}).status == 200


def test_if_none_match_decides_alone_when_it_is_there():
    """H2: §13.1.3, If-Modified-Since is ignored beside it."""
    assert ask({"If-None-Match": '"other"', "If-Modified-Since": STAMP}).status == 200
    assert ask({"If-None-Match": PLAIN, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}).status == 304


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (STAMP, 304),
        ("Tue, 06 Oct 2026 07:30:14 GMT", 200),
        ("Tue, 06 Oct 2026 07:30:16 GMT", 304),
        ("Tuesday, 06-Oct-26 07:30:15 GMT", 304),
        ("Tue Oct  6 07:30:15 2026", 304),
        ("Tue Oct  6 07:30:14 2026", 200),
        ("yesterday", 200),
        ("", 200),
        ("Tue, 99 Oct 2026 07:30:15 GMT", 200),
        ("1791273015", 200),
        ("Tue, 06 Oct 99999999999999999999 07:30:15 GMT", 200),
        ("Tue, 06 Oct 2026 07:30:15 +99999999999999", 200),
    ],
)
def test_if_modified_since_is_read_in_every_form_and_ignored_when_it_is_none(since, status):
    """H2: §13.1.3 and §5.6.7"""
    assert ask({"If-Modified-Since": since}).status == status


@pytest.mark.parametrize("earlier", [MODIFIED, MODIFIED + timedelta(hours=1)])
def test_a_date_under_which_other_bytes_were_served_never_says_unchanged(earlier):
    """H2: two changes within one second, and a clock that was set back. The header is no date of the future."""
    before = format_datetime(earlier.astimezone(UTC), usegmt=True)
    got = ask({"If-Modified-Since": before}, newer_than=earlier)
    assert (got.status, got.headers["Last-Modified"]) == (200, STAMP)


def test_not_modified_repeats_what_a_cache_needs_and_has_no_body():
    """H3"""
    fresh, again = ask(), ask({"If-None-Match": PLAIN})
    assert again.body == b""
    assert {name: again.headers[name] for name in REPEATED} == {
        name: fresh.headers[name] for name in REPEATED
    }
    assert not {"Content-Type", "Content-Length", "Content-Encoding"} & again.headers.keys()


def test_each_coding_has_its_own_etag_and_caches_are_told():
    """H4"""
    assert len({PLAIN, PACKED, TIGHT}) == 3
    assert not any(tag.startswith("W/") for tag in (PLAIN, PACKED, TIGHT))
    for headers in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}):
        assert ask(headers).headers["Vary"].startswith("Accept-Encoding")


@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_who_opens_a_feed_in_a_browser_gets_the_same_bytes_as_xml_and_a_tag_of_their_own(coding):
    kept = document()
    plain = answer(kept, Asked(accept_encoding=coding))
    shown = answer(kept, Asked(accept_encoding=coding, fetched_for="document"))
    assert shown.body == plain.body
    assert shown.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert plain.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert shown.headers["ETag"] != plain.headers["ETag"]
    assert shown.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, Sec-Fetch-Dest"
    again = Asked(accept_encoding=coding, fetched_for="document", if_none_match=shown.headers["ETag"])
    assert answer(kept, again).status == 304
    assert answer(kept, again).headers["ETag"] == shown.headers["ETag"]
    assert answer(kept, Asked(accept_encoding=coding, if_none_match=shown.headers["ETag"])).status == 200


def test_a_script_that_fetches_a_feed_and_a_json_feed_are_answered_as_ever():
    kept = document()
    assert answer(kept, Asked(fetched_for="empty")) == answer(kept, Asked())
    json = document(content_type="application/feed+json")
    assert answer(json, Asked(fetched_for="document")) == answer(json, Asked())
    assert answer(json, Asked()).headers["Vary"] == "Accept-Encoding"


def test_the_tag_of_one_coding_does_not_answer_for_the_other():
    """H4: §8.8.3.3"""
    assert ask({"If-None-Match": PACKED, "Accept-Encoding": "gzip"}).status == 304
    assert ask({"If-None-Match": PLAIN, "Accept-Encoding": "gzip"}).status == 200
    assert ask({"If-None-Match": PACKED}).status == 200
    assert ask({"If-None-Match": PACKED, "Accept-Encoding": "gzip, br"}).status == 200
    assert ask({"If-None-Match": TIGHT, "Accept-Encoding": "gzip, br"}).status == 304


def test_gzip_is_what_it_says_and_the_same_every_time():
    """H5, H11: without a time stamp in its header"""
    first, second = ask({"Accept-Encoding": "gzip"}), ask({"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.body) == BODY
    assert first == second
    assert first.headers["Content-Length"] == str(len(first.body))


def test_a_feed_that_gzip_would_make_longer_goes_as_it_is():
    """H5"""
    got = ask({"Accept-Encoding": "gzip"}, body=b"<rss/>")
    assert got.body == b"<rss/>"
    assert "Content-Encoding" not in got.headers


@pytest.mark.parametrize("coding", content_codings.OFFERED)
def test_a_feed_is_compressed_once_and_not_for_each_request(monkeypatch, coding):
    """H5"""
    runs, compress = [], content_codings.compress
    monkeypatch.setattr(content_codings, "compress", lambda *a: (runs.append(1), compress(*a))[1])
    kept = document()
    answers = [answer(kept, Asked(accept_encoding=coding)) for _ in range(5)]
    assert len(runs) == 1
    assert len({got.body for got in answers}) == 1


def test_threads_that_ask_at_once_make_a_coding_once(monkeypatch):
    """H5"""
    runs, compress, both = [], content_codings.compress, threading.Barrier(4)

    def slow(*arguments):
        runs.append(1)
        return compress(*arguments)

    def visit():
        both.wait(10)
        return answer(kept, Asked(accept_encoding="br")).body

    monkeypatch.setattr(content_codings, "compress", slow)
    kept = document()
    with ThreadPoolExecutor(4) as pool:
        bodies = {visit.result() for visit in [pool.submit(visit) for _ in range(4)]}
    assert (len(runs), len(bodies)) == (1, 1)


def test_the_answer_may_be_cached_by_everyone_and_sets_no_cookie():
    """H6"""
    got = ask(max_age=900)
    assert got.headers["Cache-Control"] == "public, max-age=900"
    assert not any("cookie" in f"{name} {value}".lower() for name, value in got.headers.items())


def test_type_and_openness_are_told():
    """H7"""
    got = ask()
    assert got.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "headers", [{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}, {"If-None-Match": PLAIN}]
)
def test_head_has_the_headers_of_get_and_no_body(headers):
    """H9"""
    get, head = ask(headers), ask(headers, method="HEAD")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "get"])
def test_every_other_method_is_refused_and_told_what_is_allowed(method):
    """H9"""
    got = ask({"If-None-Match": "*"}, method=method)
    assert got.status == 405
    assert got.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert "ETag" not in got.headers


def test_a_page_of_another_site_may_ask_with_a_tag():
    """H7: a browser asks first whether it may send If-None-Match."""
    got = ask(method="OPTIONS")
    assert (got.status, got.body) == (204, b"")
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in got.headers["Access-Control-Allow-Headers"]
    assert got.headers["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_a_feed_names_its_hubs_with_the_feed_and_not_with_a_304():
    """W1"""
    links = '<https://hub.example/>; rel="hub", <https://example.org/rss.xml>; rel="self"'
    assert ask(links=links).headers["Link"] == links
    assert "Link" not in ask({"If-None-Match": PLAIN}, links=links).headers
    assert "Link" not in ask().headers


def test_a_feed_that_moved_ended_or_cannot_be_read_says_so():
    """H8"""
    there = moved("https://example.org/rss.xml")
    assert (there.status, there.headers["Location"]) == (301, "https://example.org/rss.xml")
    assert gone().status == 410
    later = unavailable(60)
    assert (later.status, later.headers["Retry-After"], later.headers["Cache-Control"]) == (
        503,
        "60",
        "no-store",
    )


def test_a_moment_without_a_zone_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no time zone"):
        ask(modified=datetime(2026, 10, 6))  # noqa: DTZ001


def unpacked(got):
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
    return unpack[got.headers.get("Content-Encoding")](got.body)


HEADERS = st.dictionaries(
    st.sampled_from(["If-None-Match", "If-Modified-Since", "Accept-Encoding"]),
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet='W/"*, abc;q=0.15gziptdenybr', max_size=30),
        st.sampled_from(["br", "gzip", "gzip, br", "br;q=0.1, gzip", "*"]),
        st.text(alphabet="MonTueJanOct, 0123456789:-+GMT", max_size=35),
    ),
)


@given(HEADERS, st.binary(max_size=300), st.sampled_from(["GET", "HEAD"]))
def test_no_header_breaks_an_answer(headers, body, method):
    got = ask(headers, body=body, method=method)
    assert got.status in {200, 304}
    assert all(value.isascii() and "\n" not in value for value in got.headers.values())
    if got.status == 200 and method == "GET":
        assert unpacked(got) == body


@given(st.binary(max_size=500), st.sampled_from([{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}]))
def test_whoever_comes_back_with_the_tag_they_were_given_gets_a_304(body, headers):
    tag = ask(headers, body=body).headers["ETag"]
    assert ask({**headers, "If-None-Match": tag}, body=body).status == 304


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_whoever_comes_back_with_the_date_they_were_given_gets_a_304(moment):
    stamp = ask(modified=moment).headers["Last-Modified"]
    assert ask({"If-Modified-Since": stamp}, modified=moment).status == 304
    later = format_datetime(moment + timedelta(days=1), usegmt=True)
    assert ask({"If-Modified-Since": stamp}, modified=moment + timedelta(seconds=2)).status == 200
    assert ask({"If-Modified-Since": later}, modified=moment).status == 304
