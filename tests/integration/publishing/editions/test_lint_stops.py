"""What the lint stops, who may say otherwise, and that nothing is lost by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from world import World, next_tuesday_nine

from newsletter.errors import Refused
from newsletter.models import Delivery, Edition, EditionState, Site, Variant
from newsletter.publishing.decisions import edition_actions
from newsletter.publishing.editions import campaigns, compose, lint
from newsletter.publishing.schedule import tick
from newsletter.publishing.schedule.begin import begin
from newsletter.publishing.setup.check import check
from newsletter.rendering.lint.level import Level
from newsletter.rendering.templates import sandbox
from subscribers.cadence import Cadence


def template(world: World, name: str = "digest.html") -> Path:
    return world.config.folder / "templates" / "email" / name


def spoil(world: World, extra: str, name: str = "digest.html") -> str:
    """Put something into a template; returns what it was."""
    file = template(world, name)
    well = file.read_text()
    file.write_text(well.replace("</body>", f"{extra}</body>"))
    return well


DEAD_LINK = '\n<a href="http://localhost/x">look</a>'


def only(cadence: Cadence = Cadence.WEEKLY) -> Edition:
    return Edition.objects.get(campaign__cadence=cadence)


@pytest.fixture
def composed(world: World) -> Edition:
    """An edition made by hand, with an error in its template."""
    world.join("ann")
    world.release()
    world.release()
    spoil(world, DEAD_LINK)
    return compose.compose("weekly", world.config, world.now)


def test_an_error_refuses_approval_scheduling_and_sending_with_file_line_and_cure(
    world: World, composed: Edition
) -> None:
    later = world.now + timedelta(hours=2)
    for step in (
        lambda: edition_actions.approve(composed.pk, world.now, config=world.config),
        lambda: edition_actions.schedule(composed.pk, later, world.now, config=world.config),
        lambda: begin(composed, world.config, world.now),
    ):
        with pytest.raises(
            Refused, match=r"email/digest\.html, line 2: “look” leads to localhost.*\n.*refresh"
        ):
            step()
    assert Delivery.objects.count() == 0


def test_staff_may_send_it_despite_an_error_and_the_word_is_kept(world: World, composed: Edition) -> None:
    edition_actions.approve(composed.pk, world.now, config=world.config, despite=True)
    world.run()
    assert sorted(world.got("ann")) == [1, 2]


def test_composing_it_anew_takes_the_mended_template_and_asks_again(world: World, composed: Edition) -> None:
    edition_actions.approve(composed.pk, world.now, config=world.config, despite=True)
    spoil(world, "")
    template(world).write_text(template(world).read_text().replace(DEAD_LINK, ""))
    anew = lint.refresh(composed.pk, world.config, world.now)
    assert (anew.state, anew.approved_at) == (EditionState.AWAITING_APPROVAL, None)
    assert lint.DESPITE not in anew.frozen
    assert [problem for problem in lint.problems(anew, world.config) if problem.level is Level.ERROR] == []
    edition_actions.approve(anew.pk, world.now, config=world.config)
    world.run()
    assert sorted(world.got("ann")) == [1, 2]


def test_chosen_posts_stay_chosen_when_an_edition_is_composed_anew(world: World) -> None:
    world.join("ann")
    first = world.release()
    world.release()
    edition = compose.compose("weekly", world.config, world.now, posts=[world.posts[first].key])
    anew = lint.refresh(edition.pk, world.config, world.now)
    assert [row.post_id for row in anew.edition_posts.all()] == [world.posts[first].pk]
    edition_actions.approve(anew.pk, world.now)
    world.run()
    with pytest.raises(Refused, match="only one that has not begun"):
        lint.refresh(anew.pk, world.config, world.now)


@pytest.mark.parametrize(
    "missing", ["{{ personal.unsubscribe_url }}", '{{ frame.postal_lines | join(" ") }}']
)
def test_what_the_law_asks_for_cannot_be_waved_through(world: World, missing: str) -> None:
    Site.objects.update(live_at=world.now)
    world.join("ann")
    world.release()
    world.release()
    file = template(world)
    file.write_text(file.read_text().replace(missing, "https://x.org/"))
    edition = compose.compose("weekly", world.config, world.now)
    with pytest.raises(Refused, match="the law asks for this"):
        edition_actions.approve(edition.pk, world.now, config=world.config, despite=True)
    with pytest.raises(Refused, match="the law asks for this"):
        begin(edition, world.config, world.now)
    assert Delivery.objects.count() == 0


def test_at_its_slot_an_edition_with_an_error_waits_and_the_other_campaigns_go_on(world: World) -> None:
    campaigns.resume("each-post", world.now)
    world.join("ann")
    world.join("bo", Cadence.EACH_POST)
    well = spoil(world, DEAD_LINK)
    first, second = world.release(), world.release()
    world.now = next_tuesday_nine(world.now)
    done = tick.tick(world.config, world.now)
    weekly = only()
    assert weekly.state == EditionState.AWAITING_APPROVAL
    assert "leads to localhost" in weekly.because
    assert any("email/digest.html, line 2" in problem for problem in done.problems)
    world.run()
    assert sorted(world.got("bo")) == [first, second]
    assert world.got("ann") == []
    template(world).write_text(well)
    edition_actions.cancel(weekly.pk, world.now)
    world.now += timedelta(days=7)
    world.run()
    assert sorted(world.got("ann")) == [first, second]


def test_a_template_that_does_not_end_holds_up_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    campaigns.resume("each-post", world.now)
    world.join("ann")
    world.join("bo", Cadence.EACH_POST)
    spoil(world, "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    first, second = world.release(), world.release()
    world.now = next_tuesday_nine(world.now)
    done = tick.tick(world.config, world.now)
    assert any(
        "email/digest.html, line 1: it takes more than 0.5 seconds" in problem for problem in done.problems
    )
    assert only().state == EditionState.AWAITING_APPROVAL
    world.run()  # and it is not tried again at every tick
    assert sorted(world.got("bo")) == [first, second]


def test_what_an_author_forgot_is_shown_and_stops_nothing(world: World) -> None:
    world.join("ann")
    mark = world.release()
    post = world.posts[mark]
    post.html = '<p>zq1zq <a href="http://localhost/x"></a></p>'
    post.save()
    edition = compose.compose("weekly", world.config, world.now, posts=[post.key])
    file = template(world, "post.html")
    file.write_text(file.read_text().replace("{{ e.title }}", "{{ e.title }}{{ e.html | safe }}"))
    edition = lint.refresh(edition.pk, world.config, world.now)
    found = lint.problems(edition, world.config)
    assert {problem.where for problem in found if problem.rule == "dead link"} == {f"post {post.key}"}
    edition_actions.approve(edition.pk, world.now, config=world.config)
    world.run()
    assert world.got("ann") == [mark]


@pytest.mark.parametrize(
    ("transport", "relay", "live", "level"),
    [
        ("outbox", "relay.example.org", False, Level.WARNING),
        ("smtp", "127.0.0.1", False, Level.WARNING),
        ("smtp", "127.0.0.1", True, Level.ERROR),
        ("smtp", "relay.example.org", False, Level.ERROR),
    ],
)
def test_a_missing_postal_address_stops_what_people_get_and_no_trial(
    world: World, transport: str, relay: str, live: bool, level: Level
) -> None:
    world.join("ann")
    world.release()
    Site.objects.update(live_at=world.now if live else None)
    smtp = world.config.email.smtp.model_copy(update={"host": relay})
    email = world.config.email.model_copy(update={"transport": transport, "smtp": smtp})
    site = world.config.site.model_copy(update={"postal_address": ""})
    config = world.config.model_copy(update={"site": site, "email": email})
    edition = compose.compose("weekly", config, world.now)
    found = lint.problems(edition, config)
    assert [problem.level for problem in found if problem.rule == "postal address"] == [level]
    assert bool(lint.blocking(edition, found)) is (level is Level.ERROR)


def test_an_edition_that_has_begun_is_not_looked_at_again(world: World) -> None:
    world.join("ann")
    world.release()
    edition = compose.compose("weekly", world.config, world.now)
    assert {problem.rule for problem in lint.problems(edition, world.config)} >= {"lang"}
    edition_actions.approve(edition.pk, world.now)
    world.run()
    edition.refresh_from_db()
    assert lint.problems(edition, world.config) == []


def test_a_mail_that_cannot_be_put_together_pauses_its_edition_and_the_others_go_on(world: World) -> None:
    campaigns.resume("daily", world.now)
    world.join("ann")
    world.join("bo", Cadence.DAILY)
    world.release()
    editions = {name: compose.compose(name, world.config, world.now) for name in ("weekly", "daily")}
    for edition in editions.values():
        begin(edition, world.config, world.now)
        world.enqueue(edition)
    variant = Variant.objects.get(edition=editions["weekly"])
    variant.rendered = variant.rendered | {"subject": "a line\nbreak"}
    variant.save()
    report = world.deliver()
    assert world.got("bo") == [1]
    assert world.got("ann") == []
    weekly = Edition.objects.get(pk=editions["weekly"].pk)
    assert weekly.state == EditionState.PAUSED
    assert "cannot be put together" in weekly.because
    assert list(report.held) == [weekly.pk]
    assert set(Delivery.objects.filter(edition=weekly).values_list("state", flat=True)) == {"pending"}


def test_check_lints_the_templates_of_the_site(world: World) -> None:
    assert all(found.ok for found in check(world.config, world.now) if found.what == "templates")
    spoil(world, DEAD_LINK)
    [line] = [found for found in check(world.config, world.now) if found.what == "templates" and not found.ok]
    assert "email/digest.html, line 2: “look” leads to localhost" in line.text
