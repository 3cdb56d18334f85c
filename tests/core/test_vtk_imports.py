"""VTK is imported by one thread at a time, whoever is the first."""

from __future__ import annotations

import subprocess
import sys

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

PROGRAM = """
import sys, threading

class Finder:
    threads, another, looks = [], threading.Event(), 4
    def find_spec(self, name, path=None, target=None):
        if name.startswith("vtkmodules."):
            here = threading.get_ident()
            if self.threads[-1:] != [here]:
                self.threads.append(here)
            if len(set(self.threads)) > 1:
                self.another.set()
            if self.looks and not self.another.is_set():
                self.looks -= 1
                self.another.wait(0.5)  # another thread comes meanwhile, if it may
        return None

sys.meta_path.insert(0, Finder())
sys.setswitchinterval(1e-6)
from apvserver.data.service import DataService
from apvserver.render.service import RenderService
from async_paraview.datasets import check_structure
from services_core import Closed

class Begun(DataService):
    def _connect_render(self):
        raise Closed("that is all")

def data(): Begun.started(Begun.__new__(Begun))
def render(): RenderService.started(RenderService.__new__(RenderService))
def client():
    try:
        check_structure(None)
    except AttributeError:
        pass

together = threading.Barrier(3)
def run(call):
    together.wait()
    call()

threads = [threading.Thread(target=run, args=(one,)) for one in (data, render, client)]
for one in threads: one.start()
for one in threads: one.join()
print(len(Finder.threads), len(set(Finder.threads)))
"""


def test_threads_that_begin_at_once_import_vtk_one_after_the_other() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60), check=True
    )
    turns, threads = map(int, done.stdout.split())
    assert turns == threads > 0
