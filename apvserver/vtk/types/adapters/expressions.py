"""Expressions of the Calculator: arrays by whatever names they have, brought into what VTK's parser takes.

ParaView's way of writing is kept: a name that is no plain word stands in double quotes, `"Static Pressure [Pa]" * 2`,
components are `U_X`, `"my velocity_X"` or `S_XX`, and sizes of vectors `U_Magnitude`. VTK's parser (ExprTk) knows
plain words only, has some two hundred of its own that no variable may have, and drops blanks between words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from async_paraview.records import dataclass
from services_core import suggest

from ...base.array_names import AXES, MAGNITUDE, default_name
from ...base.errors import InvalidProperty

COORDINATES: Final = "coords"
_CONSTANTS: Final = frozenset({"pi", "inf", "true", "false", "iHat", "jHat", "kHat"})
_WORDS: Final = {"and": "&", "or": "|"}
_TOKEN: Final = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)"'
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?P<call>\s*\()?"
    r"|(?P<other>.)",
    re.DOTALL,
)
_FUNCTIONS: Final = frozenset(
    {
        "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg", "ceil", "clamp", "cos", "cosh",
        "cot", "cross", "csc", "deg2grad", "deg2rad", "dot", "equal", "erf", "erfc", "exp", "expm1", "floor", "frac",
        "grad2deg", "hypot", "iclamp", "if", "inrange", "ln", "log", "log10", "log1p", "log2", "logn", "mag", "max",
        "min", "mul", "ncdf", "norm", "not", "not_equal", "pow", "rad2deg", "root", "round", "roundn", "sec", "sgn",
        "sign", "sin", "sinc", "sinh", "sqrt", "sum", "tan", "tanh", "trunc",
    }
)  # fmt: skip
_MOST_NAMES: Final = 12


@dataclass(frozen=True)
class Held:
    """An array that an expression may name: how many components it has, and their names where it has any."""

    name: str
    components: int
    component_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variable:
    """A word of the parser: a component of an array, or all three of a vector, where `component` is None.

    The array called `coords` are the coordinates of points.
    """

    word: str
    array: str
    component: int | None
    of_points: bool = False


@dataclass(frozen=True)
class Expression:
    """What the parser is given."""

    text: str
    variables: tuple[Variable, ...]


def parsed(text: str, arrays: Mapping[str, Held], *, with_coordinates: bool) -> Expression:
    """Return the expression over plain words for the arrays that there are.

    Raises `InvalidProperty` for a name that is none of them, with those that there are.
    """
    known = _meanings(arrays, with_coordinates=with_coordinates)
    variables: dict[str, Variable] = {}

    made = "".join(_pieces(text, known, lambda name: _as_text(known[name], variables)))
    return Expression(made, tuple(variables.values()))


Meaning = tuple[Variable, ...]
"""One variable, or the components of an array whose size is meant."""


def _meanings(arrays: Mapping[str, Held], *, with_coordinates: bool) -> dict[str, Meaning]:
    """Return what each name stands for. Arrays come before components that happen to be called the same."""
    known: dict[str, Meaning] = {}
    if with_coordinates:
        known[COORDINATES] = (Variable("", COORDINATES, None, of_points=True),)
        for number, axis in enumerate(AXES):
            part = (Variable("", COORDINATES, number, of_points=True),)
            known[f"{COORDINATES}{axis}"] = known[f"{COORDINATES}_{axis}"] = part
    for one in arrays.values():
        if one.components == 1:
            continue
        for number in range(one.components):
            component = (Variable("", one.name, number),)
            for name in _names_of_part(one, number):
                known[name] = component
        known.setdefault(
            f"{one.name}_{MAGNITUDE}", tuple(Variable("", one.name, number) for number in range(one.components))
        )
    for one in arrays.values():
        if one.components in (1, 3):
            known[one.name] = (Variable("", one.name, None if one.components == 3 else 0),)
    return known


def _names_of_part(array: Held, number: int) -> Iterator[str]:
    """Yield the names of a component: its number, ParaView's, row and column, and that which the array gives it."""
    yield f"{array.name}_{number}"
    yield f"{array.name}_{default_name(number, array.components)}"
    if array.components == len(AXES) ** 2:
        yield f"{array.name}_{AXES[number // 3]}{AXES[number % 3]}"
    if number < len(array.component_names) and array.component_names[number]:
        yield f"{array.name}_{array.component_names[number]}"


def _pieces(text: str, known: Mapping[str, Meaning], named: Callable[[str], str]) -> Iterator[str]:
    for token in _TOKEN.finditer(text):
        word, call = token["word"], token["call"] or ""
        if token["quoted"] is not None:
            name = re.sub(r"\\(.)", r"\1", token["quoted"])
            yield named(_one_of(name, known))
        elif word is None:
            yield token[0]
        elif word in _WORDS:
            yield _WORDS[word] + call
        elif (call and word in _FUNCTIONS) or (word in _CONSTANTS and not call):
            yield word + call
        else:
            yield named(_one_of(word, known, call=bool(call))) + call


def _one_of(name: str, known: Mapping[str, Meaning], *, call: bool = False) -> str:
    if name in known:
        return name
    what = f"{name!r} is no function, and no array" if call else f"no array is called {name!r}"
    if (several := f"{name}_0") in known:
        count = sum(1 for one in known if re.fullmatch(re.escape(name) + r"_\d+", one))
        raise InvalidProperty(
            f"Function: {name} has {count} components, and an expression takes numbers and vectors of 3: "
            f"name one of them, as {several}, or the size, {name}_{MAGNITUDE}"
        )
    near = suggest(name, known) or list(known)[:_MOST_NAMES]
    plain = re.compile(r"[^\W\d]\w*")
    there = ", ".join(one if plain.fullmatch(one) else f'"{one}"' for one in near)
    raise InvalidProperty(f"Function: {what}; {'there is ' + there if near else 'there is none'}")


def _as_text(meaning: Meaning, variables: dict[str, Variable]) -> str:
    words = [_word(one, variables) for one in meaning]
    return words[0] if len(words) == 1 else f"sqrt({'+'.join(f'{word}^2' for word in words)})"


def _word(variable: Variable, variables: dict[str, Variable]) -> str:
    """Return the word of a variable: the same for the same, telling which it is, and none that the parser has."""
    key = f"{variable.array}\0{variable.component}\0{variable.of_points}"
    if key not in variables:
        stem = re.sub(r"\W+", "_", variable.array, flags=re.ASCII).strip("_")
        part = "" if variable.component is None else f"_{variable.component}"
        word = f"v{len(variables)}_{stem}{part}"
        variables[key] = Variable(word, variable.array, variable.component, variable.of_points)
    return variables[key].word
