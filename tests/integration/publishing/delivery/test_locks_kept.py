"""No post can make the program open its own database, and so drop the locks that keep others from sending as well.

The program runs in a process of its own; this one asks the system whether it still holds its locks.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from hub import Hub
from picture_samples import png
from warm import REPOSITORY

pytestmark = pytest.mark.slow

#: Syncs, says which files were opened, and waits.
_PROGRAM = """
import json, os, sys
from newsletter.cli import bootstrap
config = bootstrap.start()
from django.db import connection
from newsletter.models import Post
from newsletter.publishing.ingest import sync
from newsletter.publishing.from_config import sources
from newsletter.sources.base import MediaFile
opened = []
def hear(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.append(os.fsdecode(arguments[0]))
Post.objects.count()
sys.addaudithook(hear)
for source in sources(config):
    sync.sync(source, config, bootstrap.now(), by_hand=True)
here = [file for file in opened if file.startswith(sys.argv[1])]
print(json.dumps({"posts": Post.objects.count(), "opened": here}), flush=True)
sys.stdin.readline()
"""
_OWN = ("newsletter.sqlite3", "newsletter.sqlite3-wal", "newsletter.sqlite3-shm", "newsletter.sqlite3-gate",
        "login.key", "links.key", "suppression.key", "config.toml", "outbox/a.png")  # fmt: skip


def _hostile(names: tuple[str, ...]) -> dict[str, str]:
    """Posts that name each of these files in every way that a post can name a file."""
    posts = {}
    for number, name in enumerate(names):
        ways = [f"/{name}", name, f"../{name}", f"../../{name}", f"/posts/../{name}", f"./{name}", name.upper(),
                quote(name, safe="").replace(".", "%2e"), f"%2e%2e/{name}", f"..%2f{name}", f"/{name}?a=1#b",
                f"file://{name}", f"//{name}", f"{name}%00.png"]  # fmt: skip
        body = "\n\n".join(f"![x]({way}) [y]({way})\n\n<img src='{way}' alt='z'>" for way in ways)
        tags = "\n\n".join(
            f'{{{{< figure src="{way}" >}}}} {{% include figure.html src="{way}" %}} {{% include {way} %}}'
            for way in ways[:4]
        )
        keys = f"image: ../{name}\ncover: {{src: /{name}}}\nenclosure: ../{name}\naudio: /{name}"
        posts[f"hostile-{number}.md"] = (
            f"---\ntitle: Hostile {number}\n{keys}\n---\nWords.\n\n{body}\n\n{tags}\n"
        )
        imports = f"import Shown from '../{name}';\n\n<Image src={{Shown}} />\n\n<img src=\"../{name}\" />\n\nWords.\n"
        posts[f"hostile-{number}-b.mdx"] = f"---\ntitle: Hostile {number} b\n---\n\n{imports}"
    return posts


def _links(hub: Hub, posts: Path) -> None:
    """Names in the folder of posts that lead to the database: soft and hard, with endings that are read."""
    for place, name in enumerate(("newsletter.sqlite3", "login.key", "newsletter.sqlite3-wal")):
        for ending in (".png", ".md", ".html", ".json", ".meta", ".11tydata.json"):
            file = hub.folder / name
            if file.exists():
                (posts / f"soft-{place}{ending}").symlink_to(file)
                os.link(file, posts / f"hard-{place}{ending}")
    os.link(hub.folder / "newsletter.sqlite3", posts / "posts.json")
    (posts / "hostile-0.meta").symlink_to(hub.folder / "newsletter.sqlite3")
    os.link(hub.folder / "newsletter.sqlite3", posts / "hostile-1.11tydata.json")
    (posts / "everything").symlink_to(hub.folder)
    pictures = [f"{kind}-{place}.png" for kind in ("soft", "hard") for place in range(3)]
    shown = "\n\n".join(f"![x]({name}) ![x](everything/newsletter.sqlite3)" for name in pictures)
    (posts / "links.md").write_text(f"---\ntitle: Links\nimage: hard-0.png\n---\nWords.\n\n{shown}\n")
    (posts / "wheel.png").write_bytes(png(20))
    (posts / "good.md").write_text("---\ntitle: Good\n---\nWords.\n\n![The wheel](wheel.png)\n")


def _somebody_else_may_lock(file: Path) -> bool:
    with file.open("r+b") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def test_a_running_process_still_holds_its_locks_after_a_sync_of_hostile_posts(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "hub")
    Hub(tmp_path).run("init", "hub")
    config, posts = hub.folder / "config.toml", hub.folder / "posts"
    # The second source's folder holds the database itself.
    config.write_text(config.read_text() + '\n[sources.whole]\nkind = "folder"\npath = "."\n')
    (hub.folder / "outbox").mkdir(exist_ok=True)
    (hub.folder / "outbox" / "a.png").write_bytes(png(30))
    (hub.folder / "_config.yml").symlink_to(hub.folder / "newsletter.sqlite3")
    for name, text in _hostile(_OWN).items():
        (posts / name).write_text(text)
        (hub.folder / name).write_text(text.replace("title: Hostile", "title: Top"))
    _links(hub, posts)
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(hub.folder)],
        cwd=hub.folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "NEWSLETTER_CONFIG": str(config)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin
        assert program.stdout
        said = json.loads(program.stdout.readline())
        free = [name for name in _OWN[:3:2] if _somebody_else_may_lock(hub.folder / name)]
        program.stdin.write("\n")
    assert free == []
    assert said["posts"] >= 4 * len(_OWN)  # the hostile posts stand; only what they name is left out
    own = {(hub.folder / name).stat().st_ino for name in _OWN if (hub.folder / name).exists()}
    assert [file for file in said["opened"] if os.path.exists(file) and os.stat(file).st_ino in own] == []
    assert any(file.endswith("wheel.png") for file in said["opened"])
