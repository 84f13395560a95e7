"""Checking a token: the same rules wherever one is asked for."""

from typing import assert_never

from core.accounts import Account
from core.audit import Event
from core.origin import Origin
from core.throttle import Admitted, Factor
from core.two_factor import STEP, Accepted, Broken, NoDevice, NoMatch, Off, Used, clean_token
from core.use_cases.outcomes import (
    ClockOff,
    FactorBlocked,
    FactorBroken,
    Invalid,
    TokenRefused,
    TokenUsed,
    TokenWrong,
)
from core.use_cases.parts import Parts
from core.use_cases.tries import admit, settle
from core.use_cases.ways_on import ways_on

SIX_DIGITS = Invalid("token", "A token is six digits. Type the ones your authenticator shows now.")

NO_DEVICE = FactorBlocked(
    "No device counts for this account any more: it was stopped with the code from a notice. Recover your Account is "
    "the way back in."
)


def token_refused(verdict: Used | Off | NoMatch) -> TokenUsed | ClockOff | TokenWrong:
    """Why a token did not count; a clock is blamed only after two in a row, as one alone may be a guess."""
    match verdict:
        case Used(wait=wait):
            return TokenUsed(wait)
        case Off(steps=steps, twice=True):
            return ClockOff(steps * STEP)
        case Off() | NoMatch():
            return TokenWrong()
        case other:
            assert_never(other)


def check_token(parts: Parts, account: Account, token: str, origin: Origin) -> Accepted | TokenRefused:
    """Check `token` against the device of `account`, inside the caller's unit; right ones count once (RFC 6238, 5.2)."""
    digits = clean_token(token)
    if digits is None:
        return SIX_DIGITS
    admitted = admit(parts, account, Factor.TOKEN, origin)
    if not isinstance(admitted, Admitted):
        return admitted
    answer = parts.two_factor.check(account.id, digits)
    settle(parts, admitted, origin, success=isinstance(answer, Accepted))
    match answer:
        case Accepted():
            return answer
        case Used() | Off() | NoMatch():
            return token_refused(answer)
        case NoDevice():
            return NO_DEVICE
        case Broken():
            parts.audit.record(Event.TWO_FACTOR_BROKEN, account=account.id, source=origin.source)
            return FactorBroken(ways_on(parts, account, Factor.TOKEN))
        case other:
            assert_never(other)
