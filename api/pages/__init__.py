"""The pages for people: rendered here, over the same queries as the API. docs/pages.md says how to add one."""

from apiflask import APIFlask

from api.answers import cell, heading, is_numeric
from api.figures import figure
from api.kept_answers import KeptAnswers
from api.pages import (
    assets,
    figures,
    find,
    frame,
    home,
    imports,
    lists,
    matches,
    members,
    network,
    organizations,
    partners,
    plans,
    queries,
    records,
    schema,
    starting,
    tables,
    things,
)
from api.remembered import Remembered
from api.search import Search
from api.settings import Settings
from api.shares import percent
from graph.ask import Reader

_PAGES = (
    home, organizations, members, partners, lists, things, matches, starting, plans, queries, schema, figures,
)  # fmt: skip
"""Every module that serves pages; each has `add(app, store)`."""


def add_pages(
    app: APIFlask, store: Reader, search: Search, settings: Settings, kept: KeptAnswers | None = None
) -> None:
    """Serve the pages."""
    app.jinja_env.filters.update(thousands=lambda n: f"{n:,}", percent=percent, figure=figure)
    app.jinja_env.globals.update(
        asset=assets.asset, vendor=assets.vendor, icon=assets.icon,
        to=frame.to, here_with=frame.here_with, elsewhere=frame.elsewhere, query_address=frame.query_address,
        thing=tables.thing, has_page=tables.has_page, cell=cell, heading=heading, is_numeric=is_numeric,
    )  # fmt: skip
    remembered = Remembered(store, kept)
    for each in _PAGES:
        each.add(app, remembered)
    find.add(app, remembered, search)
    network.add(app, remembered, search)
    imports.add(app, remembered, settings)
    records.add(app, remembered, search)
