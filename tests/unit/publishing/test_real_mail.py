"""Where mail goes, by the configuration and by whether staff went live."""

from __future__ import annotations

import pytest

from newsletter.publishing.real_mail import Way, way


@pytest.mark.parametrize(
    ("practice", "relay_is_local", "live", "goes"),
    [
        (True, False, False, Way.PRACTICE),
        (True, True, True, Way.PRACTICE),
        (False, True, False, Way.TRIAL),
        (False, False, False, Way.HELD_BACK),
        (False, False, True, Way.LIVE),
        (False, True, True, Way.LIVE),
    ],
)
def test_nothing_goes_to_a_relay_elsewhere_before_the_site_is_live(
    practice: bool, relay_is_local: bool, live: bool, goes: Way
) -> None:
    assert way(practice=practice, relay_is_local=relay_is_local, live=live) is goes
