from datetime import timedelta

import pytest

from core.accounts import HOST, Role
from core.accounts.tables import InvitationRow
from core.crockford import grouped
from core.secret import Secret


@pytest.fixture
def until(clock):
    return clock() + timedelta(days=14)


def test_an_invitation_is_good_once(invitations, until):
    code = invitations.make(by=HOST, until=until, role=Role.AGENT, address="new@example.org")
    invitation = invitations.accept(code)
    assert (invitation.role, invitation.address, invitation.by) == (Role.AGENT, "new@example.org", HOST)
    assert invitations.accept(code) is None


def test_an_invitation_is_typed_as_a_person_copies_it(invitations, until):
    code = invitations.make(by=HOST, until=until).reveal()
    assert invitations.accept(Secret(grouped(code, 4).lower())) is not None


def test_an_invitation_ends_when_it_was_said_to(invitations, until, clock):
    code = invitations.make(by=HOST, until=until)
    clock.now = until
    assert invitations.accept(code) is None


@pytest.mark.parametrize("code", ["", "0" * 16, "not a code!", "0" * 17, "\x00", "é" * 16])
def test_any_other_code_is_none(invitations, until, code):
    invitations.make(by=HOST, until=until)
    assert invitations.accept(Secret(code)) is None


def test_an_invitation_is_given_back_when_the_sign_up_is_refused(invitations, until):
    code = invitations.make(by=HOST, until=until)
    invitations.accept(code)
    invitations.reopen(code)
    assert invitations.accept(code) is not None


def test_the_code_is_not_kept(storage, invitations, until):
    code = invitations.make(by=HOST, until=until).reveal()
    with storage.unit():
        assert code not in repr(InvitationRow.select().dicts().get())


def test_an_invitation_for_a_member_gives_no_role(invitations, until):
    assert invitations.accept(invitations.make(by=HOST, until=until, role=Role.MEMBER)).role is None
