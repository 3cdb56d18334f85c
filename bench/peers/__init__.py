"""Peers: other ways of calling a Python process (extra `bench-peers`). Each is skipped, with a reason, if missing."""

from __future__ import annotations

from ..running.party import Party
from .dask_comm import DaskComm
from .grpc_aio import GrpcAio
from .pyro import Pyro
from .rpyc_classic import Rpyc
from .ws_link import Wslink

PEERS: tuple[type[Party], ...] = (Pyro, Rpyc, GrpcAio, DaskComm, Wslink)

__all__ = ["PEERS"]
