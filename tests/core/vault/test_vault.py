import hashlib
import hmac
import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import HomeError, KeysForeign, KeysMissing, Unreadable
from core.tokens import Tokens
from core.vault import KEY_FILE, Vault
from core.vault.keys import Key, Keys, fresh, write
from tests.conftest import INSTALLATION
from tests.racing import race_processes
from tests.repeatable import counted_tokens

ONE = Vault(fresh(INSTALLATION, counted_tokens()), counted_tokens("nonces"))

parts = st.one_of(st.none(), st.integers(), st.text(), st.binary())
texts = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.binary(max_size=300), st.lists(texts, max_size=4))
def test_what_was_sealed_opens_in_its_own_context(plain, context):
    assert ONE.unseal(ONE.seal(plain, *context), *context) == plain


@given(st.lists(texts, max_size=3), st.lists(texts, max_size=3))
def test_what_was_sealed_opens_in_no_other_context(context, other):
    sealed = ONE.seal(b"plain", *context)
    if context == other:
        assert ONE.unseal(sealed, *other) == b"plain"
    else:
        with pytest.raises(Unreadable, match="changed"):
            ONE.unseal(sealed, *other)


def test_contexts_do_not_run_together():
    sealed = ONE.seal(b"plain", "accounts", "1", "2")
    for other in (("accounts", "12"), ("accounts", "1", "2", ""), ("accounts1", "2"), ("accounts", "1")):
        with pytest.raises(Unreadable):
            ONE.unseal(sealed, *other)


def test_a_change_of_any_bit_is_noticed():
    sealed = ONE.seal(b"a secret of some length", "context")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(Unreadable):
                ONE.unseal(bytes(changed), "context")


def test_what_is_too_short_or_too_long_is_unreadable():
    sealed = ONE.seal(b"plain")
    for cut in range(len(sealed)):
        with pytest.raises(Unreadable):
            ONE.unseal(sealed[:cut])
    with pytest.raises(Unreadable):
        ONE.unseal(sealed + b"x")


def test_the_same_thing_sealed_twice_looks_different():
    vault = Vault(fresh(INSTALLATION, Tokens()), Tokens())
    assert len({vault.seal(b"plain") for _ in range(1000)}) == 1000


def test_processes_forked_from_one_never_seal_with_the_same_nonce(home):
    vault = Vault.create(home, INSTALLATION)
    sealed = race_processes(lambda: [vault.seal(b"x") for _ in range(100)], processes=4)
    assert len({one[4:16] for some in sealed for one in some}) == 400


def test_a_mac_is_hmac_sha_256_over_kinds_lengths_and_parts():
    key = Key(b"\x01\x02\x03\x04", b"k" * 32)
    vault = Vault(Keys(INSTALLATION, (key,), (key,)), counted_tokens())
    told = b"s" + (7).to_bytes(8) + b"purpose" + b"i" + (2).to_bytes(8) + b"42" + b"n" + b"b" + (1).to_bytes(8) + b"x"
    assert vault.mac("purpose", 42, None, b"x") == key.id + hmac.digest(key.secret, told, hashlib.sha256)


@given(texts, st.lists(parts, max_size=4), texts, st.lists(parts, max_size=4))
def test_no_two_lists_of_parts_share_a_mac(purpose, some, other_purpose, others):
    same = purpose == other_purpose and [(type(part), part) for part in some] == [(type(part), part) for part in others]
    mac = ONE.mac(purpose, *some)
    assert len(mac) == 36
    assert mac == ONE.mac(purpose, *some)
    assert (mac == ONE.mac(other_purpose, *others)) is same
    assert ONE.mac_matches(mac, purpose, *some)
    assert ONE.mac_matches(mac, other_purpose, *others) is same


def test_a_mac_that_was_changed_or_cut_does_not_match():
    mac = ONE.mac("purpose", "part")
    for place in range(len(mac)):
        changed = bytearray(mac)
        changed[place] ^= 1
        assert not ONE.mac_matches(bytes(changed), "purpose", "part")
        assert not ONE.mac_matches(mac[:place], "purpose", "part")


def test_bytes_as_databases_return_them_will_do():
    sealed, mac = ONE.seal(b"plain"), ONE.mac("purpose")
    for kind in (bytearray, memoryview):
        assert ONE.unseal(kind(sealed)) == b"plain"
        assert ONE.mac_matches(kind(mac), "purpose")


def test_older_keys_still_open_and_match_while_new_ones_are_used(tokens):
    old = fresh(INSTALLATION, tokens)
    new = fresh(INSTALLATION, tokens)
    before = Vault(old, tokens)
    after = Vault(Keys(INSTALLATION, new.sealing + old.sealing, new.mac + old.mac), tokens)
    sealed, mac = before.seal(b"plain", "context"), before.mac("purpose", 1)
    assert after.unseal(sealed, "context") == b"plain"
    assert after.mac_matches(mac, "purpose", 1)
    assert after.macs("purpose", 1) == [after.mac("purpose", 1), mac]
    assert after.mac("purpose", 1) != mac
    with pytest.raises(Unreadable, match="not in the key file"):
        before.unseal(after.seal(b"plain", "context"), "context")
    assert not before.mac_matches(after.mac("purpose", 1), "purpose", 1)


def test_keys_come_back_from_the_home_folder_as_they_were(home, vault):
    again = Vault.open(home, INSTALLATION)
    assert again.unseal(vault.seal(b"plain", "context"), "context") == b"plain"
    assert again.mac("purpose") == vault.mac("purpose")


def test_the_key_file_is_for_its_owner_only_whatever_the_umask(home, tokens):
    before = os.umask(0)
    try:
        Vault.create(home, INSTALLATION, tokens)
    finally:
        os.umask(before)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {KEY_FILE: 0o600}


def test_neither_a_vault_nor_its_keys_tell_themselves(vault, home):
    secret = json.loads((home / KEY_FILE).read_text())["sealing"][0]["key"]
    keys = fresh(INSTALLATION, counted_tokens())
    assert secret not in repr(vault)
    assert repr(keys.sealing[0].secret) not in repr(keys)


def test_without_a_key_file_it_says_where_to_get_it(home):
    with pytest.raises(KeysMissing, match="backup"):
        Vault.open(home, INSTALLATION)


def test_the_key_file_of_another_installation_is_refused(home, vault):
    with pytest.raises(KeysForeign, match=INSTALLATION):
        Vault.open(home, "1" * 32)


def test_a_key_file_that_others_can_read_is_refused(home, vault):
    (home / KEY_FILE).chmod(0o640)
    with pytest.raises(HomeError, match="chmod 600"):
        Vault.open(home, INSTALLATION)


def test_a_link_in_place_of_the_key_file_is_refused(home, vault, tmp_path):
    (home / KEY_FILE).rename(tmp_path / "elsewhere.json")
    (home / KEY_FILE).symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(HomeError, match="link"):
        Vault.open(home, INSTALLATION)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda keys: "",
        lambda keys: "[]",
        lambda keys: json.dumps(keys)[:-20],
        lambda keys: "é",
        lambda keys: json.dumps({**keys, "mac": []}),
        lambda keys: json.dumps({**keys, "sealing": [{"id": "00", "key": "AAAA"}]}),
        lambda keys: json.dumps({**keys, "sealing": [{"id": "01020304", "key": "?" * 44}]}),
        lambda keys: json.dumps({name: value for name, value in keys.items() if name != "mac"}),
    ],
)
def test_a_spoilt_key_file_is_refused_without_telling_what_is_in_it(home, vault, spoilt):
    path = home / KEY_FILE
    keys = json.loads(path.read_text())
    path.write_text(spoilt(keys), encoding="utf-8")
    with pytest.raises(HomeError, match="backup") as refused:
        Vault.open(home, INSTALLATION)
    assert keys["sealing"][0]["key"] not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_new_keys_replace_old_ones_in_one_step(home, vault, tokens):
    newer = fresh(INSTALLATION, tokens)
    write(home, newer)
    with pytest.raises(Unreadable):
        Vault.open(home, INSTALLATION).unseal(vault.seal(b"plain"))
    assert [path.name for path in home.iterdir()] == [KEY_FILE]
