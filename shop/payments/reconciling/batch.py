"""A run over many things that are asked from Stripe, of which one that fails does not stop the others."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from shop.payments import gateway

logger = logging.getLogger(__name__)

# In one stage: one broken object is the object's fault, several in a row are Stripe's.
MOST_UNANSWERED_IN_A_ROW = 3
# In one run: each costs all of its time-outs, and a task must end in time.
MOST_UNREACHED = 2

Result = TypeVar("Result")
Step = tuple[str, Callable[[], Result]]  # what it is about, for the log, and what is to be done


@dataclass
class Run:
    """What came of a run so far. Its stages stand apart: what cannot be asked in one stops no other."""

    begun: int = 0  # steps
    broken: int = 0  # steps that raised; the tracebacks are in the log
    unanswered: int = 0
    unreached: int = 0
    last_words: str = ""

    def stage(self, steps: Iterable[Step[Result]]) -> Iterator[Result]:
        """What each step gives, in turn, without those that fail. To get the steps Stripe may be asked too.

        It ends early when Stripe seems to be down; the next run goes on.
        """
        waiting = iter(steps)
        in_a_row = 0
        while in_a_row < MOST_UNANSWERED_IN_A_ROW and self.unreached < MOST_UNREACHED:
            about = "what else there is"
            try:
                about, act = next(waiting)
                self.begun += 1
                result = act()
            except StopIteration:
                return
            except gateway.PaymentUnavailable as error:
                self._note_unanswered(about, error)
                in_a_row += 1
            # One broken row must not hide the others; staff see it in the log, the next run tries again.
            except Exception:
                logger.exception("Could not be settled: %s", about)
                self.broken += 1
                in_a_row = 0
            else:
                in_a_row = 0
                yield result

    def end(self) -> None:
        """Raises gateway.PaymentUnavailable if Stripe gave no answer about something."""
        if self.unanswered:
            raise gateway.PaymentUnavailable(
                f"{self.unanswered} not answered, left for the next run; the last: {self.last_words}"
            )

    def _note_unanswered(self, about: str, error: gateway.PaymentUnavailable) -> None:
        logger.warning("Not answered by Stripe: %s", about)
        self.unanswered += 1
        self.unreached += isinstance(error, gateway.StripeUnreachable)
        self.last_words = str(error)
