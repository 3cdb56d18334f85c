"""Floors: what the machine and the libraries below us can do, with none of our promises."""

from .bare_threads import BareThreads
from .memcpy import Memcpy
from .pyzmq_blocking import PyzmqBlocking
from .queue_hop import QueueHop
from .tcp import RawTcp
from .zmq_asyncio import ZmqAsyncio

__all__ = ["BareThreads", "Memcpy", "PyzmqBlocking", "QueueHop", "RawTcp", "ZmqAsyncio"]
