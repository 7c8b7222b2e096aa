"""The tests of this folder, held against the list of ids: what applies is proved by a test that says so.

R is RSS 2.0 with the RSS Advisory Board's profile, A is Atom (RFC 4287, RFC 5005), J is JSON Feed 1.1, W is WebSub, D
is autodiscovery, H is HTTP (RFC 9110). A test's docstring begins with its id. What a rule means for any input whatever
is tested in tests/unit/feeds.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

#: Letter → how many ids it has. W4 is for sites with a hub of their own.
LIST = {"R": 18, "A": 12, "J": 6, "W": 3, "D": 2, "H": 11}


def _ids() -> Counter[str]:
    found: Counter[str] = Counter()
    for file in Path(__file__).parent.glob("test_*_standards.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                match = re.match(r"([RAJWDH]\d+)\b", ast.get_docstring(node) or "")
                assert match, f"{file.name}: {node.name} does not say which id it proves"
                found[match[1]] += 1
    return found


@pytest.mark.parametrize("letter", LIST)
def test_every_id_has_a_test_and_no_test_another_id(letter: str) -> None:
    mine = {one for one in _ids() if one[0] == letter}
    assert mine == {f"{letter}{number}" for number in range(1, LIST[letter] + 1)}
