"""The documentation of a type as text, and its properties as a signature: for help(), `?`, Tab and panels."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping
from typing import Any, Final

WIDTH: Final = 110


class TypeDocumentation:
    """`__doc__` of what has a type: of its class what that is, of one of them what its type does, by its `help()`."""

    def __init__(self, of_class: str | None) -> None:
        self._of_class = of_class

    def __get__(self, one: Any, owner: Any = None) -> str | None:
        return self._of_class if one is None else one.help()


def documentation(definition: Mapping[str, Any]) -> str:
    """Return what a type does, its inputs, and its properties with types, defaults and what they may be."""
    lines = [f"{definition['label']} ({definition['group']})", "", definition["doc"], ""]
    for entry in definition["inputs"]:
        kinds = ", ".join(entry["data_types"]) or "any data"
        lines += _indented(f"{entry['name']}: input, {kinds}", entry.get("doc", ""))
    for entry in _shown(definition):
        lines += _indented(f"{entry['name']}: {_kind(entry)}{_domain(entry)}", entry.get("doc", ""))
    return "\n".join(lines)


def signature(definition: Mapping[str, Any]) -> inspect.Signature:
    """Return what the factory of a type takes: its inputs, and its properties with their defaults."""
    entries = [*definition["inputs"], *_shown(definition)]
    named = {entry["name"]: entry.get("default", inspect.Parameter.empty) for entry in entries}
    return inspect.Signature([
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in named.items()
        if name.isidentifier()
    ])  # fmt: skip


def _shown(definition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entry for entry in definition["properties"] if entry.get("panel") != "never"]


def _kind(entry: Mapping[str, Any]) -> str:
    if entry["kind"] == "object":
        return f"a proxy of {', '.join(entry.get('candidates', ())[:6]) or 'nothing that can be made here'}"
    if entry["enumeration"]:
        return f"one of {', '.join(name for name, _ in entry['enumeration'])}; default {entry['default']!r}"
    size = {0: "list of ", 1: ""}.get(entry["size"], f"{entry['size']} x ")
    return f"{size}{entry['type']}; default {entry['default']!r}"


def _domain(entry: Mapping[str, Any]) -> str:
    """Return what the values may be, or are taken from where nothing was set; nothing where all is said."""
    domain = entry.get("domain", {})
    kind, of = domain.get("kind", ""), domain.get("of", "Input")
    limits = (domain.get("min"), domain.get("max")) if kind == "number" else tuple(entry.get("range") or ())
    if any(one is not None for one in limits):
        low, high = ("" if one is None else f"{one:g}" for one in limits)
        return f"; from {low} to {high}" if low and high else f"; at least {low}" if low else f"; at most {high}"
    if kind == "arrays":
        return f"; an array of the {of}, of {' or '.join(domain.get('associations', ())) or 'any kind'}"
    if kind == "array_range":
        return f"; in the range of {domain.get('array') or 'the array'}"
    words = {
        "bounds": f"; follows the bounds of the {of}",
        "extent": f"; in the extent of the {of}",
        "times": f"; a time of the {of}",
        "rows": f"; a row of the {of}",
        "offered": "; names that the file has",
        "files": "; a file of the server",
    }
    return words.get(kind, "")


def _indented(head: str, doc: str) -> list[str]:
    return [head, textwrap.fill(doc, WIDTH, initial_indent="    ", subsequent_indent="    ")] if doc else [head]
