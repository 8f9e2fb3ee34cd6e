"""A batch of things that Stripe is asked about, of which one that fails does not stop the others."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from shop.payments import gateway

logger = logging.getLogger(__name__)

# In one stage: one broken object is the object's fault, several in a row are Stripe's.
MAX_UNANSWERED_IN_A_ROW = 3
# In one batch: each costs all of its time-outs, and a task must end in time.
MAX_UNREACHABLE = 2

Result = TypeVar("Result")
Step = tuple[str, Callable[[], Result]]  # what it is about, for the log, and what is to be done


@dataclass
class Batch:
    """What came of a batch so far. Its stages stand apart: what cannot be asked in one stops no other."""

    started: int = 0  # steps
    failed: int = 0  # steps that raised; the tracebacks are in the log
    unanswered: int = 0
    unreachable: int = 0
    last_error: str = ""

    def stage(self, steps: Iterable[Step[Result]]) -> Iterator[Result]:
        """Yield what each step returns, in turn, without those that fail.

        Getting the steps may ask Stripe too. Stop early when it seems to be down; the next batch goes on.
        """
        waiting = iter(steps)
        in_a_row = 0
        while in_a_row < MAX_UNANSWERED_IN_A_ROW and self.unreachable < MAX_UNREACHABLE:
            about = "what else there is"
            try:
                about, act = next(waiting)
                self.started += 1
                result = act()
            except StopIteration:
                return
            except gateway.PaymentUnavailable as error:
                self._record_unanswered(about, error)
                in_a_row += 1
            # One broken row must not hide the others; staff see it in the log, the next batch tries again.
            except Exception:
                logger.exception("Could not be settled: %s", about)
                self.failed += 1
                in_a_row = 0
            else:
                in_a_row = 0
                yield result

    def raise_if_unanswered(self) -> None:
        """Raise gateway.PaymentUnavailable if Stripe gave no answer about something."""
        if self.unanswered:
            raise gateway.PaymentUnavailable(
                f"{self.unanswered} not answered, left for the next run; the last: {self.last_error}"
            )

    def _record_unanswered(self, about: str, error: gateway.PaymentUnavailable) -> None:
        logger.warning("Not answered by Stripe: %s", about)
        self.unanswered += 1
        self.unreachable += isinstance(error, gateway.StripeUnreachable)
        self.last_error = str(error)
