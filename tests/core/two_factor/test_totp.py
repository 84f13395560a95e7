"""RFC 6238 as pure functions, against the RFCs' own vectors and against an app written apart."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.two_factor import totp
from core.two_factor.totp import NEVER, Match, NoMatch, Off, Used, clean_token, match, step_at, token_at
from tests import rfc6238

SEED = b"12345678901234567890"
NOW = datetime(2026, 3, 4, 12, 0, 10, tzinfo=UTC)
HERE = step_at(NOW)

RFC4226_APPENDIX_D = (755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489)
RFC6238_APPENDIX_B = {
    59: ("94287082", "46119246", "90693936"),
    1111111109: ("07081804", "68084774", "25091201"),
    1111111111: ("14050471", "67062674", "99943326"),
    1234567890: ("89005924", "91819424", "93441116"),
    2000000000: ("69279037", "90698825", "38618901"),
    20000000000: ("65353130", "77737706", "47863826"),
}


def test_the_app_of_the_tests_computes_the_vectors_of_both_rfcs():
    seeds = {"sha1": SEED, "sha256": (SEED * 2)[:32], "sha512": (SEED * 4)[:64]}
    for counter, expected in enumerate(RFC4226_APPENDIX_D):
        assert f"{expected:06d}" == rfc6238.hotp(SEED, counter)
    for seconds, expected in RFC6238_APPENDIX_B.items():
        assert expected == tuple(rfc6238.totp(seed, seconds, 8, digest) for digest, seed in seeds.items())


@pytest.mark.parametrize(("counter", "expected"), enumerate(RFC4226_APPENDIX_D))
def test_tokens_are_those_of_rfc_4226_appendix_d(counter, expected):
    assert f"{expected:06d}" == token_at(SEED, counter)


@pytest.mark.parametrize(("seconds", "expected"), RFC6238_APPENDIX_B.items())
def test_tokens_are_those_of_rfc_6238_appendix_b(seconds, expected):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert expected[0][-6:] == token_at(SEED, step_at(moment))
    assert Match(seconds // 30) == match(SEED, expected[0][-6:], moment, NEVER)


@given(st.binary(min_size=14, max_size=64), st.integers(0, 2**40))
def test_every_secret_and_step_gives_what_an_app_shows(secret, step):
    assert rfc6238.hotp(secret, step) == token_at(secret, step)


def test_a_secret_under_112_bits_is_refused():
    with pytest.raises(ValueError, match="112 bits"):
        token_at(b"thirteen byte", 1)


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_steps_are_counted_in_whole_half_minutes_from_1970(moment):
    step = step_at(moment)
    assert timedelta(0) <= moment - (datetime(1970, 1, 1, tzinfo=UTC) + step * totp.STEP) < totp.STEP


@pytest.mark.parametrize("offset", range(-15, 16))
@pytest.mark.parametrize("second", [0, 15, 29.999999])
def test_the_step_before_now_and_after_count_and_the_next_ten_tell_of_a_wrong_clock(offset, second):
    now = datetime.fromtimestamp(HERE * 30 + second, UTC)
    expected = Match(HERE + offset) if abs(offset) <= 1 else Off(offset) if abs(offset) <= 10 else NoMatch()
    assert expected == match(SEED, token_at(SEED, HERE + offset), now, NEVER)


def test_a_frozen_clock_accepts_a_token_for_ninety_seconds_and_no_longer():
    token = token_at(SEED, HERE)
    begins = datetime.fromtimestamp(HERE * 30, UTC)
    accepted = [
        tenth
        for tenth in range(-600, 1200)
        if isinstance(match(SEED, token, begins + timedelta(seconds=tenth / 10), NEVER), Match)
    ]
    assert list(range(-300, 600)) == accepted


@pytest.mark.parametrize("seconds", [0, 1, 29, 30, 59, 60])
def test_the_first_minute_of_1970_is_no_special_case(seconds):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert Match(seconds // 30) == match(SEED, rfc6238.totp(SEED, seconds), moment, NEVER)
    assert NoMatch() == match(SEED, "000000", moment, NEVER)


def test_a_clock_before_1970_accepts_nothing_and_does_not_stumble():
    assert NoMatch() == match(SEED, "755224", datetime(1960, 1, 1, tzinfo=UTC), NEVER)


@pytest.mark.parametrize("last", [-1, 0, 1])
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_step_counts_only_when_it_is_newer_than_the_last_one(offset, last):
    answer = match(SEED, token_at(SEED, HERE + offset), NOW, HERE + last)
    assert isinstance(answer, Match if offset > last else Used)


def test_when_two_steps_share_a_token_the_newest_counts():
    twins = 153567, 153569
    assert rfc6238.hotp(SEED, twins[0]) == rfc6238.hotp(SEED, twins[1])
    now = datetime.fromtimestamp((twins[0] + 1) * 30, UTC)
    assert Match(twins[1]) == match(SEED, token_at(SEED, twins[0]), now, NEVER)
    assert isinstance(match(SEED, token_at(SEED, twins[0]), now, twins[1]), Used)


@pytest.mark.parametrize("last", [-1, 0, 1])
@pytest.mark.parametrize("second", [0, 10, 29.999999])
def test_already_used_says_when_a_right_device_shows_a_token_that_counts(last, second):
    now = datetime.fromtimestamp(HERE * 30 + second, UTC)
    answer = match(SEED, token_at(SEED, HERE + last), now, HERE + last)
    assert isinstance(answer, Used)
    later = now + answer.wait
    assert timedelta(0) < answer.wait <= timedelta(seconds=60)
    assert isinstance(match(SEED, rfc6238.totp(SEED, later.timestamp()), later, HERE + last), Match)


def test_the_wait_is_not_a_moment_longer_than_the_device_needs():
    answer = match(SEED, token_at(SEED, HERE), NOW, HERE)
    assert Used(timedelta(seconds=20)) == answer
    just_before = NOW + timedelta(seconds=20) - timedelta(microseconds=1)
    assert isinstance(match(SEED, rfc6238.totp(SEED, just_before.timestamp()), just_before, HERE), Used)


def test_after_the_clock_was_set_back_nothing_counts_twice_and_the_wait_is_true():
    ahead = HERE + 1000
    answer = match(SEED, token_at(SEED, HERE), NOW, ahead)
    assert isinstance(answer, Used)
    assert (ahead + 1) * 30 == (NOW + answer.wait).timestamp()


def test_the_token_that_counted_last_is_called_used_even_minutes_later():
    answer = match(SEED, token_at(SEED, HERE - 4), NOW, HERE - 4)
    assert Used(timedelta(seconds=20)) == answer


@pytest.mark.parametrize(
    "typed", ["287082", " 287082 ", "287 082", "28 70 82", "287-082", "287\u00a0082", "287\u2009082", "287082\n"]
)
def test_spaces_and_hyphens_in_a_token_are_forgiven(typed):
    assert clean_token(typed) == "287082"


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "28708", "2870823", "28708a", "+87082", "287.82", "２８７０８２", "²⁸⁷⁰⁸²", "٢٨٧٠٨٢", "28708\u0662",
        "\ud800", "28708\ud800", "287082\x00", "\x1b[31m287082", "2" * 1000, "28708\u200b2", "287\u2011082", " " * 65,
    ],
)  # fmt: skip
def test_what_is_no_six_ascii_digits_is_no_token(typed):
    assert clean_token(typed) is None
    assert NoMatch() == match(SEED, typed, datetime.fromtimestamp(59, UTC), NEVER)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_lets_through_six_ascii_digits_or_nothing(text):
    token = clean_token(text)
    if token is not None:
        assert len(token) == 6
        assert set(token) <= set("0123456789")
        assert token == clean_token(token)


@given(st.text("0123456789", min_size=6, max_size=6), st.lists(st.tuples(st.integers(0, 6), st.sampled_from(" -\t"))))
def test_a_token_is_found_however_it_is_spaced(digits, gaps):
    typed = digits
    for place, gap in gaps[:40]:
        typed = typed[:place] + gap + typed[place:]
    assert digits == clean_token(typed)


def test_digits_that_only_look_alike_would_pass_pyotp_and_stop_here():
    wide = unicodedata.normalize("NFKC", "２８７０８２")
    assert pyotp.TOTP(totp.base32(SEED)).verify("２８７０８２", for_time=59)
    assert wide == "287082"
    assert clean_token("２８７０８２") is None


def test_the_uri_is_what_apps_scan():
    uri = totp.uri("Example Corp", "ada.lovelace@example.org", SEED)
    assert uri == (
        "otpauth://totp/Example%20Corp:ada.lovelace@example.org"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Corp"
    )


def test_the_short_uri_names_the_issuer_once():
    assert (
        totp.uri("Lockwright", "ada (2)", SEED, prefix=False)
        == "otpauth://totp/ada%20(2)?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lockwright"
    )


names = st.text(alphabet=st.characters(exclude_categories=("C", "Z"), exclude_characters=":"), min_size=1, max_size=40)


@given(names, names, st.binary(min_size=20, max_size=20), st.booleans())
def test_an_app_reads_out_of_the_uri_what_was_put_in(issuer, label, secret, prefix):
    uri = totp.uri(issuer, label, secret, prefix=prefix)
    scanned = rfc6238.scan(uri)
    assert uri.isascii()
    assert {"secret": totp.base32(secret), "issuer": issuer, "label": label} == scanned
    assert secret == rfc6238.secret_of(scanned["secret"])
    if prefix:
        parsed = pyotp.parse_uri(uri)
        assert (issuer, label, totp.base32(secret)) == (parsed.issuer, parsed.name, parsed.secret)


def test_a_name_cannot_smuggle_a_secret_into_the_uri():
    scanned = rfc6238.scan(totp.uri("A&secret=B", "ada?secret=AAAA&issuer=Evil#x", SEED))
    assert (totp.base32(SEED), "A&secret=B") == (scanned["secret"], scanned["issuer"])


def test_a_colon_in_a_name_does_not_move_the_border_between_issuer_and_label():
    assert {"secret": totp.base32(SEED), "issuer": "A B", "label": "c d"} == rfc6238.scan(totp.uri("A:B", "c:d", SEED))


def test_the_key_is_grouped_in_fours_for_typing():
    groups = totp.key_groups(SEED)
    assert groups == ("GEZD", "GNBV", "GY3T", "QOJQ", "GEZD", "GNBV", "GY3T", "QOJQ")
    assert rfc6238.secret_of(" ".join(groups).lower()) == SEED
