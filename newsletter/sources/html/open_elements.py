"""Which elements are open at a place in some HTML, as a parser has them: rather too many than too few.

Only names are looked at (HTML §13.2.4.2 and §13.2.6.4). An end tag that a parser passes over must close nothing here
either, or text could be nested without end and look flat.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

#: A parser opens these again in every block that follows while they stay open (HTML §13.2.4.3).
FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
#: These end by themselves (HTML §13.1.2.4), also by ending the svg or math that they stand in.
ALWAYS_SHORT = frozenset({"p", "li", "dd", "dt", "br", "img", "hr", "meta", "embed", "body", "head"})
#: These do so outside of svg and math only.
_SHORT = frozenset(
    {"tr", "td", "th", "tbody", "thead", "tfoot", "option", "caption", "colgroup", "html"}
    | {"wbr", "input", "link", "source", "col", "track", "param", "base", "area"}
)
#: An end tag that stands in one of these ends nothing outside of it.
_SCOPES = frozenset(
    {"table", "select", "object", "applet", "marquee", "template"}
    | {"foreignobject", "desc", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"}
)
#: Their end tags end them alone; what was opened in them stays open.
_ALONE = FORMATTING | {"form"}
#: A second one ends the first, or is none.
_ONCE = frozenset({"a", "nobr", "form"})
#: Formatting in these goes on behind them.
_PASSED_ON = frozenset({"table", "select"})


@dataclass(slots=True)
class _Scope:
    name: str
    #: Elements that are open in it, in order, and how often each name is among them.
    names: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)


class OpenElements:
    """What is open while the tags of some HTML come one by one. Each takes the same time, on average."""

    def __init__(self) -> None:
        self._scopes = [_Scope("")]
        #: How many elements are open.
        self.depth = 0
        #: How many of those are formatting.
        self.formatting = 0

    @property
    def is_foreign(self) -> bool:
        """Whether this is within svg or math, by whose rules no element ends by itself."""
        counts = self._scopes[-1].counts
        # Not counts["svg"]: asked at each tag, and what a Counter lacks is slow.
        return bool(counts.get("svg") or counts.get("math"))

    def begin(self, tag: str) -> None:
        """A start tag, with its name in lower case."""
        scope = self._scopes[-1]
        if (tag in _SHORT and not self.is_foreign) or (tag in _ONCE and scope.alone[tag]):
            return
        self.depth += 1
        if tag in _ALONE:
            scope.alone[tag] += 1
            self.formatting += tag in FORMATTING
        elif tag in _SCOPES:
            self._scopes.append(_Scope(tag))
        else:
            scope.names.append(tag)
            scope.counts[tag] += 1

    def end(self, tag: str) -> None:
        """An end tag."""
        scope = self._scopes[-1]
        if scope.alone.get(tag):
            scope.alone[tag] -= 1
            self.depth -= 1
            self.formatting -= tag in FORMATTING
        elif scope.counts[tag]:
            last = ""
            while last != tag:
                last = scope.names.pop()
                scope.counts[last] -= 1
                self.depth -= 1
        elif tag == scope.name and len(self._scopes) > 1:
            self._end_scope()

    def _end_scope(self) -> None:
        scope = self._scopes.pop()
        self.depth -= 1 + len(scope.names)
        if scope.name in _PASSED_ON:
            self._scopes[-1].alone += scope.alone
            return
        self.depth -= scope.alone.total()
        self.formatting -= sum(scope.alone[name] for name in FORMATTING)
