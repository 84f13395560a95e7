"""How screens speak to the domain."""

from core.apps.calls import call, look

__all__ = ["call", "look"]
