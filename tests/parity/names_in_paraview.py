"""Writes what ParaView's Python calls the properties of its types: `pvpython tests/parity/names_in_paraview.py FILE`.

By names in XML; those whose name is another one in Python, and those of parts. It stands alone, since ParaView brings a
Python of its own.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

GROUPS = ("sources", "filters", "writers", "implicit_functions")


def keys(proxy: Any, *, of_parts: bool) -> dict[str, Any]:
    """Return the properties of a type, each with its label, by name."""
    found: dict[str, Any] = {}
    one = proxy.NewPropertyIterator()
    one.SetTraverseSubProxies(of_parts)
    one.Begin()
    while not one.IsAtEnd():
        found[one.GetKey()] = (one.GetProperty(), one.GetPropertyLabel())
        one.Next()
    return found


def names_of(proxy: Any, valid: Any) -> dict[str, str]:
    """Return what properties are called in Python; those of the type itself only where that differs."""
    own, found = keys(proxy, of_parts=False), {}
    for key, (one, label) in keys(proxy, of_parts=True).items():
        python = valid(label or key)
        if not one.GetIsInternal() and not one.GetInformationOnly() and (python != key or key not in own):
            found[key] = python
    return found


def main() -> None:
    """Write the file."""
    importlib.import_module("paraview.simple")  # which connects
    servermanager = importlib.import_module("paraview.servermanager")
    manager = servermanager.vtkSMProxyManager.GetProxyManager().GetActiveSessionProxyManager()
    valid = getattr(servermanager, "_make_name_valid")  # noqa: B009  # it has no public one
    types: dict[str, dict[str, str]] = {}
    for group in GROUPS:
        one = manager.GetProxyDefinitionManager().NewSingleGroupIterator(group)
        one.InitTraversal()
        while not one.IsDoneWithTraversal():
            proxy = manager.GetPrototypeProxy(group, one.GetProxyName())
            names = {} if proxy is None else names_of(proxy, valid)
            if names:
                types[f"{group}/{one.GetProxyName()}"] = names
            one.GoToNextItem()
    version = servermanager.vtkSMProxyManager.GetParaViewSourceVersion()
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(names)}" for name, names in sorted(types.items()))
    Path(sys.argv[1]).write_text(f'{{"made_with": {json.dumps(version)}, "types": {{\n{rows}\n}}}}\n', encoding="utf-8")


main()
