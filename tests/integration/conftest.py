"""What integration tests share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def world(site: Any, now: datetime, tmp_path: Path) -> Any:
    """A publisher for stories, on the real database, with small templates, sending for real to a relay in memory."""
    from world import World, write_small_templates

    from newsletter.models import Campaign

    Campaign.objects.update(wait_minutes=0)  # most stories need no time to mend a post
    write_small_templates(tmp_path)
    email = site.email.model_copy(update={"transport": "smtp"})
    return World(site.model_copy(update={"folder": tmp_path, "email": email}), now)
