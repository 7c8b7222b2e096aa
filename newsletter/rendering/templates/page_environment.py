"""Jinja2 for web pages: the sandbox that they are filled in, and where a mistake of a template stands.

A site's own templates are filled in a process of their own (sandbox.py), ours where we are. What pages show is not said
here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
import markupsafe
from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import RenderError

ENDINGS = (".html", ".css", ".svg")
#: Code that templates run through on their way to what they call.
_JINJA = {Path(jinja2.__file__).parent, Path(markupsafe.__file__).parent}
#: Template → (its source, its file).
Sources = Mapping[str, Sequence[str]]


def make_page_environment(sources: Sources) -> ImmutableSandboxedEnvironment:
    """A sandbox that knows only these templates. Everything is escaped, whatever its name."""

    def load(name: str) -> tuple[str, str, None] | None:
        return (sources[name][0], sources[name][1], None) if name in sources else None

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    del environment.globals["lipsum"]
    return environment


def fill_page(
    environment: ImmutableSandboxedEnvironment, name: str, context: Mapping[str, Any] | None
) -> str:
    """Fill one page; with None only read it, and give "". Raises RenderError with file and line of what is wrong."""
    try:
        template = environment.get_template(name)
        return "" if context is None else template.render(context)
    except Exception as error:  # a template is staff's text: whatever it raises is a mistake in the template
        raise RenderError(fault_of(error) or f"{name}: {_words(error)}") from error


def fault_of(error: BaseException) -> str | None:
    """ "FILE, line 3: what is wrong" for a mistake that is in a page template itself; None for any other."""
    words = _words(error)
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}, line {error.lineno}: {words}"
    if isinstance(error, TemplateNotFound):
        words = f"there is no template {error.name}"
    where = innermost(error.__traceback__)
    if where is not None:
        return f"{where[0]}, line {where[1]}: {words}"
    return words if isinstance(error, TemplateError) else None


def innermost(trace: TracebackType | None) -> tuple[str, int] | None:
    """The template's file and line, when what was raised was raised by it, and not by code of ours that it called.

    Jinja2 rewrites its frames to the template's file and lines, but only for an Exception.
    """
    found = None
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.suffix in ENDINGS:
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = template.get_corresponding_lineno(trace.tb_lineno) if template else trace.tb_lineno
            found = (str(file), line)
        elif _JINJA.isdisjoint(file.parents):
            found = None
        trace = trace.tb_next
    return found


def _words(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "it needs more memory than a page may: look for a text that grows and grows"
    if isinstance(error, RecursionError):
        return "it extends, includes or calls itself without end"
    return " ".join(str(error).split()) or type(error).__name__
