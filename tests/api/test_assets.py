"""What pages load is what the manifest says, comes from here, and is used."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.pages.navigation import NAVIGATION
from api.vendored import manifest

API = Path(__file__).parent.parent.parent / "api"
VENDOR = API / "static" / "vendor"
OURS = sorted(
    file
    for pattern in ("templates/**/*.html", "static/*.css", "static/pages/*", "pages/**/*.py")
    for file in API.glob(pattern)
)


def test_every_vendored_file_is_the_one_in_the_manifest_with_its_version_and_licence() -> None:
    for entry in manifest().values():
        content = (VENDOR / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
        assert entry["version"] in entry["file"]
        assert entry["licence_files"]
        assert all(
            (VENDOR / "licences" / name).read_text(encoding="utf-8") for name in entry["licence_files"]
        )


def test_nothing_is_vendored_that_the_manifest_does_not_name() -> None:
    named = {entry["file"] for entry in manifest().values()}
    licences = {f"licences/{name}" for entry in manifest().values() for name in entry["licence_files"]}
    found = {file.relative_to(VENDOR).as_posix() for file in VENDOR.rglob("*") if file.is_file()}
    assert found == named | licences | {"manifest.json"}


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_no_page_style_or_module_refers_to_another_host_or_holds_inline_style_or_script(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    addresses = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"'<]*", text)
    assert [each for each in addresses if "www.w3.org" not in each] == []
    assert (
        file.suffix != ".html"
        or re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\s(?:src=|type=\"application/json\"))", text)
        == []
    )


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    sprite = (VENDOR / manifest()["icons"]["file"]).read_text(encoding="utf-8")
    used = {entry.icon for group in NAVIGATION for entry in group.entries}
    for file in OURS:
        text = file.read_text(encoding="utf-8")
        used |= set(re.findall(r"icon\('([a-z0-9-]+)'", text))
    assert used - set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite)) == set()


def test_a_first_visit_loads_at_most_600_kb_even_if_one_page_needed_every_file() -> None:
    files = [f for f in (API / "static").rglob("*") if f.suffix in (".js", ".css", ".svg")]
    assert sum(len(gzip.compress(f.read_bytes())) for f in files) <= 600_000


def test_a_file_of_ours_has_another_address_when_it_changes(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/look\.css\?v=[0-9a-f]{8})"', client.get("/").text)
    assert address is not None
    digest = hashlib.sha256((API / "static" / "look.css").read_bytes()).hexdigest()
    assert address[1].endswith(digest[:8])
