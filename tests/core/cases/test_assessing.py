"""Which routes are met: every fact that closes one, at its edge, and when the wait counts."""

from datetime import timedelta

import pytest

from core.cases import Delivery, Evidence, Facts, Kind, Told, assess, told
from core.cases.policy import DEFAULT, read
from core.notices import Standing
from core.notices import State as NoticeState
from tests.repeatable import BEGINNING

DAY = timedelta(days=1)
POLICY = read({"person": {"enabled": True}})
TOLD = Told(Delivery.HANDED_OVER, BEGINNING)


def evidence(kind, age=40 * DAY):
    return Evidence(
        "e" * 32, "c" * 32, kind, BEGINNING, "claimant", "", BEGINNING - age, None, None, "", None, "", True
    )


def facts(*given, **changed):
    return Facts(
        **{
            "opened_at": BEGINNING,
            "round_began_at": BEGINNING,
            "evidence": given,
            "told": TOLD,
            "contested": False,
            "repeated": False,
            "key_since": BEGINNING - 40 * DAY,
            "address_since": BEGINNING - 40 * DAY,
            "password_by_mail": False,
            "password_proved_at": None,
        }
        | changed
    )


def standing(kind, known, policy=POLICY):
    return next(each for each in assess(policy, known) if each.route.kind is kind)


@pytest.mark.parametrize("kind", Kind)
def test_evidence_of_its_kind_meets_a_route_and_of_another_does_not(kind):
    assert [each.route.kind for each in assess(POLICY, facts(evidence(kind))) if each.met] == [kind]
    assert not any(each.met for each in assess(POLICY, facts()))


@pytest.mark.parametrize("kind", [Kind.KEY, Kind.MAIL])
@pytest.mark.parametrize(("age", "met"), [(30 * DAY, True), (30 * DAY - timedelta(microseconds=1), False)])
def test_its_source_is_thirty_days_old_when_the_case_opens(kind, age, met):
    assert standing(kind, facts(evidence(kind, age))).met is met


def test_a_route_that_is_switched_off_is_never_met():
    closed = standing(Kind.PERSON, facts(evidence(Kind.PERSON)), DEFAULT)
    assert (closed.met, closed.possible) == (False, False)


@pytest.mark.parametrize("delivery", [Delivery.NO_ADDRESS, Delivery.NO_TRANSPORT, Delivery.FAILED])
def test_an_owner_who_could_not_be_told_leaves_only_a_person(delivery):
    known = facts(*(evidence(kind) for kind in Kind), told=Told(delivery, None))
    assert [each.route.kind for each in assess(POLICY, known) if each.met] == [Kind.PERSON]
    assert standing(Kind.PERSON, known).over_at == BEGINNING + DAY


def test_while_the_notice_is_on_its_way_no_wait_runs():
    for each in assess(POLICY, facts(*(evidence(kind) for kind in Kind), told=Told(Delivery.QUEUED, None))):
        assert each.met
        assert each.over_at is None


def test_the_wait_counts_from_the_hand_over_and_anew_after_a_freeze():
    later = facts(evidence(Kind.MAIL), told=Told(Delivery.HANDED_OVER, BEGINNING + timedelta(hours=5)))
    assert standing(Kind.MAIL, later).over_at == BEGINNING + timedelta(hours=77)
    thawed = facts(evidence(Kind.MAIL), round_began_at=BEGINNING + 2 * DAY)
    assert standing(Kind.MAIL, thawed).over_at == BEGINNING + 5 * DAY


@pytest.mark.parametrize(
    "changed",
    [
        {"contested": True},
        {"address_since": None},
        {"address_since": BEGINNING - 29 * DAY},
        {"password_by_mail": True},
        {"password_by_mail": True, "password_proved_at": BEGINNING - 29 * DAY},
    ],
)
def test_what_closes_route_mail_leaves_the_others(changed):
    known = facts(*(evidence(kind) for kind in Kind), **changed)
    mail = standing(Kind.MAIL, known)
    assert (mail.met, mail.possible) == (False, False)
    assert mail.missing[0].endswith(".")
    assert standing(Kind.KEY, known).met
    assert standing(Kind.PERSON, known).met


def test_a_password_by_mail_that_was_used_with_a_token_long_ago_counts():
    known = facts(evidence(Kind.MAIL), password_by_mail=True, password_proved_at=BEGINNING - 30 * DAY)
    assert standing(Kind.MAIL, known).met


@pytest.mark.parametrize("changed", [{"contested": True}, {"repeated": True}])
def test_contested_and_repeated_cases_take_a_lead(changed):
    assert all(each.lead_approves for each in assess(POLICY, facts(**changed)))
    assert [each.lead_approves for each in assess(POLICY, facts())] == [False, True, False]


def one(state, delivers=True, at=BEGINNING):
    return Standing(state=state, at=at, delivers=delivers)


@pytest.mark.parametrize(
    ("standings", "delivery"),
    [
        ([], Delivery.NO_ADDRESS),
        ([one(NoticeState.QUEUED, at=None)], Delivery.QUEUED),
        ([one(NoticeState.HANDED_OVER), one(NoticeState.QUEUED, at=None)], Delivery.QUEUED),
        ([one(NoticeState.HANDED_OVER), one(NoticeState.FAILED)], Delivery.FAILED),
        ([one(NoticeState.QUEUED, at=None), one(NoticeState.FAILED)], Delivery.FAILED),
        ([one(NoticeState.HANDED_OVER, delivers=False)], Delivery.NO_TRANSPORT),
        ([one(NoticeState.HANDED_OVER), one(NoticeState.HANDED_OVER, delivers=False)], Delivery.NO_TRANSPORT),
        ([one(NoticeState.HANDED_OVER)], Delivery.HANDED_OVER),
    ],
)
def test_every_address_has_to_be_told(standings, delivery):
    assert told(standings).delivery is delivery


def test_the_last_hand_over_counts():
    assert told([one(NoticeState.HANDED_OVER), one(NoticeState.HANDED_OVER, at=BEGINNING + DAY)]).at == BEGINNING + DAY
