"""Layouts, links of cameras and animations of ParaView's states: read, written, and opened by ParaView."""

from __future__ import annotations

import json
import lzma
import os
import re
import subprocess
import warnings
from pathlib import Path
from typing import Any, Final

import pytest

from bench.scripts import pvpython
from servermanager import Session, StateWarning, connect

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

STATE: Final = Path(__file__).parent / "paraview_animation" / "scene.pvsm.xz"
SEEN: Final = {
    "radius": 2.402298889883334, "center": [0.25, 1.25, 2.25], "opacity": 0.8, "origin": [-0.1, 0.0, 0.0],
    "position": [5.77336889044824, 0.0, 1.4866747852752225],
}  # fmt: skip
"""What ParaView printed of the state at its time, 1.5."""
LOOKS_INTO: Final = """
import json, sys
from paraview.simple import *
LoadState(sys.argv[1])
scene, ball, cut, views = GetAnimationScene(), FindSource("Ball"), FindSource("Cut"), GetRenderViews()
layout = GetLayoutByName("both")
found = {
    "loaded": list(cut.ClipType.Origin),
    "scene": [str(scene.PlayMode).strip("'"), scene.StartTime, scene.EndTime, scene.NumberOfFrames, scene.Stride,
              scene.Loop, scene.LockStartTime, scene.AnimationTime, GetTimeKeeper().Time],
    "layout": [[layout.GetViewLocation(one) for one in views], layout.SeparatorWidth,
               layout.GetSplitFraction(0), layout.GetSplitDirection(0), layout.GetSplitFraction(2)],
    "suppressed": len(GetTimeKeeper().SuppressedTimeSources),
    "times": GetTimeTrack().Enabled,
}
for time in (1.25, 1.5, 3.0):
    scene.AnimationTime = time
    found[str(time)] = {
        "radius": ball.Radius, "center": list(ball.Center), "origin": list(cut.ClipType.Origin),
        "opacity": GetDisplayProperties(cut, views[0]).Opacity,
        "position": list(views[0].GetActiveCamera().GetPosition()),
        "linked": list(views[1].GetActiveCamera().GetPosition()),
    }
print("FOUND" + json.dumps(found))
"""


def shown(session: Session) -> dict[str, Any]:
    ball, cut = session.proxies.find_source("Ball"), session.proxies.find_source("Cut")
    assert ball is not None and cut is not None
    view = session.all_views()[0]
    return {
        "radius": ball.Radius, "center": ball.Center, "origin": cut.ClipType.Origin,
        "opacity": session.all_representations()[0].Opacity, "position": view.CameraPosition,
    }  # fmt: skip


def alike(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    return all(ours[name] == pytest.approx(value, abs=1e-9) for name, value in theirs.items())


def check_scene(session: Session) -> None:
    animation, (left, right) = session.animation, session.all_views()
    (layout,) = session.layouts
    assert (layout.Name, layout.SeparatorWidth, layout.cells, layout.views) == ("both", 3, [1, 5, 6], [left, right])
    assert (layout.split_of(0), layout.split_of(2)) == (("Horizontal", 0.6), ("Vertical", 0.25))
    assert left.CameraLink == right.CameraLink == "linked"
    hat = session.proxies.find_source("Hat")
    assert animation.time_keeper.SuppressedTimeSources == [hat] and not animation.time_track.Enabled
    assert (session.time, animation.AnimationTime, animation.StartTime, animation.EndTime) == (None, 1.5, 1.0, 3.0)
    assert (animation.NumberOfFrames, animation.Stride, animation.Loop, animation.LockStartTime) == (7, 2, True, True)
    tracks = {(one.kind, one.AnimatedProxy, getattr(one, "AnimatedPropertyName", "")): one for one in _named(animation)}
    assert len(tracks) == 6


def _named(animation: Any) -> list[Any]:
    for one in animation.tracks:
        assert one.AnimatedProxy is not None and len(one.KeyFrames) >= 2
    return list(animation.tracks)


async def loaded(session: Session, path: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StateWarning)
        return (await session.load_state(path)).report()


@in_loop
async def test_states_of_paraview_bring_their_animation(tmp_path: Path) -> None:
    (tmp_path / "scene.pvsm").write_bytes(lzma.decompress(STATE.read_bytes()))
    async with connect() as session:
        report = await loaded(session, tmp_path / "scene.pvsm")
        assert "animation" not in report and "layout" not in report and "link" not in report
        check_scene(session)
        await session.animation.go_to(1.5)
        assert alike(shown(session), SEEN)
        kinds = [one.kind for one in session.animation.tracks]
        assert kinds == ["KeyFrameAnimationCue"] * 4 + ["CameraAnimationCue"] * 2
        radius, center, opacity, origin, path, following = session.animation.tracks
        assert [one.AnimatedPropertyName for one in (radius, center, opacity, origin)] == [
            "Radius", "Center", "Opacity", "Origin"
        ]  # fmt: skip
        assert [one["Interpolation"] for one in radius.KeyFrames] == ["Sinusoid", "Boolean", "Ramp"]
        assert (center.TimeMode, center.EndTime, center.AnimatedElement) == ("Relative", 2.0, -1)
        assert (path.Mode, following.Mode, following.Interpolation) == ("Path-based", "Follow-data", "Linear")
        assert following.DataSource is session.proxies.find_source("Hat")


@in_loop
async def test_what_is_written_for_paraview_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "scene.pvsm").write_bytes(lzma.decompress(STATE.read_bytes()))
    async with connect() as session, connect() as again:
        await loaded(session, tmp_path / "scene.pvsm")
        with warnings.catch_warnings(record=True) as told:
            await session.save_state(tmp_path / "ours.pvsm")
        assert not told, [str(one.message) for one in told]
        await loaded(again, tmp_path / "ours.pvsm")
        check_scene(again)
        assert again.undo.labels == ("load state",)
        await again.animation.go_to(2.2)
        await session.animation.go_to(2.2)
        assert alike(shown(again), shown(session))


@in_loop
async def test_what_paraview_has_no_place_for_is_said(tmp_path: Path) -> None:
    async with connect() as session:
        sphere, animation = session.sources.Sphere(), session.animation
        left, right = session.views.RenderView(), session.views.RenderView()
        first = session.show(sphere, left)
        session.show(sphere, right)
        frames = [{"KeyTime": 0, "KeyValues": [1], "Interpolation": "None"}, {"KeyTime": 1, "KeyValues": [0.5]}]
        animation.track(first, "Opacity").KeyFrames = frames
        animation.track(sphere, "Radius").KeyFrames = frames
        animation.track(session.color_maps["nothing"], "NanOpacity").KeyFrames = frames
        animation.PlayMode = "Real Time"
        with pytest.warns(StateWarning) as told:
            await session.save_state(tmp_path / "ours.pvsm")
        text = str(told[0].message)
        for words in (
            "track of Opacity: ParaView moves the Opacity of all that shows a source together",
            "track of NanOpacity: what it moves was left out",
            "keyframe: ParaView has no keyframe that sets nothing; it is left out",
            "PlayMode: ParaView 6 has no Real Time; 5 does",
        ):
            assert words in text


@in_loop
async def test_damaged_layouts_and_lost_keyframes_are_said(tmp_path: Path) -> None:
    text = lzma.decompress(STATE.read_bytes()).decode()
    without = re.sub(r'    <Proxy group="animation_keyframes".*?</Proxy>\n', "", text, count=1, flags=re.DOTALL)
    (tmp_path / "lost.pvsm").write_text(without)
    (tmp_path / "cells.pvsm").write_text(
        text.replace('<Item direction="2" fraction="0.6"', '<Item direction="7" fraction="0.6"')
    )
    (tmp_path / "python.pvsm").write_text(text.replace('type="CameraAnimationCue"', 'type="PythonAnimationCue"'))
    for number, (of, old, new) in enumerate((
        ("261.AnimationTime", "1.5", "soon"), ("261.NumberOfFrames", "7", "inf"), ("261.PlayMode", "0", "-1"),
        ("256.Time", "0", "nan"), ("919.SeparatorWidth", "3", "wide"),
    )):  # fmt: skip
        pattern = rf'(id="{of}" number_of_elements="1">\s*<Element index="0" value=")' + re.escape(old)
        changed, count = re.subn(pattern, rf"\g<1>{new}", text)
        assert count == 1, of
        (tmp_path / f"number{number}.pvsm").write_text(changed)
    (tmp_path / "back.pvsm").write_text(
        text.replace('<Item direction="2" fraction="0.6"', '<Item direction="-1" fraction="0.6"')
    )
    for name, words in (
        ("lost", "keyframes are not in the file: pvpython left them out"),
        ("cells", "layouts: both: its cells are not as they must be"),
        ("python", "PythonAnimationCue is not read: it is no track of keyframes"),
        ("number0", "AnimationTime: soon was not taken"),
        ("number1", "NumberOfFrames: inf was not taken"),
        ("number2", "PlayMode: -1 was not taken"),
        ("number3", "Time: nan was not taken"),
        ("number4", "SeparatorWidth: wide was not taken"),
        ("back", "layouts: both: its cells are not as they must be"),
    ):
        async with connect() as session:
            assert words in await loaded(session, tmp_path / f"{name}.pvsm")
            assert len(session.proxies.sources()) == 3


def _found(folder: Path, name: str, display: str) -> Any:
    """Return what pvpython finds in a state."""
    ended = subprocess.run(
        [pvpython.PROGRAM, "--force-offscreen-rendering", str(folder / "look.py"), str(folder / f"{name}.pvsm")],
        env={**os.environ, "DISPLAY": display, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=scaled(120.0),
        check=False,
    )
    lines = [line for line in ended.stdout.splitlines() if line.startswith("FOUND")]
    assert lines, ended
    return json.loads(lines[0].removeprefix("FOUND"))


@pytest.mark.skipif(pvpython.missing() is not None, reason="ParaView's pvpython and Xvfb are not on PATH")
def test_paraview_shows_the_same_at_each_time(tmp_path: Path) -> None:
    (tmp_path / "theirs.pvsm").write_bytes(lzma.decompress(STATE.read_bytes()))
    _write(tmp_path)
    (tmp_path / "look.py").write_text(LOOKS_INTO, "utf-8")
    with pvpython.x_server() as display:
        found = [_found(tmp_path, name, display) for name in ("theirs", "ours")]
    theirs, ours = found
    for key, value in theirs.items():
        if isinstance(value, dict):
            assert alike(ours[key], value), key
        else:
            assert ours[key] == value, key
    assert alike(ours["1.5"], SEEN)


@in_loop
async def _write(folder: Path) -> None:
    async with connect() as session:
        await loaded(session, folder / "theirs.pvsm")
        await session.save_state(folder / "ours.pvsm")
