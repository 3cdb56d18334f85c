"""What is built is what is meant: a wheel of the product alone, a source distribution of all, and both work."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from services_core import __version__

from ..harness.apvtest import ROOT
from ..harness.page_blocks import blocks_of
from ..harness.time_limits import scaled

pytestmark = [pytest.mark.deep, pytest.mark.timeout(scaled(900))]

PRODUCT: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
    "wheel"
]["packages"]
METADATA = f"async_paraview-{__version__}.dist-info"


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    """What a program prints, which must end well. Nothing of this environment helps it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    ended = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=kept | env,
        capture_output=True,
        text=True,
        timeout=scaled(600),
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def tracked(*folders: str) -> set[str]:
    """The files that git has, below these folders."""
    listed = run("git", "ls-files", "-z", *folders, cwd=ROOT)
    return {name for name in listed.split("\0") if name}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel and the source distribution are, the wheel made of that distribution."""
    place = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", place, ROOT, cwd=place)
    assert sorted(path.name for path in place.iterdir()) == [
        f"async_paraview-{__version__}-py3-none-any.whl",
        f"async_paraview-{__version__}.tar.gz",
    ]
    return place


def wheel_of(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_has_the_product_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith(METADATA)}
        about = wheel.read(f"{METADATA}/METADATA").decode()
        starts = wheel.read(f"{METADATA}/entry_points.txt").decode()
        assert f"{METADATA}/licenses/LICENSE" in wheel.namelist()
    assert names == tracked(*PRODUCT)
    assert {f"{name}/py.typed" for name in PRODUCT} <= names
    assert any(name.endswith(".toml") for name in names), "the types of proxies are data"
    assert f"\nVersion: {__version__}\n" in about and "\nRequires-Python: >=3.11\n" in about
    assert "apvserver = apvserver.__main__:main" in starts and "apvpython = apvpython.__main__:main" in starts


def test_the_source_distribution_has_all_that_git_has(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as packed:
        first = f"async_paraview-{__version__}/"
        names = {name.removeprefix(first) for name in packed.getnames()}
    assert names - {"PKG-INFO"} == tracked()


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, what it needs, and nothing else."""
    place = tmp_path_factory.mktemp("empty")
    run(sys.executable, "-m", "venv", place / "venv", cwd=place)
    scripts = place / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel_of(built), cwd=place)
    return scripts


def test_the_first_script_of_the_readme_runs_from_an_empty_environment(installed: Path, tmp_path: Path) -> None:
    blocks = blocks_of((ROOT / "README.md").read_text("utf-8"))
    (script,) = [block for block in blocks if block.file == "script.py"]
    (tmp_path / "script.py").write_text(script.code, "utf-8")
    printed = run(installed / "apvpython", "script.py", cwd=tmp_path)
    assert "Contour" in printed
    assert (tmp_path / "wavelet.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_installed_is_what_was_built_and_its_server_says_its_version(installed: Path, tmp_path: Path) -> None:
    place = run(installed / "python", "-c", "import servermanager; print(servermanager.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(installed.parent)
    assert __version__ in run(installed / "apvserver", "--version", cwd=tmp_path)
