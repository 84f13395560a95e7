"""Random lives of an account against a small oracle: the owner, a thief with the password, and time."""

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.accounts import Account
from core.home import prepare
from core.origin import LOCAL, Origin
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.outcomes import Done, Over, Proof, Throttled, TokenUsed, WayNeeded
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests import rfc6238
from tests.postgres import fresh_database
from tests.soak import soak_count
from tests.world import PASSWORD, World

THIEF = Origin("203.0.113.66")


class Account2FA(RuleBasedStateMachine):
    """What the oracle knows: the key of the device, the backup code, the newest step accepted, and whether 2FA is on."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = ExitStack()
        folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory()))
        self.world = World(prepare(folder / "home"), **self.database())
        self.world.person("ada")
        self.key = self.code = ""
        self.newest = -1
        self.on = self.probation = False
        self.owner: SignedIn | None = None
        self.opener: str | None = None
        self.thief_is_known = False
        """Whether the thief signed in once, so that their tries count with those from all known places."""

    def teardown(self) -> None:
        self.world.close()
        self._ends.close()

    def database(self) -> dict[str, str]:
        """Settings that name the database."""
        return {}

    @initialize()
    def begin(self) -> None:
        self.owner = self._sign_in()

    def _step(self) -> int:
        return int(self.world.clock().timestamp() // 30)

    def _sign_in(self) -> SignedIn | None:
        step = self.world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
        if isinstance(step, SignedIn):
            assert not self.on
            assert (step.session.kind is SessionKind.PROBATION) == self.probation
            return step
        if isinstance(step, Throttled) and self.thief_is_known:
            return None
        assert isinstance(step, TokenNeeded), "a thief's tries from elsewhere keep the owner out"
        assert self.on
        answer = self.world.services.sign_in.with_token(step.half, rfc6238.token(self.key, self.world.clock()), LOCAL)
        if self._step() > self.newest and isinstance(answer, SignedIn):
            self.newest = self._step()
            return answer
        if isinstance(answer, Throttled) and self.thief_is_known:
            return None
        assert not isinstance(answer, SignedIn), "a token counted twice"
        assert self._step() <= self.newest, f"a fresh token of the owner was refused: {answer}"
        return None

    def _live(self) -> bool:
        return self.owner is not None and self.world.services.sign_in.session(self.owner.ticket) is not None

    @rule(seconds=st.sampled_from([1, 15, 30, 31, 90, 600, 1900, 50000]))
    def time_passes(self, seconds: int) -> None:
        self.world.clock.advance(seconds=seconds)

    @rule()
    def owner_signs_in(self) -> None:
        self.owner = self._sign_in() or self.owner

    @rule(finish=st.booleans())
    def owner_enrols(self, *, finish: bool) -> None:
        if not self._live() or self.on:
            return
        assert self.owner is not None
        setup, ticket = self.world.services.two_factor, self.owner.ticket
        way = Secret(self.code) if self.probation and self.opener != self.owner.session.id else None
        begun = setup.begin(ticket, Proof(Secret(PASSWORD), way=way))
        if not isinstance(begun, EnrolmentBegun):
            return
        key = begun.secret.reveal()
        assert setup.verify(ticket, begun.id, rfc6238.token(key, self.world.clock())) == Done()
        code = setup.backup_code(ticket, begun.id)
        index = setup.ask_group(ticket, begun.id)
        assert isinstance(code, Secret)
        assert isinstance(index, int)
        assert setup.check_group(ticket, begun.id, code.reveal()[5 * index : 5 * index + 5]) == Done()
        if not finish:
            setup.cancel(ticket)
            assert setup.finish(ticket, begun.id) == Over()
            return
        enabled = setup.finish(ticket, begun.id)
        assert isinstance(enabled, Enabled)
        self.key, self.code, self.newest = key, code.reveal(), self._step()
        self.on, self.probation, self.opener = True, False, None
        self.owner = SignedIn(enabled.ticket, enabled.session, self.world.account("ada"))

    @precondition(lambda self: self.on)
    @rule()
    def owner_uses_the_backup_code(self) -> None:
        step = self.world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL)
        if isinstance(step, Throttled) and self.thief_is_known:
            return
        assert isinstance(step, TokenNeeded)
        answer = self.world.services.sign_in.with_backup_code(step.half, Secret(self.code), LOCAL)
        assert isinstance(answer, SignedIn), answer
        assert answer.session.kind is SessionKind.PROBATION
        self.on, self.probation, self.opener, self.owner = False, True, answer.session.id, answer

    @precondition(lambda self: self.on)
    @rule()
    def owner_disables(self) -> None:
        if not self._live():
            return
        assert self.owner is not None
        token = rfc6238.token(self.key, self.world.clock())
        answer = self.world.services.two_factor.disable(self.owner.ticket, Proof(Secret(PASSWORD), token))
        if self._step() <= self.newest:
            assert answer != Done(), "a token counted twice"
        if answer == Done():
            self.on = False
            self.newest = self._step()

    @rule(guess=st.sampled_from(["000000", "replay"]))
    def thief_with_the_password_tries_tokens(self, guess: str) -> None:
        step = self.world.services.sign_in.with_password("ada", Secret(PASSWORD), THIEF)
        self.thief_is_known |= isinstance(step, SignedIn)
        if not isinstance(step, TokenNeeded):
            return
        token = guess
        if guess == "replay":
            token = rfc6238.totp(rfc6238.secret_of(self.key), self.newest * 30)
        elif token == rfc6238.token(self.key, self.world.clock()):
            return
        answer = self.world.services.sign_in.with_token(step.half, token, THIEF)
        assert not isinstance(answer, SignedIn)
        if guess == "replay" and self._step() == self.newest:
            assert isinstance(answer, TokenUsed) or answer.__class__.__name__ in {"Throttled", "FactorBlocked"}

    @precondition(lambda self: self.probation)
    @rule()
    def thief_with_the_password_tries_to_enrol_in_probation(self) -> None:
        step = self.world.services.sign_in.with_password("ada", Secret(PASSWORD), THIEF)
        self.thief_is_known |= isinstance(step, SignedIn)
        if isinstance(step, SignedIn):
            assert step.session.kind is SessionKind.PROBATION
            answer = self.world.services.two_factor.begin(step.ticket, Proof(Secret(PASSWORD)))
            assert answer == WayNeeded("backup_code")

    @rule()
    def thief_tries_a_wrong_password(self) -> None:
        answer = self.world.services.sign_in.with_password("ada", Secret("not this one, really"), THIEF)
        assert not isinstance(answer, SignedIn | TokenNeeded)

    @invariant()
    def what_is_stored_is_what_the_oracle_knows(self) -> None:
        parts = self.world.services.parts
        with parts.storage.unit():
            account = parts.accounts.by_name("ada")
            assert isinstance(account, Account)
            assert account.two_factor_on == self.on == (parts.two_factor.device(account.id) is not None)
            assert (account.probation is not None) == self.probation
            for session in parts.sessions.live(account.id):
                assert "password" in session.evidence
                assert session.expires_at - session.opened_at <= timedelta(hours=12)
                if self.probation:
                    assert session.kind is SessionKind.PROBATION

    @invariant()
    def the_audit_trail_is_whole(self) -> None:
        parts = self.world.services.parts
        with parts.storage.unit():
            parts.audit.seal()
            assert parts.audit.verify().whole


class Account2FAOnPostgreSQL(Account2FA):
    """The same on the other database."""

    def database(self) -> dict[str, str]:
        return {"database": self._ends.enter_context(fresh_database(migrated=True))}


OFTEN = settings(
    max_examples=soak_count(6, 3000),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestAccount2FA = Account2FA.TestCase
TestAccount2FA.settings = OFTEN
TestAccount2FAOnPostgreSQL = Account2FAOnPostgreSQL.TestCase
TestAccount2FAOnPostgreSQL.settings = OFTEN
