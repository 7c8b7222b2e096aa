"""Whatever framework made a site, its posts are found when the site is named, or a sentence names their folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.sources.base import Fetched, Look
from newsletter.sources.folder.source import FolderSource

LOOK = Look(datetime(2026, 11, 23, 9, tzinfo=UTC))
DATED = "---\ntitle: A post\ndate: 2026-11-20\n---\nWords.\n"
PAGE = "---\ntitle: A page\n---\nWords.\n"


def site(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def fetched(folder: Path, url: str = "https://www.example.org") -> Fetched:
    return FolderSource("posts", folder, site_url="https://hub.example.org", base_url=url, zone="UTC").fetch(
        LOOK
    )


@pytest.mark.parametrize(
    ("configuration", "post", "address"),
    [
        ("next.config.js", "data/blog/a.mdx", "/blog/a"),
        ("next.config.mjs", "posts/a.md", "/posts/a"),
        ("next.config.ts", "_posts/a.md", "/a"),
        ("next.config.js", "content/posts/a.mdx", "/posts/a"),
        ("next.config.js", "src/content/blog/a.mdx", "/blog/a"),
        ("next.config.js", "src/posts/a.md", "/posts/a"),
        ("next.config.js", "app/blog/a/page.mdx", "/blog/a"),
        ("next.config.js", "src/app/blog/a/page.mdx", "/blog/a"),
        ("next.config.js", "pages/blog/a.mdx", "/blog/a"),
        ("docusaurus.config.js", "blog/2026-11-20-a.md", "/blog/a"),
        ("docusaurus.config.ts", "blog/2026-11-20-a/index.mdx", "/blog/a"),
        ("nuxt.config.ts", "content/blog/a.md", "/blog/a"),
        ("svelte.config.js", "src/posts/a.md", "/posts/a"),
        ("svelte.config.js", "src/lib/posts/a.md", "/posts/a"),
        ("svelte.config.js", "src/routes/blog/a/+page.md", "/blog/a"),
        ("astro.config.mjs", "src/content/blog/a.md", "/blog/a"),
        ("astro.config.mjs", "src/data/blog/a.md", "/blog/a"),
        ("astro.config.mjs", "src/pages/posts/a.md", "/posts/a"),
        ("gatsby-config.js", "content/blog/a/index.md", "/blog/a"),
        ("gatsby-config.js", "src/posts/a.md", "/posts/a"),
        (".vitepress/config.mts", "posts/a.md", "/posts/a"),
        ("docs/.vitepress/config.ts", "docs/posts/a.md", "/posts/a"),
        ("mkdocs.yml", "docs/blog/posts/a.md", "/blog/posts/a"),
        ("_quarto.yml", "posts/a/index.md", "/posts/a"),
        ("_config.ts", "posts/a.md", "/posts/a"),
        ("quartz.config.ts", "content/a.md", "/a"),
        ("react-router.config.ts", "app/content/a.mdx", "/a"),
    ],
)
def test_the_posts_of_a_framework_s_site_are_found(
    tmp_path: Path, configuration: str, post: str, address: str
) -> None:
    site(tmp_path, {configuration: "", post: DATED, "package.json": "{}", "README.md": PAGE})
    site(tmp_path, {"docs/guide.md": PAGE} if "docs/" not in post else {"docs/guide/start.md": PAGE})
    dated = [item for item in fetched(tmp_path).items if item.date]
    assert [(item.title, item.url) for item in dated] == [("A post", f"https://www.example.org{address}")]


def test_documentation_is_no_post(tmp_path: Path) -> None:
    site(
        tmp_path, {"docusaurus.config.js": "", "docs/a.md": PAGE, "blog/a.md": DATED, "src/pages/b.md": PAGE}
    )
    found = fetched(tmp_path)
    assert [item.title for item in found.items] == ["A post"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("files", "where", "looked"),
    [
        (
            {"next.config.js": "", "database/entries/a.md": DATED},
            "database/entries",
            "where such a site has them",
        ),
        (
            {"next.config.js": "", "content/about.md": PAGE, "data/blog/a.md": DATED},
            "data/blog",
            'in "content"',
        ),
        (
            {"hugo.toml": "", "content/_index.md": PAGE, "data/posts/a.md": DATED},
            "data/posts",
            'in "content"',
        ),
        ({"package.json": "{}", "data/stories/a.md": DATED}, "data/stories", "where such a site has them"),
    ],
)
def test_a_folder_that_is_not_read_and_seems_to_hold_posts_is_named(
    tmp_path: Path, files: dict[str, str], where: str, looked: str
) -> None:
    found = fetched(site(tmp_path, files))
    if found.items:
        assert [item.title for item in found.items] == ["A post"]
        return
    (said,) = [problem for problem in found.problems if problem.where == where]
    assert said.what == (
        f"1 text lies here and none is read, for posts were looked for {looked}; if these are posts, make this folder "
        "the path of a source"
    )
    assert not said.minor


def test_posts_in_a_folder_deeper_within_jekyll_s_site_are_its_posts_and_pages_are_not(
    tmp_path: Path,
) -> None:
    site(tmp_path, {"_config.yml": "", "news/_posts/2026-11-20-a.md": DATED, "about.md": PAGE})
    assert [item.title for item in fetched(tmp_path).items] == ["A post"]


@pytest.mark.parametrize("ending", ["qmd", "Rmd", "svx", "rst", "adoc"])
def test_a_markup_that_is_not_read_is_named(tmp_path: Path, ending: str) -> None:
    site(tmp_path, {"_quarto.yml": "", f"posts/a.{ending}": DATED, "posts/b.md": DATED})
    (said,) = fetched(tmp_path).problems
    assert said.where == f"posts/a.{ending}"
    assert "not read" in said.what


@pytest.mark.parametrize(
    ("files", "signs"),
    [
        ({"_config.yml": "plugins:\n  - jemoji\n"}, True),
        ({"_config.yml": "plugins: [jekyll-feed, jemoji]\n"}, True),
        ({"_config.yml": "# - jemoji\n"}, False),
        ({"_config.yml": "", "Gemfile": 'gem "jemoji"\n'}, True),
        ({"hugo.toml": "enableEmoji = true\n"}, True),
        ({"hugo.toml": "enableEmoji = false\n"}, False),
        ({"config.toml": 'base_url = "https://example.org"\n[markdown]\nrender_emoji = true\n'}, True),
        ({"package.json": '{"dependencies": {"markdown-it-emoji": "3"}}'}, True),
        ({"docusaurus.config.ts": ""}, True),
        ({}, False),
    ],
)
def test_names_of_emoji_are_signs_where_the_site_s_generator_makes_them_so(
    tmp_path: Path, files: dict[str, str], signs: bool
) -> None:
    folder = "blog" if "docusaurus.config.ts" in files else "_posts"
    text = "---\ntitle: We did it :tada:\nsummary: ':+1:'\n---\n## :heart: it\n\nAt 10:30:15 :nope: `:code:` :de:\n"
    site(tmp_path, {f"{folder}/2026-11-20-a.md": text, **files})
    (item,) = fetched(tmp_path).items
    shown = (item.title, item.summary, item.html)
    assert shown == (
        ("We did it 🎉", "👍", "<h2>❤️ it</h2>\n<p>At 10:30:15 :nope: <code>:code:</code> 🇩🇪</p>")
        if signs
        else (
            "We did it :tada:",
            ":+1:",
            "<h2>:heart: it</h2>\n<p>At 10:30:15 :nope: <code>:code:</code> :de:</p>",
        )
    )
