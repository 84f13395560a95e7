"""What every word of the operator's command uses: the services, printing, refusing, asking."""

import getpass
import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

import typer

from core import settings as settings_file
from core.secret import Secret
from core.services import Services, open_services
from core.use_cases.outcomes import (
    Busy,
    ClockOff,
    FactorBlocked,
    FactorBroken,
    Invalid,
    NeedsFresh,
    NotNow,
    Over,
    Throttled,
    TokenUsed,
    TokenWrong,
    WayNeeded,
    Wrong,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SENTENCES: dict[type, Callable[[Any], str]] = {
    Invalid: lambda refusal: refusal.sentence,
    NotNow: lambda refusal: refusal.sentence,
    FactorBlocked: lambda refusal: refusal.sentence,
    Wrong: lambda _: "The name, password or code is not right.",
    Throttled: lambda refusal: f"Too many tries: wait {_seconds(refusal.wait)} s.",
    Busy: lambda refusal: f"The machine is busy: wait {_seconds(refusal.wait)} s.",
    Over: lambda _: "The sign-in has ended. Begin again.",
    NeedsFresh: lambda _: "A fresh token is needed. Begin again.",
    TokenWrong: lambda _: "The token is not right.",
    TokenUsed: lambda refusal: f"That token was used already. The next one comes in {_seconds(refusal.wait)} s.",
    ClockOff: lambda _: "The token was right for another time: the clock of the device is off.",
    FactorBroken: lambda refusal: f"The secret of the device cannot be read. {refusal.ways_on}".strip(),
    WayNeeded: lambda _: "The way back has to be shown again: use the account app.",
}


def services(context: typer.Context) -> Services:
    """The services of the home folder that was named."""
    return open_services(settings_file.load(context.obj, os.environ))


def say(value: Any, *, as_json: bool, text: str) -> None:
    """Print `value` as JSON, or `text`."""
    typer.echo(json.dumps(value, indent=2) if as_json else text)


def refuse(sentence: str) -> typer.Exit:
    """What is raised to end with 1 after a sentence on standard error."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)


def refused(outcome: object) -> typer.Exit:
    """The same for a use case's refusal."""
    return refuse(_SENTENCES[type(outcome)](outcome))


def ask(label: str) -> Secret:
    """A secret from the terminal, unseen, or a line of standard input when that is no terminal."""
    if sys.stdin.isatty():
        return Secret(getpass.getpass(f"{label}: ", stream=sys.stderr))
    typer.echo(f"{label}:", err=True)
    return Secret(sys.stdin.readline().rstrip("\n"))


def _seconds(wait: timedelta) -> int:
    return max(1, round(wait.total_seconds()))
