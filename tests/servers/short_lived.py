"""How the servers of the tests run: for minutes, so what would make them faster in an hour is left out."""

from pathlib import Path

from graph.embedded_java import EmbeddedSettings
from graph.store import Store
from graph.target import embedded_target

JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""No optimizing compiler, whose work halves the speed of the first minutes; no threads to collect garbage with."""


def open_embedded(folder: Path) -> Store:
    """The store of a folder, its server started for a short life if it does not run yet."""
    return Store.open(embedded_target(folder), EmbeddedSettings(java_options=JAVA_OPTIONS))
