"""A migration that has been released is never edited again: who has run it would never get what it says now."""

import hashlib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent

#: What databases of users have gone through. A release adds its migrations; nothing here is ever changed.
RELEASED = {
    "newsletter/migrations/0001_first.py": "f948745a36442d5169389f3456f148a07008aa70cc8970629c453f45e3014d39",
    "subscribers/migrations/0001_first.py": "15a54754a1bdd11471c15b75058c572bc3be3273c5b00b5ffb3136531dd18fba",
}


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_migration_is_never_edited_again(name: str) -> None:
    found = hashlib.sha256((REPOSITORY / name).read_bytes()).hexdigest()
    assert found == RELEASED[name], f"{name} is released: put it back, and write another migration after it"


@pytest.mark.parametrize("package", ["newsletter", "subscribers"])
def test_new_migrations_come_after_the_released_ones(package: str) -> None:
    numbers = [file.name[:4] for file in sorted((REPOSITORY / package / "migrations").glob("[0-9]*.py"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)], "one after the other"
