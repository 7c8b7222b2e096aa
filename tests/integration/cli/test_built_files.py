"""``newsletter feeds build``: what is published lies in the folder, and what was taken back does not."""

from __future__ import annotations

from datetime import UTC, datetime

from picture_samples import png
from staff import Staff

from newsletter.models import Post
from newsletter.publishing.ingest import stored_images
from newsletter.sources.html.images.image_files import media_file


def test_a_withdrawn_post_leaves_the_built_folder_at_the_next_build(staff: Staff) -> None:
    staff.post("seeds", "Seeds")
    staff.post("mill", "The mill")
    file = media_file(png(20))
    assert file is not None
    stored_images.store(Post.objects.get(key="seeds"), [file], datetime.now(UTC))
    out = staff.folder / "public"
    first = staff.json("feeds", "build", "--out", str(out))
    assert (out / "media" / file.name).read_bytes() == png(20)
    assert f"media/{file.name}" in first["files"]
    assert (out / "posts" / "seeds" / "index.html").exists()
    (out / "robots.txt").write_text("mine")
    staff("posts", "withdraw", "seeds")
    again = staff.json("feeds", "build", "--out", str(out))
    assert again["removed"] == [f"media/{file.name}", "posts/seeds/index.html"]
    assert not (out / "posts" / "seeds").exists()
    assert (out / "robots.txt").read_text() == "mine"
    assert not any("Seeds" in path.read_text(errors="replace") for path in out.rglob("*") if path.is_file())
    assert staff.json("feeds", "build", "--out", str(out))["removed"] == []
