"""An account at which so much was guessed that a factor is switched off."""

from core.origin import LOCAL
from core.throttle import Factor
from core.throttle.model import CLOSES_AT
from core.throttle.tables import CounterRow
from tests.world import World


def switched_off(world: World, name: str, factor: Factor) -> None:
    """As after fifty failures from anywhere, and fifty from where the account signed in before."""
    parts, account = world.services.parts, world.account(name)
    with parts.storage.unit():
        for known in (True, False):
            parts.throttle.admit(account.id, factor, LOCAL, known=known)
        CounterRow.update(failures=CLOSES_AT).where(
            CounterRow.subject == account.id, CounterRow.factor == factor.value
        ).execute()
        assert factor in {each.factor for each in parts.throttle.standing(account.id) if each.disabled}
