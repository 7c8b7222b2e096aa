"""Whose a refusal is: told from how many domains hear the same, one after another."""

import pytest

from newsletter.publishing.delivery.refusals import Heard, Refusals
from newsletter.transports.base import Outcome, Result

TAKEN = Outcome(Result.SENT, 250, "ok")
LATER = Outcome(Result.DEFERRED, 450, "4.2.0 greylisted")
RELAYING = Outcome(
    Result.FAILED, 554, "5.7.1 <ann@example.org>: Relay access denied", "The relay refuses us."
)


def nobody(address: str, number: int = 0) -> Outcome:
    return Outcome(Result.FAILED, 550, f"5.1.1 <{address}>: User unknown q{number}x")


def tell(
    answers: list[tuple[str, Outcome]], *, lately: bool = False, again: bool = False
) -> tuple[list[str], list[str], str]:
    """The addresses that are their own fault, those that were taken back, and why it stopped."""
    refusals: Refusals[str] = Refusals(lambda: lately)
    settled, everyones, stop = [], [], ""
    for address, outcome in answers:
        heard: Heard[str] = refusals.heard(address, address, outcome, again=again)
        settled += heard.settled
        everyones += heard.everyones
        stop = stop or heard.stop
    settled += refusals.end()
    return [one.item for one in settled], [one.item for one in everyones], stop


def at(*domains: str) -> list[str]:
    return [f"p{number}@{domain}.example" for number, domain in enumerate(domains)]


def test_one_recipient_that_is_refused_is_its_own_affair_whatever_the_words_are() -> None:
    answers = [("a@a.example", TAKEN), ("b@b.example", RELAYING), ("c@c.example", TAKEN)]
    assert tell(answers) == (["b@b.example"], [], "")
    assert tell([("b@b.example", RELAYING)]) == (["b@b.example"], [], "")


def test_one_domain_that_is_not_relayed_to_is_its_own_affair() -> None:
    answers = [("a@good.example", TAKEN), *((address, RELAYING) for address in at(*["bad"] * 40))]
    assert tell(answers) == (at(*["bad"] * 40), [], "")


def test_three_domains_in_a_row_that_hear_of_us_stop_the_run_and_are_not_blamed() -> None:
    people = at("one", "two", "three")
    assert tell([(address, RELAYING) for address in people]) == ([], people, "The relay refuses us.")


def test_who_hears_the_same_while_the_run_ends_is_not_blamed_either() -> None:
    people = at("one", "two", "three", "four")
    assert tell([(address, RELAYING) for address in people])[:2] == ([], people)


def test_what_is_put_off_in_between_breaks_no_row_and_what_is_taken_does() -> None:
    people = at("one", "two", "three")
    row = [(address, RELAYING) for address in people]
    assert tell([*row[:2], ("x@x.example", LATER), row[2]])[1] == people
    assert tell([*row[:2], ("x@x.example", TAKEN), row[2]]) == (people, [], "")


def test_ten_of_one_domain_before_anybody_was_accepted_stop_the_run() -> None:
    people = at(*["only"] * 10)
    row = [(address, RELAYING) for address in people]
    assert tell(row)[1:] == (people, "The relay refuses us.")
    assert tell(row[:9]) == (people[:9], [], "")
    assert tell(row, lately=True) == (people, [], "")


def test_who_was_put_off_in_a_row_and_hears_it_again_while_others_are_accepted_is_refused() -> None:
    people = at("one", "two", "three", "four")
    row = [(address, RELAYING) for address in people]
    assert tell(row, again=True, lately=True) == (people, [], "")
    assert tell(row, again=True)[1] == people


def test_a_relay_that_says_user_unknown_of_everybody_suppresses_nobody() -> None:
    people = at("one", "two", "three", "four", "five")
    settled, everyones, stop = tell([(address, nobody(address, 7)) for address in people])
    assert (settled, everyones) == ([], people)
    assert "550 5.1.1" in stop


@pytest.mark.parametrize("accepted_before", [True, False])
def test_dead_mailboxes_in_a_row_are_dead_where_the_relay_takes_mail(accepted_before: bool) -> None:
    people = at("one", "two", "three", "four", "five", "six")
    answers = [(address, nobody(address, 3)) for address in people]
    first = [("a@a.example", TAKEN)] if accepted_before else []
    assert tell([*first, *answers], lately=not accepted_before) == (people, [], "")


def test_different_words_are_no_row() -> None:
    people = at("one", "two", "three", "four", "five", "six")
    words = ["user unknown", "no such user", "mailbox not found", "unrouteable", "does not exist", "unknown"]
    answers = [
        (address, Outcome(Result.FAILED, 550, text)) for address, text in zip(people, words, strict=True)
    ]
    assert tell(answers) == (people, [], "")
