"""What config.toml and the environment may say, and what a person reads who got it wrong."""

import os
import tomllib
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config import Config, check, find, load
from newsletter.config.docgen import example_toml, reference_page, toml_value
from newsletter.config.registry import NAME, matches, sections, settings
from newsletter.config.sections import SmtpSection
from newsletter.errors import ConfigError

REPOSITORY = Path(__file__).parents[2]
WORKING = '[site]\norganisation = "Example Hub"\n'
SETTINGS = settings(Config)
RENEW = "the model has changed: run `make settings` and read the difference"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in os.environ:
        if name.upper().startswith("NEWSLETTER_"):
            monkeypatch.delenv(name)


@pytest.fixture
def write(tmp_path):
    def write_file(text):
        file = tmp_path / "config.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write_file


@pytest.fixture
def refused(write):
    """The mistakes in a file, by key."""

    def problems_of(text):
        with pytest.raises(ConfigError) as caught:
            load(write(text))
        return dict(caught.value.problems)

    return problems_of


def problem(refused, text, key):
    problems = refused(text)
    assert list(problems) == [key]
    return problems[key]


# What loads


def test_an_organisation_is_all_that_must_be_set(write, tmp_path):
    config = load(write(WORKING))
    assert config.from_name == "Example Hub"
    assert config.folder == tmp_path
    assert config.outbox_folder == tmp_path / "outbox"
    assert config.sqlite_file == tmp_path / "newsletter.sqlite3"
    assert config.state_folder == tmp_path


@pytest.mark.parametrize("spoil", [b"\xef\xbb\xbf%s", b"%s"])
def test_a_file_from_windows_loads(write, spoil):
    text = spoil % (WORKING + 'title = "Grüße"\n').replace("\n", "\r\n").encode()
    assert load(write(text)).site.title == "Grüße"


def test_a_database_elsewhere_keeps_keys_and_locks_beside_it(write, tmp_path):
    config = load(write(WORKING + f'[database]\nurl = "sqlite:///{tmp_path}/state/hub.sqlite3"\n'))
    assert config.state_folder == tmp_path / "state"
    config = load(write(WORKING + '[database]\nurl = "postgresql://hub@db.example.org/hub"\n'))
    assert config.sqlite_file is None
    assert config.state_folder == tmp_path


def test_what_is_empty_falls_back_on_the_sender(write):
    config = load(write(WORKING + '[email]\nfrom_address = "hub@mail.example.org"\n'))
    assert config.reply_to == config.envelope_sender == "hub@mail.example.org"
    assert config.list_id == "learning-hub.mail.example.org"


def test_a_trailing_slash_is_taken_off_an_address(write):
    assert load(write(WORKING + 'url = "https://hub.example.org/"\n')).site.url == "https://hub.example.org"


def test_nothing_can_be_changed_after_loading(write):
    config = load(write(WORKING))
    with pytest.raises(ValueError, match="frozen"):
        config.site.title = "Other"


# Which file


def test_the_file_is_the_one_named_else_the_variable_else_the_current_folder(tmp_path, monkeypatch):
    for folder in ("named", "variable", "current"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "config.toml").write_text(f'[site]\norganisation = "{folder}"\n')
    monkeypatch.chdir(tmp_path / "current")
    assert load().site.organisation == "current"
    monkeypatch.setenv("NEWSLETTER_CONFIG", str(tmp_path / "variable" / "config.toml"))
    assert load().site.organisation == "variable"
    assert load(tmp_path / "named" / "config.toml").site.organisation == "named"


def test_without_a_file_the_message_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="newsletter init DIR"):
        find()


@pytest.fixture
def nobody():
    """Root may read every file, so root becomes somebody else for a moment."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


@pytest.mark.parametrize(
    ("folder_mode", "said"), [(0o755, "cannot be read: Permission denied"), (0, "not found")]
)
def test_a_file_that_may_not_be_read_is_one_sentence(folder_mode, said, nobody):
    with TemporaryDirectory() as name:  # not below tmp_path, which belongs to the user who runs the tests
        file = Path(name, "config.toml")
        file.write_text(WORKING)
        file.chmod(0)
        Path(name).chmod(folder_mode)
        try:
            with pytest.raises(ConfigError, match=said):
                load(file)
        finally:
            Path(name).chmod(0o700)


# The environment


def test_the_environment_wins_over_the_file(write, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_EMAIL__SMTP__PORT", "2525")
    monkeypatch.setenv("NEWSLETTER_EMAIL__SMTP__VERIFY", "false")
    smtp = load(write(WORKING + '[email.smtp]\nport = 25\nhost = "relay.example.org"\n')).email.smtp
    assert (smtp.port, smtp.verify, smtp.host) == (2525, False, "relay.example.org")


def test_the_environment_may_give_what_the_file_leaves_out(write, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_SITE__ORGANISATION", "From outside")
    assert load(write("")).site.organisation == "From outside"


def test_a_list_in_the_environment_is_written_as_in_the_file(write, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_TOPICS__NEWS__CATEGORIES", '["news", "press"]')
    assert load(write(WORKING + '[topics.news]\ntitle = "News"\n')).topics["news"].categories == [
        "news",
        "press",
    ]


def test_an_empty_variable_counts_as_not_set(write, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_EMAIL__SMTP__PORT", "")
    monkeypatch.setenv("NEWSLETTER_NO_SUCH_THING", "")
    assert load(write(WORKING + "[email.smtp]\nport = 25\n")).email.smtp.port == 25


def test_a_mistake_in_the_environment_names_the_variable(refused, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_EMAIL__SMTP__PORT", "abc")
    monkeypatch.setenv("NEWSLETTER_EMAIL__SMTP__PROT", "25")
    monkeypatch.setenv("NEWSLETTER_SMTP_HOST", "relay.example.org")
    monkeypatch.setenv("NEWSLETTER_TOPICS__NEWS__CATEGORIES", "news, press")
    monkeypatch.setenv("NEWSLETTER_DESIGN", "blue")
    monkeypatch.setenv("NEWSLETTER_FEEDS", '{"itmes": 3}')
    monkeypatch.setenv("NEWSLETTER_FOLDER", "/tmp")
    assert refused(WORKING + '[topics.news]\ntitle = "News"\n') == {
        "NEWSLETTER_EMAIL__SMTP__PORT": 'expected a whole number from 1 to 65535, found "abc"',
        "NEWSLETTER_EMAIL__SMTP__PROT": "no such setting; did you mean NEWSLETTER_EMAIL__SMTP__PORT?",
        "NEWSLETTER_SMTP_HOST": "no such setting; did you mean NEWSLETTER_EMAIL__SMTP__HOST?",
        "NEWSLETTER_TOPICS__NEWS__CATEGORIES": 'expected a list such as ["one", "two"], found "news, press"',
        "NEWSLETTER_DESIGN": 'expected a section with settings of its own, found "blue"',
        "NEWSLETTER_FEEDS (itmes)": "no such setting; did you mean NEWSLETTER_FEEDS__ITEMS?",
        "NEWSLETTER_FOLDER": "no such setting; these names are NEWSLETTER_SECTION__SETTING",
    }


def test_a_mistake_of_the_file_keeps_its_key_beside_one_of_the_environment(write, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_WEB__PORT", "0")
    with pytest.raises(ConfigError) as caught:
        load(write(WORKING + "[feeds]\nttl = 1\n"))
    assert [key for key, _ in caught.value.problems] == ["NEWSLETTER_WEB__PORT", "feeds.ttl"]
    assert "with the environment has 2 mistakes" in str(caught.value)


# What is refused, and how it reads


def test_all_mistakes_are_told_at_once(refused):
    assert refused(
        """
        timezone = "UTC"
        [site]
        timezon = "Europe/Berlin"
        url = "hub.example.org"
        title = 4
        [web]
        port = "abc"
        threads = 65
        [email]
        from_address = "hub"
        [email.smtp]
        security = "ssl"
        verify = "perhaps"
        timeout = 1.5
        [design]
        accent = "green"
        [topics.news]
        categories = ["news", 3]
        [topics.Big_News]
        title = "Big"
        [sitee]
        """
    ) == {
        "timezone": 'no such setting here; did you mean "site.timezone"?',
        "site.organisation": "is missing, and has no default",
        "site.timezon": 'no such setting; did you mean "timezone"?',
        "site.url": "expected a web address that begins with http:// or https://, such as "
        'https://hub.example.org, found "hub.example.org"',
        "site.title": "expected text in double quotes, found 4",
        "web.port": 'expected a whole number from 1 to 65535, found "abc"',
        "web.threads": "expected a whole number from 1 to 64, found 65",
        "email.from_address": 'expected a mail address such as hub@example.org, found "hub"',
        "email.smtp.security": 'expected "none", "starttls" or "tls", found "ssl"',
        "email.smtp.verify": 'expected true or false, found "perhaps"',
        "email.smtp.timeout": "expected a whole number from 5 to 600, found 1.5",
        "design.accent": 'expected a colour written as # and six digits, such as #0b5d56, found "green"',
        "topics.news.title": "is missing, and has no default",
        "topics.news.categories (number 2)": "expected text in double quotes, found 3",
        "topics.Big_News": "expected a short name of small letters, digits and single hyphens, at most 40, "
        'such as open-data, found "Big_News"',
        "sitee": 'no such setting; did you mean "site"?',
    }


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("America/New York", "America/New_York"),
    ],
)
def test_a_zone_that_does_not_exist_is_answered_with_the_nearest(refused, zone, meant):
    said = problem(refused, WORKING + f'timezone = "{zone}"\n', "site.timezone")
    assert said.startswith("expected the name of a time zone such as America/New_York")
    assert said.endswith(f'found "{zone}"; did you mean "{meant}"?')


@pytest.mark.parametrize("zone", ["Narnia/Cair_Paravel", "../etc/passwd", "+02:00", ""])
def test_a_zone_like_no_other_is_refused_without_a_guess(refused, zone):
    assert "did you mean" not in problem(refused, WORKING + f'timezone = "{zone}"\n', "site.timezone")


@pytest.mark.parametrize(
    "address",
    ["", "hub", "//hub", "ftp://hub.example.org", "https://", "https://hub:99999", "http://a b", "http://[1"],
)
def test_an_address_that_no_browser_opens_is_refused(refused, address):
    assert "expected a web address" in problem(refused, WORKING + f'url = "{address}"\n', "site.url")


@pytest.mark.parametrize(
    "address", ["hub@", "a@b@c.example", "Hub <hub@example.org>", "a@example.org, b@example.org"]
)
def test_one_plain_mail_address_is_wanted(refused, address):
    text = WORKING + f'[email]\nreply_to = "{address}"\n'
    assert "expected a mail address" in problem(refused, text, "email.reply_to")


@pytest.mark.parametrize(
    "hello", ["hub", "hub example org", "-hub.example.org", "hub.example.org\\r\\nMAIL", "[::1]"]
)
def test_a_greeting_that_is_no_machines_full_name_is_refused(refused, hello):
    text = WORKING + f'[email.smtp]\nhello = "{hello}"\n'
    assert problem(refused, text, "email.smtp.hello")


def test_a_senders_domain_beyond_ascii_is_kept_as_it_goes_over_the_wire(write):
    config = load(write(WORKING + '[email]\nfrom_address = "hub@Bücher.example"\n'))
    assert config.email.from_address == "hub@xn--bcher-kva.example"
    assert config.list_id == "learning-hub.xn--bcher-kva.example"


def test_a_senders_letters_beyond_ascii_before_the_at_sign_are_refused(refused):
    text = WORKING + '[email]\nfrom_address = "büro@example.org"\n'
    assert "ASCII before the @" in problem(refused, text, "email.from_address")


@pytest.mark.parametrize(
    "list_id", ["hub", "hub example org", "<hub.example.org>", ".example.org", "h." * 130 + "x"]
)
def test_a_list_id_that_no_header_can_carry_is_refused(refused, list_id):
    text = WORKING + f'[email]\nlist_id = "{list_id}"\n'
    assert "looks like hub.example.org" in problem(refused, text, "email.list_id")


@pytest.mark.parametrize("character", [r"\n", r"\r", r"\u0000", r"\u0085", r"\u2028", r"\t"])
def test_a_name_that_would_break_a_mail_header_is_refused(refused, character):
    text = WORKING + f'[email]\nfrom_name = "Hub{character}Bcc: all@example.org"\n'
    assert "expected one line of text" in problem(refused, text, "email.from_name")


def test_a_postal_address_may_have_lines_but_not_without_end(write, refused):
    assert load(write(WORKING + r'postal_address = "1 Example Street\nExample Town"')).site.postal_address
    text = WORKING + f'postal_address = "{"x" * 501}"'
    assert "at most 500 characters" in problem(refused, text, "site.postal_address")


def test_true_is_no_number(refused):
    assert problem(refused, WORKING + "[web]\nport = true\n", "web.port").endswith("found true")


@pytest.mark.parametrize(
    "url", ["mysql://hub@db/hub", "sqlite://hub", "sqlite:///", "postgres://hub@db/hub", "hub.db"]
)
def test_a_database_of_another_kind_is_refused(refused, url):
    text = WORKING + f'[database]\nurl = "{url}"\n'
    assert problem(refused, text, "database.url") == "expected sqlite:///FILE or postgresql://USER@HOST/NAME"


def test_a_value_in_place_of_a_section_is_refused(refused):
    assert problem(refused, 'email = "smtp"\n' + WORKING, "email").startswith("expected a section")


def test_a_category_belongs_to_one_topic(refused):
    text = (
        WORKING
        + '[topics.a]\ntitle = "A"\ncategories = ["News"]\n[topics.b]\ntitle = "B"\ncategories = ["news"]\n'
    )
    assert 'each category in one topic; "news" is in a and in b' in problem(refused, text, "topics")


def test_the_folder_is_no_setting(refused):
    assert problem(refused, 'folder = "/tmp"\n' + WORKING, "folder") == "no such setting"


def test_a_very_long_value_does_not_drown_its_sentence(refused):
    assert len(problem(refused, WORKING + f'timezone = "{"x" * 5000}"\n', "site.timezone")) < 200


def test_text_that_is_no_toml_is_refused_with_its_line(refused):
    said = problem(refused, WORKING + "title = Latest\n", "file")
    assert said.startswith("not valid TOML")
    assert "line 3" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("postal_address = 1 Road, Town", "text stands in double quotes"),
        ('description = "Friends of "the river""', 'a quotation mark within it is written \\"'),
        ("description = “River”", "text stands in straight double quotes"),
        ('description = "River', "a quotation mark is opened and never closed"),
        ('description = "C:\\posts"', "put the text in single quotes"),
        ("description", 'there is no "=" between a setting and its value'),
        ("[site]", "a section in [brackets] is there twice"),
        ('organisation = "River"', "a setting is given twice; keep one"),
    ],
)
def test_a_line_that_is_no_toml_is_said_in_plain_words(refused, line: str, said: str) -> None:
    answer = problem(refused, f"{WORKING}{line}\n", "file")
    assert answer.startswith("not valid TOML in line 3: ")
    assert said in answer


def test_text_in_another_encoding_is_refused_with_its_line(refused):
    assert problem(refused, (WORKING + 'title = "Grüße"').encode("latin-1"), "file").startswith(
        "line 3 is not UTF-8"
    )


# Secrets


@pytest.mark.parametrize(
    "address", ["hub:geh[eim@x/x", "hub:geh/eim@x:zz/x", "hub@x:port/x", "[", "hub@x:0/x"]
)
def test_a_database_address_that_cannot_be_taken_apart_is_refused_without_showing_it(
    write, monkeypatch, address
):
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", f"postgresql://{address}")
    with pytest.raises(ConfigError) as caught:
        load(write(WORKING))
    ((key, sentence),) = caught.value.problems
    assert key == "NEWSLETTER_DATABASE__URL"
    assert sentence.startswith("expected sqlite:///FILE or postgresql://USER@HOST/NAME; ")
    assert address not in "".join(traceback.format_exception(caught.value))


SECRET = "hunter2-and-more"  # what no output may hold


@pytest.mark.parametrize(
    "text",
    [
        f'{WORKING}[email.smtp]\npassword = ["{SECRET}"]\n',
        f'{WORKING}[email.smtp]\npasword = "{SECRET}"\n',
        f"{WORKING}[email.smtp]\npassword = {SECRET}\n",
        f'{WORKING}[email.smtp]\npassword = "{SECRET}\n',
        f'{WORKING}[database]\nurl = "mysql://hub:{SECRET}@db/hub"\n',
        f'{WORKING}[email]\nsmtp = ["{SECRET}"]\n',
        f'links_key = {{ key = "{SECRET}" }}\n{WORKING}',
        WORKING.encode() + f'[email.smtp]\npassword = "\xff{SECRET}"\n'.encode("latin-1"),
    ],
)
def test_no_error_and_no_traceback_shows_a_secret(write, text):
    with pytest.raises(ConfigError) as caught:
        load(write(text))
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_no_error_shows_a_secret_of_the_environment(write, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_EMAIL__SMTP__PASSWRD", SECRET)
    monkeypatch.setenv("NEWSLETTER_SMTP_PASSWORD", SECRET)
    monkeypatch.setenv("NEWSLETTER_DATABASE__URL", f"mysql://hub:{SECRET}@db/hub")
    with pytest.raises(ConfigError) as caught:
        load(write(WORKING))
    assert len(caught.value.problems) == 3
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_printed_configuration_shows_no_secret(write):
    text = f'login_key = "{SECRET}"\nlinks_key = "{SECRET}"\nsuppression_key = "{SECRET}"\n{WORKING}'
    text += f'[database]\nurl = "postgresql://hub:{SECRET}@db/hub"\npassword = "{SECRET}"\n'
    config = load(write(text + f'[email.smtp]\npassword = "{SECRET}"\n'))
    assert config.email.smtp.password.get_secret_value() == SECRET
    assert SECRET not in repr(config) + str(config) + repr(config.database) + repr(config.email.smtp)


# What is written out of the model


def test_config_toml_is_the_example_that_the_model_writes():
    assert (REPOSITORY / "config.toml").read_text(encoding="utf-8") == example_toml(), RENEW


def test_the_configuration_page_is_the_one_that_the_model_writes():
    assert (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8") == reference_page(), RENEW


def test_config_toml_loads():
    config = load(REPOSITORY / "config.toml")
    assert config.email.transport == "outbox"
    assert config.sources


def test_every_setting_is_in_the_example_and_explained_in_one_line():
    lines = example_toml().splitlines()
    for setting in SETTINGS:
        assert setting.description, f"{setting.key} has no description"
        explained = lines.index(f"# {setting.description}")
        assert lines[explained + 1].startswith(f"{setting.path[-1]} = ")


def test_every_value_of_the_example_is_the_default_or_loads(tmp_path):
    data = tomllib.loads(example_toml())
    assert check(data, tmp_path / "config.toml").site.organisation == "Example Hub"
    written = [path for path, _ in _leaves(data)]
    for setting in SETTINGS:
        assert any(matches(setting.path, path) for path in written), f"{setting.key} is not in the example"


def test_init_can_set_its_own_values_in_the_example(tmp_path):
    text = example_toml(
        {
            "site": {"organisation": 'The "Hub"', "timezone": "Europe/Berlin"},
            "email": {"smtp": {"port": 2525}},
            "topics": {},
            "sources": {"blog": {"path": "C:\\blog", "url": "https://hub.example.org/blog"}},
        }
    )
    config = check(tomllib.loads(text), tmp_path / "config.toml")
    assert (config.site.organisation, config.site.timezone) == ('The "Hub"', "Europe/Berlin")
    assert config.email.smtp == SmtpSection(port=2525)
    assert config.topics == {}
    assert list(config.sources) == ["blog"]
    assert config.sources["blog"].path == "C:\\blog"


def test_init_is_told_when_its_values_make_no_configuration():
    with pytest.raises(ConfigError, match="timezone"):
        example_toml({"site": {"timezone": "Narnia/Nowhere"}})


def test_the_example_does_not_depend_on_the_environment(monkeypatch):
    before = example_toml()
    monkeypatch.setenv("NEWSLETTER_SITE__TITLE", "Elsewhere")
    monkeypatch.setenv("NEWSLETTER_WEB__PORT", "abc")
    assert example_toml() == before


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-(2**63), 2**63 - 1) | st.booleans())
def test_whatever_is_written_is_read_back_the_same(value):
    assert tomllib.loads(f"value = {toml_value([value])}")["value"] == [value]


def test_a_section_that_staff_name_stands_under_name_in_the_table():
    assert ("topics", NAME) in [section.path for section in sections(Config)]
    assert "NEWSLETTER_SOURCES__NAME__PATH" in [setting.variable for setting in SETTINGS]


@given(
    st.dictionaries(
        st.sampled_from(sorted({s.path[0] for s in SETTINGS})),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.times(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(sorted({name for s in SETTINGS for name in s.path} | {"x", "Böse"})),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ),
    )
)
def test_whatever_a_file_holds_it_loads_or_is_refused_in_sentences(data):
    try:
        check(data, Path("config.toml"))
    except ConfigError as error:
        for key, said in error.problems:
            assert key
            assert said.startswith(("expected", "is missing", "no such setting")), f"{key}: {said}"


def _leaves(data, path=()):
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


@pytest.mark.parametrize(
    ("address", "below"),
    [
        (r"Mill Trust\n1 Example Street\n\nExample Town", ["1 Example Street", "Example Town"]),
        (r"1 Example Street\nExample Town", ["1 Example Street", "Example Town"]),
        ("Mill  trust, 1 Example Street, Example Town", ["1 Example Street, Example Town"]),
        (r"Mill Trust - 1 Example Street\nExample Town", ["1 Example Street", "Example Town"]),
        (r"Mill Trust,\n1 Example Street", ["1 Example Street"]),
        ("Mill Trust House, 1 Example Street", ["Mill Trust House, 1 Example Street"]),
        ("Mill Trust", ["Mill Trust"]),
        ("", []),
    ],
)
def test_an_address_that_begins_with_the_organisation_does_not_name_it_twice(write, address, below):
    lines = f'[site]\norganisation = "Mill trust"\npostal_address = "{address}"\n'
    assert load(write(lines)).site.address_lines == below


def test_a_folder_without_a_config_toml_is_said_to_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSLETTER_CONFIG", raising=False)
    with pytest.raises(ConfigError) as caught:
        load()
    assert str(caught.value) == (
        "config.toml: there is none in this folder; go to the site's folder, name its config.toml with --config FILE, "
        "or make one: newsletter init DIR"
    )
