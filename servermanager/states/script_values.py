"""Values as Python text, as scripts have them."""

from __future__ import annotations

import keyword
import math
from collections.abc import Mapping
from typing import Any


def literals(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return values as Python text."""
    return {name: literal(value) for name, value in properties.items()}


def literal(value: Any) -> str:
    """Return a value as Python text; repr() of what is not finite is none."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {literal(on)}' for name, on in value.items())}}}"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def keywords(values: Mapping[str, str]) -> list[str]:
    """Return the arguments of a call; names that Python does not take so are given in a map."""
    plain = [f"{name}={text}" for name, text in values.items() if _is_keyword(name)]
    others = [f"{name!r}: {text}" for name, text in values.items() if not _is_keyword(name)]
    return [*plain, f"**{{{', '.join(others)}}}"] if others else plain


def _is_keyword(name: str) -> bool:
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name)
