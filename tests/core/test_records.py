"""Frozen records behave as those of the standard library's `dataclass`, and compile nothing until one is made."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import math
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace
from functools import partial
from typing import Any, ClassVar

import pytest

from async_paraview import records

from ..harness.time_limits import scaled


class Point:
    """A place."""

    x: float
    y: float = 0.0
    unit: ClassVar[str] = "m"
    tags: list[str] = field(default_factory=list)


class Secret:
    name: str
    key: str = field(default="", repr=False)
    seen: int = field(default=0, compare=False)
    made: str = field(default_factory=lambda: "here", init=False)
    other: list[Any] = field(default_factory=list, hash=False, kw_only=True)


class Checked:
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"{self.low} is above {self.high}")

    def __repr__(self) -> str:
        return f"{self.low}..{self.high}"


class Empty:
    pass


ARGUMENTS: dict[type[Any], list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    Point: [
        ((1.0,), {}),
        ((1.0, 2.0), {"tags": ["a"]}),
        ((), {"x": math.nan}),
        ((), {}),
        ((1, 2, 3, 4), {}),
        ((1,), {"z": 1}),
    ],
    Secret: [(("a",), {}), (("a", "b", 3), {"other": [1]}), (("a",), {"made": "there"}), (("a", "b", 3, 4), {})],
    Checked: [((1, 2), {}), ((2, 1), {}), ((), {"low": 1, "high": 1})],
    Empty: [((), {}), ((1,), {})],
}
OPTIONS: list[dict[str, bool]] = [{}, {"slots": True}, {"slots": True, "kw_only": True}, {"eq": False}, {"repr": False}]


def both(kind: type[Any], options: dict[str, bool]) -> tuple[Any, Any]:
    """The same class by the standard library and by this."""
    body = {name: value for name, value in vars(kind).items() if name not in ("__dict__", "__weakref__")}
    made: list[Any] = []
    for decorate in (dataclass, records.dataclass):
        cls: Any = type(kind.__name__, (), copy.copy(body))
        made.append(decorate(frozen=True, **options)(cls))
    return made[0], made[1]


def outcome(do: Any) -> Any:
    """What a call gives; of an object what it says, of an error its class and words."""
    try:
        made = do()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error), str(error)
    return made


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("kind", ARGUMENTS)
def test_they_are_made_compared_and_told_alike(kind: type[Any], options: dict[str, bool]) -> None:
    theirs, ours = both(kind, options)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert ours.__match_args__ == theirs.__match_args__
    assert [one.name for one in fields(ours)] == [one.name for one in fields(theirs)]
    assert repr(ours.__dataclass_params__) == repr(theirs.__dataclass_params__)
    assert ours.__doc__ == theirs.__doc__ or kind.__doc__ is None
    for places, names in ARGUMENTS[kind]:
        made = [outcome(lambda cls=cls, places=places, names=names: cls(*places, **names)) for cls in (theirs, ours)]
        again = [outcome(lambda cls=cls, places=places, names=names: cls(*places, **names)) for cls in (theirs, ours)]
        if isinstance(made[0], tuple):
            assert made[1] == made[0]
            continue
        assert asdict(made[1]) == asdict(made[0]) or "nan" in str(asdict(made[0]))
        if options.get("repr", True):
            assert repr(made[1]) == repr(made[0])
        else:
            told: list[Any] = [type(one).__repr__ for one in made]
            assert (told[1] is object.__repr__) == (told[0] is object.__repr__)
        assert (made[1] == again[1]) == (made[0] == again[0])
        assert (made[1] == 1, made[1] == made[0]) == (False, False)
        assert hash_of(made[1]) == hash_of(made[0]) or not options.get("eq", True)


def hash_of(one: object) -> object:
    """The hash; or why there is none."""
    return outcome(lambda: hash(one))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_they_cannot_be_changed(options: dict[str, bool]) -> None:
    for cls in both(Point, options):
        made = cls(x=1.0)
        for change in (partial(setattr, made, "x", 2.0), partial(delattr, made, "x")):
            with pytest.raises(FrozenInstanceError, match="field 'x'"):
                change()
        with pytest.raises((FrozenInstanceError, TypeError)):
            made.z = 1
        assert (made.x, hasattr(made, "z"), hasattr(made, "__dict__")) == (1.0, False, "slots" not in options)
        assert replace(made, y=3.0).y == 3.0


@records.dataclass(frozen=True, slots=True)
class Slotted:
    """Kept in slots."""

    name: str
    parts: tuple[Any, ...] = ()


@records.dataclass(frozen=True)
class Named:
    """A base."""

    name: str


@records.dataclass(frozen=True)
class Numbered(Named):
    """With a number as well."""

    number: int = 1


@dataclass(frozen=True)
class Colored(Numbered):
    """By the standard library."""

    color: str = "red"


class Free(Named):
    """Not decorated: it may have more, but not change what it has from its base."""

    note: str


@pytest.mark.parametrize(
    "one", [Slotted("a", (1, [2])), Named("b"), Numbered("c", 2), Colored("d", 3, "blue")], ids=repr
)
def test_they_are_copied_and_pickled(one: Any) -> None:
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301  its own
        assert (other == one, other is one, astuple(other)) == (True, False, astuple(one))


def test_bases_and_what_is_derived() -> None:
    assert (Numbered("a"), Numbered("a", 2).number) == (Numbered("a", 1), 2)
    assert Numbered("a") != Named("a") and repr(Colored("a")) == "Colored(name='a', number=1, color='red')"
    for one in (Numbered("a"), Colored("a")):
        with pytest.raises(FrozenInstanceError):
            one.name = "b"  # type: ignore[misc]
    free = Free("a")
    free.note = "more"
    with pytest.raises(FrozenInstanceError):
        free.name = "b"  # type: ignore[misc]
    assert free.note == "more"
    match Numbered("a", 2):
        case Numbered(name, number):
            assert (name, number) == ("a", 2)


def test_one_that_holds_itself_is_told() -> None:
    held: list[Any] = []
    one = Slotted("a", (held,))
    held.append(one)
    assert repr(one) == "Slotted(name='a', parts=([...],))"


def test_others_are_those_of_the_standard_library() -> None:
    @records.dataclass
    class Open:
        number: int = 1

    @records.dataclass(frozen=True, order=True)
    class Sorted:
        number: int

    made = Open()
    made.number = 2
    assert made == Open(2) and dataclasses.is_dataclass(Open)
    assert sorted([Sorted(2), Sorted(1)]) == [Sorted(1), Sorted(2)]


COMPILED = """
import sys
from async_paraview.records import dataclass
compiled = []
sys.addaudithook(lambda event, arguments: event == "compile" and compiled.append(arguments[0]))

@dataclass(frozen=True, slots=True)
class One:
    number: int = 1

print(len(compiled))
One(2), One(3)
print(len(compiled))
"""


def test_nothing_is_compiled_before_one_is_made_and_then_once() -> None:
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, timeout=scaled(60))
    assert done.stdout.split() == ["0", "1"], done.stderr
