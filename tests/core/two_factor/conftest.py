import pytest

from core.backup_code import group
from core.home import prepare
from core.secret import Secret
from core.two_factor import TwoFactor
from core.vault import Vault
from tests import rfc6238
from tests.world import counted_tokens

CODE = Secret("7K3M9QXT0ABCDEFGHJ1V")
ADA, BOB = "a" * 32, "b" * 32
SESSION = "s" * 32


@pytest.fixture
def two_factor(vault, clock, tokens):
    return TwoFactor(vault, clock, tokens)


@pytest.fixture
def other_vault(tmp_path):
    """A vault whose keys are not those that sealed anything here."""
    return Vault.create(prepare(tmp_path / "elsewhere"), "1" * 32, counted_tokens("elsewhere"))


class Owner:
    """Someone at the wizard and at sign-in, with an authenticator app that is not ours; each step is its own unit."""

    def __init__(self, storage, two_factor, clock, account=ADA, session=SESSION):
        self.storage, self.two_factor, self.clock = storage, two_factor, clock
        self.account, self.session = account, session
        self.key = None

    def begin(self):
        with self.storage.unit():
            enrolment = self.two_factor.begin(self.account, self.session)
        self.key = enrolment.secret.reveal()
        return enrolment

    def token(self, steps=0, key=None):
        return rfc6238.token(key or self.key, self.clock(), steps)

    def verify(self, enrolment, token=None):
        with self.storage.unit():
            return self.two_factor.verify(enrolment, token or self.token())

    def put_code(self, enrolment, asks=2, sealed_hash=b"sealed hash"):
        with self.storage.unit():
            return self.two_factor.set_code_hash(enrolment, sealed_hash, asks=asks, group=group(CODE, asks))

    def type_group(self, enrolment, typed="BCDEF"):
        with self.storage.unit():
            return self.two_factor.check_group(enrolment, typed)

    def finish(self, enrolment):
        with self.storage.unit():
            return self.two_factor.finish(enrolment)

    def until_continue(self):
        enrolment = self.begin()
        self.verify(enrolment)
        assert self.put_code(enrolment)
        assert self.type_group(enrolment)
        return enrolment

    def enable(self):
        """The whole wizard, and then ten minutes later, so that the initial token is long forgotten."""
        enrolment = self.until_continue()
        finished = self.finish(enrolment)
        assert finished is not None
        assert finished.device
        self.clock.advance(minutes=10)
        return enrolment

    def check(self, token=None):
        with self.storage.unit():
            return self.two_factor.check(self.account, token or self.token())

    def device(self):
        with self.storage.unit():
            return self.two_factor.device(self.account)

    def current(self, enrolment):
        with self.storage.unit():
            return self.two_factor.enrolment(enrolment.id, enrolment.account, enrolment.session)


@pytest.fixture
def ada(storage, two_factor, clock):
    return Owner(storage, two_factor, clock)


@pytest.fixture
def bob(storage, two_factor, clock):
    return Owner(storage, two_factor, clock, BOB, "t" * 32)
