"""A session that is tried step by step, as any client would, with the time that each step takes."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from async_paraview.credentials import ServerAccess, find_access
from async_paraview.operations import data, render, sessions
from services_core import Packet, Reply, ServiceEndpoint, ServicesEngine, ServicesError, public_url
from services_core.payload import unpack_payload

from .finding import Finding, Verdict

STEP_S: Final = 60.0
ROUND_TRIPS: Final = 50
SPHERE, VIEW, SHOWN = 1, 2, 3
WIDTH, HEIGHT = 80, 60


class Surprise(Exception):
    """A step was answered, but not as it must be."""


def try_session(url: str) -> Iterator[Finding]:
    """Yield what each step came to, up to the first that fails. Blocks while they are under way."""
    access = find_access(url)
    with ServicesEngine("inproc", name="doctor", keys=access.keys) as engine:
        trial = _Trial(engine, access)
        steps: list[tuple[str, Callable[[], str]]] = [
            ("connection, greeting", trial.greet),
            ("session opened", trial.open),
            ("session's services", trial.reach),
            ("filter executed", trial.execute),
            ("picture drawn", trial.draw),
            ("round trips", trial.go_round),
        ]
        for what, step in steps:
            begun = time.perf_counter()
            try:
                told = step()
            except (ServicesError, Surprise, TimeoutError) as error:
                yield Finding(what, str(error) or type(error).__name__, Verdict.FAILED)
                return
            yield Finding(what, f"{(time.perf_counter() - begun) * 1e3:7.1f} ms  {told}".rstrip())


class _Trial:
    """The steps, in their order. Each returns what is to be told of it."""

    def __init__(self, engine: ServicesEngine, access: ServerAccess) -> None:
        self._engine = engine
        self._access = access
        self._control: ServiceEndpoint
        self._data: ServiceEndpoint
        self._render: ServiceEndpoint
        self._session: str | None = None

    def _endpoint(self, service: str) -> ServiceEndpoint:
        url, token = public_url(self._access.url), self._access.token
        return self._engine.endpoint(service, url, session=self._session, token=token)

    def greet(self) -> str:
        self._control = self._endpoint("sessions")
        welcome = self._control.connected().result(STEP_S)
        self._access.worked()
        protocol = ".".join(map(str, welcome.get("protocol", ())))
        return f"{welcome.get('software')}, protocol {protocol}"

    def open(self) -> str:
        about = _answer(self._control, sessions.Open().packet()).header
        self._session = about["session"]
        return f"backend {about['backend']}, Python {about['python']}"

    def reach(self) -> str:
        self._data = self._endpoint("data")
        self._render = self._endpoint("render")
        for endpoint in (self._data, self._render):
            endpoint.connected().result(STEP_S)
        return ""

    def execute(self) -> str:
        sphere = {"id": SPHERE, "type": "vtkSphereSource", "properties": {"ThetaResolution": 16}, "inputs": {}}
        self._data.send_message(data.Update(proxies=(sphere,)).packet())
        information: Any = unpack_payload(_answer(self._data, data.UpdatePipeline(id=SPHERE).packet()))
        if information["points"] != 98:
            raise Surprise(f"a sphere of 98 points has {information['points']}")
        return "vtkSphereSource"

    def draw(self) -> str:
        size: dict[str, Any] = {"ViewSize": [WIDTH, HEIGHT]}
        red: dict[str, Any] = {"Color": [1.0, 0.0, 0.0]}
        self._render.send_message(render.UpdateView(view=VIEW, properties=size).packet())
        self._render.send_message(render.UpdateRepresentation(view=VIEW, representation=SHOWN, properties=red).packet())
        self._data.send_message(data.CreateRepresentation(representation=SHOWN, view=VIEW, id=SPHERE).packet())
        _answer(self._data, data.Flush(view=VIEW).packet())
        picture = bytes(_answer(self._render, render.Screenshot(view=VIEW, format="rgb").packet()).buffers[0])
        return _described(picture)

    def go_round(self) -> str:
        times = []
        for _ in range(ROUND_TRIPS):
            begun = time.perf_counter()
            _answer(self._data, data.Sync().packet())
            times.append((time.perf_counter() - begun) * 1e3)
        return f"{ROUND_TRIPS} of them, {statistics.median(times):.2f} ms each, {max(times):.2f} ms the longest"


def _answer(endpoint: ServiceEndpoint, packet: Packet) -> Packet:
    reply: Reply[Packet] = endpoint.send_request(packet, deadline_s=STEP_S)
    return reply.result(STEP_S + 5.0)


def _described(picture: bytes) -> str:
    """Return the mean color and a checksum of rows of RGB. Raises Surprise unless there is something red in it."""
    if len(picture) != WIDTH * HEIGHT * 3:
        raise Surprise(f"a picture of {WIDTH} x {HEIGHT} pixels has {len(picture)} bytes")
    middle = (HEIGHT // 2 * WIDTH + WIDTH // 2) * 3
    red, green, blue = picture[middle : middle + 3]
    if not (red > 120 and green < 60 and blue < 60):
        raise Surprise(f"the middle of a red sphere is drawn in the color ({red}, {green}, {blue})")
    mean = ", ".join(f"{sum(picture[part::3]) / (WIDTH * HEIGHT):.1f}" for part in range(3))
    return f"{WIDTH} x {HEIGHT}, mean color ({mean}), sha256 {hashlib.sha256(picture).hexdigest()[:12]}"


def describe_place(url: str) -> str:
    """Return the URL without the name of a host that is not this one: reports are for others to read."""
    before, separator, rest = url.partition("://")
    host, _, port = rest.rpartition(":")
    if not separator or host in ("127.0.0.1", "localhost", "[::1]") or not port.isdecimal():
        return url
    return f"{before}://HOST:{port}"
