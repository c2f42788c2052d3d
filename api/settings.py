"""What the environment says, read once at the front door and passed down frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs

from graph.target import StoreTarget, default_folder, embedded_target, parse_target

DEMO = "demo"
"""The word that stands for the demo district's own store."""
_STORE_NAMES = ("LINMAI_STORE", "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")


@dataclass(frozen=True)
class Settings:
    """What the product was told by its environment.

    `store_names` are the environment's words about the store, kept as written and read by `target`, so that
    a command that needs no store does not fail on them. `in_container` allows to listen on every address.
    `config_folder` holds the column mappings of each source.
    """

    in_container: bool = False
    config_folder: Path = field(
        default_factory=lambda: platformdirs.user_config_path("linmai", appauthor=False)
    )
    data_folder: Path = field(default_factory=default_folder)
    store_names: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings of an environment."""
        return cls(
            in_container=environment.get("LINMAI_IN_CONTAINER") == "1",
            store_names={n: environment[n] for n in _STORE_NAMES if environment.get(n)},
        )

    @property
    def demo_folder(self) -> Path:
        """Where the demo district lives: beside the district's own store."""
        return self.data_folder.parent / DEMO

    @property
    def names_a_store(self) -> bool:
        """Whether the environment says which store is meant."""
        return bool({"LINMAI_STORE", "NEO4J_URI"} & set(self.store_names))

    def target(self, chosen: str = "") -> StoreTarget:
        """The store that is meant: `chosen` as written after --store, else what the environment says.

        Raises UnknownTarget, with the choices, when the scheme is not known.
        """
        if chosen == DEMO:
            return embedded_target(self.demo_folder)
        if chosen:
            return parse_target({**self.store_names, "LINMAI_STORE": chosen}, self.data_folder)
        return parse_target(self.store_names, self.data_folder)

    def demo_target(self, chosen: str = "") -> StoreTarget:
        """The store of the demo district: as `target`, but its own folder where nothing is said."""
        return self.target(chosen or ("" if self.names_a_store else DEMO))

    def with_data(self, folder: Path) -> "Settings":
        """The same settings with the embedded store in another folder."""
        return replace(self, data_folder=folder)
