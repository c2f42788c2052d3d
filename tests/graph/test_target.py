"""Which store the environment's names ask for."""

from pathlib import Path

import pytest

from graph.target import StoreTarget, parse_target

_HOME = Path("/data/store")


@pytest.mark.parametrize(
    ("environment", "target"),
    [
        ({}, StoreTarget("embedded", folder=_HOME, username="root", database="linmai")),
        (
            {"LINMAI_STORE": "embedded:"},
            StoreTarget("embedded", folder=_HOME, username="root", database="linmai"),
        ),
        (
            {"LINMAI_STORE": "embedded:/data/湛河区 一", "NEO4J_URI": "bolt://db"},
            StoreTarget("embedded", folder=Path("/data/湛河区 一"), username="root", database="linmai"),
        ),
        ({"NEO4J_URI": "neo4j://db"}, StoreTarget("neo4j", url="neo4j://db")),
        (
            {
                "NEO4J_URI": "bolt://db:7687",
                "NEO4J_USERNAME": "ann",
                "NEO4J_PASSWORD": "pw",
                "NEO4J_DATABASE": "district",
            },
            StoreTarget("bolt", url="bolt://db:7687", username="ann", password="pw", database="district"),
        ),
        (
            {"LINMAI_STORE": "neo4j+s://one", "NEO4J_URI": "bolt://two", "NEO4J_PASSWORD": "pw"},
            StoreTarget("neo4j+s", url="neo4j+s://one", password="pw"),
        ),
        (
            {"LINMAI_STORE": "bolt://ann:p%40w@db:7687", "NEO4J_USERNAME": "ben", "NEO4J_PASSWORD": "no"},
            StoreTarget("bolt", url="bolt://db:7687", username="ann", password="p@w"),
        ),
        (
            {"LINMAI_STORE": " NEO4J+SSC://[::1]:7687 "},
            StoreTarget("neo4j+ssc", url="neo4j+ssc://[::1]:7687"),
        ),
        (
            {"LINMAI_STORE": "neo4j://db?policy=eu"},
            StoreTarget("neo4j", url="neo4j://db?policy=eu"),
        ),
    ],
)
def test_the_environment_names_one_store(environment: dict[str, str], target: StoreTarget) -> None:
    assert parse_target(environment, _HOME) == target


_CHOICES = "embedded:文件夹、bolt://主机:7687、neo4j://主机 或 neo4j+s://主机"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"LINMAI_STORE": "mysql://ann:secret@db"}, f"LINMAI_STORE：不认识“mysql”，请写 {_CHOICES}"),
        ({"NEO4J_URI": "http://db:7474"}, f"NEO4J_URI：不认识“http”，请写 {_CHOICES}"),
        ({"LINMAI_STORE": "/data/store"}, f"LINMAI_STORE：内容里没有“:”，请写 {_CHOICES}"),
        ({"LINMAI_STORE": "bolt://"}, f"LINMAI_STORE：bolt 后面的主机或端口不对，请写 {_CHOICES}"),
        (
            {"LINMAI_STORE": "bolt://ann:secret@db:port"},
            f"LINMAI_STORE：bolt 后面的主机或端口不对，请写 {_CHOICES}",
        ),
    ],
)
def test_what_is_no_store_is_refused_with_the_choices_listed(
    environment: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        parse_target(environment, _HOME)
    assert str(caught.value) == message


def test_a_password_is_in_nothing_that_is_shown() -> None:
    target = parse_target({"LINMAI_STORE": "bolt://ann:secret@db:7687"}, _HOME)
    assert target.password == "secret"
    assert "secret" not in f"{target} {target!r} {target.shown} {target.url}"
