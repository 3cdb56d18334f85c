#!/usr/bin/env bash
# What a class of VTK makes depends on which modules anybody has imported since (VTK 9.7.2 of its wheel).
#
# vtkAxisAlignedReflectionFilter() gives a vtkAxisAlignedReflectionFilter, and, once a module is imported that is not named anywhere near it
# (vtkFiltersParallel, which vtkIntegrateAttributes is of), a vtkPAxisAlignedReflectionFilter: VTK's object factories put the class for several processes
# in the place of the one that was named, with one process too. type(), GetClassName(), and every table that is looked up by them give another name
# than before, in the same program, for the same line of code; instances made before the import stay what they were. isinstance() and IsA() hold.
# Of 700 algorithms of the wheel a handful is so, filters of everyday use among them. Which module an import brings along is decided by VTK.
#
# Truth: Python's own rule, by which calling a class makes an instance whose type is that class unless the class says otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import importlib
import sys

from vtkmodules.vtkCommonCore import vtkVersion

NAMED = {
    "vtkAxisAlignedReflectionFilter": "vtkFiltersGeneral",
    "vtkResampleToImage": "vtkFiltersCore",
    "vtkResampleWithDataSet": "vtkFiltersCore",
}
LATER = "vtkFiltersParallel", "vtkFiltersParallelDIY2"


def found(name: str) -> type:
    for module in (NAMED[name], "vtkFiltersCore", "vtkFiltersGeneral"):
        made = getattr(importlib.import_module(f"vtkmodules.{module}"), name, None)
        if made is not None:
            return made
    raise LookupError(name)


classes = {name: found(name) for name in NAMED}
before = {name: one() for name, one in classes.items()}
assert all(type(one) is classes[name] and one.GetClassName() == name for name, one in before.items())
for module in LATER:
    importlib.import_module(f"vtkmodules.{module}")
after = {name: one() for name, one in classes.items()}
print(f"VTK {vtkVersion.GetVTKVersion()}; after importing {' and '.join(LATER)}:")
for name, one in after.items():
    print(f"  {name}() is a {type(one).__name__} ({one.GetClassName()}); the one made before a {type(before[name]).__name__}")
replaced = {name for name, one in after.items() if type(one).__name__ == f"vtkP{name[3:]}"}
if replaced != set(NAMED):
    sys.exit(f"changed: these are what was named: {sorted(set(NAMED) - replaced)}")
if not all(isinstance(one, classes[name]) and one.IsA(name) for name, one in after.items()):
    sys.exit("changed: what is made is none of the class that was named")
PY
