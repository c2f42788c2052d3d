"""The applications that the load is put on: ours over a store, and the least that Flask can do."""

import os

from flask import Flask

from api.app import create_app
from api.connection import Connection
from api.settings import Settings
from benchmarks.engines import open_store


def ours() -> Flask:
    """The product's application over the store that the environment names."""
    environment = dict(os.environ)
    return create_app(Connection(lambda: open_store(environment)), Settings())


def floor() -> Flask:
    """One empty route."""
    app = Flask("floor")

    @app.get("/")
    def empty() -> str:
        return ""

    return app
