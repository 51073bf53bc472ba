"""The errors of single rows in a pass of the sender: collected, so that no row ends the pass."""

from collections.abc import Iterator
from contextlib import contextmanager

from caregiver_card.alerting.outbox import ClaimLost
from caregiver_card.storage.database import RowFailure, StoreFailure


class RowErrors(list[Exception]):
    """The errors so far."""

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Collect what one row raises.

        Raises ClaimLost, which is no error, and StoreFailure where the database itself fails.
        """
        try:
            yield
        except ClaimLost:
            raise
        except Exception as error:
            if isinstance(error, StoreFailure) and not isinstance(error, RowFailure):
                raise
            self.append(error)
