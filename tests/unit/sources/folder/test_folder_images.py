"""Pictures beside posts are served by us; what is no picture, too large or elsewhere is named and never read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_samples import png

from newsletter.errors import SourceError
from newsletter.sources.base import Fetched, Look, MediaFile
from newsletter.sources.folder.images import LocalPictures, site_of
from newsletter.sources.folder.source import FolderSource
from newsletter.sources.html.images.image_files import MOST_BYTES, media_file
from newsletter.sources.local_files import OwnFiles

SITE = "https://hub.example.org"
PICTURE = png(20)
LOOK = Look(datetime(2026, 11, 23, 9, tzinfo=UTC))


def named(content: bytes) -> str:
    file = media_file(content)
    assert file is not None
    return f"{SITE}/media/{file.name}"


def fetched(folder: Path, home: str = "") -> Fetched:
    return FolderSource("posts", folder, site_url=SITE, base_url=home, zone="UTC").fetch(LOOK)


def write(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def post(folder: Path, body: str, name: str = "land/mill.md", head: str = "") -> None:
    write(folder / name, f"---\ntitle: Mill\n{head}---\n{body}\n")


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("wheel.png", "posts/land/wheel.png"),
        ("./wheel.png", "posts/land/wheel.png"),
        ("../wheel.png", "posts/wheel.png"),
        ("my%20wheel.png", "posts/land/my wheel.png"),
        ("wheel.png?v=2#x", "posts/land/wheel.png"),
        ("/images/wheel.png", "posts/images/wheel.png"),
        ("/wheel.png", "static/wheel.png"),
        ("/img/wheel.png", "public/img/wheel.png"),
        ("/assets/wheel.png", "assets/wheel.png"),
        ("../../images/wheel.png", "images/wheel.png"),
        ("wheel.png", "posts/land/mill/wheel.png"),
    ],
)
def test_a_picture_is_found_where_generators_look_for_it(tmp_path: Path, written: str, place: str) -> None:
    write(tmp_path / place, PICTURE)
    write(tmp_path / "hugo.toml", "")
    post(tmp_path / "posts", f"Look: ![The wheel]({written})")
    found = fetched(tmp_path / "posts")
    assert found.problems == ()
    (item,) = found.items
    assert item.html == f'<p>Look: <img src="{named(PICTURE)}" alt="The wheel" width="20" height="30"></p>'
    assert [(file.media_type, file.content) for file in item.files] == [("image/png", PICTURE)]


def test_the_picture_of_the_front_matter_and_html_and_links_are_read_too(tmp_path: Path) -> None:
    for name, content in (("a.png", png(20)), ("b.png", png(21)), ("c.png", png(22))):
        write(tmp_path / "land" / name, content)
    post(
        tmp_path,
        '<img src="b.png" alt="B">\n\n[see it](c.png)',
        head="image: {src: ./a.png, alt: The A}\n",
    )
    (item,) = fetched(tmp_path).items
    assert (item.image, item.image_alt) == (named(png(20)), "The A")
    assert f'<img src="{named(png(21))}" alt="B" width="21" height="30">' in item.html
    assert f'<a href="{named(png(22))}">see it</a>' in item.html
    assert len(item.files) == 3


def test_with_an_address_of_its_own_a_post_s_pictures_are_there(tmp_path: Path) -> None:
    write(tmp_path / "land/wheel.png", PICTURE)
    post(tmp_path, "![The wheel](wheel.png)")
    post(tmp_path, "![The wheel](wheel.png)", "land/bundle/index.md")
    bundle, single = fetched(tmp_path, "https://posts.example.org").items
    assert (bundle.files, single.files) == ((), ())
    assert 'src="https://posts.example.org/land/wheel.png"' in single.html
    assert 'src="https://posts.example.org/land/bundle/wheel.png"' in bundle.html


@pytest.mark.parametrize(
    ("written", "content", "what"),
    [
        ("gone.png", None, 'the picture "gone.png" is not there'),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "is an SVG"),
        ("a.png", b"<html><script>alert(1)</script></html>", "is no picture that mails show"),
        ("a.png", b"<?xml version='1.0'?><svg/>", "is an SVG"),
        ("a.png", PICTURE + b"\0" * MOST_BYTES, "is larger than 5 MB"),
        ("a.pdf", b"%PDF", 'the link to the file "a.pdf" leads nowhere'),
    ],
)
def test_what_cannot_be_shown_is_named_with_its_line_and_the_post_goes_on(
    tmp_path: Path, written: str, content: bytes | None, what: str
) -> None:
    if content is not None:
        write(tmp_path / "land" / written, content)
    mark = "" if written.endswith("pdf") else "!"
    post(tmp_path, f"Words.\n\n{mark}[The wheel]({written})")
    found = fetched(tmp_path)
    (item,) = found.items
    assert ("<img" in item.html, "<a" in item.html, item.files) == (False, False, ())
    assert ("The wheel" in item.html) == (mark == "")
    ((where, said),) = [(problem.where, problem.what) for problem in found.problems]
    assert (where, what in said) == ("land/mill.md:6", True), said


@pytest.mark.parametrize(
    "written",
    ["../../secret.png", "/../secret.png", "..%2f..%2fsecret.png", "link.png", "linked/secret.png", "/etc/x.png",
     "..\\..\\secret.png", "%00.png", "file:///etc/secret.png", "....//secret.png"],
)  # fmt: skip
def test_nothing_outside_of_the_folder_is_ever_read(tmp_path: Path, written: str) -> None:
    write(tmp_path / "secret.png", PICTURE)
    write(tmp_path / "elsewhere/secret.png", PICTURE)
    folder = tmp_path / "site" / "posts"
    post(folder, f'Words.\n\n<img src="{written}" alt="S">')
    (folder / "land/link.png").symlink_to(tmp_path / "secret.png")
    (folder / "land/linked").symlink_to(tmp_path / "elsewhere")
    (item,) = fetched(folder).items
    assert item.files == ()
    assert "<img" not in item.html


@given(
    st.lists(
        st.sampled_from(["..", "/", ".", "a", "%2e", "\\", "secret.png", "\x00", "~", " "]), max_size=12
    ).map("".join)
)
def test_no_spelling_of_a_path_leads_out(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    top = tmp_path_factory.getbasetemp() / "paths"
    write(top / "secret.png", PICTURE)
    write(top / "site/posts/a.md", "x")
    pictures = LocalPictures((top / "site/posts").resolve(), OwnFiles())
    found = pictures.find(path, "a.md")
    assert found is None or found.is_relative_to((top / "site").resolve())


def test_a_picture_that_changes_after_it_was_named_is_not_served_under_the_old_name(tmp_path: Path) -> None:
    write(tmp_path / "land/wheel.png", PICTURE)
    post(tmp_path, "![The wheel](wheel.png)")
    (file,) = fetched(tmp_path).items[0].files
    assert file == MediaFile(file.name, "image/png", PICTURE)
    write(tmp_path / "land/wheel.png", png(30))
    with pytest.raises(SourceError, match="changed while it was read; sync again"):
        _ = file.content
    (tmp_path / "land/wheel.png").unlink()
    with pytest.raises(SourceError, match="cannot be read any more; sync again"):
        _ = file.content


class TestWhatTheProgramKeepsForItself:
    """Its files may lie beside posts, and in their folder: whatever a post calls them, they are passed by."""

    @pytest.fixture
    def own(self, tmp_path: Path) -> OwnFiles:
        for name in ("posts.png", "posts.png-wal", "login.key", "config.toml", "outbox/mail.png"):
            write(tmp_path / name, PICTURE)
        return OwnFiles(
            (tmp_path / "login.key", tmp_path / "config.toml"),
            (tmp_path / "posts.png",),
            (tmp_path / "outbox",),
        )

    @pytest.mark.parametrize(
        "written", ["posts.png", "./posts.png", "soft.png", "hard.png", "outbox/mail.png", "linked/mail.png"]
    )
    def test_even_with_the_name_of_a_picture_it_is_not_opened(
        self, tmp_path: Path, own: OwnFiles, written: str
    ) -> None:
        (tmp_path / "soft.png").symlink_to(tmp_path / "posts.png")
        (tmp_path / "hard.png").hardlink_to(tmp_path / "posts.png-wal")
        (tmp_path / "linked").symlink_to(tmp_path / "outbox")
        assert LocalPictures(tmp_path.resolve(), OwnFiles()).find(written, "a.md") is not None
        assert LocalPictures(tmp_path.resolve(), own).find(written, "a.md") is None

    def test_a_picture_that_has_two_names_of_its_own_is_shown(self, tmp_path: Path, own: OwnFiles) -> None:
        write(tmp_path / "wheel.png", PICTURE)
        (tmp_path / "again.png").hardlink_to(tmp_path / "wheel.png")
        assert LocalPictures(tmp_path.resolve(), own).find("again.png", "a.md") is not None

    def test_its_configuration_is_not_taken_for_a_generator_s(self, tmp_path: Path, own: OwnFiles) -> None:
        posts = (tmp_path / "posts").resolve()
        assert site_of(posts, OwnFiles()) == tmp_path.resolve()
        assert site_of(posts, own) == posts


def test_a_file_that_is_no_picture_by_its_name_is_named_and_not_opened(tmp_path: Path) -> None:
    write(tmp_path / "land/wheel.dat", PICTURE)
    post(tmp_path, "Words.\n\n![The wheel](wheel.dat)")
    found = fetched(tmp_path)
    assert "<img" not in found.items[0].html
    assert found.problems[0].what == (
        'the picture "wheel.dat" is none by its name; save it as .jpg, .png, .gif or .webp'
    )


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("[![Donate to us](no.jpg)](https://example.org/give)", "Donate to us"),
        ("[![](no.jpg)](https://example.org/give)", "example.org/give"),
        ("[![A &amp; B](no.jpg) now](https://example.org/give)", " now"),
        ("[![Donate](no.svg) ![again](no.png)](https://example.org/give)", "Donate"),
        ('<a href="https://example.org/give"><b><img src="no.png" alt="Donate"></b></a>', "Donate"),
    ],
)
def test_a_link_around_a_picture_that_is_not_there_keeps_its_words(
    tmp_path: Path, written: str, html: str
) -> None:
    post(tmp_path, f"Words.\n\n{written}")
    assert f'<a href="https://example.org/give">{html}</a>' in fetched(tmp_path).items[0].html


def test_films_and_frames_of_the_folder_s_site_are_called_by_its_public_address(tmp_path: Path) -> None:
    write(tmp_path / "land/walk.mp4", b"film")
    frames = '<iframe src="/map.html" width="300" height="200"></iframe><audio src="talk.mp3"></audio>'
    post(
        tmp_path,
        f'Words.\n\n{frames}\n\n<video src="walk.mp4" poster="no.jpg"></video>\n\n<!--more-->\n\nMore.',
    )
    (item,) = fetched(tmp_path).items
    assert f'<a href="{SITE}/map.html">hub.example.org/map.html</a>' in item.html
    assert f'<a href="{SITE}/land/talk.mp3">hub.example.org/land/talk.mp3</a>' in item.html
    assert "<p>▶ walk.mp4</p>" in item.html
    assert "invalid" not in f"{item.html}{item.summary}{item.enclosure}"
