"""How refusals, lengths of time and moments are said: one sentence for each, the same on every screen of every app."""

from datetime import datetime, timedelta
from typing import assert_never

from core.use_cases.outcomes import (
    Busy,
    ClockOff,
    FactorBlocked,
    FactorBroken,
    Invalid,
    NotNow,
    Over,
    ProofRefused,
    Throttled,
    TokenUsed,
    TokenWrong,
    WayNeeded,
    Wrong,
)

WRONG_PASSWORD = "The password is not right. Type it again; capitals count."  # noqa: S105  # a sentence
LONG = timedelta(minutes=2)
"""A wait from here on is said twice: how long, and until when."""


def sentence(  # noqa: C901, PLR0912  # one branch a refusal
    refusal: ProofRefused,
    *,
    wrong: str = WRONG_PASSWORD,
    code: str = "code",
    at: datetime | None = None,
    now: datetime | None = None,
) -> str:
    """What `refusal`, answered at `at`, means for the person at `now`: what happened, then what to do.

    `wrong` is what `Wrong` means on the screen that asks, `code` what `TokenWrong` is about. Say it again each second to count a wait down.
    """
    passed = now - at if now and at else timedelta()
    match refusal:
        case Invalid(sentence=said) | NotNow(sentence=said) | FactorBlocked(sentence=said):
            return said
        case Wrong():
            return wrong
        case Throttled(wait=wait):
            if wait <= passed:
                return "You can try again now."
            return f"Those were too many tries. You can try again {wait_until(wait - passed, now)}."
        case Busy(wait=wait):
            if wait <= passed:
                return "Nothing was changed. You can try again now."
            return f"This machine is busy. Nothing was changed; try again in {span(wait - passed)}."
        case Over():
            return "This took too long and has ended. Nothing was changed; go back and start again."
        case TokenWrong(left=left):
            tries = "" if left is None else f" {left} {'try' if left == 1 else 'tries'} left."
            return f"That is not the right {code}.{tries}"
        case TokenUsed(wait=wait):
            if wait <= passed:
                return "A new token is there now: enter the six digits that your device shows."
            return f"That token was used already. The next one comes in {span(wait - passed)}."
        case ClockOff(offset=offset):
            direction = "ahead" if offset > timedelta() else "behind"
            return (
                f"Your device's clock is {span(abs(offset))} {direction}. "
                "Switch it to automatic time, then enter the token it shows."
            )
        case FactorBroken(ways_on=ways_on):
            return f"Your device's secret cannot be read any more, which is our fault, not yours. {ways_on}".strip()
        case WayNeeded(by=by):
            what = "backup code" if by == "backup_code" else "return code of your case"
            return f"Two-factor was switched off with your {what}. Enter it here too, then go on."
        case _:
            assert_never(refusal)


def and_told(told: int, about: str = "it") -> str:
    """The end of a sentence that says what was done: whether a mail tells of it, which goes to confirmed addresses only."""
    if told:
        return f", and a mail about {about} is on its way."
    return f". No mail tells of {about}: your address is not confirmed."


def span(time: timedelta) -> str:
    """A length of time in its two largest units, rounded up to a whole second: `11 s`, `2 min 5 s`, `2 d 4 h`."""
    seconds = max(0, -(-time // timedelta(seconds=1)))
    units = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((i for i, (count, _) in enumerate(units) if count), 3)
    return " ".join(f"{count} {unit}" for count, unit in units[first : first + 2] if count) or "0 s"


def moment(time: datetime) -> str:
    """A moment on the clock and in the calendar: `Fri 27 Nov, 14:05 UTC`."""
    return f"{time:%a} {time.day} {time:%b, %H:%M} UTC"


def wait_until(wait: timedelta, now: datetime | None) -> str:
    """How long from `now`, and for a long wait also until when: `in 14 min (14:05 UTC)`."""
    if now is None or wait < LONG:
        return f"in {span(wait)}"
    end = now + wait
    return f"in {span(wait)} ({moment(end) if wait >= timedelta(hours=12) else f'{end:%H:%M} UTC'})"
