"""Any district: its official territory by one command, then workbooks that an office made by hand."""

from pathlib import Path

import openpyxl

from api.app import create_app
from api.settings import Settings
from graph.ask import ask
from graph.catalog import queries
from graph.prepare import StoreRecord, set_store_record
from graph.schema import SCHEMA
from graph.store import Store
from tests.api.front_door import command
from tests.conftest import empty


def handmade(folder: Path) -> None:
    """Two workbooks unlike our templates: a title above the headings, short place names, codes nowhere."""
    estates = openpyxl.Workbook()
    sheet = estates.active
    assert sheet is not None
    sheet.title = "小区底册"
    sheet.append(["华龙区居民小区底册（2024年）"])
    sheet.append(["序号", "所在街道", "所属社区", "小区名称", "建成年份", "户数"])
    sheet.append([1, "中原路街道", "滨河", "示例花园", 2008, "３２０"])
    sheet.append([2, "中原路", "滨河社区", "示例小区二期", "2015", 410])
    sheet.append([3, "中原路", "没有这个社区", "示例小区三期", 2016, 90])
    sheet.append(["合计", None, None, None, None, 820])
    estates.save(folder / "小区底册2024.xlsx")
    units = openpyxl.Workbook()
    sheet = units.active
    assert sheet is not None
    sheet.append(["单位名称", "单位性质", "驻地社区", "联系人", "联系电话"])
    sheet.append(["示例机械厂", "国企", "滨河社区居委会", "示例甲", "0393-0000001"])
    units.save(folder / "驻区单位.xlsx")


def test_a_register_of_communities_without_codes_is_understood_by_their_names(
    embedded_store: Store, tmp_path: Path
) -> None:
    empty(embedded_store)
    assert command(embedded_store, "init", "410902", "--json").status == 0
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "社区"
    sheet.append(["社区名称", "所属街道", "常住人口"])
    sheet.append(["滨河社区", "中原路街道", 5200])
    sheet.append(["没有的社区", "中原路街道", 10])
    book.save(tmp_path / "社区.xlsx")
    answer = command(embedded_store, "load", str(tmp_path / "社区.xlsx"), "--json").json
    assert (answer["added"], answer["changed"], answer["rejected"]) == (0, 1, 1)
    [message] = [p["message"] for p in answer["problems"] if p["severity"] == "error"]
    assert message.startswith(
        "社区.xlsx「社区」第 3 行：没有编号，按名称也认不出是哪个社区：找不到地点“没有的社区”"
    )
    found = ask(embedded_store, queries()["entity"], {"scope": "410902", "id": "410902001006"}).rows[0][
        "entity"
    ]["properties"]
    assert (found["name"], found["population"]) == ("滨河社区居民委员会", 5200)


def test_a_district_is_started_with_one_command_and_takes_handmade_workbooks(
    embedded_store: Store, tmp_path: Path
) -> None:
    empty(embedded_store)
    begun = command(embedded_store, "init", "410902", "--json")
    assert begun.status == 0
    areas = ask(embedded_store, queries()["area_counts"], {"scope": "410902"}).rows
    assert {row["label"] for row in areas} == {"District", "Street", "Community"}
    handmade(tmp_path)
    loaded = command(embedded_store, "load", str(tmp_path), "--errors", str(tmp_path / "退回.xlsx"), "--json")
    answer = loaded.json
    assert loaded.status == 1  # one row names a community that does not exist
    assert (answer["rejected"], len(answer["batches"])) == (1, 2)
    assert any(
        "没有这个社区" in problem["message"] and "第 5 行" in problem["message"]
        for problem in answer["problems"]
    )
    assert (tmp_path / "退回.xlsx").stat().st_mode & 0o777 == 0o600
    counts = {
        row["label"]: row["areas"]
        for row in ask(embedded_store, queries()["area_counts"], {"scope": "410902"}).rows
    }
    assert counts["Estate"] == 2
    units = ask(embedded_store, queries()["units_and_agreements"], {"scope": "410902"}).rows
    assert sum(row["units"] for row in units) == 1
    again = command(embedded_store, "load", str(tmp_path / "驻区单位.xlsx"), "--json").json
    assert (again["added"], again["changed"]) == (0, 0)


def test_the_pages_of_another_district_leave_out_figures_that_were_published_of_one(
    embedded_store: Store,
) -> None:
    empty(embedded_store)
    assert command(embedded_store, "init", "410902").status == 0
    set_store_record(embedded_store, StoreRecord(SCHEMA.version, demo=True, reference_date="2024-01-01"))
    client = create_app(embedded_store, Settings()).test_client()
    home = client.get("/", headers={"Accept": "text/html"})
    assert (home.status_code, "与公布数字核对" in home.text) == (200, False)
    assert "华龙区没有公布数字可以核对" in client.get("/figures").text
