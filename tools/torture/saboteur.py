"""Kills and stops, at random, whatever a purchase needs, and lets it come back after a moment."""

import itertools
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

from tools.torture.browser import Progress
from tools.torture.site import Site, pause

PAUSE_SECONDS = (0.3, 1.8)
# Paced by the buyers, not by the clock: a slow machine is given the same storm.
BETWEEN_RESPONSES = (4, 14)


class Saboteur(threading.Thread):
    """Does every act `rounds` times or more, in a random order, and goes on until the last buyer has left."""

    def __init__(self, site: Site, progress: Progress, generator: random.Random, *, rounds: int) -> None:
        super().__init__(name="saboteur", daemon=True)
        self.site, self.progress, self.generator, self.rounds = site, progress, generator, rounds
        self.done: Counter[str] = Counter()
        self.failure: Exception | None = None
        self._acts: dict[str, Callable[[], None]] = {
            "kill -9 web": lambda: self._kill("web"),
            "kill -9 worker": lambda: self._kill("worker"),
            "kill -9 beat": lambda: self._kill("beat"),
            "kill -9 one web process": lambda: self._kill_one("web"),
            "kill -9 one worker process": lambda: self._kill_one("worker"),
            "stop broker": self._stop_broker,
            "freeze broker": self._freeze_broker,
            "stop database": lambda: self._stop_database(signal.SIGINT),
            "stop database without notice": lambda: self._stop_database(signal.SIGQUIT),
            "kill -9 mail server": lambda: self._keep_down("mail"),
            "freeze mail server": lambda: pause(self.site.processes["mail"], self._moment()),
        }

    def run(self) -> None:
        """Do all rounds in this thread; keep a failure to bring something back for whoever joins."""
        try:
            for number in itertools.count(1):
                if number > self.rounds and self.progress.is_over:
                    return
                self._round(is_needed=number <= self.rounds)
        # Without the database, say, all waiting after it would hide the reason.
        except Exception as failure:
            self.failure = failure

    def end(self) -> None:
        """Wait until the needed rounds are done and everything is back. Raise what went wrong."""
        self.join()
        if self.failure:
            raise self.failure

    def _round(self, *, is_needed: bool) -> None:
        names = list(self._acts)
        self.generator.shuffle(names)
        for name in names:
            self.progress.wait_for(self.generator.randint(*BETWEEN_RESPONSES))
            if self.progress.is_over and not is_needed:
                return
            self._acts[name]()
            self.done[name] += 1

    def _moment(self) -> float:
        return self.generator.uniform(*PAUSE_SECONDS)

    def _wait(self) -> None:
        time.sleep(self._moment())

    def _kill(self, name: str) -> None:
        self.site.processes[name].kill()

    def _kill_one(self, name: str) -> None:
        self.site.processes[name].kill_one(self.generator.choice)

    def _keep_down(self, name: str) -> None:
        process = self.site.processes[name]
        process.is_wanted = False
        process.kill()
        self._wait()
        process.is_wanted = True

    def _stop_broker(self) -> None:
        self.site.broker.stop(signal.SIGKILL)
        self._wait()
        self.site.broker.start()

    def _freeze_broker(self) -> None:
        self.site.broker.send(signal.SIGSTOP)
        self._wait()
        self.site.broker.send(signal.SIGCONT)

    def _stop_database(self, number: signal.Signals) -> None:
        self.site.database.stop(number)
        self._wait()
        self.site.database.start()
