"""Working ahead: one thread makes the next parts while another works on the last.

Arrow and NumPy let go of the interpreter while they work, so that two stages use two cores.
"""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

Part = TypeVar("Part")
PARTS_AHEAD = 2
SECONDS_TO_LOOK_UP = 0.2
END = object()


def ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the same parts in the same order, made in a thread of their own.

    At most two parts wait, so that memory is bounded. What the maker raises is raised here,
    after the parts before it. When the taker stops early the maker stops too.
    """
    made: Queue[Part | BaseException | object] = Queue(PARTS_AHEAD)
    is_over = Event()
    maker = Thread(target=_make, args=(parts, made, is_over), daemon=True)
    maker.start()
    try:
        while (part := made.get()) is not END:
            if isinstance(part, _Failed):
                raise part.error
            yield part  # type: ignore[misc]
    finally:
        is_over.set()
        while maker.is_alive():
            _drain(made)
            maker.join(SECONDS_TO_LOOK_UP)


class _Failed:
    """What the maker raised, on its way to the taker."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _make(parts: Iterator[Part], made: Queue[object], is_over: Event) -> None:
    last: object = END
    try:
        for part in parts:
            if not _put(made, part, is_over):
                return
    except BaseException as broken:  # raised again where the parts are taken
        last = _Failed(broken)
    _put(made, last, is_over)


def _put(made: Queue[object], part: object, is_over: Event) -> bool:
    """Hand a part over as soon as there is room; say whether anybody still wants it."""
    while not is_over.is_set():
        try:
            made.put(part, timeout=SECONDS_TO_LOOK_UP)
        except Full:
            continue
        return True
    return False


def _drain(made: Queue[object]) -> None:
    while True:
        try:
            made.get_nowait()
        except Empty:
            return
