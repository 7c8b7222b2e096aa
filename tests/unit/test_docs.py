"""The documentation is tested: every setting, error and command is in it, and its examples load and run.

How an example says what it is, in the line that opens its block:

- ```` ```toml ```` is a piece of config.toml and must load (an organisation is added where it names none);
  ```` ```toml wrong ```` must be refused.
- ```` ```console run ```` is run: each line that begins with ``$ `` in bash, all blocks of a page one after the other
  in one temporary folder, with the project's commands on the path. The lines below a command must stand in what it
  prints, in that order; ``…`` stands for anything. ```` ```console run fails ```` must end with another exit code
  than 0. Other blocks are only shown.
"""

import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tokenize
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.main

import newsletter.errors
import subscribers.errors
from newsletter.config import Config, check
from newsletter.config.registry import settings
from newsletter.errors import ConfigError

REPOSITORY = Path(__file__).parents[2]
#: Files that comments name and that are none of ours; and link_status.py, by its old name in schedule/link_check.py,
#: which is to be corrected there.
OF_OTHERS = {"json.py"}
DOCS = REPOSITORY / "docs"
PAGES = sorted(
    page
    for page in [*DOCS.rglob("*.md"), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]
    if page.exists()
)
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:|#)(?P<path>[^)#\s]+)(?:#(?P<part>[^)\s]+))?\)")


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    #: The words after the three backticks.
    info: tuple[str, ...]
    text: str

    def __str__(self):
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def blocks(page, *info):
    text = page.read_text(encoding="utf-8")
    found = [
        Block(page, text[: match.start()].count("\n") + 1, tuple(match["info"].split()), match["text"])
        for match in BLOCK.finditer(text)
    ]
    return [block for block in found if block.info[: len(info)] == info]


TOML = [block for page in PAGES for block in blocks(page, "toml")]
RUNNABLE = [page for page in PAGES if blocks(page, "console", "run")]


# Nothing is left out


@pytest.mark.parametrize("setting", settings(Config), ids=lambda setting: setting.key)
def test_every_setting_is_documented(setting):
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert f"| `{setting.path[-1]}` | {setting.description}" in page
    assert f"`{setting.variable}` |" in page


def _errors():
    for module in (newsletter.errors, subscribers.errors):
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, Exception) and thing.__module__ == module.__name__:
                yield name


@pytest.mark.parametrize("name", sorted(_errors()))
def test_every_error_has_a_heading_that_says_what_to_do(name):
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    _, _, rest = page.partition(f"\n### {name}\n")
    assert rest, f"docs/errors.md has no heading for {name}"
    assert len(rest.partition("\n#")[0].split()) >= 10


def test_no_heading_stands_for_an_error_that_is_gone():
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == set(_errors())


def command_line():
    return importlib.import_module("newsletter.cli.main")


def _commands():
    """Every command that the command line really has, walked out of it: "newsletter posts list"."""
    main = command_line()

    def walk(command, words):
        inner = getattr(command, "commands", None)
        if inner is None:
            yield " ".join(words)
            return
        for name, child in inner.items():
            if not child.hidden:
                yield from walk(child, [*words, name])

    return sorted(walk(typer.main.get_command(main.app), ["newsletter"]))


def test_every_command_is_documented():
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    missing = [command for command in _commands() if not re.search(rf"`{re.escape(command)}[ `]", page)]
    assert not missing


def test_no_command_is_documented_that_does_not_exist():
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    known = _commands()
    named = re.findall(r"^\| `(newsletter[^`]*)`", page, re.MULTILINE)
    assert named
    invented = [
        name for name in named if not any((name + " ").startswith(command + " ") for command in known)
    ]
    assert not invented


# What is shown is true


@pytest.mark.parametrize("block", TOML, ids=str)
def test_every_piece_of_configuration_loads(block):
    data = tomllib.loads(block.text)
    data.setdefault("site", {}).setdefault("organisation", "Example Hub")
    if "wrong" in block.info:
        with pytest.raises(ConfigError):
            check(data, Path("config.toml"))
    else:
        check(data, Path("config.toml"))


@pytest.mark.slow
@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.name)
def test_every_example_runs(page, tmp_path):
    command_line()
    place = tmp_path / "where the last command ended"
    folder = tmp_path
    for block in blocks(page, "console", "run"):
        for command, expected in commands_of(block):
            # "cd" holds for the rest of the page, as it does for its reader.
            run = in_bash(f"{command}\nstatus=$?; pwd > '{place}'; exit $status", folder)
            folder = Path(place.read_text(encoding="utf-8").strip())
            assert (run.returncode != 0) == ("fails" in block.info), f"{block}: $ {command}\n{run.stdout}"
            assert prints(run.stdout, expected), f"{block}: $ {command}\nprinted:\n{run.stdout}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page):
    for match in LINK.finditer(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        target = page.parent / match["path"]
        assert target.exists(), f"{page.name} links to {match['path']}"
        if match["part"]:
            assert match["part"] in anchors(target), f"{page.name} links to {match['path']}#{match['part']}"


def anchors(page):
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands_of(block):
    """Each command of a block with the lines that it is said to print."""
    found = []
    for line in textwrap.dedent(block.text).splitlines():  # a block may stand in a list
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.strip():
            assert found, f"{block}: output before the first command"
            found[-1][1].append(line)
    assert found, f"{block}: no line begins with $"
    return found


def in_bash(command, folder):
    """Run as a reader would, but with nothing of this machine's configuration."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        check=False,
        env={**environment, "PATH": path, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=120,
    )


def prints(output, expected):
    """Whether the expected lines stand in the output in their order; … stands for anything."""
    pattern = ".*".join(".*".join(re.escape(part) for part in line.strip().split("…")) for line in expected)
    return re.search(pattern, output, re.DOTALL) is not None


# The rules above can fail


@pytest.mark.parametrize(
    ("output", "expected", "found"),
    [
        ("one\ntwo\nthree\n", ["one", "three"], True),
        ("one\ntwo\n", ["two", "one"], False),
        ("edition 7: 412 people\n", ["edition …: … people"], True),
        ("edition 7\n", ["edition 7.", "people"], False),
        ("", [], True),
    ],
)
def test_output_is_compared_line_by_line_with_gaps(output, expected, found):
    assert prints(output, expected) is found


def test_a_block_is_found_with_its_words_and_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n\n```console run fails\n$ false\n```\n\n```toml\n[site]\n```\n")
    (block,) = blocks(page, "console", "run")
    assert (block.line, block.info, commands_of(block)) == (3, ("console", "run", "fails"), [("false", [])])
    assert in_bash("false", tmp_path).returncode == 1
    assert [found.text for found in blocks(page, "toml")] == ["[site]\n"]


def test_the_unit_for_systemd_is_right_and_gives_the_service_its_secrets(tmp_path):
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    unit = text.split("```ini\n", 1)[1].split("```", 1)[0]
    assert "\nEnvironmentFile=-/etc/newsletter.env\n" in unit
    assert "install -m 0600 /dev/null /etc/newsletter.env" in text
    assert "\nNEWSLETTER_EMAIL__SMTP__PASSWORD='" in text
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "newsletter.service"
    file.write_text(unit.replace("/srv/newsletter/.venv/bin/newsletter", "/bin/true"))
    done = subprocess.run([analyze, "verify", "--man=no", file], capture_output=True, text=True, check=False)
    assert "newsletter.service" not in done.stderr, done.stderr


#: Pages on how the program is built: there a name with a slash at its end is a room.
OF_ROOMS = {"architecture.md", "adding-a-source.md"}


def words_about_code(path):
    """The comments and docstrings of a module of ours."""
    with path.open(encoding="utf-8") as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT or (
                token.type == tokenize.STRING and token.string.startswith('"""')
            ):
                yield token.string


def test_every_file_of_ours_that_a_docstring_or_a_comment_names_is_there():
    modules = [
        path for package in ("newsletter", "subscribers") for path in (REPOSITORY / package).rglob("*.py")
    ]
    tests = (REPOSITORY / "tests").rglob("*.py")
    there = [f"/{path.relative_to(REPOSITORY)}" for path in (*modules, *tests)]
    gone = [
        (str(path.relative_to(REPOSITORY)), named)
        for path in modules
        for words in words_about_code(path)
        for named in re.findall(r"(?<![\w./-])((?:\w+/)*\w+\.py)\b", words)
        if named not in OF_OTHERS and not any(known.endswith(f"/{named}") for known in there)
    ]
    assert gone == []


def named_files(page):
    """What a page calls by a file's name in backticks: `http/client.py`, `arithmetic.py`, `schedule/`."""
    for named in re.findall(r"`([\w./-]+(?:\.py|/))`", page.read_text(encoding="utf-8")):
        if "NAME" not in named:
            yield named.removesuffix("/")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_ours_that_a_page_names_is_there(page):
    ours = [
        f"/{path.relative_to(REPOSITORY)}"
        for folder in ("newsletter", "subscribers", "tests", "benchmarks", "templates", "docs")
        for path in [REPOSITORY / folder, *(REPOSITORY / folder).rglob("*")]
    ]
    names = [named for named in named_files(page) if named.endswith(".py") or page.name in OF_ROOMS]
    assert [named for named in names if not any(path.endswith(f"/{named}") for path in ours)] == []
