"""A machine on which nothing could be rendered is looked at again after a while, and not before."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.rendering import opengl


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
    now[0] = opengl.PROBE_TIMEOUT_S + opengl.RETRY_S - 1
    with pytest.raises(opengl.OpenGLUnavailable, match="no picture"):
        probe.result()
    assert len(begun) == tried
    now[0] += 1
    assert probe.result() is found[0]
