"""Use cases on a bad day: a database or a machine that does not answer becomes a refusal, so that a screen goes on."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from core.errors import DatabaseBusy, HasherBusy, StorageError
from core.use_cases.outcomes import Busy, NotNow

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

NO_DATABASE = "The database does not answer, so nothing was changed. Try again in a minute; if it stays so, tell whoever runs this site."
DATABASE_BUSY = "Somebody else is using the database just now, so nothing was changed. Try again in a few seconds."


def answered(use_case: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer | NotNow | Busy:
    """What `use_case` answers; `NotNow` when the database does not, `Busy` when the machine hashes all it can."""
    try:
        return use_case(*args, **kwargs)
    except DatabaseBusy:
        return NotNow(DATABASE_BUSY)
    except StorageError:
        return NotNow(NO_DATABASE)
    except HasherBusy as busy:
        return Busy(busy.wait)
