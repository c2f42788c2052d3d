"""A picture as a file: by the ending of its name, with the vendored scripts in the HTML."""

from collections.abc import Mapping

from api.vendored import vendored_text
from viz.files import FILES
from viz.html_file import html_file
from viz.picture import Picture

HTML = "html"
ENDINGS: Mapping[str, str] = {
    ".html": HTML,
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".csv": "csv",
    ".zip": "csv",
}
"""The forms by the ending of a file's name; tables are a zip of two CSV, whichever of its endings is written."""
FORMS: Mapping[str, tuple[str, str]] = {
    HTML: ("text/html; charset=utf-8", ".html"), "graphml": (FILES["graphml"][0], ".graphml"),
    "gexf": (FILES["gexf"][0], ".gexf"), "csv": (FILES["csv"][0], ".zip"),
}  # fmt: skip
"""Media type and usual ending by the name of the form."""


def written(picture: Picture, form: str) -> bytes:
    """A picture in a form of FORMS, UTF-8. Raises viz.html_file.TooLarge."""
    if form != HTML:
        return FILES[form][1](picture)
    scripts = [vendored_text(name) for name in ("vis-data", "vis-network")]
    # What cannot be encoded stands in some name: it is shown as a question mark.
    return html_file(picture, scripts, vendored_text("vis-network-style")).encode("utf-8", "replace")
