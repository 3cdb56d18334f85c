"""A machine on which nothing could be rendered is looked at again after a while, and not before; and it may be slow."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from apvserver.settings import adopted
from apvserver.vtk.rendering import opengl

from ..harness.apvtest import with_settings


def test_what_was_missing_may_be_there_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now, begun, found = [0.0], list[str](), list[opengl.OpenGLReport]()

    def verdict(_self: opengl.OpenGLProbe, _child: Any, _name: str) -> Any:
        return found[0] if found else "no picture"

    monkeypatch.delenv(opengl.KNOWN_WINDOW_VARIABLE, raising=False)
    monkeypatch.setattr(opengl, "_start_child", begun.append)
    monkeypatch.setattr(opengl.OpenGLProbe, "_verdict", verdict)
    monkeypatch.setattr("apvserver.vtk.rendering.opengl.time.monotonic", lambda: now[0])
    probe = opengl.OpenGLProbe()
    for _ in range(2):
        with pytest.raises(opengl.OpenGLUnavailable, match="no picture"):
            probe.result()
    tried = len(begun)
    found.append(opengl.OpenGLReport("vtkEGLRenderWindow"))
    now[0] = adopted().opengl_wait_s + opengl.RETRY_S - 1
    with pytest.raises(opengl.OpenGLUnavailable, match="no picture"):
        probe.result()
    assert len(begun) == tried
    now[0] += 1
    assert probe.result() is found[0]


def test_a_machine_that_draws_too_slowly_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, opengl_wait_s=3)
    now, waited = [0.0], list[float]()

    class Slow:
        """A child that draws for ever, and takes all the time that it gets."""

        def communicate(self, timeout: float | None = None) -> tuple[str, str]:
            if timeout is None:
                return "", ""
            waited.append(timeout)
            now[0] += timeout
            raise subprocess.TimeoutExpired("draw", timeout)

        def kill(self) -> None:
            pass

    monkeypatch.delenv(opengl.KNOWN_WINDOW_VARIABLE, raising=False)
    monkeypatch.setenv("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    monkeypatch.setattr(opengl, "_start_child", lambda _name: Slow())
    monkeypatch.setattr("apvserver.vtk.rendering.opengl.time.monotonic", lambda: now[0])
    with pytest.raises(opengl.OpenGLUnavailable, match=r"no picture within 3 s; .* set APV_OPENGL_WAIT"):
        opengl.OpenGLProbe().result()
    assert waited == [3.0]
