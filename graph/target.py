"""Which store is meant: read from the environment's names, without touching any store.

`LINMAI_STORE` wins over the conventional `NEO4J_URI`; the account and database of a server come from
`NEO4J_USERNAME`, `NEO4J_PASSWORD` and `NEO4J_DATABASE` in both cases, unless the URL itself holds an account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import platformdirs

from graph.store_errors import UnknownTarget

EMBEDDED = "embedded"
BOLT_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
EMBEDDED_DATABASE = "linmai"
CHOICES = "embedded:文件夹、bolt://主机:7687、neo4j://主机 或 neo4j+s://主机"
CHOICES_ENGLISH = "embedded:FOLDER, bolt://HOST:7687, neo4j://HOST or neo4j+s://HOST"


@dataclass(frozen=True)
class StoreTarget:
    """One store: the folder of an embedded one, or the address and account of a server.

    `folder` is set for the scheme `embedded` only and `url` for every other; `url` never holds an account.
    An empty `password` means that the server asks for none; `database` None is the server's default one.
    """

    scheme: str
    folder: Path | None = None
    url: str | None = None
    username: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None

    @property
    def shown(self) -> str:
        """The store as commands and messages name it; holds no password.

        >>> StoreTarget("bolt", url="bolt://db:7687", password="secret", database="linmai").shown
        'bolt://db:7687 (linmai)'
        """
        if self.url is None:
            return f"{EMBEDDED}:{self.folder}"
        return f"{self.url} ({self.database})" if self.database else self.url


def default_folder() -> Path:
    """The folder of the embedded store of this user, where nothing else was asked for."""
    return platformdirs.user_data_path("linmai", appauthor=False) / "store"


def embedded_target(folder: Path) -> StoreTarget:
    """The embedded store in `folder`, which need not exist yet."""
    absolute = folder.expanduser().absolute()
    return StoreTarget(EMBEDDED, folder=absolute, username="root", database=EMBEDDED_DATABASE)


def parse_target(environment: Mapping[str, str], default_folder: Path) -> StoreTarget:
    """The store that `environment` asks for; the embedded one in `default_folder` when it asks for none.

    Raises `UnknownTarget`, with the choices, for a scheme that is not known or an address without a host.

    >>> parse_target({"LINMAI_STORE": "neo4j+s://ann:pw@graph.example"}, Path("data")).shown
    'neo4j+s://graph.example'
    >>> parse_target({"NEO4J_URI": "bolt://db:7687", "NEO4J_DATABASE": "linmai"}, Path("data")).shown
    'bolt://db:7687 (linmai)'
    """
    for name in ("LINMAI_STORE", "NEO4J_URI"):
        text = environment.get(name, "").strip()
        if text:
            return _parse(name, text, environment, default_folder)
    return embedded_target(default_folder)


def _parse(name: str, text: str, environment: Mapping[str, str], default_folder: Path) -> StoreTarget:
    scheme, colon, rest = text.partition(":")
    scheme = scheme.strip().lower()
    if scheme == EMBEDDED:
        return embedded_target(Path(rest.strip()) if rest.strip() else default_folder)
    if not colon or scheme not in BOLT_SCHEMES:
        found = f"不认识“{scheme}”" if colon else "内容里没有“:”"
        found_english = f"no such kind of store as {scheme!r}" if colon else "there is no ':' in it"
        raise UnknownTarget(
            f"{name}：{found}，请写 {CHOICES}", f"{name}: {found_english}; write {CHOICES_ENGLISH}"
        )
    try:
        parts = urlsplit(f"{scheme}:{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, SplitResult("", "", "", "", "")
    if not host:
        raise UnknownTarget(
            f"{name}：{scheme} 后面的主机或端口不对，请写 {CHOICES}",
            f"{name}: the host or port after {scheme} is wrong; write {CHOICES_ENGLISH}",
        )
    shown_host = f"[{host}]" if ":" in host else host
    netloc = shown_host if port is None else f"{shown_host}:{port}"
    return StoreTarget(
        scheme,
        url=urlunsplit((scheme, netloc, "", parts.query, "")),
        username=unquote(parts.username or "") or environment.get("NEO4J_USERNAME") or "neo4j",
        password=unquote(parts.password or "") or environment.get("NEO4J_PASSWORD", ""),
        database=environment.get("NEO4J_DATABASE") or None,
    )
