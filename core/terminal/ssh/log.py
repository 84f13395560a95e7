"""What a server writes down: one line of JSON to standard error for each event, with ASCII escapes.

Where it ends up (the journal, a file) adds the time. Nothing that a client sent goes in, but its source and, for a
proved key, the fingerprint.
"""

import json
import os

STDERR = 2


def log(event: str, **facts: str | float | None) -> None:
    """Write that `event` happened."""
    line = json.dumps({"event": event, **facts}, ensure_ascii=True)
    try:
        os.write(STDERR, f"{line}\n".encode())
    except OSError:
        return  # nobody reads it; serving goes on
