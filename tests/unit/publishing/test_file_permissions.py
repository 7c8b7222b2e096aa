"""What holds a secret: by the settings of config.toml, whatever their names are."""

import tomllib

import pytest

from newsletter.publishing.setup.file_permissions import secrets_in


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('[email.smtp]\npassword = "x"', ["email.smtp.password"]),
        ('[database]\npassword = "x"', ["database.password"]),
        ('[database]\nurl = "postgresql://hub:x@db.example.org/hub"', ["database.url"]),
        ('[database]\nurl = "postgresql://db.example.org/hub?password=x"', ["database.url"]),
        ('links_key = "x"', ["links_key"]),
        ('[database]\nurl = "postgresql://hub@db.example.org/hub"', []),
        ('[database]\nurl = "sqlite:///newsletter.sqlite3"', []),
        ('[email.smtp]\npassword = ""', []),
        ("[email]\nsmtp = 3", []),
    ],
)
def test_a_secret_is_found_where_it_is_written(written: str, found: list[str]) -> None:
    assert secrets_in(tomllib.loads(written)) == found
