"""Keys of a site: made once, refused when they are none."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.secrets import load_keys, too_weak


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "0",
        "a" * 64,
        "ab" * 32,
        "0123456789abcdef",
        "deadbeef" * 3,
        "password",
        "1234567890" * 3,
        "Zz9-" * 20,
    ],
)
def test_what_can_be_tried_out_is_no_key(key: str) -> None:
    assert too_weak(key)


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_sixteen_random_bytes_are_a_key(make: object) -> None:
    assert all(too_weak(make(16)) == "" for _ in range(200))  # type: ignore[operator]


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    first, second = load_keys(tmp_path), load_keys(tmp_path)
    assert (first.login, first.links, first.suppression) == (second.login, second.links, second.suppression)
    assert {file.name for file in first.made} == {"login.key", "links.key", "suppression.key"}
    assert not second.made
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["login.key", "links.key", "suppression.key"])
@pytest.mark.parametrize(
    "content", [b"", b"\n", b" \r\n", b"x", b"0123456789abcde", b"\xff\xfe\x00", b"a" * 64]
)
def test_a_file_that_was_cut_off_is_refused_by_name_and_left_as_it_is(
    tmp_path: Path, name: str, content: bytes
) -> None:
    load_keys(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=name):
        load_keys(tmp_path)
    assert (tmp_path / name).read_bytes() == content


def test_all_weak_keys_are_named_at_once_and_none_is_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load_keys(tmp_path, login="short-login", links="short-links", suppression="short-suppression")
    assert [key for key, _ in refused.value.problems] == ["login_key", "links_key", "suppression_key"]
    assert "short-" not in str(refused.value)
