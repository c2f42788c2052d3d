"""Packs the country's divisions from CSV files into the one file that the product carries.

Run `python -m loaders.sources.pack FOLDER`, where FOLDER holds provinces.csv, cities.csv, areas.csv,
streets.csv and communities.csv (or communities.csv.xz), each with a heading line and the columns `code`
and `name`. The same CSV files always give the same bytes.

The file is a zip of LZMA members. `upper.txt` holds provinces, cities and districts, one `code name` a
line, in the order of codes. A member per province (`41.txt`) holds what is below its districts: a line
with the six digits of a district, then per street a tab, its three digits and its name, then per community
two tabs and its name, with its three digits in front only where they are not one more than those of the
community before it (the first follows 000).
"""

import argparse
import csv
import lzma
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.division_codes import Division, Level

_FILES = {
    Level.PROVINCE: "provinces.csv",
    Level.CITY: "cities.csv",
    Level.DISTRICT: "areas.csv",
    Level.STREET: "streets.csv",
    Level.COMMUNITY: "communities.csv",
}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def read_csv_folder(folder: Path) -> list[Division]:
    """All areas of a folder of CSV files, in the order of codes, parents before their children.

    Raises `ValueError` for a code of the wrong length, a code that comes twice, a name that is empty or
    holds white space, and an area whose parent is missing.
    """
    found: dict[str, Division] = {}
    for level, name in _FILES.items():
        for code, area_name in _rows(folder / name):
            if Level.of(code) is not level or code in found:
                raise ValueError(f"{name}: code {code!r} comes twice or is no code of a {level}")
            if area_name.split() != [area_name]:
                raise ValueError(f"{name}: {code} has the name {area_name!r}")
            found[code] = Division(code, area_name, level)
    for area in found.values():
        if area.parent is not None and area.parent not in found:
            raise ValueError(f"{area.code} {area.name}: {area.parent} is missing")
    return [found[code] for code in sorted(found)]


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    packed = path.with_suffix(".csv.xz")
    source = path.read_bytes() if path.exists() else lzma.decompress(packed.read_bytes())
    for row in csv.DictReader(source.decode().splitlines()):
        yield row["code"], row["name"]


def pack(areas: Iterable[Division], target: Path) -> None:
    """Writes the packed file; `areas` come in the order of codes."""
    members: dict[str, list[str]] = {"upper": []}
    before = ""
    for area in areas:
        lines = members.setdefault(area.code[:2], [""])
        if area.level in (Level.STREET, Level.COMMUNITY):
            lines.append(_line(area, before))
        else:
            members["upper"].append(f"{area.code} {area.name}")
            if area.level is Level.DISTRICT:
                lines.append(area.code)
        before = area.code
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_LZMA) as archive:
        for name, lines in members.items():
            member = zipfile.ZipInfo(f"{name}.txt", _LONG_AGO)
            member.compress_type = zipfile.ZIP_LZMA
            member.create_system = 3  # the same bytes on every system
            archive.writestr(member, "\n".join([*lines, ""]).encode())


def _line(area: Division, before: str) -> str:
    digits = area.code[-3:]
    if area.level is Level.STREET:
        return f"\t{digits} {area.name}"
    previous = int(before[-3:]) if len(before) == len(area.code) else 0
    return f"\t\t{area.name}" if int(digits) == previous + 1 else f"\t\t{digits} {area.name}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Packs the country's divisions from CSV files.")
    parser.add_argument("folder", type=Path, help="the folder with the CSV files")
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("divisions.zip"))
    arguments = parser.parse_args()
    pack(read_csv_folder(arguments.folder), arguments.to)
