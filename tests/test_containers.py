"""What the container files promise, read from the files: no container engine is asked for."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STAGES = DOCKERFILE.split("\nFROM ")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def instructions(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name} +(.*)$", text, re.MULTILINE)


def test_every_published_port_is_reachable_from_this_machine_only() -> None:
    assert {name: service["ports"] for name, service in COMPOSE["services"].items()} == {
        "neo4j": ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"],
        "app": ["127.0.0.1:8000:8000"],
    }


def test_the_password_comes_from_the_environment_and_has_no_default() -> None:
    services = COMPOSE["services"]
    said = [services["neo4j"]["environment"]["NEO4J_AUTH"], services["app"]["environment"]["NEO4J_PASSWORD"]]
    assert [re.sub(r":\?[^}]+}", ":?}", value) for value in said] == [
        "neo4j/${NEO4J_PASSWORD:?}",
        "${NEO4J_PASSWORD:?}",
    ]


def test_the_database_is_the_long_term_release_with_health_check_memory_limits_and_a_volume() -> None:
    neo4j = COMPOSE["services"]["neo4j"]
    assert neo4j["image"] == "neo4j:5.26-community"
    assert {name for name in neo4j["environment"] if "memory" in name} == {
        "NEO4J_server_memory_heap_initial__size",
        "NEO4J_server_memory_heap_max__size",
        "NEO4J_server_memory_pagecache_size",
        "NEO4J_dbms_memory_transaction_total_max",
    }
    assert neo4j["volumes"] == ["neo4j-data:/data"]
    assert set(COMPOSE["volumes"]) == {"neo4j-data", "app-data"}
    kind, command = neo4j["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert "cypher-shell" in command
    assert " -p " not in command, "the password would be seen in the list of processes"


def test_the_database_is_given_no_name_that_its_image_would_take_for_a_setting() -> None:
    """The image turns NEO4J_A_b__c into `A.b_c` and its strict validation refuses what it does not know."""
    names = set(COMPOSE["services"]["neo4j"]["environment"]) - {"NEO4J_AUTH"}
    assert [name for name in names if not re.match(r"NEO4J_(server|db|dbms)_[a-z_]+$", name)] == []


def test_the_app_waits_for_a_healthy_database_and_uses_it() -> None:
    app = COMPOSE["services"]["app"]
    assert app["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert app["environment"]["LINMAI_STORE"] == "bolt://neo4j:7687"
    assert app["environment"]["LINMAI_IN_CONTAINER"] == "1"
    assert app["cap_drop"] == ["ALL"]
    assert app["security_opt"] == ["no-new-privileges:true"]


def test_the_image_installs_the_lock_with_hashes_and_nothing_unpinned() -> None:
    installs = re.findall(r"pip [^&\n]*?install [^&\n]*", DOCKERFILE)
    assert len(installs) == 4
    dependencies, ourselves = (i for i in installs if "uninstall" not in i)
    assert "--no-deps --require-hashes -r requirements.lock" in dependencies
    assert "--no-build-isolation --no-deps ." in ourselves


def test_the_image_does_not_run_as_root_and_writes_only_to_its_volume() -> None:
    final = STAGES[-1]
    assert instructions(final, "USER") == ["10001"]
    assert instructions(final, "VOLUME") == ["/data"]
    assert final.index("\nUSER ") < final.index("\nENTRYPOINT ")


def test_the_image_listens_in_its_own_network_and_says_whether_it_is_well() -> None:
    final = STAGES[-1]
    assert "LINMAI_IN_CONTAINER=1" in final
    assert json.loads(instructions(final, "ENTRYPOINT")[0]) == ["linmai"]
    assert json.loads(instructions(final, "CMD")[-1]) == ["serve", "--host", "0.0.0.0", "--port", "8000"]
    assert "/healthz" in final[final.index("\nHEALTHCHECK ") :]


def test_what_only_building_needs_is_removed_from_the_image() -> None:
    removed = re.findall(r"uninstall --yes (.+)", STAGES[-2])[-1].split()
    assert sorted(removed) == sorted(_only_for_building())
    assert "pip uninstall --yes pip" in STAGES[-1]


def _only_for_building() -> set[str]:
    """The pinned packages that nothing but the build backend asks for."""
    wanted_by: dict[str, set[str]] = {}
    name = ""
    for line in LOCK.splitlines():
        if line and line[0] not in " #":
            name = line.partition("==")[0]
            wanted_by[name] = set()
        elif found := re.match(r"    #(?: via)? +(\S+ \(.+\)|\S+)$", line):
            wanted_by[name].add(found[1])
    building = {n for n, by in wanted_by.items() if by == {"linmai (pyproject.toml:build)"}}
    while more := {n for n, by in wanted_by.items() if by and by <= building} - building:
        building |= more
    return building


def test_the_image_is_built_from_named_folders_only() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.startswith("#")]
    assert named[0] == "*"
    wanted = {line[1:] for line in named if line.startswith("!")}
    assert wanted == {
        *("graph", "loaders", "matching", "viz", "api", "cypher"),
        *("pyproject.toml", "requirements.lock", "README.md", "LICENSE", "NOTICE"),
    }
    assert [name for name in wanted if not (ROOT / name).exists()] == []
