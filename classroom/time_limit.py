"""A time limit for code of the main thread, on every system, without another process."""

from __future__ import annotations

import _thread
import threading
from types import TracebackType
from typing import Final, Self

AGAIN: Final = 1.0  # seconds until the next interrupt, for code that has caught the first one


class TimeLimit:
    """A context manager that interrupts its block, as Ctrl-C does, after some seconds.

    `expired` tells its KeyboardInterrupt from a user's. In another thread than the main one it does
    nothing. A computation within a library ends before it is interrupted.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.expired = seconds, False
        self._over, self._lock = threading.Event(), threading.Lock()

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            threading.Thread(target=self._wait, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:  # fmt: skip
        try:
            with self._lock:  # no interrupt comes after this
                self._over.set()
        except KeyboardInterrupt:
            self._over.set()
            if not self.expired:
                raise
        return self.expired and kind is KeyboardInterrupt

    def _wait(self) -> None:
        seconds = self.seconds
        while not self._over.wait(seconds):
            with self._lock:
                if self._over.is_set():
                    return
                self.expired = True
                _thread.interrupt_main()
            seconds = AGAIN
