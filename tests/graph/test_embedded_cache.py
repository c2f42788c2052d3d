"""What Java keeps of one server for the next: recorded, used, made anew when it is damaged or of a server that hardly worked."""

import os
from pathlib import Path

from graph import embedded
from graph.embedded_cache import RECORDED, keep_recorded, kept_cache
from graph.embedded_java import EmbeddedSettings
from graph.store import Store
from graph.target import embedded_target
from tests.servers.short_lived import JAVA_OPTIONS


def test_the_first_server_that_is_stopped_leaves_a_cache_and_a_damaged_one_is_made_anew(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "数据 一"
    settings = EmbeddedSettings(java_options=(*JAVA_OPTIONS, "-Xlog:aot"), cache_folder=tmp_path / "kept")

    def run() -> str:
        try:
            with Store.open(embedded_target(folder), settings) as store:
                store.write("MERGE (:Thing {id: 'a'})")
                assert store.read("MATCH (n:Thing) RETURN n.id AS id") == [{"id": "a"}]
            options = (folder / "java.args").read_text()
        finally:
            embedded.stop(folder)
        return "used" if "AOTCache=" in options else "recorded"

    assert run() == "recorded"
    (cache,) = (tmp_path / "kept").iterdir()
    whole = cache.stat().st_size
    assert cache.stat().st_mode & 0o077 == 0
    assert not (folder / RECORDED).exists()
    assert run() == "used"
    # Without it, what Java learned for its compilers is not in the cache either.
    assert "Using AOT-linked classes: true" in (folder / "server.log").read_text()
    with cache.open("r+b") as file:  # what Java does not notice before it falls over it
        file.seek(whole // 2)
        file.write(bytes(whole // 3))
    assert run() == "recorded"
    with cache.open("r+b") as file:
        file.truncate(whole // 2)
    assert run() == "used"
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_java_kept_of_a_server_that_hardly_worked_serves_for_a_day_and_of_one_that_worked_for_good(
    tmp_path: Path,
) -> None:
    cache = tmp_path / "kept" / "java-1.aot"

    def ended(worked_s: float) -> Path:
        (tmp_path / RECORDED).write_text(str(worked_s))
        keep_recorded(tmp_path, cache, worked_s)
        kept = kept_cache(cache)
        assert kept is not None
        assert kept.read_text() == str(worked_s)
        return kept

    assert kept_cache(cache) is None
    brief = ended(4.0)
    yesterday = brief.stat().st_mtime - 24 * 3600
    os.utime(brief, (yesterday, yesterday))
    assert kept_cache(cache) is None
    worked = ended(20.0)
    os.utime(worked, (yesterday, yesterday))
    assert kept_cache(cache) == worked
    assert not (tmp_path / RECORDED).exists()
