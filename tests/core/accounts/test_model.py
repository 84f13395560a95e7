from datetime import UTC, datetime, timedelta

import pytest

from core.accounts import HOST, Grant, Probation, Role, address_problem, name_problem

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["al", "alice", "a.b-c_d", "a1", "a" * 32, "rooty", "supporter"])
def test_a_name_is_small_letters_digits_and_three_signs(name):
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "Type a name"),
        ("a", "at least 2"),
        ("a" * 33, "at most 32"),
        ("1alice", "begins with"),
        (".alice", "begins with"),
        ("Alice", "begins with"),
        ("alicE", "small letters"),
        ("al ice", "small letters"),
        ("alice\n", "small letters"),
        ("alicé", "small letters"),
        ("аlice", "begins with"),  # a Cyrillic а
        ("al\u202eice", "small letters"),
        ("al[@click=x]", "small letters"),
    ],
)
def test_any_other_name_is_refused_with_what_is_wrong(name, word):
    assert word in name_problem(name)


@pytest.mark.parametrize("name", ["admin", "root", "support", "ad.min", "s-u-p-p-o-r-t", "lockwright", "host"])
def test_names_that_speak_for_the_site_are_reserved(name):
    assert "reserved" in name_problem(name)


@pytest.mark.parametrize(
    "address",
    ["a@example.org", "Alice.Liddell+tag@mail.example.co.uk", "o'hara@example.org", "x@xn--bcher-kva.example"],
)
def test_an_address_is_a_dot_string_at_a_mail_domain(address):
    assert address_problem(address) is None


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("", "Type an e-mail address"),
        ("alice", "looks like"),
        ("@example.org", "looks like"),
        ("alice@", "looks like"),
        ("alice@localhost", "after the @"),
        ("alice@example..org", "after the @"),
        ("alice@-example.org", "after the @"),
        ("alice@127.0.0.1", "after the @"),
        ("alice@[127.0.0.1]", "after the @"),
        (".alice@example.org", "before the @"),
        ("al ice@example.org", "before the @"),
        ("a@b@example.org", "before the @"),
        ("a\r\nBcc: x@example.org", "before the @"),
        ("alice@example.org\n", "after the @"),
        ("älice@example.org", "ASCII"),
        ("a" * 65 + "@example.org", "before the @"),
        ("a@" + "b" * 250 + ".org", "at most 254"),
        ("a@" + "b" * 64 + ".org", "after the @"),
    ],
)
def test_any_other_address_is_refused_with_what_is_wrong(address, word):
    assert word in address_problem(address)


def test_a_role_given_on_the_host_counts_at_once_and_one_given_in_the_console_after_a_week():
    assert Grant(Role.AGENT, NOW, HOST).counts(NOW)
    given = Grant(Role.AGENT, NOW, "f" * 32)
    assert not given.counts(NOW + timedelta(days=7) - timedelta(microseconds=1))
    assert given.counts(NOW + timedelta(days=7))


def test_probation_follows_the_session_that_opened_it_and_no_other():
    probation = Probation("backup_code", NOW, "first")
    assert probation.carried("first", "second").session == "second"
    assert probation.carried("other", "second") == probation
