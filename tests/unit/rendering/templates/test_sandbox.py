"""A site's own templates cannot hold up or bring down the program: time, memory and output have a ceiling."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from mail_samples import frame, short_entry

from newsletter.errors import RenderError
from newsletter.rendering.email import render
from newsletter.rendering.templates import sandbox
from newsletter.rendering.templates.environment import EDITION_KINDS, fill, make_environment, template_sources

OURS = template_sources([], *EDITION_KINDS)
WORDS = {"email/x.html": "<p>{{ word }}</p>", "email/y.txt": "{{ word }}"}


def filled(template: str, seconds: float = 2, **context: object) -> str:
    return sandbox.fill({"email/x.txt": template}, "email/x.txt", context, seconds)


def test_our_own_templates_need_no_other_process() -> None:
    assert make_environment(OURS).foreign_sources is None
    assert make_environment(OURS | {"email/post.html": "x"}).foreign_sources is not None


def test_a_foreign_template_gives_the_same_there_as_here() -> None:
    context = {"word": "<&> é 漢字 👩‍🚀 \ud800", "list": [1, "a"]}
    environment = make_environment(WORDS)
    assert fill(environment, "email/x.html", context) == "<p>&lt;&amp;&gt; é 漢字 👩‍🚀 \ud800</p>"
    assert fill(environment, "email/y.txt", context) == context["word"]


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "email/x.txt, line 2"),
        ("{% macro m(n) %}{{ m(n-1) }}{{ m(n-1) }}{% endmacro %}{% if 1 %}{{ m(1) if 0 }}{% endif %}"
         "{% macro b(n) %}{% if n %}{{ b(n-1) }}{{ b(n-1) }}{% endif %}{% endmacro %}{{ b(60) }}",
         "email/x.txt, line 1"),
        # One long piece of C code, which no signal interrupts: the process is ended from outside.
        ("{{ 9 ** (9 ** 9) }}", "email/x.txt"),
    ],
)  # fmt: skip
def test_a_loop_that_does_not_end_is_ended(template: str, where: str) -> None:
    with pytest.raises(RenderError, match=rf"^{where}: it takes more than 0\.5 seconds.*a loop in a loop"):
        filled(template, 0.5)
    assert filled("{{ word }}", word="and the next one works") == "and the next one works"


@pytest.mark.parametrize(
    "template",
    [
        '{{ "x" * 10 ** 10 }}',
        "{% set ns = namespace(x='xxxxxxxx') %}{% for _ in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        '{{ "%9999999999d" | format(1) }}',
        '{{ "x" | center(5000000000) }}',
        "{{ ([1] * 10 ** 9) | length }}",
    ],
)
def test_a_text_that_grows_and_grows_is_ended(template: str) -> None:
    with pytest.raises(RenderError, match=r"email/x\.txt.*needs more memory than a mail may"):
        filled(template, 20)
    assert filled("{{ word }}", word="works") == "works"


def test_more_than_a_mail_can_be_is_refused() -> None:
    with pytest.raises(RenderError, match=r"email/x\.txt: it gives 5,000,000 characters"):
        filled('{{ "x" * 5000000 }}')


def test_a_template_that_includes_itself_is_named() -> None:
    with pytest.raises(RenderError, match=r"email/x\.txt, line 1: it extends, includes or calls itself"):
        filled('{% include "email/x.txt" %}')


def test_mistakes_are_named_with_file_and_line_there_too() -> None:
    sources = OURS | {"email/post.html": "<p>\n\n{{ nonsense.x }}</p>"}
    with pytest.raises(RenderError, match=r"email/post\.html, line 3: 'nonsense' is undefined"):
        render(frame(), [short_entry()], sources)


def test_a_whole_mail_of_a_sites_own_is_what_it_was() -> None:
    own = OURS | {"email/post.html": OURS["email/post.html"] + "\n{# a site's own #}\n"}
    assert render(frame(), [short_entry()], own).text.splitlines()[:3] == [
        "Latest from the Learning Hub", "", "Closed on Monday",
    ]  # fmt: skip


def test_threads_share_the_process() -> None:
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(filled("{{ word }}", word=str(n))))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=int) == [str(n) for n in range(20)]


def test_the_process_has_none_of_our_settings_and_ends_with_us(tmp_path: Path) -> None:
    (tmp_path / "jinja2.py").write_text("raise SystemExit('not the library')")
    program = (
        "from pathlib import Path\n"
        "from newsletter.rendering.templates import sandbox\n"
        "print(sandbox.fill({'email/x.txt': '{{ w }}'}, 'email/x.txt', {'w': 'hello'}))\n"
        "child = sandbox._filler().process.pid\n"
        "environment = Path(f'/proc/{child}/environ')\n"
        "print(child, 'SECRET' in environment.read_text() if environment.exists() else False)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", program],
        cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60,
        env=os.environ | {"NEWSLETTER_EMAIL__SMTP__PASSWORD": "SECRET", "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    hello, numbers = done.stdout.splitlines()
    child, secrets = numbers.split()
    assert (hello, secrets, done.stderr) == ("hello", "False", "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(child), 0)
