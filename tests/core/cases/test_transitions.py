"""The table of transitions, every state and action, against the product's words written down a second time."""

import pytest

from core.cases import LIVE, TRANSITIONS, Action, State, after

LEADS_TO = {
    Action.VERIFY: ({State.OPEN}, State.VERIFIED),
    Action.APPROVE: ({State.VERIFIED}, State.APPROVED),
    Action.COMPLETE: ({State.APPROVED}, State.COMPLETED),
    Action.REOPEN: ({State.VERIFIED, State.APPROVED}, State.OPEN),
    Action.REJECT: ({State.OPEN, State.VERIFIED, State.APPROVED, State.FROZEN}, State.REJECTED),
    Action.WITHDRAW: ({State.OPEN, State.VERIFIED, State.APPROVED}, State.WITHDRAWN),
    Action.STOP: ({State.OPEN, State.VERIFIED, State.APPROVED, State.FROZEN}, State.STOPPED),
    Action.FREEZE: ({State.OPEN, State.VERIFIED, State.APPROVED}, State.FROZEN),
    Action.UNFREEZE: ({State.FROZEN}, State.OPEN),
    Action.EXPIRE: ({State.OPEN, State.VERIFIED, State.APPROVED, State.FROZEN}, State.EXPIRED),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_action_leads_where_the_product_says_and_nowhere_else(state: State, action: Action) -> None:
    states, leads_to = LEADS_TO[action]
    assert after(state, action) == (leads_to if state in states else None)


def test_four_states_are_live_and_nothing_leads_out_of_an_end() -> None:
    assert {State.OPEN, State.VERIFIED, State.APPROVED, State.FROZEN} == LIVE
    for state in State:
        assert state.live is (state in LIVE)
        assert state.live or state not in TRANSITIONS


def test_a_frozen_case_can_be_neither_withdrawn_nor_completed_and_only_approval_completes() -> None:
    assert after(State.FROZEN, Action.WITHDRAW) is None
    assert [state for state in State if after(state, Action.COMPLETE)] == [State.APPROVED]
