#!/usr/bin/env bash
# A client's ZMQ_HEARTBEAT_TTL protects no server from a client that freezes in its first moments (libzmq 4.3.5, pyzmq 27.3.0).
#
# A client may ask to be cut: with HEARTBEAT_TTL it tells its peer "if you hear nothing of me for 3 s, I am gone", and the peer need
# not send heartbeats itself (ZMTP 3.1). But that wish travels in the client's first PING, and the first PING is sent one
# HEARTBEAT_IVL after the connection was made; neither the handshake nor data carry it. A client that has connected, sent and
# received messages, and freezes before (stopped in a debugger, out of memory, a laptop that is shut) is never noticed: the
# ROUTER keeps its connection for as long as it looks, while one that freezes after its first PING is gone within 3 s. Whoever
# counts clients, or keeps sessions for them, keeps these for ever: a server has to send heartbeats of its own as well.
#
# Truth: events of the server's socket monitor; the same client, frozen before and after its first PING.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: pyzmq==27.3.0
timeout 120 "$folder/venv/bin/python" - <<'PY'
import os
import signal
import subprocess
import sys
import time

import zmq

INTERVAL_MS, TTL_MS, WATCHED_S = 1000, 3000, 15
CLIENT = f"""
import sys, time, zmq
socket = zmq.Context().socket(zmq.DEALER)
socket.setsockopt(zmq.HEARTBEAT_IVL, {INTERVAL_MS})
socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, {TTL_MS})
socket.setsockopt(zmq.HEARTBEAT_TTL, {TTL_MS})
socket.connect(sys.argv[1])
socket.send(b"hello")
socket.recv()
socket.send(b"and thanks")
time.sleep(120)
"""


def seconds_until_noticed(frozen_after_s):
    """How long it takes the server to lose a client that freezes so long after their conversation; None: not at all."""
    context = zmq.Context()
    router = context.socket(zmq.ROUTER)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    monitor = router.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    client = subprocess.Popen([sys.executable, "-c", CLIENT, f"tcp://127.0.0.1:{port}"])
    try:
        who, text = router.recv_multipart()
        router.send_multipart([who, b"welcome"])
        assert (text, router.recv_multipart()[1]) == (b"hello", b"and thanks")
        time.sleep(frozen_after_s)
        os.kill(client.pid, signal.SIGSTOP)
        began = time.monotonic()
        lost = monitor.poll(WATCHED_S * 1000)
        return round(time.monotonic() - began, 1) if lost else None
    finally:
        os.kill(client.pid, signal.SIGKILL)
        client.wait()
        router.disable_monitor()
        context.destroy(linger=0)


print(f"libzmq {zmq.zmq_version()}, pyzmq {zmq.__version__}: first PING after {INTERVAL_MS} ms, TTL {TTL_MS} ms")
before, after = seconds_until_noticed(0.2), seconds_until_noticed(2.5)
print(f"frozen 0.2 s after two messages: {'not' if before is None else f'after {before} s'} noticed in {WATCHED_S} s")
print(f"frozen 2.5 s after them: noticed after {after} s, as the TTL says")
if after is None or not 1.5 <= after <= 5:
    sys.exit("changed: the TTL does not cut a client that has sent a PING")
if before is not None:
    sys.exit("changed: a client that froze before its first PING is noticed")
PY
