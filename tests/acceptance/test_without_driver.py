"""PostgreSQL in the configuration and no driver installed: one sentence that says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HIDDEN = 'import sys; sys.modules["psycopg"] = None\nfrom newsletter.cli.main import main; main(["check"])'


def test_a_missing_driver_is_a_sentence_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[site]\norganisation = "Hub"\n[database]\nurl = "postgresql://hub@localhost/hub"\n'
    )
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "pip install '.[postgresql]'" in said
    assert "fault in the program" not in said
    assert "Traceback" not in said
