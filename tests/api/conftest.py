"""The small district behind the front doors, on the embedded engine."""

import os

os.environ.update({name: "C.UTF-8" for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name, "").lower().startswith("en")})  # fmt: skip
# Before anything of api is imported: help texts are made once, and these tests read the Chinese ones.

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from graph.store import Store
from tests.api.small_district import fill
from tests.conftest import empty


@pytest.fixture(scope="module")
def district(embedded_store: Store) -> Store:
    """The small district, as demo data of 2020-10-01."""
    empty(embedded_store)
    fill(embedded_store)
    return embedded_store


@pytest.fixture(scope="module")
def client(district: Store) -> FlaskClient:
    """A client of the application over the small district."""
    return create_app(district, Settings()).test_client()
