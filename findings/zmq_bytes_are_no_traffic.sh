#!/usr/bin/env bash
# A connection over which bytes come all the while is closed for silence (libzmq 4.3.5 of pyzmq 27.3.0).
#
# ZMQ_HEARTBEAT_TIMEOUT is documented as the time after a PING within which "any traffic" has to be received. What counts is a whole frame: over a
# line of 100 kB/s, with a timeout of 1.5 s, a frame of 1 MB is cut off on its way, although its bytes arrive every 20 ms; and it never comes, as each
# attempt ends alike. The PONG that was asked for waits behind it. The same bytes as one message of 16 frames arrive over the same line, and
# nothing is closed. So heartbeats limit the size of a frame to what the slowest line carries within the timeout.
#
# Truth: the relay between both notes when it passed bytes on: until 0.5 s before the connection is closed at the latest.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: pyzmq==27.3.0
timeout 100 "$folder/venv/bin/python" - <<'PY'
import socket
import sys
import threading
import time

import zmq
from zmq.utils.monitor import recv_monitor_message

RATE, PIECE, FRAME = 100_000, 2_000, 1_000_000
SECONDS = 14.0


class Line:
    """A relay that passes on so many bytes a second, and notes when."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.passed: list[float] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.to))
            for one, other, slow in ((near, far, False), (far, near, True)):
                threading.Thread(target=self.pump, args=(one, other, slow), daemon=True).start()

    def pump(self, source: socket.socket, target: socket.socket, slow: bool) -> None:
        try:
            while piece := source.recv(PIECE):
                target.sendall(piece)
                if slow:
                    self.passed.append(time.monotonic())
                    time.sleep(len(piece) / RATE)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def received(frames: int) -> tuple[bool, list[float]]:
    """Whether a message of so many frames has come, and how long before each end of the connection bytes had."""
    with zmq.Context() as context, context.socket(zmq.PUSH) as push, context.socket(zmq.PULL) as pull:
        push.linger = pull.linger = 0
        line = Line(push.bind_to_random_port("tcp://127.0.0.1"))
        pull.setsockopt(zmq.HEARTBEAT_IVL, 500)
        pull.setsockopt(zmq.HEARTBEAT_TIMEOUT, 1500)
        monitor = pull.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        pull.connect(f"tcp://127.0.0.1:{line.listener.getsockname()[1]}")
        push.send_multipart([bytes(FRAME // frames)] * frames)
        poller = zmq.Poller()
        poller.register(pull, zmq.POLLIN)
        poller.register(monitor, zmq.POLLIN)
        quiet, until = [], time.monotonic() + SECONDS
        while (left := until - time.monotonic()) > 0:
            ready = dict(poller.poll(left * 1000))
            if pull in ready:
                assert sum(map(len, pull.recv_multipart())) == FRAME // frames * frames
                return True, quiet
            if monitor in ready:
                recv_monitor_message(monitor)
                quiet.append(time.monotonic() - line.passed[-1])
                push.send_multipart([bytes(FRAME // frames)] * frames)
        return False, quiet


print(f"libzmq {zmq.zmq_version()}, pyzmq {zmq.pyzmq_version()}; 1 MB over 100 kB/s, heartbeat timeout 1.5 s")
whole, quiet = received(1)
print(f"one frame: {'came' if whole else f'never came in {SECONDS:g} s'}; closed {len(quiet)} times, "
      f"the first time {quiet[0]:.2f} s after bytes had come" if quiet else "one frame: never closed")
parts, closed = received(16)
print(f"16 frames: {'came' if parts else 'never came'}; closed {len(closed)} times")
if whole or not quiet or quiet[0] >= 0.5:
    sys.exit("changed: bytes count as traffic")
if not parts or closed:
    sys.exit("changed: frames that come one after the other do not keep it open")
PY
