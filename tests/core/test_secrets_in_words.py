"""No secret is in what a program says of itself: a repr, an error, a traceback, a log."""

import ast
import collections.abc
import dataclasses
import importlib
import pkgutil
import traceback
import typing
from pathlib import Path
from typing import Any

import pytest

import core
from core.secret import Secret
from core.vault import Vault

CANARY = "canary-in-the-mine"
PLAIN = frozenset(
    """
    account account_id account_name actor acts address address_state approver by by_age case claimant_session claimed_by
    console_keys console_sources contact decisions delivery detail device digest evidence factor field fingerprint frozen_by group
    happened holder id installation issuer kind label lines live_case lock_reason missing name need_words next_step policy_hash
    policy_text previous problems public question reason recovery reference replies sentence sentences session signature
    site smtp_ca smtp_from smtp_host smtp_user source subject text theme used_in verifier void void_reason warning watchers who
    ways_on why_not words
    """.split()  # noqa: SIM905  # a paragraph reads better than a column of eighty
)
"""Names of texts that a repr may show: ids, facts, sentences. A new text is Secret, `repr=False`, or listed here."""


def modules() -> list[str]:
    found = pkgutil.walk_packages(core.__path__, "core.")
    return [each.name for each in found if ".migrations" not in each.name and not each.name.endswith("__main__")]


def dataclasses_of_the_core() -> list[type[Any]]:
    found = {
        f"{one.__module__}.{one.__qualname__}": one
        for name in modules()
        for one in vars(importlib.import_module(name)).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__module__ == name
    }
    return list(found.values())


def texts(kind: type[Any]) -> list[str]:
    """The fields that hold text or bytes, bare or several, and are not listed as plain."""
    hints = typing.get_type_hints(kind)
    return [
        field.name for field in dataclasses.fields(kind) if holds_text(hints[field.name]) and field.name not in PLAIN
    ]


def holds_text(hint: Any) -> bool:
    if typing.get_origin(hint) is collections.abc.Callable:
        return False
    return hint in {str, bytes, bytearray, object, Any} or any(map(holds_text, typing.get_args(hint)))


DOMAIN = [
    kind
    for kind in dataclasses_of_the_core()
    if not kind.__module__.startswith(
        ("core.terminal", "core.apps", "core.admin.demo")
    )  # a demo shows its people's keys
]


@pytest.mark.parametrize("kind", DOMAIN, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_no_dataclass_shows_a_text_that_may_be_secret(kind: type[Any]) -> None:
    one = object.__new__(kind)
    for field in dataclasses.fields(kind):
        object.__setattr__(one, field.name, CANARY if field.name in texts(kind) else None)
    assert CANARY not in repr(one)


@pytest.mark.parametrize("said", ["password", "token", "code", "ticket", "secret", "half", "way"])
def test_nothing_that_is_named_like_a_secret_is_a_bare_text_that_shows(said: str) -> None:
    shown = [
        f"{kind.__module__}.{kind.__qualname__}.{field.name}"
        for kind in dataclasses_of_the_core()
        for field in dataclasses.fields(kind)
        if field.name == said and field.repr and holds_text(typing.get_type_hints(kind)[said])
    ]
    assert shown == []


def test_an_error_over_a_secret_does_not_hold_it(vault: Vault) -> None:
    """`UnicodeEncodeError` keeps the whole text, and its repr shows it."""
    odd = Secret(CANARY + "\ud800")
    assert odd != Secret("other")
    assert vault.mac("ticket", odd.reveal()) != vault.mac("ticket", CANARY)
    with pytest.raises(TypeError) as caught:
        odd.__reduce__()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_only_the_terminal_and_the_commands_print_and_nothing_logs() -> None:
    """What is not written cannot leak: the domain has the audit trail, which takes ids and small plain facts only."""
    speaking = []
    root = Path(core.__path__[0])
    for path in root.rglob("*.py"):
        floor = path.relative_to(root).parts[0]
        if floor in {"terminal", "admin", "apps"} or path.name == "quiet.py":  # the latter takes values out of logs
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="print")):
                    speaking.append(f"{path}: print")
                case ast.Import(names=names) if any(name.name in {"logging", "warnings"} for name in names):
                    speaking.append(f"{path}: logging")
    assert speaking == []
