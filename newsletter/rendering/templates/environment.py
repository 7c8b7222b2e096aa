"""Jinja2 for mails: which template files a mail uses, and how they are filled. What is filled in is
email.py's.

An edition freezes the *sources* of its templates (``template_sources``) and is rendered from those, so that a
template edited later changes nothing that was approved.

Templates get plain dictionaries, lists and strings: Jinja2's sandbox would still call the methods of an
object.

A site's own template takes the place of ours with the same name. It can still extend, import or include ours
as ``ours/email/NAME``, to change one block or one macro and keep the rest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, FileSystemLoader, FunctionLoader, StrictUndefined, meta, nodes
from jinja2.bccache import Bucket
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import RenderError
from newsletter.rendering.direction import isolated
from newsletter.rendering.plaintext.wrap import indented, underlined, wrapped
from newsletter.rendering.templates import sandbox

#: The kinds of mail that have templates: an edition of one post in full, an edition of several, a notice.
KINDS = ("post", "digest", "confirm")
#: What an edition freezes: which of the two a variant needs shows only when its posts are counted.
EDITION_KINDS = ("post", "digest")

#: The tags that use another template.
_USING = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)

#: Before a name: our own template of that name, even where the site has one.
OURS = "ours/"


def own_folder() -> Path:
    """Our own templates: inside the wheel, or the repository's folder in an editable install."""
    package = Path(__file__).parents[2]
    packaged = package / "templates"
    return packaged if packaged.is_dir() else package.parent / "templates"


def template_names(kind: str) -> tuple[str, str, str]:
    """The names of a kind's templates: HTML, text, subject."""
    return f"email/{kind}.html", f"email/{kind}.txt", f"email/{kind}.subject.txt"


def template_sources(folders: Sequence[Path], *kinds: str) -> dict[str, str]:
    """Name → source of every template that these kinds use, with what they extend, import and include.

    ``folders`` are the site's own, looked through first. An edition freezes ``*EDITION_KINDS``.
    Raises RenderError for a template that is missing, is not UTF-8, or has a mistake.
    """
    loader = FileSystemLoader([*folders, own_folder()])
    ours = FileSystemLoader(own_folder())
    environment = make_environment({})
    sources: dict[str, str] = {}
    waiting = [(name, "") for kind in kinds for name in template_names(kind)]
    while waiting:
        name, used_by = waiting.pop(0)
        if name not in sources:
            sources[name] = _read(ours if name.startswith(OURS) else loader, environment, name, used_by)
            waiting += _referenced(environment, name, sources[name])
    return dict(sorted(sources.items()))


def _read(
    loader: FileSystemLoader, environment: ImmutableSandboxedEnvironment, name: str, used_by: str
) -> str:
    try:
        return loader.get_source(environment, name.removeprefix(OURS))[0]
    except TemplateNotFound as error:
        where = f" (used in {used_by})" if used_by else ""
        raise RenderError(f"no template {name}{where} in {', '.join(map(str, loader.searchpath))}") from error
    except UnicodeDecodeError as error:
        raise RenderError(f"the template {name} is not UTF-8: save it as UTF-8") from error


def _referenced(environment: ImmutableSandboxedEnvironment, name: str, source: str) -> list[tuple[str, str]]:
    """The templates that one uses, and where it does ("email/digest.html, line 3")."""
    try:
        tags = list(environment.parse(source, name, name).find_all(_USING))
    except TemplateSyntaxError as error:
        raise _worded(error, name, error.lineno) from error
    except RecursionError as error:
        raise RenderError(f"{name}: brackets or blocks are nested too deep to be read") from error
    found = []
    for tag in tags:
        where = f"{name}, line {tag.lineno}"
        for used in meta.find_referenced_templates(nodes.Template([tag])):
            if used is None:
                raise RenderError(
                    f"{where}: extends, import and include need a template's name in quotation marks"
                )
            found.append((used, where))
    return found


class _Compiled(BytecodeCache):
    """Templates that stay compiled, while each environment begins anew: one that were kept would keep what a template
    counts in a file that it imports, and the next mail would go on from there."""

    _MOST = 100

    def __init__(self) -> None:
        self._codes: OrderedDict[tuple[str, str], CodeType] = OrderedDict()
        self._lock = Lock()

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        with self._lock:
            self._codes[bucket.key, bucket.checksum] = bucket.code
            if len(self._codes) > self._MOST:
                self._codes.popitem(last=False)


_COMPILED = _Compiled()


def make_environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """A sandbox that knows only these templates. Everything is escaped but in text templates (.txt)."""

    def load(name: str) -> tuple[str, str, None] | None:
        return (sources[name], name, None) if name in sources else None

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=lambda name: not (name or "").endswith(".txt"),
        undefined=StrictUndefined,
        finalize=_something,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    environment.filters.update(wrap=wrapped, indent_after=indented, underline=underlined, isolate=isolated)
    del environment.globals["lipsum"]
    environment.extend(foreign_sources=None if _all_ours(sources) else dict(sources))
    return environment


def _something(value: Any) -> Any:
    """What a template writes; None would be read as the word."""
    if value is None:
        raise UndefinedError(
            "what stands here has no value, and would be read as None: ask for it with {% if %}"
        )
    return value


def _all_ours(sources: Mapping[str, str]) -> bool:
    """Whether these are our own templates, letter for letter: they need no ceiling."""
    return all(_our_source(name.removeprefix(OURS)) == source for name, source in sources.items())


@cache
def _our_source(name: str) -> str | None:
    file = own_folder() / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


def fill(environment: ImmutableSandboxedEnvironment, name: str, context: Mapping[str, Any]) -> str:
    """Render one template. Raises RenderError that names the file and the line, whatever went wrong in it.

    A site's own templates are filled in another process, with a ceiling on time, memory and output.
    """
    foreign: dict[str, str] | None = getattr(environment, "foreign_sources", None)
    return fill_here(environment, name, context) if foreign is None else sandbox.fill(foreign, name, context)


def fill_here(environment: ImmutableSandboxedEnvironment, name: str, context: Mapping[str, Any]) -> str:
    """The same in this process, without a ceiling."""
    try:
        return environment.get_template(name).render(context)
    except TemplateNotFound as error:
        raise RenderError(f"no template {error.name} among those of this mail") from error
    except TemplateSyntaxError as error:
        raise _worded(error, error.name or name, error.lineno) from error
    except Exception as error:  # a template is staff's text: whatever it raises is a mistake in the template
        raise _worded(error, *where(error, name)) from error


def where(error: BaseException, name: str) -> tuple[str, int]:
    """The innermost template line. Jinja2 rewrites its frames to the template's lines, but only for an Exception."""
    file, line = name, 0
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code.co_filename
        if code.startswith(("email/", f"{OURS}email/")):
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            line = template.get_corresponding_lineno(trace.tb_lineno) if template else trace.tb_lineno
            file = code
        trace = trace.tb_next
    return file, line


def _worded(error: Exception, name: str, line: int) -> RenderError:
    words = str(error) or type(error).__name__
    if isinstance(error, MemoryError):
        words = "it needs more memory than a mail may: look for a text that grows and grows"
    elif isinstance(error, RecursionError):
        words = "it extends, includes or calls itself without end"
    return RenderError(f"{name}, line {line}: {words}" if line else f"{name}: {words}")
