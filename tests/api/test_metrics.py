"""GET /metrics: what is counted, and that no address is in it."""

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.settings import Settings
from graph.store import Store


def counted(client: FlaskClient) -> dict[tuple[str, str, str], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.labels["method"], sample.labels["rule"], sample.labels["status"]): sample.value
        for family in families
        for sample in family.samples
        if sample.name == "linmai_requests_total"
    }


def test_requests_are_counted_by_rule_and_status_and_never_by_address(district: Store) -> None:
    client = create_app(district, Settings()).test_client()
    for address in (
        "/api/entities/R1?scope=410411",
        "/api/entities/U1",
        "/api/entities/U1?limit=0",
        "/no/13800008000",
    ):
        client.get(address)
    client.open("/healthz", method="WHATEVER13800008000")
    assert counted(client) == {
        ("GET", "/api/entities/<id>", "200"): 2,
        ("GET", "/api/entities/<id>", "400"): 1,
        ("GET", "-", "404"): 1,
        ("other", "-", "405"): 1,
    }
    text = client.get("/metrics").text
    assert [word for word in ("R1", "U1", "410411", "13800008000") if f'"{word}"' in text or (word == "13800008000" and word in text)] == []  # fmt: skip


def test_metrics_are_text_that_a_collector_reads_and_tell_times(client: FlaskClient) -> None:
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"linmai_requests", "linmai_request_seconds", "linmai_build_info"} <= names
