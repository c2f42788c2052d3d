"""The application: endpoints, pages, and the rules that hold for every request."""

import logging
import time

from apiflask import APIFlask
from flask import Response, g, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import BadRequest

from api.csrf import add_csrf
from api.endpoints import add_endpoints
from api.errors import respond
from api.jobs import Jobs
from api.kept_answers import KeptAnswers
from api.matching.endpoints import add_matching
from api.metrics import Metrics, add_metrics
from api.pages import add_pages
from api.pages.frame import error_page
from api.pictures.endpoints import add_pictures
from api.record_endpoints import add_records
from api.search import Search, add_search
from api.settings import Settings
from api.structure import add_structure
from api.version import VERSION
from api.viewer import add_viewer
from api.what_if import add_what_if
from graph.ask import Reader

access = logging.getLogger("linmai.access")

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Every answer carries these: nothing from elsewhere, nothing embedded elsewhere."""
PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
"""Addresses for programs: their errors are problem details, never pages."""
HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names by which this machine may be asked; any other means that a foreign page points here."""


def create_app(store: Reader, settings: Settings, kept: KeptAnswers | None = None) -> APIFlask:
    """The application over a store. A GET never writes; every other request shows a token (`api.csrf`).

    Pages begin with what a former run has `kept`. Inside a container the same names hold: what is published there is published on this machine's loopback.
    """
    app = APIFlask(
        "api", title="LinMai 邻脉", version=VERSION, spec_path="/api/openapi.json", docs_path=None, json_errors=False,
        static_folder="static", template_folder="templates",
    )  # fmt: skip
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        SPEC_FORMAT="json",
        DESCRIPTION="The named queries of a district's graph. Personal values are masked.",
        MAX_CONTENT_LENGTH=1_000_000,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        AUTO_SERVERS=False,
        # A page that misses a value is a bug, not a blank.
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # An address with // is wrong; it would be answered by a redirection that no document promises.
    app.url_map.merge_slashes = False
    add_endpoints(app, store)
    add_structure(app, store)
    add_what_if(app, store)
    add_pictures(app, store)
    search = Search(store)
    add_search(app, store, search)
    add_records(app, store)
    jobs = app.extensions["linmai-jobs"] = Jobs()
    add_matching(app, store, jobs)
    add_pages(app, store, search, settings, kept)
    _guard(app, add_metrics(app))
    add_csrf(app)
    add_viewer(app)
    app.register_error_handler(Exception, _failed)
    return app


def _failed(error: Exception) -> Response:
    """Problem details for programs, a page for people."""
    if request.path.startswith(PROGRAMS) or not request.accept_mimetypes.accept_html:
        return respond(error)
    return error_page(error)


def _guard(app: APIFlask, metrics: Metrics) -> None:
    @app.before_request
    def refuse_foreign_hosts() -> None:
        g.began = time.perf_counter()
        # A page elsewhere can make its own name point at this machine; the browser then sends that name.
        host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
        if host not in HOSTS:
            raise BadRequest

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        # What knows better has said so: files of the program, and answers with an ETag.
        response.headers.setdefault("Cache-Control", "no-store")
        elapsed_s = time.perf_counter() - g.began if "began" in g else 0.0
        metrics.count(request.method, str(request.url_rule or "-"), response.status_code, elapsed_s)
        # The rule and never the address: an address may hold keys of people.
        access.info("%s %s %s %.0f ms", request.method, request.url_rule or "-", response.status_code, elapsed_s * 1000)  # fmt: skip
        return response
