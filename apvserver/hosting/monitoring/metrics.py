"""The page of metrics that a Prometheus server reads, at loopback, if it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from services_core import ConfigurationError, ConnectionFailed

from .operators import OperatorsDesk
from .traffic import BOUNDS_S, Counts

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

LOOPBACK: Final = "127.0.0.1"

NO_PACKAGE: Final = (
    "--metrics-port needs the package prometheus-client, which is not installed: pip install 'async-paraview[metrics]'"
)


class MetricsPage:
    """Serves the page until it is closed. Whoever can reach loopback may read it: it holds numbers, and no secret."""

    def __init__(self, desk: OperatorsDesk, port: int) -> None:
        """Raise ConfigurationError without prometheus-client, ConnectionFailed if the port is taken."""
        try:
            from prometheus_client import CollectorRegistry, start_http_server
        except ImportError as error:
            raise ConfigurationError(NO_PACKAGE) from error
        registry: CollectorRegistry = CollectorRegistry()
        registry.register(_Collector(desk))
        try:
            self._server, self._thread = start_http_server(port, LOOPBACK, registry)
        except OSError as error:
            raise ConnectionFailed(
                f"--metrics-port {port}: nothing can listen at {LOOPBACK}:{port}: {error}"
            ) from error
        self.url = f"http://{LOOPBACK}:{self._server.server_port}/metrics"

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Collector:
    """Makes the metrics of what the server is at, when they are asked for."""

    def __init__(self, desk: OperatorsDesk) -> None:
        self._desk = desk

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: what there is is not looked at before somebody asks."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        status, counts = self._desk.status(), self._desk.counts()
        yield from _of_server(status, self._desk.opened(), counts)
        yield from _of_sessions(status["sessions"])


def _of_server(status: Mapping[str, Any], opened: int, counts: Counts) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    found = status["sessions"]
    away = sum(one["away_since"] is not None for one in found)
    yield GaugeMetricFamily("apv_start_time_seconds", "When the server began.", value=status["since"])
    yield GaugeMetricFamily("apv_draining", "Whether it opens no further sessions.", value=float(status["draining"]))
    yield GaugeMetricFamily("apv_sessions", "Sessions that there are.", value=len(found))
    yield GaugeMetricFamily("apv_sessions_away", "Those of them whose clients are all away.", value=away)
    yield GaugeMetricFamily("apv_clients", "Clients in sessions.", value=sum(len(one["clients"]) for one in found))
    yield GaugeMetricFamily("apv_waiting_clients", "Clients that wait for a session.", value=status["waiting"])
    yield CounterMetricFamily("apv_sessions_opened", "Sessions that were opened.", value=opened)
    yield CounterMetricFamily("apv_received_bytes", "What clients have sent to sessions.", value=counts.received_bytes)
    yield CounterMetricFamily("apv_sent_bytes", "What was sent to clients of sessions.", value=counts.sent_bytes)
    yield HistogramMetricFamily(
        "apv_request_seconds",
        "From the arrival of a request to its answer.",
        buckets=_cumulative(counts.by_duration),
        sum_value=counts.request_seconds,
    )


def _cumulative(by_duration: tuple[int, ...]) -> list[tuple[str, float]]:
    bounds = [*map(str, BOUNDS_S), "+Inf"]
    return [(bound, float(sum(by_duration[: place + 1]))) for place, bound in enumerate(bounds)]


def _of_sessions(sessions: list[Mapping[str, Any]]) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    memory = GaugeMetricFamily("apv_session_memory_bytes", "What the worker of a session holds.", labels=["session"])
    queued = GaugeMetricFamily(
        "apv_session_queued_bytes", "What clients have sent and was not done, and unread answers.", labels=["session"]
    )
    waiting = GaugeMetricFamily("apv_session_waiting", "What has arrived and was not begun.", labels=["session"])
    deaths = CounterMetricFamily("apv_session_worker_deaths", "Workers of it that have died.", labels=["session"])
    for one in sessions:
        label = [one["name"]]
        for metric, value in ((memory, one["memory_bytes"]), (queued, one["queued_bytes"])):
            if value is not None:  # what is not known is left out
                metric.add_metric(label, value)
        waiting.add_metric(label, sum(service["waiting"] for service in one["services"]))
        deaths.add_metric(label, one["deaths"])
    yield from (memory, queued, waiting, deaths)
