"""A folder of built files: what we wrote and no longer publish goes, what anybody else put there stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import Refused
from newsletter.feeds.folder_sync import MANIFEST, build_into


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_file_that_is_no_longer_published_is_removed_with_its_empty_folder(tmp_path: Path) -> None:
    build_into(tmp_path, {"rss.xml": b"1", "posts/a/index.html": b"a"}, {"media/x.png": b"x"})
    built = build_into(tmp_path, {"rss.xml": b"2"})
    assert (built.changed, built.removed, built.left) == (
        ["rss.xml"],
        ["media/x.png", "posts/a/index.html"],
        [],
    )
    assert files_in(tmp_path) == {"rss.xml": b"2"}
    assert not (tmp_path / "posts").exists()


def test_what_somebody_else_put_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "posts" / "a").mkdir(parents=True)
    (tmp_path / "posts" / "a" / "note.txt").write_text("mine")
    build_into(tmp_path, {"posts/a/index.html": b"a", "b.html": b"b"})
    (tmp_path / "b.html").write_text("changed by hand")
    built = build_into(tmp_path, {})
    assert (built.removed, built.left) == (["posts/a/index.html"], ["b.html"])
    assert files_in(tmp_path) == {"posts/a/note.txt": b"mine", "b.html": b"changed by hand"}


def test_a_build_that_was_cut_short_is_made_good_by_the_next(tmp_path: Path) -> None:
    class Cut(dict[str, bytes]):
        def __getitem__(self, path: str) -> bytes:
            if path == "c.html":
                raise KeyboardInterrupt
            return super().__getitem__(path)

    build_into(tmp_path, {"a.html": b"a"})
    with pytest.raises(KeyboardInterrupt):
        build_into(tmp_path, Cut({"b.html": b"b", "c.html": b"c"}))
    built = build_into(tmp_path, {"c.html": b"c"})
    assert built.removed == ["a.html", "b.html"]
    assert files_in(tmp_path) == {"c.html": b"c"}


@pytest.mark.parametrize("note", [b"", b"[]", b"{", b'{"a.html": 3}', b"\xff"])
def test_a_note_that_cannot_be_read_removes_nothing(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "a.html").write_bytes(b"a")
    (tmp_path / MANIFEST).write_bytes(note)
    assert build_into(tmp_path, {"b.html": b"b"}).removed == []
    assert files_in(tmp_path) == {"a.html": b"a", "b.html": b"b"}


def test_a_note_that_names_a_file_elsewhere_removes_nothing_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "secret").write_text("keep")
    build_into(out, {})
    os.symlink(tmp_path, out / "link")
    (out / MANIFEST).write_text(json.dumps({"../secret": "", "link/secret": "", "/etc/hostname": ""}))
    assert build_into(out, {}).removed == []
    assert (tmp_path / "secret").exists()


def test_a_path_that_leads_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        build_into(tmp_path, {"../x": b""})


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", "b/c", "b/d/e", "f/g"]), st.binary(max_size=4)), max_size=5
    )
)
def test_after_any_builds_the_folder_holds_the_last_one(
    tmp_path_factory: pytest.TempPathFactory, builds
) -> None:
    folder = tmp_path_factory.mktemp("out")
    for files in builds:
        build_into(folder, files)
        assert files_in(folder) == files
