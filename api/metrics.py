"""GET /metrics: how much is asked, how it ends and how long it takes, in the text form of Prometheus."""

from typing import Any

from apiflask import APIFlask
from flask import Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.endpoints import document, hidden
from api.version import VERSION

ROUTE = "/metrics"
_METHODS = ("GET", "HEAD", "OPTIONS")
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Metrics:
    """The figures of one application. A label is a rule such as /api/entities/<id>, never an address:
    an address may hold a key of a person."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter("linmai_requests", "Requests answered.", ["method", "rule", "status"], registry=self._registry)  # fmt: skip
        self._seconds = Histogram("linmai_request_seconds", "Time to answer, in seconds.", ["rule"], buckets=_BUCKETS_S, registry=self._registry)  # fmt: skip
        Gauge("linmai_build_info", "The version that answers.", ["version"], registry=self._registry).labels(VERSION).set(1)  # fmt: skip

    def count(self, method: str, rule: str, status: int, seconds: float) -> None:
        """One request was answered. A method that we do not serve is counted as "other"."""
        self._requests.labels(method if method in _METHODS else "other", rule, str(status)).inc()
        self._seconds.labels(rule).observe(seconds)

    def text(self) -> bytes:
        """Everything counted so far."""
        return generate_latest(self._registry)


def add_metrics(app: APIFlask) -> Metrics:
    """Serve the metrics, and return what to count with."""
    metrics = Metrics()

    def endpoint() -> Response:
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule(ROUTE, "metrics", hidden(app, endpoint), methods=["GET"])

    def describe(spec: dict[str, Any]) -> dict[str, Any]:
        spec.setdefault("paths", {})[ROUTE] = {"get": _OPERATION}
        return spec

    document(app, describe)
    return metrics


_OPERATION: dict[str, Any] = {
    "operationId": "metrics",
    "summary": "运行指标",
    "description": "Counts and times of requests for Prometheus; no personal data.",
    "tags": ["service"],
    "responses": {
        "200": {"description": "运行指标", "content": {"text/plain": {"schema": {"type": "string"}}}}
    },
}
