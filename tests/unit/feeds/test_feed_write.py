"""Built files in a folder: whole or not at all, never outside it, and untouched when nothing changed."""

import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Refused
from newsletter.feeds.write import write_atomically

FILES = {"rss.xml": b"<rss/>", "topics/reading/rss.xml": b"<rss>1</rss>"}


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_every_file_is_written_with_its_folders_and_named(tmp_path):
    assert write_atomically(tmp_path / "new" / "out", FILES) == list(FILES)
    assert (tmp_path / "new/out/topics/reading/rss.xml").read_bytes() == b"<rss>1</rss>"
    assert everything_in(tmp_path / "new/out") == sorted(FILES)


def test_an_unchanged_file_keeps_its_time_and_its_place_on_disk(tmp_path):
    write_atomically(tmp_path, FILES)
    os.utime(tmp_path / "rss.xml", (1_000_000_000, 1_000_000_000))
    before = (tmp_path / "rss.xml").stat()
    assert write_atomically(tmp_path, FILES | {"topics/reading/rss.xml": b"2"}) == ["topics/reading/rss.xml"]
    after = (tmp_path / "rss.xml").stat()
    assert (after.st_mtime, after.st_ino) == (before.st_mtime, before.st_ino)


def test_a_reader_with_the_file_open_reads_the_old_bytes_to_their_end(tmp_path):
    write_atomically(tmp_path, {"rss.xml": b"old" * 1000})
    with (tmp_path / "rss.xml").open("rb") as reader:
        start = reader.read(10)
        write_atomically(tmp_path, {"rss.xml": b"new"})
        assert start + reader.read() == b"old" * 1000
    assert (tmp_path / "rss.xml").read_bytes() == b"new"


def test_bytes_are_on_disk_before_the_name_points_at_them(tmp_path, monkeypatch):
    steps = []
    sync, move = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (steps.append("sync"), sync(descriptor)))
    monkeypatch.setattr(os, "replace", lambda *paths: (steps.append("rename"), move(*paths)))
    write_atomically(tmp_path, {"rss.xml": b"x"})
    # The last sync is the folder's: it makes the new name last.
    assert steps == ["sync", "rename", "sync"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    write_atomically(tmp_path, {"rss.xml": b"old"})

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left on device"):
        write_atomically(tmp_path, {"rss.xml": b"new"})
    assert (tmp_path / "rss.xml").read_bytes() == b"old"
    assert everything_in(tmp_path) == ["rss.xml"]


def test_files_are_readable_for_a_web_server_as_far_as_the_umask_allows(tmp_path):
    before = os.umask(0o022)
    try:
        write_atomically(tmp_path, {"rss.xml": b"x"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "rss.xml").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/../../x",
        "a/../x",
        "/etc/x",
        "./x",
        "a//b",
        "a/",
        "a\\..\\b",
        "c:x",
        "c:/x",
        "a\0b",
    ],
)
def test_a_path_that_is_not_plain_is_refused_before_anything_is_written(tmp_path, name):
    folder = tmp_path / "out"
    with pytest.raises(Refused, match="nothing was written"):
        write_atomically(folder, {"good.xml": b"x", name: b"y"})
    assert everything_in(tmp_path) == []


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    folder.mkdir()
    (folder / "topics").symlink_to(outside)
    with pytest.raises(Refused, match="through a link"):
        write_atomically(folder, {"topics/rss.xml": b"x"})
    assert everything_in(outside) == []


def test_a_file_that_is_a_link_is_replaced_and_its_target_stays(tmp_path):
    kept, folder = tmp_path / "kept.xml", tmp_path / "out"
    kept.write_bytes(b"kept")
    folder.mkdir()
    (folder / "rss.xml").symlink_to(kept)
    write_atomically(folder, {"rss.xml": b"new"})
    assert kept.read_bytes() == b"kept"
    assert (folder / "rss.xml").read_bytes() == b"new"


def test_a_folder_that_is_a_file_is_a_sentence_and_no_traceback(tmp_path):
    (tmp_path / "out").write_text("I am a file")
    with pytest.raises(Refused, match=re.escape(str(tmp_path))):
        write_atomically(tmp_path / "out", FILES)


def test_a_file_in_the_place_of_a_folder_is_a_sentence_too(tmp_path):
    (tmp_path / "rss.xml").mkdir()
    with pytest.raises(Refused, match="cannot be written"):
        write_atomically(tmp_path, FILES)
    assert everything_in(tmp_path) == []


@given(st.text(alphabet=st.sampled_from("ab./\\:\0 ~é"), max_size=8))
def test_whatever_the_name_nothing_leaves_the_folder(tmp_path_factory, name):
    outer = tmp_path_factory.mktemp("outer")
    folder = outer / "out"
    try:
        write_atomically(folder, {name: b"x"})
    except Refused:
        assert everything_in(outer) == []
    else:
        assert everything_in(outer) == [str(Path("out") / name)]
