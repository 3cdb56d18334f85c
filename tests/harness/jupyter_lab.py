"""A JupyterLab on loopback, and notebooks for it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

from .apvtest import ROOT, end_all, environment, poll
from .time_limits import scaled

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "@jupyterlab/apputils-extension": {"notification": {"fetchNews": "false", "checkForUpdates": False}},
    "@jupyterlab/notebook-extension": {"tracker": {"windowingMode": "none"}},
    "@jupyterlab/docmanager-extension": {"plugin": {"autosave": False}},
}
"""What would put something in front of the page, or do something by itself."""


def why_no_jupyter() -> str | None:
    """Why there is no JupyterLab here; None: there is one."""
    missing = [name for name in ("jupyterlab", "anywidget", "ipykernel") if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else None


def notebook(*cells: str) -> NotebookNode:
    """A notebook of code cells, for the Python of these tests."""
    import nbformat

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def jupyter_share() -> Path:
    """Where JupyterLab and the kernels are that were installed with it."""
    found = importlib.util.find_spec("jupyterlab")
    assert found is not None and found.origin is not None
    return Path(found.origin).parents[4] / "share" / "jupyter"


class JupyterLab:
    """A server of JupyterLab with a folder and settings of its own. Leaving the context ends it with its kernels."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="apvlab-"))
        self.notebooks = self.folder / "notebooks"
        self.notebooks.mkdir()
        self._write_settings()
        self._log = (self.folder / "log").open("wb")
        arguments = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0", f"--ServerApp.root_dir={self.notebooks}", "--LabApp.news_url=None",
        ]  # fmt: skip
        self._process = subprocess.Popen(arguments, stdout=self._log, stderr=self._log, env=self._environment())
        try:
            self.info = poll(self._told, deadline_s=60, what="JupyterLab's address")
        except AssertionError as error:
            log = self.log
            self.__exit__()
            raise AssertionError(f"{error}: {log[-4000:]}") from None

    def _environment(self) -> dict[str, str]:
        share = jupyter_share()
        return environment(
            JUPYTERLAB_DIR=str(share / "lab"),
            JUPYTER_PATH=str(share),
            JUPYTER_RUNTIME_DIR=str(self.folder / "runtime"),
            JUPYTER_DATA_DIR=str(self.folder / "data"),
            JUPYTER_CONFIG_DIR=str(self.folder / "config"),
            JUPYTERLAB_SETTINGS_DIR=str(self.folder / "settings"),
            JUPYTERLAB_WORKSPACES_DIR=str(self.folder / "workspaces"),
            IPYTHONDIR=str(self.folder / "ipython"),
            PYTHONPATH=str(ROOT),
        )

    def _write_settings(self) -> None:
        for extension, files in _SETTINGS.items():
            for name, settings in files.items():
                file = self.folder / "settings" / extension / f"{name}.jupyterlab-settings"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(settings))

    def _told(self) -> dict[str, Any] | None:
        assert self._process.poll() is None, f"JupyterLab has ended with {self._process.returncode}"
        for file in (self.folder / "runtime").glob("jpserver-*.json"):
            with suppress(ValueError):  # it is being written
                return dict(json.loads(file.read_text()))
        return None

    def __enter__(self) -> JupyterLab:
        return self

    def __exit__(self, *exception: object) -> None:
        kernels = psutil.Process(self._process.pid).children(recursive=True) if self._process.poll() is None else []
        self._process.kill()
        self._process.wait(scaled(10))
        end_all(kernels)
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log(self) -> str:
        """What it has said."""
        return (self.folder / "log").read_text(errors="replace")

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """Write a notebook of these cells."""
        import nbformat

        file = self.notebooks / name
        nbformat.write(notebook(*cells), file)
        return file

    def url(self, name: str, *, mode: str = "doc") -> str:
        """The address at which a browser shows a notebook, and nothing else."""
        return f"{self.info['url']}{mode}/tree/{name}?token={self.info['token']}"
