"""What is left to somebody for whom a factor does not work any more: the ways on, under the names that the screens have."""

from core.accounts import Account
from core.backup_code import State as CodeState
from core.cases import State
from core.throttle import Factor
from core.use_cases.parts import Parts

SUPPORT = "Write to the people who run this site: a lead can lift this."
CODE_LOST = 'Go back and choose "It was me, code lost": a new case begins.'


def ways_on(parts: Parts, account: Account, factor: Factor) -> str:
    """A sentence with the ways of `account` past `factor`, inside the caller's unit.

    For whoever showed the password: it tells whether there is a backup code.
    """
    if account.locked_at is not None:
        return SUPPORT
    match factor:
        case Factor.PASSWORD:
            return "Forgot password, on the first screen, sets a new one."
        case Factor.RETURN_CODE:
            return _without_return_code(parts, account)
        case _:
            return _at_sign_in(parts, account, factor)


def _without_return_code(parts: Parts, account: Account) -> str:
    case = parts.cases.live_of(account.id)
    if case is None:
        return _at_sign_in(parts, account, Factor.RETURN_CODE)
    return SUPPORT if case.state is State.FROZEN else CODE_LOST


def _at_sign_in(parts: Parts, account: Account, factor: Factor) -> str:
    """The second-factor step, or in probation its place, offers what `factor` and nothing else has closed."""
    closed = {each.factor for each in parts.throttle.standing(account.id) if each.disabled} | {factor}
    ways = []
    if account.two_factor_on:
        if Factor.TOKEN not in closed and parts.two_factor.device(account.id) is not None:
            ways.append("the token of your device")
        if Factor.BACKUP_CODE not in closed and parts.backup_codes.state(account.id) is CodeState.READY:
            ways.append("Backup Code")
    if not account.is_staff:
        return f"At sign-in, {_still_work([*ways, 'Recover your Account'])}."
    if not ways:
        return "Ask the operator of this site."
    return f"In the account app, {_still_work(ways)}; the operator of this site can help, too."


def _still_work(ways: list[str]) -> str:
    return f"{' and '.join(ways)} still work{'s' if len(ways) == 1 else ''}"
