"""Makes a Windows Python that runs in wine, of package registries alone: interpreter, standard library, packages."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from async_paraview.atomic_files import write_file

ROOT: Final = Path(__file__).resolve().parents[2]
HERE: Final = Path(__file__).parent

INTERPRETER: Final = "panda3d==1.10.16"
"""Its wheel for Windows brings the CPython 3.11.9 that python.org builds: the library and the extension modules."""
PINNED: Final = ("numpy==2.0.2",)
"""Newer ones call a function of the C library that wine 8 lacks (crealf)."""
EXTRAS: Final = ("examples", "fast", "html", "metrics", "repl", "video")
FOR_TESTS: Final = (
    "grimp", "hypothesis", "import-linter", "psutil", "pynrrd", "pytest", "pytest-timeout", "pytest-xdist", "rich",
)  # fmt: skip
MARKED: Final = ("colorama",)
"""What pip leaves out, since it looks at the markers of the system that it runs on."""
TREE: Final = r"C:\apv"
"""Where the copy of this tree is there."""
PROGRAMS: Final = {
    "wine": "wine wine64",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-win32",
    "x86_64-w64-mingw32-objdump": "gcc-mingw-w64-x86-64-win32",
    "Xvfb": "xvfb",
}
"""What has to be there, and which package of Debian brings it."""

_VERSION: Final = "3.11"
_EXPORT: Final = re.compile(r"^\s+\[ *\d+\].*?\s(_?Py\w+)$", re.MULTILINE)


class CannotBeMade(Exception):
    """The environment cannot be made here; the message says what is missing."""


def make(place: Path) -> None:
    """Make it below `place`, unless it is there already as these sources have it. Takes a few minutes."""
    _require_programs()
    library = _standard_library()
    stamp, wanted = place / "stamp", _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    for old in ("python", "prefix", "packages", "stamp"):
        _remove(place / old)
    python = place / "python"
    python.mkdir(parents=True)
    _tell(f"making a Windows Python in {place}")
    _unpack_interpreter(_download(place, INTERPRETER), python)
    shutil.copytree(library, python / "Lib", ignore=_not_of_windows)
    _compile(python)
    _install(python / "Lib" / "site-packages")
    write_file(stamp, wanted)


def requirements() -> list[str]:
    """Return what pyproject.toml asks for: to use the project, and to run these tests."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    tests = [one for group in told["dependency-groups"].values() for one in group if isinstance(one, str)]
    wanted = [one for one in tests if re.match(r"[\w-]+", one)[0] in FOR_TESTS]  # type: ignore[index]  # all begin so
    extras = [one for extra in EXTRAS for one in project["optional-dependencies"][extra]]
    return [*project["dependencies"], *extras, *wanted, *MARKED]


def _tell(what: str) -> None:
    print(f"test-windows: {what}", flush=True)


def _require_programs() -> None:
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing:
        raise CannotBeMade(
            f"programs of Debian are missing: apt-get install --no-install-recommends {' '.join(missing)}"
        )


def _standard_library() -> Path:
    """Return the standard library of a Python of the same version: what is written in Python is the same there."""
    for program in (sys.executable, shutil.which(f"python{_VERSION}")):
        if program is None:
            continue
        told = "import os, sys; print('%d.%d' % sys.version_info[:2], os.path.dirname(os.__file__))"
        done = subprocess.run([program, "-c", told], capture_output=True, text=True, check=True)
        version, _, directory = done.stdout.strip().partition(" ")
        if version == _VERSION:
            return Path(directory)
    raise CannotBeMade(f"its standard library is taken from a Python {_VERSION}, and there is none: install python3.11")


def _fingerprint() -> str:
    told = "\n".join([INTERPRETER, *PINNED, *requirements()]).encode()
    sources = b"".join((HERE / name).read_bytes() for name in ("environment.py", "python.c", "random.c"))
    return hashlib.sha256(told + sources).hexdigest()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotBeMade(f"pip {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr.strip()}")


def _for_windows() -> tuple[str, ...]:
    return ("--platform", "win_amd64", "--python-version", _VERSION, "--only-binary=:all:")


def _download(place: Path, requirement: str) -> Path:
    wheels = place / "wheels"
    name = requirement.partition("==")[0]
    if not list(wheels.glob(f"{name}-*.whl")):
        _pip("download", "--no-deps", *_for_windows(), "--dest", str(wheels), requirement)
    return next(wheels.glob(f"{name}-*.whl"))


def _unpack_interpreter(wheel: Path, python: Path) -> None:
    """Take the libraries and extension modules; wine has the C library itself (api-ms-win-*)."""
    modules = python / "DLLs"
    modules.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        for entry in packed.namelist():
            name = Path(entry).name
            if not entry.startswith("deploy_libs/") or name.startswith("api-ms-win"):
                continue
            target = modules if name.endswith(".pyd") else python
            write_file(target / name, packed.read(entry))


def _not_of_windows(_folder: str, names: list[str]) -> set[str]:
    return {"site-packages", "lib-dynload", "test", "__pycache__", "idlelib", "ensurepip"} & set(names)


def _compile(python: Path) -> None:
    """Make what the wheel does not bring: python.exe, the python3.dll of the stable ABI, and random bytes for Rust."""
    _gcc("-municode", "-O1", "-o", str(python / "python.exe"), str(HERE / "python.c"))
    _gcc("-shared", "-O1", "-o", str(python / "bcryptprimitives.dll"), str(HERE / "random.c"), "-ladvapi32")
    listed = ["x86_64-w64-mingw32-objdump", "-p", str(python / "python311.dll")]
    exported = exports(subprocess.run(listed, capture_output=True, text=True, check=True).stdout)
    if not exported:
        raise CannotBeMade("objdump names no export of python311.dll: has its output another form now?")
    definition, empty = python / "python3.def", python / "python3.c"
    write_file(definition, "\n".join(["LIBRARY python3", "EXPORTS", *(f"{one}=python311.{one}" for one in exported)]))
    write_file(empty, "int nothing_of_its_own;\n")
    _gcc("-shared", "-nostdlib", "-Wl,--entry,0", "-o", str(python / "python3.dll"), str(empty), str(definition))


def exports(listing: str) -> Sequence[str]:
    """Return the names of Python's functions in what objdump tells of a library."""
    return sorted(set(_EXPORT.findall(listing.partition("[Ordinal/Name Pointer] Table")[2])))


def _gcc(*arguments: str) -> None:
    done = subprocess.run(["x86_64-w64-mingw32-gcc", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBeMade(f"gcc {' '.join(arguments)}:\n{done.stderr.strip()}")


def _install(packages: Path) -> None:
    """Install what is needed, and have the copy of this tree on drive C found as an editable installation is."""
    _pip("install", "--no-warn-conflicts", *_for_windows(), "--target", str(packages), *PINNED, *requirements())
    write_file(packages / "async_paraview.pth", f"{TREE}\n")
