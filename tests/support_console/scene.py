"""Where the pictures of the console are drawn."""

from collections.abc import Iterator
from pathlib import Path

from tests.world import World

REPLIES = {"Which key": "Do you still have a computer with an SSH key?", "In person": "Can you come to the desk?"}


def world_with_replies(home: Path) -> Iterator[World]:
    """Services of a site that identifies people in person, and has texts to begin a message with; closed in the end."""
    world = World(home, recovery={"person": {"enabled": True}}, replies=REPLIES)
    yield world
    world.close()
