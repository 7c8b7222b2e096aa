"""What is made of a site and its posts before any format sees them."""

import pytest
from feed_samples import DAY, MORNING, NEWEST_CHANGE, OLDER, POST, post, site

from newsletter.feeds.normalize import (
    EPOCH,
    fit_posts,
    fit_site,
    language,
    line,
    newest_change,
    text,
    web_address,
)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://EXAMPLE.org/Path", "https://example.org/Path"),
        ("http://example.org:8080/a?b=c&d=e#f", "http://example.org:8080/a?b=c&d=e#f"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/olá mundo", "https://example.org/ol%C3%A1%20mundo"),
        ("https://example.org/ol%C3%A1", "https://example.org/ol%C3%A1"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ('https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
        ("https://[2001:db8::1]:81/x", "https://[2001:db8::1]:81/x"),
        ("https://example.org/list?tags[]=food#a[1]", "https://example.org/list?tags%5B%5D=food#a%5B1%5D"),
        (
            "https://[2001:db8::1]/x[1]{2}|3^4`5<6>\\#h#i",
            "https://[2001:db8::1]/x%5B1%5D%7B2%7D%7C3%5E4%605%3C6%3E%5C#h%23i",
        ),
        (" https://example.org/x\n", "https://example.org/x"),
    ],
)
def test_a_web_address_is_written_as_a_url(written, sent):
    """R11; RFC 3986 §2"""
    assert web_address(written) == sent


@pytest.mark.parametrize(
    "written",
    [
        "",
        "posts/x",
        "//example.org/x",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "https://example.org@elsewhere.example/",
        "https://ann:secret@example.org/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://exam ple.org/",
        "https://[::1/",
        "https://" + "a" * 70 + ".example/",
    ],
)
def test_what_is_no_web_address_becomes_nothing(written):
    """R15: no script, no relative path, no log-in data, nothing that hides its host"""
    assert web_address(written) is None


def test_line_ends_of_every_system_become_one():
    assert text("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_a_line_keeps_the_no_break_space_of_its_author():
    assert line("  Qui\u00a0?\r\n\tMoi\u2028 ! ") == "Qui\u00a0? Moi !"


@pytest.mark.parametrize(
    ("written", "tag"), [("en", "en"), ("zh_Hant_TW", "zh-Hant-TW"), ("", None), ("e", None)]
)
def test_a_language_is_a_tag_or_nothing(written, tag):
    """R17, J5: RFC 5646"""
    assert language(written) == tag


def test_the_newest_change_counts_new_posts_and_changed_ones():
    """R7"""
    assert newest_change([POST, OLDER]) == NEWEST_CHANGE
    assert newest_change([post(updated=MORNING.replace(year=2020))]) == MORNING.replace(microsecond=0)
    assert newest_change([]) == EPOCH


def test_a_post_that_comes_late_changes_the_feed_and_not_itself():
    late = post(published=MORNING - 30 * DAY, updated=MORNING - 30 * DAY, released=MORNING + 9 * DAY)
    assert newest_change([POST, late]) == MORNING.replace(microsecond=0) + 9 * DAY
    assert fit_posts([late])[0].updated == fit_posts([late])[0].published


def test_each_author_and_topic_is_named_once():
    (fit,) = fit_posts([post(authors=("Ana", " Ana ", "", "\x00"), topics=("Reading", "reading", "Reading"))])
    assert fit.authors == ("Ana",)
    assert fit.topics == ("Reading", "reading")


def test_a_long_summary_lends_a_title_only_its_beginning():
    (fit,) = fit_posts([post(title="", summary="word " * 100)])
    assert len(fit.title) <= 80
    assert fit.title.startswith("word word")


def test_a_site_that_says_little_still_names_everything_a_feed_needs():
    fit = fit_site(site(title="", description="", organisation="", id=""))
    assert fit.title == fit.description == fit.organisation == fit.home_url
    assert fit.id == fit.feed_url
