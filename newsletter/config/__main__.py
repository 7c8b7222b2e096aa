"""``python -m newsletter.config`` writes config.toml and docs/configuration.md, in the current folder."""

from pathlib import Path

from newsletter.config.docgen import example_toml, reference_page

Path("config.toml").write_text(example_toml(), encoding="utf-8", newline="\n")
Path("docs/configuration.md").write_text(reference_page(), encoding="utf-8", newline="\n")
