from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from platformdirs import user_data_path

from core.errors import SettingsError
from core.settings import READERS, Settings, load


def written(home, text):
    (home / "lockwright.toml").write_text(text)
    return load(home, {})


def test_without_a_file_everything_has_a_default(home):
    assert load(home, {}) == Settings(home=home, issuer="Lockwright")
    assert load(home, {}).database_url == f"sqlite:///{home}/lockwright.sqlite"


def test_reading_settings_creates_nothing(tmp_path):
    load(tmp_path / "nowhere", {})
    assert list(tmp_path.iterdir()) == []


def test_every_setting_can_be_read():
    assert set(READERS) == {field.name for field in fields(Settings)} - {"home"}


def test_every_default_is_one_that_could_be_written(home):
    defaults = load(home, {})
    for key in READERS:
        value = getattr(defaults, key)
        if isinstance(value, timedelta):
            value = f"{value // timedelta(minutes=1)} min"
        if isinstance(value, dict) or (key.startswith("smtp") and not value):  # tables, and only with a mail server
            continue
        if isinstance(value, tuple):
            assert written(home, f"{key} = {list(value)}") == defaults
            assert load(home, {f"LOCKWRIGHT_{key.upper()}": ", ".join(value)}) == defaults
            continue
        plain = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else repr(value)
        assert written(home, f"{key} = {plain}") == defaults
        assert load(home, {f"LOCKWRIGHT_{key.upper()}": str(value)}) == defaults


def test_a_file_sets_what_it_says_alone_or_in_sections(home):
    settings = written(
        home,
        """
        site = "Zoë's Lab"
        registration = "invite"
        member_idle = "20 min"
        database = "postgresql://lockwright:hush@db.example.org/lockwright"
        mail = "smtp"

        [smtp]
        host = "mail.example.org"
        port = 465
        from = "accounts@example.org"
        password = "correct horse"
        starttls = false

        [argon2]
        time = 3
        """,
    )
    assert (settings.site, settings.issuer, settings.registration) == ("Zoë's Lab", "Zoe's Lab", "invite")
    assert settings.member_idle == timedelta(minutes=20)
    assert settings.database_url == "postgresql://lockwright:hush@db.example.org/lockwright"
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_starttls) == ("mail.example.org", 465, False)
    assert settings.smtp_password.reveal() == "correct horse"
    assert settings.argon2_time == 3
    assert "hush" not in repr(settings)
    assert "horse" not in repr(settings)


def test_mail_over_tls_from_the_first_byte_goes_to_its_own_port_unless_another_is_named(home):
    server = '[smtp]\ntls = true\nhost = "mail.example.org"'
    assert (written(home, server).smtp_port, written(home, f"{server}\nport = 2465").smtp_port) == (465, 2465)


def test_the_environment_overrides_the_file(home):
    (home / "lockwright.toml").write_text('site = "File"\npassword_min = 20\n')
    environ = {"LOCKWRIGHT_SITE": "Environment", "LOCKWRIGHT_DEMO": "yes", "LOCKWRIGHT_STAFF_IDLE": "90s"}
    settings = load(home, environ)
    assert (settings.site, settings.password_min, settings.demo) == ("Environment", 20, True)
    assert settings.staff_idle == timedelta(seconds=90)


def test_the_home_folder_is_the_one_given_or_the_variables_or_the_platforms(tmp_path):
    environ = {"LOCKWRIGHT_HOME": str(tmp_path / "variable")}
    assert load(tmp_path / "given", environ).home == tmp_path / "given"
    assert load(None, environ).home == tmp_path / "variable"
    assert load(None, {}).home == user_data_path("lockwright", appauthor=False)
    assert load(Path("relative"), {}).home == Path.cwd() / "relative"


def test_a_console_key_is_given_as_a_line_of_a_pub_file_or_by_its_fingerprint(home):
    public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOEtSR42pJ+vfNyUgfpvnQ++I68L63+qnTl1TP4DAV32 mia@laptop"
    fingerprint = "SHA256:uOqm7cA//Z+NwoJAp8fT9YB52BQLFOYVAmVLRfEu810"
    assert written(home, f'[console]\nkeys = ["{public}", "{fingerprint}"]').console_keys == (fingerprint, fingerprint)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('console_keys = ["ssh-ed25519 AAAA"]', ["console_keys", "public SSH keys"]),
        ('console_sources = ["10.0.0.1/8"]', ["console_sources", "addresses and networks"]),
        ('registration = "closd"', ["registration", "'closd'", '"open", "invite", "closed"']),
        ("password_min = 7", ["password_min", "7", "from 8 to 128"]),
        ("password_min = true", ["password_min", "True", "a whole number"]),
        ("password_min = 15.5", ["password_min", "15.5", "a whole number"]),
        ("argon2_time = 1", ["argon2_time", "1", "from 2"]),
        ("argon2_memory_kib = 19455", ["argon2_memory_kib", "19455", "from 19456"]),
        ("[argon2]\nlanes = 0", ["argon2_lanes", "0", "from 1"]),
        ('demo = "perhaps"', ["demo", "'perhaps'", "true or false"]),
        ('member_idle = "2 h"', ["member_idle", "'2 h'", '"1 min" to "1 h"']),
        ("member_session = 12", ["member_session", "12", "in s, min, h or d"]),
        ('issuer = "a:b"', ["issuer", "'a:b'", "without a colon"]),
        ('issuer = "Zoë"', ["issuer", "'Zoë'", "ASCII"]),
        ('issuer = " x"', ["issuer", "' x'", "ASCII"]),
        ('site = ""', ["site", "''", "1 to 40"]),
        ('site = "a\\u001b[2Jb"', ["site", "\\x1b", "visible characters"]),
        ('smtp_from = "nobody"', ["smtp_from", "'nobody'", "an e-mail address"]),
        ('smtp_host = "a b"', ["smtp_host", "'a b'", "a host name"]),
        ("smtp_port = 0", ["smtp_port", "0", "1 to 65535"]),
        ('mail = "smtp"\nsmtp_from = "a@b"', ["smtp_host", "not set"]),
        ('mail = "smtp"\nsmtp_host = "b"', ["smtp_from", "not set"]),
        ('registraton = "open"', ["registraton", "Is registration meant?"]),
        ('[smtp]\nhosts = "a"', ["smtp_hosts", "Is smtp_host meant?"]),
        ("something_else = 1", ["something_else", "no setting"]),
        ('site = "a"\n[site]\nx = 1', ["TOML"]),
        ('smtp_host = "a"\n[smtp]\nhost = "b"', ["smtp_host", "twice"]),
        ("site = [", ["TOML", "Invalid value"]),
        ("[site]\nname = 'x'", ["site", "{'name': 'x'}", "1 to 40"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_key_value_and_what_would_be_right(home, text, told):
    with pytest.raises(SettingsError) as refused:
        written(home, text)
    for piece in told:
        assert piece in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("database", "mysql://root:hush@host/name"),
        ("database", "postgresql://user:hush@host"),
        ("database", "postgresql://user:hush@host/a/b"),
        ("database", "postgresql://user:hush@[host/a"),
        ("smtp_password", "hush\n"),
    ],
)
def test_a_refused_secret_is_not_told(home, key, value):
    with pytest.raises(SettingsError, match=f"{key}: its value") as refused:
        load(home, {f"LOCKWRIGHT_{key.upper()}": value})
    assert "hush" not in str(refused.value)


def test_a_variable_that_is_nearly_a_setting_is_a_mistake_and_a_strange_one_is_not_ours(home):
    with pytest.raises(SettingsError, match=r"LOCKWRIGHT_REGISTRATON.*Is registration meant"):
        load(home, {"LOCKWRIGHT_REGISTRATON": "closed"})
    load(home, {"LOCKWRIGHT_SOAK": "1", "LOCKWRIGHT_SERVICE_HOST": "10.0.0.1", "LOCKWRIGHT_PORT": "tcp://10.0.0.1:22"})


def test_a_file_that_is_no_text_is_refused(home):
    (home / "lockwright.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load(home, {})


def test_a_file_that_cannot_be_read_is_refused(home):
    (home / "lockwright.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load(home, {})


@pytest.mark.parametrize(
    ("site", "issuer"),
    [("Lab", "Lab"), ("Zoë: Labs", "Zoe Labs"), ("研究所", "Lockwright"), ("x" * 40, "x" * 32), ("a  b", "a b")],
)
def test_the_issuer_is_the_site_as_any_authenticator_app_can_show_it(home, site, issuer):
    assert written(home, f'site = "{site}"').issuer == issuer
