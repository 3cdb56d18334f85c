"""Count which types and properties the scripts and recorded tests in a git directory of ParaView use."""

from __future__ import annotations

import ast
import re
import subprocess
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_MENU: Final = re.compile(r'menu(?:Sources|Filters)[^>]*arguments="(\w+)"')
_PROPERTY: Final = re.compile(r"[A-Z]\w*[a-z0-9]\w*")
_SHOWS: Final = frozenset({"Show", "GetDisplayProperties", "GetRepresentation"})
_VIEWS: Final = frozenset(
    {"CreateView", "CreateRenderView", "GetActiveView", "GetActiveViewOrCreate", "GetRenderView", "GetViews"}
)
_NO_PROPERTIES: Final = frozenset(
    {"registrationName", "guiName", "proxyname", "Input", "SMProxy", "Observed", "ObserverTag"}
)
"""Arguments of functions, and attributes that all proxies have in ParaView's Python."""


def uses(repository: Path, types: dict[str, Any]) -> dict[str, Any]:
    """Return by "types", "representations" and "views": name -> {scripts, tests, properties: {name: scripts' uses}}.

    A property counts for the type that the variable was made by; of representations and views all count together.
    `types` is the table of tools/paraview_names.py.
    """
    by_xml: dict[str, str] = {}
    for kind in ("sources", "filters", "writers"):
        for key, entry in types.items():
            group, _, xml = key.partition("/")
            if group == kind and entry.get("listed"):
                by_xml[xml] = entry.get("python", xml)
    counted = _Counted(set(by_xml.values()))
    for path in _files(repository, "py"):
        text = _show(repository, path)
        if "paraview.simple" in text or "paraview import simple" in text:
            counted.script(text)
    for path in _files(repository, "xml"):
        if "/Testing/" in path or path.startswith("Testing"):
            counted.recorded(_show(repository, path), by_xml)
    return counted.result()


class _Counted:
    def __init__(self, known: set[str]) -> None:
        self._known = known
        self._scripts: Counter[str] = Counter()
        self._recorded: Counter[str] = Counter()
        self._properties: dict[str, Counter[str]] = defaultdict(Counter)

    def script(self, text: str) -> None:
        """Count one script; what is no Python 3 is left out."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except SyntaxError:
            return
        nodes = list(ast.walk(tree))
        for call in (one for one in nodes if isinstance(one, ast.Call)):
            self._call(call)
        made = {name: kind for one in nodes if isinstance(one, ast.Assign) for name, kind in self._made(one)}
        for one in (one for one in nodes if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)):
            kind = made.get(one.value.id) if isinstance(one.value, ast.Name) else None
            if kind is not None and _PROPERTY.fullmatch(one.attr):
                self._count(kind, one.attr)

    def _made(self, node: ast.Assign) -> Iterator[tuple[str, str]]:
        """Yield the variables that something is assigned to, and what that is."""
        kind = self._kind(node.value) if isinstance(node.value, ast.Call) else None
        for target in node.targets if kind is not None else ():
            if isinstance(target, ast.Name):
                yield target.id, kind

    def recorded(self, text: str, by_xml: dict[str, str]) -> None:
        """Count one recorded test."""
        for name in _MENU.findall(text):
            if name in by_xml:
                self._recorded[by_xml[name]] += 1

    def _call(self, node: ast.Call) -> None:
        kind = self._kind(node)
        if kind is None:
            return
        if not kind.startswith("#"):
            self._scripts[kind] += 1
        for one in node.keywords:
            if one.arg and one.arg[:1].isupper():
                self._count(kind, one.arg)

    def _kind(self, node: ast.Call) -> str | None:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _SHOWS:
            return "#representations"
        if name in _VIEWS:
            return "#views"
        return name if name in self._known else None

    def _count(self, kind: str, name: str) -> None:
        if name not in _NO_PROPERTIES:
            self._properties[kind][name] += 1

    def result(self) -> dict[str, Any]:
        types = {
            name: {
                "scripts": self._scripts[name],
                "tests": self._recorded[name],
                "properties": dict(self._properties[name].most_common()),
            }
            for name in sorted({*self._scripts, *self._recorded})
        }
        return {
            "types": types,
            **{
                kind: {"": {"properties": dict(self._properties[f"#{kind}"].most_common())}}
                for kind in ("representations", "views")
            },
        }


def _files(repository: Path, ending: str) -> list[str]:
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-tree", "-r", "--name-only", "HEAD"],
        capture_output=True,
        check=True,
        text=True,
    )
    return [one for one in listed.stdout.splitlines() if one.endswith((f".{ending}", f".{ending}.in"))]


def _show(repository: Path, path: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), "show", f"HEAD:{path}"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")
