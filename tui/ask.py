"""Putting a question to the person."""

from typing import Any, TypeVar

from textual.app import App

from core.terminal.screens.page import Page

Answer = TypeVar("Answer")


async def ask(app: App[Any], page: Page[Answer]) -> Answer | None:
    """What was answered on `page`; None for going back. To be awaited in a worker."""
    return await app.push_screen_wait(page)
