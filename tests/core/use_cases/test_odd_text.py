"""Text that no terminal sends, in the place of a secret: an unknown ticket, a wrong code, never an error that holds it."""

from collections.abc import Callable

import pytest

from core.origin import LOCAL
from core.secret import Secret
from core.services import Services
from core.use_cases.outcomes import Invalid, NotNow, Over, Proof, TokenWrong, Wrong
from tests.world import PASSWORD, World

ODD = "\ud800 a lone surrogate"
TICKET = Secret(ODD)
PROOF = Proof(Secret(PASSWORD), "123456", Secret(ODD))

ASKED: dict[str, tuple[Callable[[Services], object], type | None]] = {
    "session": (lambda services: services.sign_in.session(TICKET), None),
    "touch": (lambda services: services.sign_in.touch(TICKET), None),
    "sign out": (lambda services: services.sign_in.sign_out(TICKET), None),
    "token": (lambda services: services.sign_in.with_token(TICKET, "123456", LOCAL), Over),
    "backup code": (lambda services: services.sign_in.with_backup_code(TICKET, Secret("0" * 20), LOCAL), Over),
    "odd backup code": (lambda services: services.sign_in.with_backup_code(TICKET, TICKET, LOCAL), Invalid),
    "name": (lambda services: services.sign_in.with_password(ODD, Secret(PASSWORD), LOCAL), Wrong),
    "password": (lambda services: services.sign_in.with_password("ada", TICKET, LOCAL), Wrong),
    "overview": (lambda services: services.account_settings.overview(TICKET), Over),
    "change password": (lambda services: services.account_settings.change_password(TICKET, PROOF, TICKET), Over),
    "enable": (lambda services: services.two_factor.begin(TICKET, PROOF), Over),
    "disable": (lambda services: services.two_factor.disable(TICKET, PROOF), Over),
    "sign up": (lambda services: services.sign_up.register("eve", "eve@example.org", TICKET, LOCAL), Invalid),
    "invitation": (
        lambda services: services.sign_up.register("eve", "eve@example.org", Secret(PASSWORD), LOCAL, TICKET),
        Invalid,
    ),
    "ask": (lambda services: services.forgotten.ask(ODD, "ada@example.org", LOCAL), Invalid),
    "reset": (lambda services: services.forgotten.reset(ODD, "12345678", Secret(PASSWORD), LOCAL), TokenWrong),
    "reset with": (lambda services: services.forgotten.reset("ada", "12345678", TICKET, LOCAL), Invalid),
    "stop": (lambda services: services.stop.stop(ODD, LOCAL), Invalid),
    "restore": (lambda services: services.stop.restore(ODD, TICKET, "123456", LOCAL), Wrong),
    "console": (lambda services: services.console.me(TICKET), NotNow | Over),
}


@pytest.mark.parametrize("asked", ASKED)
def test_text_that_cannot_be_encoded_is_refused_like_any_other_wrong_text(world: World, asked: str) -> None:
    world.person("ada")
    ask, refusal = ASKED[asked]
    answer = ask(world.services)
    assert answer is None if refusal is None else isinstance(answer, refusal), answer
