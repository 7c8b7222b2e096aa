"""What is said of a PostgreSQL that cannot be used, in the driver's own words and in ours."""

import psycopg
import pytest

from newsletter.database.holder import in_words
from newsletter.database.unusable import sentence


@pytest.mark.parametrize(
    ("said", "do"),
    [
        ('FATAL:  password authentication failed for user "hub"', "NEWSLETTER_DATABASE__PASSWORD"),
        ("fe_sendauth: no password supplied", "NEWSLETTER_DATABASE__PASSWORD"),
        ('FATAL:  database "hubb" does not exist', "createdb"),
        ('FATAL:  role "hubb" does not exist', "createuser"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "hub"', "has no rule in its pg_hba.conf"),
        ('could not translate host name "nowhere.example" to address', "correct the host"),
        ("failed to resolve host 'nowhere.example': [Errno -2] Name or service not known", "correct the host"),
        ("connection timeout expired", "start it, or correct host and port"),
        ('connection to server on socket "/run/x" failed: No such file or directory', "start it"),
        ("permission denied for schema public", "owner of the database"),
        ("FATAL:  sorry, too many clients already", "max_connections"),
    ],
)  # fmt: skip
def test_each_trouble_has_a_sentence_that_says_what_to_do(said, do):
    words = sentence(psycopg.OperationalError(said))
    assert do in words
    assert said.replace("  ", " ") in words, "the server's own words stay"


def test_a_port_where_nothing_listens_is_told_by_the_real_driver():
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect("postgresql://hub@127.0.0.1:1/hub", connect_timeout=5)
    assert "start it, or correct host and port in database.url" in in_words(None, caught.value)


def test_what_nobody_foresaw_stays_as_it_was_said():
    assert sentence(psycopg.OperationalError("the moon\n is full")) == "the moon is full"
