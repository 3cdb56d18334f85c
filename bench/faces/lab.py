"""A JupyterLab for measurements, with a folder and settings of its own."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from ..reliability.figures import Absent
from ..reliability.own_server import modules_path

START_S: Final = 90.0
_QUIET: Final[dict[str, dict[str, Any]]] = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}
"""Settings by which nothing stands in front of a notebook."""


@dataclass(frozen=True)
class Lab:
    """One that runs."""

    url: str
    token: str
    folder: Path

    def page(self, name: str, cells: Sequence[str]) -> str:
        """Write a notebook of these cells; returns the address at which a browser shows it."""
        import nbformat

        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(made, self.folder / name)
        return f"{self.url}doc/tree/{name}?token={self.token}"


@asynccontextmanager
async def jupyter_lab() -> AsyncIterator[Lab]:
    """Run one until the context is left, which ends its kernels too. Raises Absent."""
    for name in ("jupyterlab", "anywidget", "ipykernel", "nbformat"):
        if importlib.util.find_spec(name) is None:
            raise Absent(f"{name} is not installed: pip install --group bench-faces, and the extra notebook")
    folder = Path(tempfile.mkdtemp(prefix="apv-bench-lab-"))
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    for path, settings in _QUIET.items():
        file = folder / "settings" / f"{path}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0", f"--ServerApp.root_dir={notebooks}", "--LabApp.news_url=None",
        env=_variables(folder), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        told = await _told(process, folder / "runtime")
        yield Lab(told["url"], told["token"], notebooks)
    finally:
        await _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _variables(folder: Path) -> dict[str, str]:
    origin = getattr(importlib.util.find_spec("jupyterlab"), "origin", None)
    assert origin is not None
    share = Path(origin).parents[4] / "share" / "jupyter"
    own = {
        "JUPYTERLAB_DIR": share / "lab", "JUPYTER_PATH": share, "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTER_DATA_DIR": folder / "data", "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTERLAB_SETTINGS_DIR": folder / "settings", "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
        "IPYTHONDIR": folder / "ipython", "PYTHONPATH": modules_path(),
    }  # fmt: skip
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


async def _told(process: asyncio.subprocess.Process, runtime: Path) -> dict[str, Any]:
    async with asyncio.timeout(START_S):
        while process.returncode is None:
            if (told := _read(runtime)) is not None:
                return told
            await asyncio.sleep(0.05)
    raise RuntimeError(f"JupyterLab ended with {process.returncode}")


def _read(runtime: Path) -> dict[str, Any] | None:
    for file in runtime.glob("jpserver-*.json"):
        with suppress(ValueError):  # it is being written
            return dict(json.loads(file.read_text()))
    return None


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    below = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    await process.wait()
    for one in below:
        with suppress(psutil.NoSuchProcess):
            one.kill()
