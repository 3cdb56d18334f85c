"""Names that properties had before, as data of definitions: which properties of today each of them means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any, Final

from .records import dataclass

_TARGET: Final = re.compile(r"(?:(?P<holder>\w+)\.)?(?P<name>\w+)(?:\[(?P<index>\d+)\])?")


@dataclass(frozen=True, slots=True)
class Target:
    """What is meant: a property, one place of its list, or a property of the object or source that it holds."""

    name: str
    holder: str = ""
    """The property that holds what has the property; "" for the proxy itself."""
    index: int | None = None
    """The place in a list that is meant, from 0; None for all of it."""

    @classmethod
    def read(cls, text: str) -> Target:
        """Return what `Name`, `Name[1]` or `Holder.Name` means. Raises ValueError."""
        found = _TARGET.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r:.60} is none of Name, Name[1], Holder.Name")
        index = found["index"]
        return cls(found["name"], found["holder"] or "", None if index is None else int(index))


@dataclass(frozen=True)
class OlderName:
    """A name that a property had before.

    `now` is what it means today (see `Target.read`), nothing if nothing is the same: then `why` says what changed. With
    its own name as `now` the meaning has changed, and `why` is told to whoever sets it.
    """

    name: str
    now: tuple[str, ...] = ()
    each: bool = False
    """Whether each of `now` takes one of the values of a list; else all take the same."""
    sets: Mapping[str, Any] = field(default_factory=dict)
    """What else is set with it."""
    words: Mapping[str, Any] = field(default_factory=dict)
    """Values of before, as texts, and those of today; where there are any, no others are taken."""
    fill: tuple[Any, ...] = ()
    """What a list holds in its other places, where nothing was set."""
    text: str = ""
    """What is made of each value of a list: a text with {} for the value."""
    ignored: bool = False
    """Whether it is taken without any effect, as what it was for is always done, or never."""
    unless: str = ""
    """A property: where that is set to something true, `why` need not be told."""
    why: str = ""

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> OlderName:
        """Return what a definition says. Raises TypeError, ValueError for what is none."""
        now = plain.get("now", ())
        made = cls(
            **{**plain, "now": (now,) if isinstance(now, str) else tuple(now), "fill": tuple(plain.get("fill", ()))}
        )
        made.targets()
        return made

    def targets(self) -> list[Target]:
        """Return what is meant, part by part. Raises ValueError."""
        return [Target.read(one) for one in self.now]

    @property
    def is_taken(self) -> bool:
        """Return whether setting it has the effect that it had."""
        return bool(self.now) or self.ignored

    @property
    def has_new_meaning(self) -> bool:
        """Return whether it is the name of a property of today, which does something else than before."""
        return self.now == (self.name,)

    def advice(self, owner: str) -> str:
        """Return what is told to whoever uses it; `owner` is what has the property."""
        if self.has_new_meaning:
            return f"{owner}.{self.name} has another meaning than before: {self.why}"
        if self.ignored:
            return f"{owner}.{self.name} has no effect any more: {self.why}"
        if not self.now:
            return f"there is no {owner}.{self.name}: {self.why}"
        new = " and ".join(f"{owner}.{one}" for one in self.now)
        until = "the old name goes with the next minor release"
        return f"{owner}.{self.name} is called {new} now{f': {self.why}' if self.why else ''}; {until}"

    def translated(self, owner: str, value: Any, present: Callable[[str], Any]) -> Iterator[tuple[Target, Any]]:
        """Yield what to set to which value; `present(name)` is the list that a property is set to, None if none is.

        Raises TypeError, ValueError for what cannot be told in the words of today.
        """
        label, targets = f"{owner}.{self.name}", self.targets()
        values = self._values(label, value, len(targets))
        for target, one in zip(targets, values, strict=True):
            yield replace(target, index=None), one if target.index is None else self._placed(target, one, present)
        for name, one in self.sets.items():
            yield Target(name), one

    def _values(self, label: str, value: Any, count: int) -> list[Any]:
        if self.words:
            word = str(value)
            if word not in self.words:
                raise ValueError(f"{label} = {value!r:.60} is not taken: {self.why or ', '.join(self.words)}")
            value = self.words[word]
        if self.text:
            several = value if isinstance(value, (list, tuple)) else [value]
            value = [self.text.replace("{}", str(one)) for one in several]
        if not self.each:
            return [value] * count
        if not isinstance(value, (list, tuple)) or len(value) != count:
            raise TypeError(f"{label} takes a list of {count} values, not {value!r:.80}")
        return list(value)

    def _placed(self, target: Target, value: Any, present: Callable[[str], Any]) -> list[Any]:
        held = present(target.name)
        several = list(self.fill if held is None else held)
        assert target.index is not None
        several[target.index] = value
        return several

    def told(self, read: Callable[[Target], Any]) -> Any:
        """Return what the older name is now; `read(target)` returns the whole property of a target."""
        found = []
        for target in self.targets():
            whole = read(replace(target, index=None))
            found.append(whole if target.index is None else whole[target.index])
        value = found if self.each else found[0] if found else None
        return next((word for word, meant in self.words.items() if meant == value), value)

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain values: what is not said is left out."""
        said = {name: value for name, value in vars(self).items() if value}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
