"""The country's divisions, from the province down to the community, as the product carries them.

31 provinces, 342 cities, 2,978 districts and counties, 41,352 streets and townships, 620,573 communities:
665,276 areas. Only the three upper levels are held in memory; what is below is read province by province,
so that a district opens in a few milliseconds and the whole country streams in a few megabytes.
`loaders/sources/SOURCE.md` says where the data comes from; `loaders/sources/pack.py` describes the file.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from loaders.division_codes import Division, Level
from loaders.place_names import code_readings
from loaders.places import Place

_SUGGESTED = 5
_DISTRICT_LINE = re.compile(r"\n(\d{6})(?=\n)")


class UnknownDivisionError(LookupError):
    """A code that no area has. The message is one Chinese sentence with the nearest codes."""

    def __init__(self, message: str, suggestions: tuple[Division, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class Divisions:
    """The areas of one packed file. Open with `Divisions.open()`."""

    def __init__(self, path: Path | None = None) -> None:
        """`path` is a file written by `loaders.sources.pack`; the product's own without it."""
        self._path = path
        self._blocks: dict[str, str] = {}
        lines = self._member("upper").splitlines()
        self._upper = {
            code: _division(code, name) for code, _, name in (line.partition(" ") for line in lines)
        }

    @classmethod
    def open(cls, path: Path | None = None) -> "Divisions":
        """The divisions that the product carries, or those of another packed file."""
        return cls(path)

    def upper(self) -> Iterator[Division]:
        """Provinces, cities and districts in the order of codes."""
        return iter(self._upper.values())

    def areas(self) -> Iterator[Division]:
        """All areas in the order of codes, so that a parent comes before its children; read as they are asked for."""
        for area in self._upper.values():
            yield area
            if area.level is Level.DISTRICT:
                yield from self.below_district(area.code)

    def get(self, code: str) -> Division | None:
        """The area of a code, or None. Takes codes as people write them (full width, 410411000000)."""
        for reading in code_readings(code):
            if reading in self._upper:
                return self._upper[reading]
            if Level.of(reading) in (Level.STREET, Level.COMMUNITY):
                for area in self.below_district(reading[:6]):
                    if area.code == reading:
                        return area
        return None

    def require(self, code: str) -> Division:
        """The area of a code. Raises `UnknownDivisionError` with the nearest codes when there is none."""
        found = self.get(code)
        if found is None:
            raise self._unknown(code)
        return found

    def subtree(self, code: str) -> Iterator[Division]:
        """The area of a code, then all below it in the order of codes. Raises `UnknownDivisionError` at once."""
        return self._subtree(self.require(code))

    def _subtree(self, root: Division) -> Iterator[Division]:
        if root.level in (Level.STREET, Level.COMMUNITY):
            yield from (
                area for area in self.below_district(root.code[:6]) if area.code.startswith(root.code)
            )
            return
        for area in self._upper.values():
            if area.code.startswith(root.code):
                yield area
                if area.level is Level.DISTRICT:
                    yield from self.below_district(area.code)

    def ancestors(self, code: str) -> tuple[Division, ...]:
        """The areas above the area of a code, the province first. Raises `UnknownDivisionError`."""
        above: list[Division] = []
        area = self.require(code)
        while area.parent is not None:
            area = self.require(area.parent)
            above.append(area)
        return tuple(reversed(above))

    def path(self, code: str) -> str:
        """Where an area lies: "河南省 / 平顶山市 / 湛河区". Raises `UnknownDivisionError`."""
        return " / ".join(area.name for area in (*self.ancestors(code), self.require(code)))

    def places(self, code: str) -> list[Place]:
        """The area of a code with all above and below it, for a `PlaceIndex`; kinds are node labels."""
        return as_places((*self.ancestors(code), *self.subtree(code)))

    def below_district(self, code: str) -> Iterator[Division]:
        """Streets, each followed by its communities, of the district with a six-digit code; none if it is unknown."""
        if code in self._upper:
            block = self._block(code[:2])
            start = block.find(f"\n{code}\n")
            if start >= 0:
                following = _DISTRICT_LINE.search(block, start + len(code) + 1)
                yield from decode(
                    code, block[start + len(code) + 2 : following.start() if following else None]
                )

    def district_texts(self, province: str) -> Iterator[tuple[str, str]]:
        """Each district's code with its undecoded text, for searches that decode only what can match."""
        parts = _DISTRICT_LINE.split(self._block(province))
        yield from zip(parts[1::2], parts[2::2], strict=True)

    def _block(self, province: str) -> str:
        """Text of what is below the districts of a province. Only the last one is kept: memory stays flat."""
        if province not in self._blocks:
            self._blocks = {province: self._member(province)}
        return self._blocks[province]

    def _member(self, name: str) -> str:
        source = self._path or resources.files("loaders") / "sources" / "divisions.zip"
        with source.open("rb") as opened, zipfile.ZipFile(opened) as archive:
            return archive.read(f"{name}.txt").decode()

    def _unknown(self, code: str) -> UnknownDivisionError:
        readings = code_readings(code)
        if not readings or not readings[0].isdigit():
            return UnknownDivisionError(
                f"“{code}”不是行政区划编号；编号是 2、4、6、9 或 12 位数字，例如 410411，可按名称查出编号"
            )
        known = next((found for n in (9, 6, 4, 2) if (found := self._known(readings[-1][:n]))), None)
        if known is None:
            provinces = "、".join(area.code for area in self._upper.values() if area.level is Level.PROVINCE)
            return UnknownDivisionError(f"没有编号为 {code} 的行政区划；前两位应为省级编号：{provinces}")
        near = self._children_near(known, readings[0])
        listed = "、".join(f"{area.code} {area.name}" for area in near)
        return UnknownDivisionError(
            f"没有编号为 {code} 的行政区划；{known.name}（{known.code}）下最接近的有：{listed}", near
        )

    def _known(self, code: str) -> Division | None:
        return self.get(code) if Level.of(code) else None

    def _children_near(self, parent: Division, wanted: str) -> tuple[Division, ...]:
        children = [area for area in self._subtree(parent) if area.parent == parent.code]

        def distance(child: Division) -> tuple[int, str]:
            digits = wanted[: len(child.code)].ljust(len(child.code), "0")
            return abs(int(digits) - int(child.code)), child.code

        return tuple(sorted(children, key=distance)[:_SUGGESTED])


def as_places(areas: Iterable[Division]) -> list[Place]:
    """Areas as places of a `PlaceIndex`. An area whose parent is not among them becomes a root."""
    chosen = list(areas)
    codes = {area.code for area in chosen}
    return [
        Place(area.code, area.name, area.level.label, area.parent if area.parent in codes else None)
        for area in chosen
    ]


def decode(district: str, text: str) -> Iterator[Division]:
    """Streets and communities of one district from its packed text.

    >>> [f"{area.code} {area.name}" for area in decode("410411", "\\t001 东街街道\\n\\t\\t一社区\\n\\t\\t007 二社区")]
    ['410411001 东街街道', '410411001001 一社区', '410411001007 二社区']
    """
    street, number = "", 0
    for line in text.splitlines():
        if line.startswith("\t\t"):
            digits, _, name = line[2:].rpartition(" ")
            number = int(digits) if digits else number + 1
            yield Division(f"{street}{number:03d}", name, Level.COMMUNITY)
        elif line:
            digits, _, name = line[1:].partition(" ")
            street, number = district + digits, 0
            yield Division(street, name, Level.STREET)


def _division(code: str, name: str) -> Division:
    level = Level.of(code)
    if level is None:
        raise ValueError(f"{code!r} {name!r}: not a code of a division")
    return Division(code, name, level)
