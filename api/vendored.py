"""The vendored libraries by the names that pages and pictures use."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

_VENDOR = files("api") / "static" / "vendor"


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """The vendored files by name: file, package, version, licence, SHA-256."""
    found: dict[str, dict[str, Any]] = json.loads((_VENDOR / "manifest.json").read_text(encoding="utf-8"))
    return found


@cache
def vendored_text(name: str) -> str:
    """The text of a vendored file. Raises KeyError for a name the manifest lacks."""
    return (_VENDOR / str(manifest()[name]["file"])).read_text(encoding="utf-8")
