"""Hostile text in every field before sign-in: a sentence beside it, and nothing else."""

import pytest

from tests.hostile import HOSTILE
from tests.soak import soaking
from tests.terminal.recorded import strangers
from tests.tui.visitor import visiting

SOME = HOSTILE if soaking() else HOSTILE[::12]


@pytest.mark.parametrize(
    ("key", "title", "fields"),
    [
        ("s", "Which account is yours?", 2),
        ("n", "Make an account", 4),
        ("f", "A code goes to its confirmed address.", 2),
        ("x", "Stop what a notice told you of", 2),  # the code, and below it the way to the old device
    ],
)
async def test_hostile_text_pasted_into_every_field_and_submitted(world, key, title, fields):
    async with visiting(world) as ada:
        acted: list[str] = []
        run_action = ada.app.run_action

        async def watched(action, *args, **kwargs):
            acted.append(str(action))
            return await run_action(action, *args, **kwargs)

        ada.app.run_action = watched
        await ada.press(key)
        for text in SOME:
            for _ in range(fields):
                await ada.press("ctrl+u")
                await ada.paste(text.encode("utf-8", "ignore").decode())
                await ada.press("tab")
            await ada.press(*["enter"] * fields)
            assert title in ada.words or "Set a new password for" in ada.words, ada.screen
            if title not in ada.words:
                await ada.press("escape")
            assert strangers(ada.wire.wire) == [], text
            ada.wire.written.clear()
        assert not [action for action in acted if "simulate" in action or "screenshot" in action]
        assert ada.app._exception is None
