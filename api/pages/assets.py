"""What pages load: our own style and modules, the vendored libraries by name, and icons.

Every address changes when the file does, so that a browser may keep what it has and never shows an old one.
"""

import hashlib
from functools import cache
from importlib.resources import files

from flask import url_for
from markupsafe import Markup

from api.vendored import manifest

_STATIC = files("api") / "static"


def vendor(name: str) -> str:
    """The address of a vendored file: `vendor("htmx")`. Raises KeyError for a name the manifest lacks."""
    return url_for("static", filename=f"vendor/{manifest()[name]['file']}")


def asset(name: str) -> str:
    """The address of one of our own files below `api/static`, with its version: `asset("look.css")`."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    content = _STATIC.joinpath(*name.split("/")).read_bytes()
    return hashlib.sha256(content).hexdigest()[:8]


def icon(name: str, words: str = "") -> Markup:
    """An icon of the sprite. It is decoration unless `words` say what it means."""
    spoken = Markup('role="img" aria-label="{}"').format(words) if words else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(spoken, vendor("icons"), name)
