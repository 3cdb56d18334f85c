"""What was told last of each proxy that has executed: how it stands, and what its last execution has said."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

OUT_OF_DATE: Final = "modified"
"""The state of what has executed, and is out of date since."""
UNDER_WAY: Final = ("started", "running")

Item = dict[str, Any]
"""An item of a stream, as it travels."""


class LastSteps:
    """The last step of each proxy, and the last message of its last execution. Whoever has it sees to locks."""

    def __init__(self) -> None:
        self.number = 0
        """Grows with all that is noted."""
        self._steps: dict[int, tuple[int, Item]] = {}
        """By the numbers of proxies, the newest last; and the number of each."""
        self._messages: dict[int, tuple[int, Item]] = {}

    def __bool__(self) -> bool:
        """Return whether anything has executed."""
        return bool(self._steps)

    def stepped(self, step: Item) -> None:
        """Note a step: of an execution that begins nothing has been said yet."""
        id_ = step["proxy"]
        if step["state"] == "started":
            self._messages.pop(id_, None)
        self._put(self._steps, id_, step)

    def said(self, message: Item) -> None:
        """Note a message."""
        self._put(self._messages, message["proxy"], message)

    def out_of_date(self, ids: Iterable[int]) -> None:
        """Note that what these have made is out of date."""
        for id_ in ids:
            if id_ in self._steps:
                step = self._steps[id_][1]
                self._put(self._steps, id_, {**step, "state": OUT_OF_DATE, "request": None, "fraction": None})

    def still_out_of_date(self, ids: Iterable[int]) -> list[Item]:
        """Return the steps of those of these that are noted as out of date."""
        steps = (self._steps[id_][1] for id_ in ids if id_ in self._steps)
        return [step for step in steps if step["state"] == OUT_OF_DATE]

    def forget(self, ids: Collection[int]) -> None:
        """Forget proxies that were deleted."""
        for id_ in ids:
            self._steps.pop(id_, None)
            self._messages.pop(id_, None)

    def under_way(self) -> list[Item]:
        """Return the step that was told last, if it is of what executes just now."""
        last = next(reversed(self._steps.values()), None)
        return [last[1]] if last is not None and last[1]["state"] in UNDER_WAY else []

    def steps_since(self, number: int) -> list[Item]:
        """Return the last step of each proxy that was noted after that number, the newest last; 0: of all."""
        return _since(self._steps, number)

    def messages_since(self, number: int) -> list[Item]:
        """Return the last message of each proxy that was noted after that number, the newest last; 0: of all."""
        return _since(self._messages, number)

    def _put(self, noted: dict[int, tuple[int, Item]], id_: int, item: Item) -> None:
        self.number += 1
        noted.pop(id_, None)
        noted[id_] = self.number, item


def _since(noted: dict[int, tuple[int, Item]], number: int) -> list[Item]:
    found = []
    for at, item in reversed(noted.values()):
        if at <= number:
            break
        found.append(item)
    return found[::-1]
