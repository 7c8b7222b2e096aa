"""The command line without a site: options that hold everywhere, usage, and how errors come out."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer

from newsletter.cli import bootstrap, main, output
from newsletter.cli.commands.running import OneLine
from newsletter.errors import ConfigError, Refused


def ends_with(code: int, *arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(arguments)
    assert ended.value.code == code


@pytest.fixture(autouse=True)
def _forget_the_options() -> object:
    yield
    bootstrap.take_common_options([])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", "x.toml", "posts", "list"],
        ["posts", "list", "--config", "x.toml"],
        ["posts", "--config=x.toml", "list"],
    ],
)
def test_config_may_stand_before_the_noun_and_after(arguments: list[str]) -> None:
    assert bootstrap.take_common_options(arguments) == ["posts", "list"]
    assert bootstrap._chosen.config_file == "x.toml"


def test_what_follows_two_dashes_is_left_alone() -> None:
    assert bootstrap.take_common_options(["posts", "--", "--config", "x"]) == ["posts", "--", "--config", "x"]
    assert bootstrap._chosen.config_file is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("posts", "lst"),
        ("editions", "send", "seven"),
        ("editions", "explain", "--to", "a@example.org"),
        ("editions", "preview", "7", "--format", "pdf"),
        ("editions", "doubts", "7"),
        ("subscribers", "import", "people.csv", "--consent", " "),
        ("subscribers", "import", "people.csv", "--consent", "form", "--cadence", "hourly"),
        ("posts", "release", "news", "--mail", "--feed-only"),
        ("campaigns", "edit", "weekly"),
        ("--config",),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two_and_says_what_is_wrong(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    ends_with(2, *arguments)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("subscribers", "add", "a@example.org", "--cadence", "fortnightly"),
            'expected each-post, daily, weekly or monthly, found "fortnightly"',
        ),
        (("editions", "preview", "abc"), 'expected a whole number, found "abc"'),
        (("editions", "list", "--limit", "0"), 'expected 1 or more, found "0"'),
        (("campaigns", "edit", "weekly", "--draft-hours", "999"), 'expected 336 or less, found "999"'),
        (("posts", "list", "more"), 'Expected nothing more, found "more"'),
        (("subscribers", "suppress"), "give one address, or a list with --file FILE"),
        (
            ("subscribers", "import", "x.csv", "--consent", "x", "--everybody", "gone"),
            'expected subscribed, pending, left or suppressed, found "gone"',
        ),
    ],
)
def test_wrong_values_are_said_in_plain_words(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ends_with(2, *arguments)
    said = capsys.readouterr().err
    assert words in said
    assert not any(
        jargon in said for jargon in ("Value error", "Input should", "unable to parse", "pydantic")
    )


def test_help_needs_no_site(capsys: pytest.CaptureFixture[str]) -> None:
    ends_with(0, "editions", "--help")
    assert "explain" in capsys.readouterr().out


def test_an_error_is_a_sentence_and_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, bootstrap.errors_as_sentences():
        raise Refused("The rule says no.")
    assert ended.value.code == 1
    assert capsys.readouterr().err == "newsletter: The rule says no.\n"


def test_a_fault_of_ours_is_called_one_and_shows_its_traceback_with_debug_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit), bootstrap.errors_as_sentences():
        raise ZeroDivisionError("division by zero")
    text = capsys.readouterr().err
    assert "fault in the program: ZeroDivisionError" in text
    assert "Traceback" not in text
    bootstrap.take_common_options(["--debug"])
    with pytest.raises(SystemExit), bootstrap.errors_as_sentences():
        raise ZeroDivisionError("division by zero")
    assert "Traceback" in capsys.readouterr().err


def test_a_wrong_configuration_lists_every_mistake() -> None:
    text = bootstrap.sentence_of(ConfigError("config.toml", [("a", "one"), ("b", "two")]))
    assert text == "config.toml has 2 mistakes:\n  a: one\n  b: two"


def test_text_that_is_shown_cannot_steer_a_terminal() -> None:
    assert output.plain("a\x1b[31mred\x07 \u202ebackwards") == "a [31mred   backwards"


def test_a_question_without_a_terminal_is_a_no(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        output.sure("Erase everything?", yes=False, instead="Add --yes.")
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == "newsletter: Erase everything? Add --yes.\n"
    output.sure("Erase everything?", yes=True, instead="")


def test_json_keeps_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    output.as_json([{"name": "Élodie", "at": None}])
    text = capsys.readouterr().out
    assert "Élodie" in text
    assert json.loads(text) == [{"name": "Élodie", "at": None}]


@pytest.mark.parametrize(("number", "text"), [(0, "0 people"), (1, "1 person"), (1234, "1,234 people")])
def test_numbers_are_counted_in_words(number: int, text: str) -> None:
    assert output.counted(number, "person", "people") == text


def test_a_line_of_the_log_has_the_hour_of_the_site_and_steers_no_terminal() -> None:
    record = logging.makeLogRecord({"msg": "edition 1 is due\nforged \x1b[31m", "created": 1795874405.0})
    said = OneLine(ZoneInfo("Europe/Berlin")).format(record)
    # 14:00:05 UTC, in winter.
    assert said.startswith("15:00:05 ")
    assert said[8:] == OneLine(ZoneInfo("UTC")).format(record)[8:]
    assert "\n" not in said
    assert "\x1b" not in said


def test_a_command_in_a_folder_that_was_deleted_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for arguments in (("posts", "list"), ("init", "hub"), ("--config", "site/config.toml", "run")):
        ends_with(1, *arguments)
        assert "The folder that you are in is gone" in capsys.readouterr().err
