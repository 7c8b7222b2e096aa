import pytest

from newsletter.text.language_tags import MOST, language_tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [("en", "en"), (" pt_BR\n", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW"), ("ast", "ast")],
)
def test_a_language_is_read_as_people_write_it(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize("written", ["", "e", "english", "en-", "x-klingon", "en gb", "en" + "-abcdefgh" * 4])
def test_what_is_no_tag_is_none(written: str) -> None:
    assert language_tag(written) is None
    assert len("en" + "-abcdefgh" * 4) > MOST
