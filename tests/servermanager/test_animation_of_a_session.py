"""The animation and the layouts of a session: moved, undone, shared with other programs, kept in states."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import RemoteError, Session, StateError, connect, sync
from servermanager.layouts.layout import LayoutProxy
from services_core import Refused
from services_core.payload import pack_payload

from ..harness.apvtest import BACKENDS, Server, apvpython, in_loop
from ..harness.time_limits import scaled

GROWING = [{"KeyTime": 0.0, "KeyValues": [0.25]}, {"KeyTime": 1.0, "KeyValues": [1.25]}]


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with Server(request.param) as server:
        yield server.url


@asynccontextmanager
async def two(url: str, role: str = "editor") -> AsyncIterator[tuple[Session, Session]]:
    async with connect(url) as one, connect(url, session=await one.invite(role)) as other:
        yield one, other


async def settled(*sessions: Session) -> None:
    for _ in range(2):
        for session in sessions:
            await session.synced()


async def make_scene(session: Session) -> tuple[Any, Any, Any, LayoutProxy]:
    """A sphere that grows, in two views of a layout, one of which is gone around."""
    sphere = session.sources.Sphere(Radius=0.5)
    await sphere.definition()
    left = session.views.RenderView(ViewSize=[60, 40], Background=[1, 0, 0])
    right = session.views.RenderView(ViewSize=[60, 40], Background=[0, 0, 1])
    session.show(sphere, left, Color=[1, 1, 1])
    session.show(sphere, right, Color=[1, 1, 1])
    layout = session.layouts.create("both")
    layout.assign(left, 0)
    layout.split_horizontal(0)
    layout.assign(right, 2)
    session.animation.update(StartTime=0.0, EndTime=2.0, NumberOfFrames=5)
    session.animation.track(sphere, "Radius").KeyFrames = GROWING
    return sphere, left, right, layout


def described(session: Session) -> dict[str, Any]:
    """All that programs of one session agree on, of its layouts and its animation."""
    animation, numbers = session.animation, {one: one.id for one in session.all_views()}
    return {
        "layouts": [
            (
                one.Name,
                one.SeparatorWidth,
                [(at, numbers[view] if (view := one.view(at)) else None) for at in one.cells],
            )
            for one in session.layouts
        ],
        "scene": {name: getattr(animation, name) for name in ("PlayMode", "StartTime", "EndTime", "NumberOfFrames")},
        "time": (animation.AnimationTime, session.time),
        "tracks": [
            (
                one.kind,
                getattr(one.AnimatedProxy, "id", None),
                {
                    name: value
                    for name, value in one.set_values().items()
                    if name not in ("AnimatedProxy", "DataSource")
                },
            )
            for one in animation.tracks
        ],
        "suppressed": [one.id for one in animation.time_keeper.SuppressedTimeSources],
    }


@in_loop
async def test_all_that_tracks_move_is_moved(url: str) -> None:
    async with connect(url) as session:
        sphere, left, right, _ = await make_scene(session)
        animation, shown = session.animation, session.all_representations()[0]
        animation.track(sphere, "Center").KeyFrames = [
            {"KeyTime": 0, "KeyValues": [0, 0, 0]}, {"KeyTime": 1, "KeyValues": [1, 2, 3]}
        ]  # fmt: skip
        animation.track(shown, "Opacity").KeyFrames = [
            {"KeyTime": 0, "KeyValues": [1.0]}, {"KeyTime": 1, "KeyValues": [0.5]}
        ]  # fmt: skip
        animation.track(right, "Background", 1).KeyFrames = [
            {"KeyTime": 0, "KeyValues": [0.0]}, {"KeyTime": 1, "KeyValues": [1.0]}
        ]  # fmt: skip
        labels = session.undo.labels
        await animation.go_to(1.0)
        assert (sphere.Radius, sphere.Center, shown.Opacity) == (0.75, [0.5, 1.0, 1.5], 0.75)
        assert right.Background == [0.0, 0.5, 1.0] and left.Background == [1.0, 0.0, 0.0]
        assert session.time == 1.0 == animation.AnimationTime and session.undo.labels == labels
        assert (await sphere.update_pipeline()).bounds == pytest.approx((-0.25, 1.25, 0.25, 1.75, 0.75, 2.25), abs=0.05)
        animation.AnimationTime = 2.0
        assert (sphere.Radius, shown.Opacity) == (1.25, 0.5)
        both = animation.track(sphere, "Visibility")
        both.KeyFrames = [
            {"KeyTime": 0, "KeyValues": [1], "Interpolation": "Boolean"},
            {"KeyTime": 1, "KeyValues": [0]},
        ]
        await animation.go_to(2.0)
        assert [one.Visibility for one in session.all_representations()] == [False, False]
        await animation.go_to(1.9)
        assert [one.Visibility for one in session.all_representations()] == [True, True]
        assert animation.track(sphere, "Center", 1) is not animation.track(sphere, "Center")
        assert animation.track(sphere, "Radius") is animation.tracks[0]


@in_loop
async def test_what_cannot_be_animated_says_why(url: str) -> None:
    async with connect(url) as session:
        sphere, left, *_ = await make_scene(session)
        animation, number = session.animation, len(session.animation.tracks)
        with pytest.raises(AttributeError, match=r"Sphere has no property 'Radiuss'; did you mean Radius"):
            animation.track(sphere, "Radiuss")
        with pytest.raises(ValueError, match=r"Sphere.Center has 3 values, and none of number 3"):
            animation.track(sphere, "Center", 3)
        with pytest.raises(TypeError, match="XTitle has no numbers: nothing of it can be animated"):
            animation.track(left, "XTitle")
        with pytest.raises(TypeError, match="the camera of a render view is animated"):
            animation.camera_track(sphere)
        with pytest.raises(ValueError, match=re.escape("AnimationScene.PlayMode = 'Sequenz': no play mode is called")):
            animation.PlayMode = "Sequenz"
        with pytest.raises(ValueError, match="keyframe 0: Interpolation = 'ramp'"):
            animation.tracks[0].KeyFrames = [{"Interpolation": "ramp"}]
        other = await connect(url)
        with pytest.raises(ValueError, match="is of another session"):
            animation.track(other.sources.Sphere(), "Radius")
        await other.close()
        with pytest.raises(ValueError, match="the track of time is not deleted"):
            animation.time_track.delete()
        assert len(animation.tracks) == number and animation.tracks[0].KeyFrames[1]["KeyValues"] == [1.25]


@in_loop
async def test_it_is_played_until_it_is_stopped(url: str) -> None:
    async with connect(url) as session:
        sphere, *_ = await make_scene(session)
        animation, seen = session.animation, list[tuple[float, float]]()
        await animation.play(progress=lambda time: seen.append((time, sphere.Radius)))
        assert seen == [(0.0, 0.25), (0.5, 0.5), (1.0, 0.75), (1.5, 1.0), (2.0, 1.25)]
        seen.clear()
        await animation.go_to(1.0)
        await animation.play(progress=lambda time: seen.append((time, sphere.Radius)))
        assert [time for time, _ in seen] == [1.0, 1.5, 2.0]
        seen.clear()
        await animation.play(reverse=True, progress=lambda time: seen.append((time, sphere.Radius)))
        assert [time for time, _ in seen] == [2.0, 1.5, 1.0, 0.5, 0.0]
        animation.Loop = True
        seen.clear()

        def stop(time: float) -> None:
            seen.append((time, sphere.Radius))
            if len(seen) == 7:
                animation.stop()

        await asyncio.wait_for(animation.play(progress=stop), scaled(30))
        assert [time for time, _ in seen] == [0.0, 0.5, 1.0, 1.5, 2.0, 0.0, 0.5] and not animation.is_playing
        task = asyncio.ensure_future(animation.play())
        await asyncio.sleep(0)  # it begins
        assert animation.is_playing
        with pytest.raises(RuntimeError, match="is playing already"):
            await animation.play()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not animation.is_playing
        animation.update(Loop=False, PlayMode="Real Time", Duration=0.2)
        seen.clear()
        await animation.go_to(0.0)
        await asyncio.wait_for(animation.play(progress=lambda time: seen.append((time, sphere.Radius))), scaled(30))
        times = [time for time, _ in seen]
        assert times == sorted(times) and times[-1] == 2.0 and sphere.Radius == 1.25


@in_loop
async def test_in_real_time_it_is_played_on_from_where_it_is(url: str) -> None:
    async with connect(url) as session:
        sphere, *_ = await make_scene(session)
        animation, seen = session.animation, list[tuple[float, float]]()
        animation.update(PlayMode="Real Time", Duration=0.4)
        for reverse, ends in ((False, 2.0), (True, 0.0)):
            seen.clear()
            await animation.go_to(1.5 if not reverse else 0.5)
            played = animation.play(reverse=reverse, progress=lambda time: seen.append((time, sphere.Radius)))
            await asyncio.wait_for(played, scaled(30))
            times = [time for time, _ in seen]
            assert times == sorted(times, reverse=reverse) and times[-1] == ends
            assert all(1.5 <= time <= 2.0 if not reverse else 0.0 <= time <= 0.5 for time in times), times


@in_loop
async def test_a_camera_follows_its_data(url: str) -> None:
    async with connect(url) as session:
        sphere, left, *_ = await make_scene(session)
        left.update(CameraPosition=[0, 0, 10], CameraFocalPoint=[0, 0, 0])
        animation = session.animation
        animation.track(sphere, "Center", 0).KeyFrames = [
            {"KeyTime": 0, "KeyValues": [0.0]}, {"KeyTime": 1, "KeyValues": [4.0]}
        ]  # fmt: skip
        animation.camera_track(left).update(Mode="Follow-data", DataSource=sphere)
        await animation.go_to(1.0)
        camera = await left.camera()
        assert camera["CameraFocalPoint"] == pytest.approx([2.0, 0.0, 0.0], abs=0.02)
        assert camera["CameraPosition"] == pytest.approx([2.0, 0.0, 10.0], abs=0.02)


@in_loop
async def test_the_times_are_those_of_the_data(url: str) -> None:
    async with connect(url) as session:
        animation, keeper = session.animation, session.animation.time_keeper
        assert (keeper.TimestepValues, keeper.TimeRange, animation.StartTime, animation.EndTime) == ([], [0, 1], 0, 1)
        source = session.sources.TimeSource()
        session.filters.Elevation(Input=source)
        assert await animation.update_using_data_time_steps() == pytest.approx([step / 9 for step in range(10)])
        assert animation.PlayMode == "Snap To TimeSteps" and (animation.StartTime, animation.EndTime) == (0.0, 1.0)
        await animation.go_to_next()
        await animation.go_to_next()
        assert session.time == pytest.approx(2 / 9)
        await animation.go_to_last()
        await animation.go_to_previous()
        assert session.time == pytest.approx(8 / 9)
        animation.time_track.update(
            UseAnimationTime=False,
            KeyFrames=[{"KeyTime": 0, "KeyValues": [0.8]}, {"KeyTime": 1, "KeyValues": [0.2]}],
        )
        await animation.go_to(0.25)
        assert (animation.AnimationTime, session.time) == (0.25, 0.65)
        animation.time_track.Enabled = False
        await animation.go_to(0.0)
        assert (animation.AnimationTime, session.time) == (0.0, 0.65)
        keeper.suppress(source)
        assert keeper.TimestepValues == [] and keeper.TimeRange == [0.0, 1.0]
        assert session.undo.undo() == "set SuppressedTimeSources of TimeKeeper" and len(keeper.TimestepValues) == 10


@in_loop
async def test_times_of_deleted_sources_are_not_kept(url: str) -> None:
    async with connect(url) as session:
        keeper = session.animation.time_keeper
        for _ in range(3):
            gone = session.sources.Sphere()
            await keeper.refresh()
            session.delete(gone)
        kept = session.sources.Sphere()
        await keeper.refresh()
        assert keeper._told == {kept.id: ()}  # noqa: SLF001  # nothing else tells what is kept


@in_loop
async def test_pictures_of_a_layout_are_put_together_exactly(url: str) -> None:
    async with connect(url) as session:
        _, left, right, layout = await make_scene(session)
        layout.SeparatorWidth, layout.SeparatorColor = 3, [0.0, 1.0, 0.0]
        picture = (await layout.screenshot()).pixels
        assert picture.shape == (40, 123, 3)
        assert np.array_equal(picture[:, :60], (await left.screenshot(format="rgb")).pixels)
        assert np.array_equal(picture[:, 63:], (await right.screenshot(format="rgb")).pixels)
        assert (picture[:, 60:63] == [0, 255, 0]).all()
        layout.set_size(100, 30)
        assert [left.ViewSize, right.ViewSize] == [[49, 30], [48, 30]] and layout.size() == (100, 30)
        wide = (await layout.screenshot(size=(81, 21), magnification=2, transparent=True)).pixels
        assert wide.shape == (42, 162, 4) and tuple(wide[5, 81]) == (0, 255, 0, 255)
        layout.split_vertical(2, 0.25)
        empty = (await layout.screenshot(size=(81, 21))).pixels
        assert (empty[10:, 45:] == [0, 255, 0]).all() and (empty[0, 45:] == [0, 0, 255]).all()
        alone = session.layouts.create()
        assert alone.Name == "Layout #2"
        with pytest.raises(ValueError, match="layout 'Layout #2' has no views to make a picture of"):
            await alone.screenshot()
        with pytest.raises(ValueError, match="2 x 2 pixels are too few for 3 cells"):
            await layout.screenshot(size=(2, 2))


@in_loop
async def test_an_animation_is_saved_as_it_is_described(url: str, tmp_path: Path) -> None:
    async with connect(url) as session:
        sphere, left, _, layout = await make_scene(session)
        before = sphere.Radius
        assert await left.save_animation(tmp_path / "left.%02d.png", window=(1, 3), size=(32, 20)) == 3
        assert sorted(os.listdir(tmp_path)) == ["left.01.png", "left.02.png", "left.03.png"]
        radii = []
        async for frame in layout.frames(stride=2):
            assert (frame.image.width, frame.image.height) == (121, 40)
            radii.append((frame.index, frame.time, sphere.Radius))
        assert radii == [(0, 0.0, 0.25), (2, 1.0, 0.75), (4, 2.0, 1.25)]
        assert session.time is None and sphere.Radius == 0.25 != before
        with pytest.raises(ValueError, match="frames 7 to 9 are none of the animation's, which has 5"):
            await left.save_animation(tmp_path / "none.%02d.png", window=(7, 9))
        with pytest.raises(ValueError, match="in strides of 1 or more, not of 0"):
            await left.save_animation(tmp_path / "none.%02d.png", stride=0)


@in_loop
async def test_steps_are_taken_back_and_made_again(url: str) -> None:
    async with connect(url) as session:
        sphere, left, right, layout = await make_scene(session)
        track = session.animation.tracks[0]
        before = described(session)
        right.delete()
        assert layout.views == [left] and layout.cells == [1, 2]
        session.undo.undo()
        assert layout.views == [left, right] and described(session)["layouts"][0][2] == [(1, left.id), (2, right.id)]
        track.delete()
        assert session.animation.tracks == []
        with pytest.raises(ValueError, match="was deleted"):
            track.Enabled = False
        session.undo.undo()
        assert session.animation.tracks == [track] and track.AnimatedProxy is sphere
        session.delete(sphere)
        assert track.AnimatedProxy is None
        await session.animation.go_to(1.0)
        session.undo.undo()
        await session.animation.go_to(1.0)
        assert (track.AnimatedProxy, sphere.Radius) == (sphere, 0.75)
        await session.animation.go_to(0.0)
        session.time = None
        after = described(session)
        assert [one[:2] for one in after["layouts"]] == [one[:2] for one in before["layouts"]]
        assert after["tracks"] == before["tracks"]
        layout.delete()
        assert len(session.layouts) == 0 and session.layouts.of(left) is None
        session.undo.undo()
        assert session.layouts.of(left) is layout is session.layouts["both"]
        with pytest.raises(KeyError, match="there is no layout 'bothh'; did you mean both"):
            session.layouts["bothh"]
        with pytest.raises(ValueError, match="there is a layout 'both' already"):
            session.layouts.create("both")


@in_loop
async def test_other_programs_have_the_same_layouts_and_tracks(url: str) -> None:
    async with two(url) as (one, other):
        sphere, left, right, layout = await make_scene(one)
        one.animation.time_keeper.suppress(sphere)
        await settled(one, other)
        assert described(other) == described(one)
        there = other.layouts["both"]
        assert [view.id for view in there.views] == [left.id, right.id]
        await other.animation.go_to(1.0)
        await settled(one, other)
        assert sphere.Radius == 0.75 and one.time == 1.0 == one.animation.AnimationTime
        there.split_vertical(2, 0.25)
        there.Name = "other"
        other.animation.tracks[0].KeyFrames = [*GROWING[:1], {"KeyTime": 1.0, "KeyValues": [3.0]}]
        other.animation.NumberOfFrames = 7
        await settled(one, other)
        assert described(other) == described(one) and layout.Name == "other" and layout.cells == [1, 5, 6]
        async with connect(one.about["url"], session=one.token) as third:
            await settled(third)
            assert described(third) == described(one)
        right.delete()
        await settled(one, other)
        assert there.cells == [1, 5, 6] and [view.id for view in there.views] == [left.id]
        one.undo.undo()
        await settled(one, other)
        assert [view.id for view in there.views] == [left.id, right.id] and described(other) == described(one)
        there.delete()
        other.animation.tracks[0].delete()
        await settled(one, other)
        assert list(one.layouts) == [] == one.animation.tracks
        with pytest.raises(ValueError, match="was deleted by client 2 of this session"):
            layout.split_horizontal(0)


@in_loop
async def test_thousands_of_keyframes_are_told(url: str) -> None:
    async with two(url) as (one, other):
        sphere, left, *_ = await make_scene(one)
        many = [{"KeyTime": number / 4999, "KeyValues": [float(number)]} for number in range(5000)]
        one.animation.tracks[0].KeyFrames = many
        path = [float(number % 97) for number in range(9000)]
        one.animation.camera_track(left).update(
            Mode="Path-based", KeyFrames=[{"PositionPathPoints": path}, {"KeyTime": 1.0}]
        )
        await settled(one, other)
        assert described(other) == described(one)
        assert len(other.animation.tracks[0].KeyFrames) == 5000
        await other.animation.go_to(2.0 * 1234 / 4999)
        await settled(one, other)
        assert sphere.Radius == pytest.approx(1234.0)
        async with connect(url, session=one.token) as third:
            await settled(third)
            assert described(third) == described(one)


def test_programs_that_block_have_the_same_names(url: str, tmp_path: Path) -> None:
    with sync.connect(url) as session:
        sphere, view = session.sources.Sphere(), session.views.RenderView(ViewSize=[60, 40])
        session.show(sphere, view)
        layout = session.layouts.create("one")
        layout.assign(view, 0)
        animation = session.animation
        animation.update(NumberOfFrames=3, EndTime=2.0)
        track = animation.track(sphere, "Radius", 0)
        track.KeyFrames = GROWING
        animation.go_to(1.0)
        assert (sphere.Radius, session.time, track.AnimatedProxy) == (0.75, 1.0, sphere)
        animation.AnimationTime = 2.0
        assert sphere.Radius == 1.25 and session.layouts["one"] is layout and layout.views == [view]
        seen: list[float] = []
        animation.play(progress=seen.append)
        assert seen == [0.0, 1.0, 2.0] and animation.time_keeper.TimestepValues == []
        assert layout.save_screenshot(tmp_path / "one.png").width == 60
        assert layout.save_animation(tmp_path / "one.%d.png") == 3
        assert [frame.time for frame in view.frames(window=(1, 2))] == [1.0, 2.0]
        with pytest.raises(AttributeError, match="did you mean NumberOfFrames"):
            animation.NumberOfFrame = 4


@in_loop
async def test_viewers_look_and_change_nothing(url: str) -> None:
    async with two(url, "viewer") as (one, viewer):
        await make_scene(one)
        await settled(one, viewer)
        assert described(viewer) == described(one)
        for change in (
            lambda: viewer.layouts.create(),
            lambda: viewer.layouts["both"].split_horizontal(1),
            lambda: viewer.animation.track(viewer.proxies.find_source("Sphere1"), "Center"),
            lambda: setattr(viewer.animation, "AnimationTime", 1.0),
            lambda: viewer.layouts["both"].delete(),
        ):
            with pytest.raises(Refused, match="viewer"):
                change()
        assert (await viewer.layouts["both"].screenshot()).width == 121
        await settled(one, viewer)
        assert described(viewer) == described(one) and one.time is None


@in_loop
async def test_a_new_worker_is_told_of_them(url: str) -> None:
    async with two(url) as (one, other):
        if one.about["backend"] == "inproc":
            pytest.skip("there is no worker to be replaced")
        await make_scene(one)
        await settled(one, other)
        await one.restart()
        one.layouts["both"].SeparatorWidth = 5
        await settled(one, other)
        assert described(other) == described(one) and other.layouts["both"].SeparatorWidth == 5
        async with connect(url, session=one.token) as third:
            await settled(third)
            assert described(third) == described(one)


@in_loop
async def test_states_have_them(url: str, tmp_path: Path) -> None:
    async with connect(url) as session, connect(url) as other:
        sphere, left, _, layout = await make_scene(session)
        layout.split_vertical(2, 0.25)
        layout.SeparatorWidth = 2
        session.animation.camera_track(left).update(Mode="Follow-data", DataSource=sphere, StartTime=0.5)
        session.animation.track(session.all_representations()[1], "Opacity").KeyFrames = GROWING
        session.animation.track(session.color_maps["Normals"], "NanOpacity").KeyFrames = GROWING
        session.animation.time_keeper.suppress(sphere)
        session.animation.time_track.update(UseAnimationTime=False, KeyFrames=GROWING)
        await session.animation.go_to(1.5)
        await session.save_state(tmp_path / "all.json")
        await other.load_state(tmp_path / "all.json")

        def plain(of: Session) -> Any:
            found = described(of)
            numbers = {view.id: at for at, view in enumerate(of.all_views())}
            found["layouts"] = [
                (name, width, [(at, numbers.get(view)) for at, view in cells])
                for name, width, cells in found["layouts"]
            ]
            return found | {"tracks": [(kind, values) for kind, _, values in found["tracks"]], "suppressed": 1}

        assert plain(other) == plain(session) and other.time == pytest.approx(1.0)
        assert other.animation.AnimationTime == 1.5
        loaded = other.animation.tracks
        assert loaded[0].AnimatedProxy is other.proxies.find_source("Sphere1") is loaded[-1].DataSource
        assert loaded[1].AnimatedProxy is other.all_representations()[1]
        assert loaded[2].AnimatedProxy is other.color_maps["Normals"]
        assert loaded[-1].AnimatedProxy is other.all_views()[0]
        assert [one.type_name for one in other.animation.time_keeper.SuppressedTimeSources] == ["Sphere"]
        assert other.undo.undo() == "load state" and (len(other.layouts), other.animation.tracks) == (0, [])
        assert other.animation.NumberOfFrames == 10 and other.animation.time_track.UseAnimationTime is True
        await other.load_state(tmp_path / "all.json")
        await other.load_state(tmp_path / "all.json")
        assert [one.Name for one in other.layouts] == ["both", "Layout #2"]
        state = json.loads((tmp_path / "all.json").read_text())
        for wrong, where in (
            (
                {"kind": "ViewLayouts", "properties": {}},
                r"shared\[0\].kind: no kind of shared thing is called",
            ),
            ({"kind": "ViewLayout", "properties": {"Cells": [[0, "None", 0.5, ["view", 77]]]}}, "there is no view 77"),
            ({"kind": "ViewLayout", "properties": {"Cells": [[7, "None", 0.5, None]]}}, "cell 7 is there if cell 3"),
            ({"kind": "AnimationScene", "properties": {"Speed": 1}}, "no property is called 'Speed'"),
        ):
            (tmp_path / "wrong.json").write_text(json.dumps({**state, "shared": [wrong]}))
            with pytest.raises(StateError, match=where):
                await other.load_state(tmp_path / "wrong.json")
        old = {name: value for name, value in state.items() if name != "shared"}
        (tmp_path / "old.json").write_text(json.dumps(old))
        assert len(await other.load_state(tmp_path / "old.json")) == 1


@in_loop
async def test_scripts_of_states_make_them(url: str, tmp_path: Path) -> None:
    async with connect(url) as session:
        sphere, left, _, layout = await make_scene(session)
        layout.split_vertical(2, 0.25)
        session.animation.camera_track(left).update(Mode="Follow-data", DataSource=sphere)
        session.animation.track(session.all_representations()[1], "Opacity").KeyFrames = GROWING
        await session.animation.go_to(1.5)
        await session.save_script(tmp_path / "scene.py")
        expected = described(session)
    told = (
        "import json\nanimation = session.animation\n"
        "print(json.dumps([[[one.Name, one.cells, [v.id for v in one.views]] for one in session.layouts],\n"
        "  [[one.kind, one.AnimatedProxy.type_name, one.KeyFrames] for one in animation.tracks],\n"
        "  animation.AnimationTime, animation.NumberOfFrames, sphere1_1.Radius]))\n"
    )
    (tmp_path / "scene.py").write_text((tmp_path / "scene.py").read_text() + told)
    ended = apvpython(str(tmp_path / "scene.py"), deadline_s=60)
    assert ended.code == 0, ended
    layouts, tracks, time, frames, radius = json.loads(ended.output.splitlines()[-1])
    assert [one[:2] for one in layouts] == [["both", [1, 5, 6]]] and len(layouts[0][2]) == 2
    assert [one[0] for one in tracks] == [one[0] for one in expected["tracks"]]
    assert [one[1] for one in tracks] == ["Sphere", "GeometryRepresentation", "RenderView"]
    assert tracks[0][2] == expected["tracks"][0][2]["KeyFrames"] and (time, frames, radius) == (1.5, 5, 1.0)


@in_loop
async def test_scripts_keep_tracks_apart_that_move_one_property(url: str, tmp_path: Path) -> None:
    ends = [{"KeyTime": 0.0, "KeyValues": [0, 0, 0]}, {"KeyTime": 1.0, "KeyValues": [0, 4, 8]}]
    async with connect(url) as session:
        sphere, left, *_ = await make_scene(session)
        animation = session.animation
        animation.track(sphere, "Center", 0).KeyFrames = GROWING
        animation.new_track("KeyFrameAnimationCue").update(
            AnimatedProxy=sphere, AnimatedPropertyName="Center", AnimatedElement=-1, KeyFrames=ends, StartTime=0.5
        )
        animation.new_track("KeyFrameAnimationCue").KeyFrames = GROWING  # it moves nothing yet
        animation.camera_track(left).Enabled = False
        await session.save_script(tmp_path / "scene.py")
        expected = [one for _, _, one in described(session)["tracks"]]
    told = (
        "import json\ntold = []\n"
        "for one in session.animation.tracks:\n"
        "    element = getattr(one, 'AnimatedElement', None) if one.kind == 'KeyFrameAnimationCue' else None\n"
        "    told.append([element, one.StartTime, one.Enabled, one.AnimatedProxy is None, one.KeyFrames])\n"
        "print(json.dumps(told))\n"
    )
    (tmp_path / "scene.py").write_text((tmp_path / "scene.py").read_text() + told)
    ended = apvpython(str(tmp_path / "scene.py"), deadline_s=60)
    assert ended.code == 0, ended
    found = json.loads(ended.output.splitlines()[-1])
    assert [one[:4] for one in found] == [
        [-1, 0.0, True, False], [0, 0.0, True, False], [-1, 0.5, True, False], [0, 0.0, True, True],
        [None, 0.0, False, False],
    ]  # fmt: skip
    assert [one[4] for one in found[:4]] == [one["KeyFrames"] for one in expected[:4]]


@in_loop
async def test_a_server_refuses_what_is_no_layout(url: str) -> None:
    from async_paraview.operations.render import DeleteShared, UpdateShared

    async with connect(url) as session:
        for wrong, why in (
            (DeleteShared(kind="Layout", name="1"), "no kind of shared thing is called 'Layout'"),
            (DeleteShared(kind="ViewLayout", name="1" * 201), "ViewLayout has a name of at most 200 characters"),
            (DeleteShared(kind="TimeKeeper", name=""), "a session always has its TimeKeeper"),
            (UpdateShared(kind="Layout", name="1"), "no kind of shared thing is called 'Layout'"),
            (UpdateShared(kind="ViewLayout"), "ViewLayout has a name of at most 200 characters"),
            (UpdateShared(kind="TimeKeeper", name="x"), "TimeKeeper has no name"),
            (UpdateShared(kind="ViewLayout", name="1", properties={"Cells": [[1, 2]]}), "a cell is its number"),
            (UpdateShared(kind="TimeKeeper", properties={"Tiem": 1}), "Tiem"),
        ):
            with pytest.raises(RemoteError, match=why):
                await session.render.send_request(wrong.packet())
        with pytest.raises(RemoteError, match="properties are a map, not"):
            await session.render.send_request(pack_payload({"op": "update_shared", "kind": "TimeKeeper"}, [1]))
