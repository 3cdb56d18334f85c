"""Evaluates expressions over arrays in Python's notation: the tree of the text is walked, and nothing is executed.

Only what stands in the tables below is understood: numbers and lists of them, arrays by name, arithmetic, comparisons,
places of arrays and functions of numpy. Arrays are numbers of double precision, of shape (n,) or (n, components).
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from services_core import suggest

from ..base.errors import InvalidProperty

Arrays = Mapping[str, np.ndarray[Any, Any]]
Functions = Mapping[str, tuple[int, Callable[..., Any]]]
"""By name, how many arguments a function takes, and what it does."""
_LONGEST: Final = 10_000
_MOST_NAMES: Final = 12
_BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.power,
    ast.BitAnd: np.logical_and,
    ast.BitOr: np.logical_or,
}
_JOINS: Final = (ast.BitAnd, ast.BitOr)
_UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.USub: np.negative,
    ast.UAdd: operator.pos,
    ast.Not: np.logical_not,
    ast.Invert: np.logical_not,
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_CONSTANTS: Final = {"pi": np.pi, "e": np.e, "inf": np.inf, "nan": np.nan}


def _magnitude(vectors: Any) -> Any:
    return np.sqrt(np.sum(np.square(vectors), axis=-1)) if np.ndim(vectors) > 1 else np.abs(vectors)


def _normalized(vectors: Any) -> Any:
    return vectors / _magnitude(vectors)[..., None]


def _dot(one: Any, other: Any) -> Any:
    return np.sum(one * other, axis=-1) if max(np.ndim(one), np.ndim(other)) > 1 else one * other


def _stacked(*components: Any) -> Any:
    return np.stack(np.broadcast_arrays(*components), axis=-1)


_ONE: Final = (
    "abs arccos arccosh arcsin arcsinh arctan arctanh ceil cos cosh exp expm1 floor isfinite isinf isnan log log10 "
    "log1p log2 sign sin sinh sqrt square tan tanh trunc"
)
_ELEMENTWISE: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    **{name: (1, getattr(np, name)) for name in _ONE.split()},
    "acos": (1, np.arccos),
    "asin": (1, np.arcsin),
    "atan": (1, np.arctan),
    "ln": (1, np.log),
    "round": (1, np.round),
    "arctan2": (2, np.arctan2),
    "atan2": (2, np.arctan2),
    "hypot": (2, np.hypot),
    "maximum": (2, np.maximum),
    "minimum": (2, np.minimum),
    "power": (2, np.power),
    "mod": (2, np.mod),
    "isin": (2, np.isin),
    "in1d": (2, np.isin),
    "where": (3, np.where),
    "clip": (3, np.clip),
    "mag": (1, _magnitude),
    "norm": (1, _normalized),
    "cross": (2, np.cross),
    "dot": (2, _dot),
    "make_vector": (3, _stacked),
}
"""How many arguments they take, and what they do for each point, cell or row."""
_REDUCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "max": np.max, "min": np.min, "mean": np.mean, "sum": np.sum, "std": np.std, "var": np.var, "median": np.median,
    "nanmax": np.nanmax, "nanmin": np.nanmin, "nanmean": np.nanmean, "nansum": np.nansum,
}  # fmt: skip
"""Of all points, cells or rows of all blocks, for each component."""


def names_in(text: str) -> frozenset[str]:
    """Return the names of arrays that an expression may mean, without looking whether they are there.

    Raises `InvalidProperty` for what is no expression.
    """
    tree = _tree(text)
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return frozenset(words | texts)


def evaluated(text: str, sources: Mapping[str, Arrays], functions: Functions = MappingProxyType({})) -> Any:
    """Return the value of an expression: a number or an array of numbers.

    `sources` are arrays by name, of "" those that plain names mean, of `inputs[1].CellData` those that the text
    names so; `functions` are there beside those of numpy. Raises `InvalidProperty`, that says which part of the text is
    not understood.
    """
    with np.errstate(all="ignore"):  # what is no number becomes NaN, where it is
        try:
            return _Walk(text, sources, functions).value(_tree(text))
        except InvalidProperty:
            raise
        except (ValueError, TypeError, IndexError, RecursionError, MemoryError) as error:
            raise InvalidProperty(f"Expression: {text!r:.200} cannot be computed: {error}") from error


def _tree(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise InvalidProperty(f"Expression: of at most {_LONGEST} letters, not {len(text)}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InvalidProperty(f"Expression: {text!r:.200} is no expression: {error}") from error


class _Walk:
    def __init__(self, text: str, sources: Mapping[str, Arrays], functions: Functions) -> None:
        self._text = text
        self._sources = sources
        self._functions = functions

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool() | int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return self._named(name, self._sources[""])
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return np.array([self.value(one) for one in items])
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                function = self._function(name, len(arguments))
                return function(*(self.value(one) for one in arguments))
            case ast.Subscript(value=of, slice=place):
                return self._part(of, place)
            case ast.Attribute():
                return self._points(node)
        return self._operation(node)

    def _operation(self, node: ast.expr) -> Any:
        match node:
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _JOINS):
                return self._conditions(node, type(op), self.value(left), self.value(right))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _BINARY[type(op)](*_aligned(self.value(left), self.value(right)))
            case ast.UnaryOp(op=op, operand=operand):
                return _UNARY[type(op)](self.value(operand))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return _COMPARISONS[type(op)](*_aligned(self.value(left), self.value(right)))
            case ast.BoolOp(op=op, values=values):
                return self._joined(np.logical_and if isinstance(op, ast.And) else np.logical_or, values)
        raise self._wrong(node)

    def _joined(self, join: Callable[..., Any], values: Sequence[ast.expr]) -> Any:
        made = self.value(values[0])
        for one in values[1:]:
            made = join(*_aligned(made, self.value(one)))
        return made

    def _conditions(self, node: ast.expr, op: type[ast.operator], left: Any, right: Any) -> Any:
        """Return what & and | make of two conditions. They bind stronger than comparisons, which many forget."""
        if any(np.ndim(one) == 0 and not isinstance(one, np.bool_) for one in (left, right)):
            raise InvalidProperty(
                f"Expression: {ast.unparse(node)!r:.100}: & and | join conditions, and come before comparisons; put "
                "parentheses around those, as in (a > 1) & (b < 2)"
            )
        return _BINARY[op](*_aligned(left, right))

    def _named(self, name: str, arrays: Arrays) -> Any:
        if name in arrays:
            return arrays[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        near = suggest(name, arrays) or list(arrays)[:_MOST_NAMES]
        there = ", ".join(repr(one) for one in near)
        raise InvalidProperty(f"Expression: there is no array {name!r}; there is {there or 'none'}")

    def _function(self, name: str, count: int) -> Callable[..., Any]:
        if name in _REDUCTIONS and count == 1:
            return functools.partial(_REDUCTIONS[name], axis=0)
        more = self._functions.get(name)
        found = more or _ELEMENTWISE.get(f"{name}imum" if name in ("max", "min") else name)
        if found is None:
            known = sorted([*_ELEMENTWISE, *_REDUCTIONS, *self._functions])
            near = suggest(name, known) or known
            raise InvalidProperty(f"Expression: there is no function {name!r}; there is {', '.join(near)}")
        takes, made = found
        if count != takes:
            raise InvalidProperty(f"Expression: {name} takes {takes} values, not {count}")
        return made if more else lambda *values: made(*_aligned(*values))

    def _part(self, of: ast.expr, place: ast.expr) -> Any:
        """Return a named array of a source, or components or places of an array."""
        if isinstance(place, ast.Constant) and isinstance(place.value, str):
            return self._named(place.value, self._source(ast.unparse(of), of))
        return self.value(of)[self._places(place)]

    def _places(self, node: ast.expr) -> Any:
        """Return all of the first axis, or one place of it; any of the second, which are components."""
        match node:
            case ast.Tuple(elts=[first, second]):
                return self._place(first), self._place(second, several=True)
            case _:
                return self._place(node)

    def _place(self, node: ast.expr, *, several: bool = False) -> Any:
        match node:
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                return number
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
                return -number
            case ast.Slice(lower=None, upper=None, step=None):
                return slice(None)
            case ast.Slice(lower=lower, upper=upper, step=step) if several:
                return slice(*(None if one is None else self._place(one) for one in (lower, upper, step)))
        raise self._wrong(node)

    def _points(self, node: ast.Attribute) -> Any:
        if node.attr != "Points":
            raise self._wrong(node)
        return self._named("Points", self._source(ast.unparse(node.value), node))

    def _source(self, name: str, node: ast.expr) -> Arrays:
        if name not in self._sources:
            known = ", ".join(one for one in self._sources if one)
            raise InvalidProperty(
                f"Expression: {ast.unparse(node)!r:.100} is not understood; arrays are those of {known}"
            )
        return self._sources[name]

    def _wrong(self, node: ast.expr) -> InvalidProperty:
        return InvalidProperty(f"Expression: {ast.unparse(node)!r:.100} is not understood in {self._text!r:.200}")


def _aligned(*values: Any) -> tuple[Any, ...]:
    """Return numbers of each point, cell or row beside vectors of them: for each component."""
    several = max((np.ndim(one) for one in values), default=0)
    lengths = {np.shape(one)[0] for one in values if np.ndim(one) == several and several > 1}
    return tuple(
        one[:, None] if np.ndim(one) == 1 and several > 1 and np.shape(one)[0] in lengths else one for one in values
    )
