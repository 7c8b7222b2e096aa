"""The lint: what is wrong with one rendered variant, each with its cure and its place. Whether it stops an edition is
publishing's to decide. The rules are in accessibility.py, links.py, contrast.py, css.py, whole_mail.py.

An error is what keeps people from reading a mail, or what the law asks for. What an author did in a post is never more
than a warning: a digest is not held up because somebody forgot a picture's description.
"""

from __future__ import annotations

from dataclasses import replace

from newsletter.rendering.email import kind_of
from newsletter.rendering.lint import accessibility, contrast, css, links, whole_mail
from newsletter.rendering.lint.level import Level, LintProblem
from newsletter.rendering.lint.subject import LintedMail


def lint(variant: LintedMail) -> list[LintProblem]:
    """Everything that the rules find, errors first. Raises nothing for whatever a template or a post holds."""
    found: list[LintProblem] = []
    for rules in (whole_mail, links, accessibility, contrast, css):
        found += [_placed(problem, variant) for problem in rules.look(variant)]
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda problem: problem.level is Level.WARNING)


def _placed(problem: LintProblem, variant: LintedMail) -> LintProblem:
    """With its place: the post it comes from (a warning then), or the template's line."""
    if problem.where or not problem.about:
        return problem
    key = variant.post_with(problem.about)
    # The words of a post may hold a web address without it being the post's: one is looked for as a whole.
    if not key and not problem.about.startswith(("https://", "http://")):
        key = variant.post_saying(problem.about)
    if key:
        return replace(problem, level=Level.WARNING, where=f"post {key}", legal=False)
    return replace(problem, where=_line_of(problem.about, variant))


def _line_of(text: str, variant: LintedMail) -> str:
    """ "email/post.html, line 12": where a text first stands in the templates of this kind of mail, else in any."""
    kind = f"email/{kind_of(variant.entries)}."
    for name in sorted(variant.templates, key=lambda name: kind not in name):
        place = variant.templates[name].find(text)
        if place >= 0:
            return f"{name}, line {variant.templates[name].count(chr(10), 0, place) + 1}"
    return ""
