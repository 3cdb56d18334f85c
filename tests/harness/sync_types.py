"""The types of the blocking face, written down for those who check types: `python -m tests.harness.sync_types`.

Blocking classes are made of the asynchronous ones as a program runs. What they have is written into
`servermanager/sync/__init__.pyi`, which tests compare with the classes.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from servermanager import connection
from servermanager.model.definitions import DefinitionManager
from servermanager.model.namespaces import ObjectNamespace, ProxyFactory, ProxyNamespace
from servermanager.model.proxy import ObjectProxy, OutputPort, SourceProxy
from servermanager.model.proxy_manager import ActiveObjects, ProxyManager
from servermanager.model.undo import UndoStack
from servermanager.selecting.selections import SelectionManager
from servermanager.session import Session
from servermanager.sync.blocking import _ASYNCHRONOUS, _SPECIAL
from servermanager.sync.face import _is_live_class
from servermanager.ui.file_system import FileSystem
from servermanager.views.chart_view import ChartRepresentationProxy, XYChartViewProxy
from servermanager.views.color_map import ByName, ColorMapProxy, PiecewiseFunctionProxy
from servermanager.views.parts.light import LightProxy
from servermanager.views.picking import PickResult, Selection
from servermanager.views.render_view import RenderViewProxy
from servermanager.views.representation import RepresentationProxy
from servermanager.views.scalar_bar import ScalarBarProxy
from servermanager.views.text import TextProxy
from servermanager.views.view_namespace import ViewNamespace
from servermanager.views.view_proxy import ViewProxy

STUB: Final = Path(connection.__file__).parent / "sync" / "__init__.pyi"
LIVE: Final[tuple[type[Any], ...]] = (
    Session, SourceProxy, ObjectProxy, OutputPort, ProxyFactory, ProxyNamespace, ObjectNamespace, ViewNamespace,
    ProxyManager, ActiveObjects, DefinitionManager, UndoStack, FileSystem, SelectionManager, ByName, ColorMapProxy,
    PiecewiseFunctionProxy, ViewProxy, RenderViewProxy, XYChartViewProxy, RepresentationProxy,
    ChartRepresentationProxy, ScalarBarProxy, TextProxy, LightProxy, PickResult, Selection,
)  # fmt: skip
"""The classes that stand for others; what else comes out of a session is a value, or has no type here."""
_NAMES: Final = {one.__name__ for one in LIVE}
_INSTEAD: Final = {
    "Execution": "DataInformation", "AsyncIterator": "Iterator", "AsyncGenerator": "Iterator", "Self": "Any",
}  # fmt: skip
_HEAD: Final = '''"""The blocking face for type checkers, as `python -m tests.harness.sync_types` writes it down."""

'''


class _Names(ast.NodeTransformer):
    """Turns an annotation into one of the stub, and notes what that has to import."""

    def __init__(self, known: dict[str, Any], module: str, imports: dict[str, set[str]]) -> None:
        self._known, self._module, self._imports = known, module, imports

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Return what a text within an annotation means."""
        if isinstance(node.value, str):
            meant: ast.expr = self.visit(ast.parse(node.value, mode="eval").body)
            return meant
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Return Any for what is named by its module."""
        return self._any()

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Return what has arguments of types, which live classes but one have not in the stub."""
        of, arguments = self.visit(node.value), node.slice
        if isinstance(node.value, ast.Name) and node.value.id == "AsyncGenerator" and isinstance(arguments, ast.Tuple):
            arguments = arguments.elts[0]
        if isinstance(of, ast.Name) and (of.id == "Any" or (of.id in _NAMES and of.id != "ByName")):
            return of
        return ast.Subscript(of, self.visit(arguments), ast.Load())

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return a name that the stub knows."""
        name = _INSTEAD.get(node.id, node.id)
        found = self._known.get(name)
        if name in _NAMES or hasattr(builtins, name):
            return ast.Name(name)
        for module in ("collections.abc", "typing"):
            if hasattr(__import__(module, fromlist=[name]), name):
                self._imports.setdefault(module, set()).add(name)
                return ast.Name(name)
        if name == "DataInformation":
            self._imports.setdefault("async_paraview.information", set()).add(name)
            return ast.Name(name)
        if isinstance(found, typing.TypeVar):
            return ast.Name("T") if self._known.get("__name__", "").endswith("color_map") else self._any()
        if not isinstance(found, type) or name.startswith("_") or _is_live(found):
            return self._any()  # other parts of a session, and names for several types
        self._imports.setdefault(found.__module__, set()).add(name)
        return ast.Name(name)

    def _any(self) -> ast.expr:
        self._imports.setdefault("typing", set()).add("Any")
        return ast.Name("Any")


def _is_live(kind: type[Any]) -> bool:
    live: Any = _is_live_class
    return bool(live(kind)) and not hasattr(kind, "__dataclass_params__")


def _translated(annotation: Any, function: Any, imports: dict[str, set[str]]) -> str:
    if annotation is inspect.Parameter.empty:
        imports.setdefault("typing", set()).add("Any")
        return "Any"
    text = (
        "None"
        if annotation is None
        else annotation
        if isinstance(annotation, str)
        else getattr(annotation, "__name__", "Any")
    )
    known = getattr(inspect.unwrap(function), "__globals__", {})
    tree = ast.parse(text, mode="eval").body
    return ast.unparse(_Names(known, known.get("__name__", ""), imports).visit(tree))


def _parameters(function: Any, imports: dict[str, set[str]], *, bound: bool) -> str:
    found = list(inspect.signature(function).parameters.values())
    written, star = [], False
    for index, one in enumerate(found):
        if bound and index == 0:
            written.append("self")
            continue
        of = _translated(one.annotation, function, imports)
        default = "" if one.default is inspect.Parameter.empty else " = ..."
        mark = "*" if one.kind is one.VAR_POSITIONAL else "**" if one.kind is one.VAR_KEYWORD else ""
        if one.kind is inspect.Parameter.KEYWORD_ONLY and not star:
            written.append("*")
        star = star or one.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_POSITIONAL)
        written.append(f"{mark}{one.name}: {of}{default}")
    return ", ".join(written)


def _members(kind: type[Any], base: type[Any] | None, imports: dict[str, set[str]]) -> Iterator[str]:
    for name in sorted(dir(kind)):
        member = inspect.getattr_static(kind, name)
        blocking = _ASYNCHRONOUS.get(name, name)
        if base is not None and inspect.getattr_static(base, name, None) is member:
            continue
        if name.startswith("_") and blocking not in _SPECIAL and name != "__getattr__":
            continue
        if isinstance(member, types.FunctionType):
            returned = _translated(inspect.signature(member).return_annotation, member, imports)
            if name == "__getattr__" and returned == "Any":
                continue
            yield f"    def {blocking}({_parameters(member, imports, bound=True)}) -> {returned}: ..."
        elif isinstance(member, property) and member.fget is not None:
            of = _translated(inspect.signature(member.fget).return_annotation, member.fget, imports)
            yield f"    @property\n    def {name}(self) -> {of}: ..."
            if member.fset is not None:
                yield f"    @{name}.setter\n    def {name}(self, value: {of}) -> None: ..."
    yield from _fields(kind, imports)


def _fields(kind: type[Any], imports: dict[str, set[str]]) -> Iterator[str]:
    """Yield what instances have: fields of data classes, and what __init__ makes of live classes."""
    if hasattr(kind, "__dataclass_fields__"):
        for name, one in kind.__dataclass_fields__.items():
            if not name.startswith("_"):
                known = vars(__import__(kind.__module__, fromlist=["x"]))
                tree = ast.parse(str(one.type), mode="eval").body
                yield f"    {name}: {ast.unparse(_Names(known, kind.__module__, imports).visit(tree))}"
        return
    if "__init__" not in vars(kind):
        return
    source = textwrap.dedent(inspect.getsource(kind.__init__))
    for node in ast.walk(ast.parse(source)):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or not isinstance(target, ast.Attribute):
            continue
        if target.attr.startswith("_") or not (isinstance(target.value, ast.Name) and target.value.id == "self"):
            continue
        if isinstance(node, ast.AnnAssign):
            of = _translated(ast.unparse(node.annotation), kind.__init__, imports)
        elif (
            isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.func.id in _NAMES
        ):
            of = node.value.func.id
        else:
            continue
        yield f"    {target.attr}: {of}"


def stub() -> str:
    """Return the text of the stub."""
    imports: dict[str, set[str]] = {"types": set(), "typing": {"Any", "Generic", "TypeVar"}}
    classes = []
    for kind in sorted(LIVE, key=lambda one: len(one.__mro__)):
        base = next((one for one in kind.__mro__[1:] if one in LIVE), None)
        bases = [base.__name__ if base else "Blocking", *(["Generic[T]"] if kind is ByName else [])]
        body = list(_members(kind, base, imports)) or ["    ..."]
        classes.append("\n".join([f"class {kind.__name__}({', '.join(bases)}):", *body]))
    parameters = _parameters(connection.connect, imports, bound=False)
    made = f"def connect({parameters}, timeout_s: float | None = ...) -> Session: ..."
    used = {module: names for module, names in imports.items() if names}
    of_python = {module for module in used if module.partition(".")[0] in sys.stdlib_module_names}
    groups = [
        "\n".join(f"from {module} import {', '.join(sorted(used[module]))}" for module in sorted(modules))
        for modules in (of_python, used.keys() - of_python)
    ]
    text = "\n\n".join(
        [
            _HEAD + "\n\n".join(groups),
            "from .blocking import Blocking as Blocking\nfrom .timeouts import timeout as timeout",
            '__all__ = ["Blocking", "connect", "timeout"]\n\nT = TypeVar("T")',
            *classes,
            made,
        ]
    )
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


if __name__ == "__main__":  # then `ruff format` breaks its lines
    STUB.write_text(stub(), encoding="utf-8")
