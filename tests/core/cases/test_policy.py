"""The policy as data: the default is the product's, the settings change it within bounds, and a case keeps its own."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.cases import Kind
from core.cases.policy import DEFAULT, from_text, read
from core.errors import SettingsError
from core.settings import load


def test_the_default_is_the_products_table() -> None:
    facts = [
        (route.kind, route.enabled, route.wait, route.age, route.people, route.lead_approves)
        for route in DEFAULT.routes
    ]
    day = timedelta(days=1)
    assert facts == [
        (Kind.KEY, True, day, 30 * day, 2, False),
        (Kind.PERSON, False, day, 0 * day, 2, True),
        (Kind.MAIL, True, 3 * day, 30 * day, 2, False),
    ]
    assert read({}) == DEFAULT
    assert DEFAULT.warning is None


def test_settings_change_what_they_name_and_nothing_else() -> None:
    policy = read({"mail": {"wait_hours": 96, "age_days": 60}, "person": {"enabled": True}})
    assert policy.route(Kind.MAIL).wait == timedelta(hours=96)
    assert policy.route(Kind.MAIL).age == timedelta(days=60)
    assert policy.route(Kind.PERSON).enabled
    assert policy.route(Kind.KEY) == DEFAULT.route(Kind.KEY)


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"fax": {}}, "recovery.fax"),
        ({"mail": 3}, "recovery.mail"),
        ({"mail": {"speed": 1}}, "recovery.mail.speed"),
        ({"mail": {"wait_hours": 23}}, "recovery.mail.wait_hours"),
        ({"mail": {"wait_hours": 721}}, "recovery.mail.wait_hours"),
        ({"mail": {"wait_hours": True}}, "recovery.mail.wait_hours"),
        ({"mail": {"wait_hours": "72"}}, "recovery.mail.wait_hours"),
        ({"key": {"age_days": 29}}, "recovery.key.age_days"),
        ({"key": {"people": 0}}, "recovery.key.people"),
        ({"key": {"people": 3}}, "recovery.key.people"),
        ({"key": {"enabled": "yes"}}, "recovery.key.enabled"),
        ({"person": {"lead_approves": 1}}, "recovery.person.lead_approves"),
    ],
)
def test_what_cannot_be_used_is_named(table: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named.replace(".", r"\.")):
        read(table)


def test_one_person_is_a_setting_and_a_warning() -> None:
    policy = read({"key": {"people": 1}})
    assert policy.warning is not None
    assert "one person decides" in " ".join(policy.explain())
    assert read({"person": {"people": 1}}).warning is None  # switched off


def test_text_and_hash_are_canonical_and_come_back() -> None:
    changed = read({"mail": {"wait_hours": 96}})
    assert from_text(changed.to_text()) == changed
    assert from_text(DEFAULT.to_text()).hash == DEFAULT.hash
    assert changed.hash != DEFAULT.hash
    assert len(DEFAULT.hash) == 64


def test_it_explains_itself_in_plain_words() -> None:
    key, person, mail = DEFAULT.explain()
    assert "24 hours" in key
    assert "two people" in key
    assert "off" in person
    assert "3 days" in mail
    assert "30 days" in mail
    assert "a lead" in read({"person": {"enabled": True}}).explain()[1]


def test_the_policy_stands_in_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "lockwright.toml").write_text("[recovery.mail]\nwait_hours = 100\n[replies]\nhello = 'Good day.'\n")
    settings = load(tmp_path, {})
    assert read(settings.recovery).route(Kind.MAIL).wait == timedelta(hours=100)
    assert settings.replies == {"hello": "Good day."}


@pytest.mark.parametrize(
    "written", ["recovery = 3\n", "replies = 3\n", "[replies]\nx = 4\n", '[replies]\nx = "\\u001b"\n']
)
def test_tables_that_are_none_are_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "lockwright.toml").write_text(written)
    with pytest.raises(SettingsError):
        load(tmp_path, {})
