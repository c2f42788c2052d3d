"""Small random districts, valid by the schema, with everything that begins and ends around the day asked about.

Each follows from its number alone. Keys carry the number, so that many fit into one store; the categories are
the same for all, as they are in a real store of several districts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from graph.schema import SCHEMA
from graph.schema.party import LEVEL_AREA
from graph.statements import keyed
from graph.store import Store
from graph.writing import merge_nodes, merge_relationships
from tests.queries.content import AREAS, Content, Node

DAYS = ("2020-10-01", "2020-07-15")
_BEFORE, _AFTER = ("2019-01-01", "2020-07-15", "2020-07-16", "2020-10-01"), ("2020-10-02", "2021-06-30")
_NEED_CATEGORIES, _RESOURCE_CATEGORIES = 4, 5


def _values(list_name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in SCHEMA.code_lists[list_name].values)


class SmallDistrict:
    """One random district: its content, its key, its areas."""

    def __init__(self, number: int) -> None:
        self.random = Random(f"district {number}")
        self.prefix = f"t{number:03d}"
        self.content = Content()
        self.made: dict[str, list[Node]] = defaultdict(list)
        _add_categories(self.content)
        self.district = self._add("District", population=number)
        self._territory()
        self._party()
        self._units()
        self._people()
        self._organizations()
        self._lists()
        self._projects()
        self._plan()

    @property
    def areas(self) -> list[Node]:
        """All areas, the district first."""
        return [area for label in AREAS for area in self.made[label]]

    def some(self, *labels: str) -> list[str]:
        """Keys of the nodes with one of some labels."""
        return [node[1] for label in labels for node in self.made[label]]

    def _maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def _dates(self, begin: str, end: str) -> dict[str, Any]:
        """Two dates in order, often none, often just about a day that is asked about."""
        first = self.random.choice((None, None, None, *_BEFORE, _AFTER[0]))
        last = self.random.choice((None, None, None, None, *_BEFORE[1:], *_AFTER))
        if first and last and last <= first:
            last = None
        return {k: v for k, v in ((begin, first), (end, last)) if v}

    def _add(self, label: str, **properties: Any) -> Node:
        node = SCHEMA.node(label)
        number = len(self.made[label])
        own = {node.title: f"示例{node.heading}{self.prefix}-{number}"} if node.title != "id" else {}
        if node.has_validity and label != "District" and self._maybe(0.3):
            own |= self._dates("valid_from", "valid_to")
        given = {k: v for k, v in properties.items() if v is not None}
        made = self.content.add(label, f"{self.prefix}-{label}-{number}", {**own, **given})
        self.made[label].append(made)
        return made

    def _tie(self, start: Node, type_: str, end: Node, **properties: Any) -> None:
        relationship = SCHEMA.relationship(type_)
        own = {k: v for k, v in properties.items() if v is not None}
        if relationship.has_validity and "from" not in own and "to" not in own and self._maybe(0.5):
            own |= self._dates("from", "to")
        if keyed(relationship):
            own["key"] = "|".join(str(own.get(name, "")) for name in ("post", "from"))
        same = [p.get("key") for e, p in self.content.outgoing(start, type_) if e == end]
        if own.get("key") not in same:
            self.content.tie(start, type_, end, own)

    def _pick(self, *labels: str) -> Node | None:
        nodes = [node for label in labels for node in self.made[label]]
        return self.random.choice(nodes) if nodes else None

    def _tie_to_one(self, start: Node, type_: str, *labels: str, **properties: Any) -> None:
        if end := self._pick(*labels):
            self._tie(start, type_, end, **properties)

    def _one_after_another(self, start: Node, type_: str, *labels: str) -> None:
        """A tie of which there is one at a time: now and then an ended one and the one after it."""
        if self._maybe(0.3):
            self._tie_to_one(start, type_, *labels, to="2020-07-15")
            self._tie_to_one(
                start, type_, *labels, **{"from": self.random.choice(("2020-07-15", "2020-10-02"))}
            )
        else:
            self._tie_to_one(start, type_, *labels)

    def _code(self, list_name: str, none: float = 0.0) -> str | None:
        return None if self._maybe(none) else self.random.choice(_values(list_name))

    def _territory(self) -> None:
        for _ in range(self.random.randint(1, 2)):
            street = self._add("Street", kind="街道")
            self._tie(street, "PART_OF", self.district)
            for _ in range(self.random.randint(0, 3)):
                community = self._add(
                    "Community", kind=self.random.choice(("居委会", "居委会", "村委会", "类似"))
                )
                self._tie(community, "PART_OF", street)
                self._community(community)

    def _community(self, community: Node) -> None:
        estates = [self._add("Estate") for _ in range(self.random.randint(0, 2))]
        grids = [self._add("Grid") for _ in range(self.random.randint(0, 2))]
        for part in (*estates, *grids):
            self._tie(part, "PART_OF", community)
        for estate in estates:
            for _ in range(self.random.randint(0, 3)):
                building = self._add("Building")
                self._tie(building, "PART_OF", estate)
                if grids and self._maybe(0.7):
                    self._tie(building, "IN_GRID", self.random.choice(grids))
        grounds = [
            self._add("PropertyArea", management=self._code("Management"))
            for _ in range(self.random.randint(0, 2))
        ]
        for ground in grounds:
            self._tie(ground, "IN_COMMUNITY", community)
        for covering in (*grids, *grounds):
            for estate in estates:
                if self._maybe(0.5):
                    self._tie(covering, "COVERS", estate)

    def _party(self) -> None:
        for level, label in LEVEL_AREA.items():
            for area in self.made[label]:
                if self._maybe(0.6):
                    organization = self._add("PartyOrganization", level=level)
                    self._tie(organization, "LEADS", area)
                    if self._maybe(0.2):
                        self._tie_to_one(organization, "LEADS", *LEVEL_AREA.values())
        for organization in list(self.made["PartyOrganization"]):
            above = self._pick("PartyOrganization")
            if above and above != organization and self._maybe(0.6):
                self._tie(organization, "REPORTS_TO", above)

    def _units(self) -> None:
        for _ in range(self.random.randint(0, 4) if self.made["Community"] else 0):
            unit = self._add("Unit", type=self._code("UnitType", 0.3), liaison="示例联系人")
            self._tie_to_one(unit, "LOCATED_IN", "Community")
            if self._maybe(0.5):
                self._tie(self._add("PartyOrganization", level=0), "OF_UNIT", unit)
            if self._maybe(0.5):
                self._tie_to_one(unit, "SEATED_ON", "PartyOrganization")

    def _people(self) -> None:
        for _ in range(self.random.randint(4, 18)):
            person = self._add("Person", member_kind=self._code("MemberKind", 0.2))
            if self._maybe(0.5):
                self._tie_to_one(person, "LIVES_IN", "Building")
            if self._maybe(0.5):
                self._one_after_another(person, "REPORTED_TO", "Community")
            if self._maybe(0.8):
                self._one_after_another(person, "BELONGS_TO", "PartyOrganization")

    def _organizations(self) -> None:
        for _ in range(self.random.randint(0, 8)):
            organization = self._add(
                "Organization",
                kind=self._code("OrganizationKind"),
                members_count=self.random.choice((None, 5, 9)),
            )
            for _ in range(self.random.randint(0, 2)):
                self._tie_to_one(organization, "SERVES", *AREAS, "PropertyArea", "PropertyArea", "Community")
        places = ("Community", "Community", "Grid", "Building", "PartyOrganization", "Organization", *AREAS)
        for person in self.made["Person"]:
            for _ in range(self.random.randint(0, 2)):
                part_time = self.random.choice((None, True, False))
                self._tie_to_one(person, "HOLDS", *places, post=self._code("Post"), part_time=part_time)

    def _lists(self) -> None:
        needs = [node for node in self.content.every("Category") if node[1].startswith("need")]
        kinds = [node for node in self.content.every("Category") if node[1].startswith("resource")]
        for _ in range(self.random.randint(0, 8)):
            need = self._add(
                "Need", state=self._code("NeedState", 0.2),
                deadline=self.random.choice((None, *_BEFORE, *_AFTER)), raised_at=self.random.choice((None, "2020-03-01")),
            )  # fmt: skip
            self._tie_to_one(need, "RAISED_IN", *AREAS)
            if self._maybe(0.85):
                self._tie(need, "IN_CATEGORY", self.random.choice(needs))
        owners = ("Unit", "Unit", "Community", "Organization", "PartyOrganization", "Person")
        for _ in range(self.random.randint(0, 8)):
            resource = self._add(
                "Resource", capacity=self.random.choice((None, 0, 5, 20)), unit="人次",
                last_confirmed=self.random.choice((None, "2019-12-01", "2020-04-04", "2020-09-01")),
            )  # fmt: skip
            self._tie_to_one(resource, "OFFERED_BY", *owners)
            for _ in range(self.random.randint(0, 2)):
                self._tie_to_one(resource, "SERVES", *AREAS, "District", "Street")
            if self._maybe(0.85):
                self._tie(resource, "IN_CATEGORY", self.random.choice(kinds))

    def _projects(self) -> None:
        committees = [o for o in self.made["PartyOrganization"] if self.content.get(o, "level") != 0]
        for _ in range(self.random.randint(0, 5) if self.made["Unit"] and committees else 0):
            agreement = self._add("Agreement", state=self._code("AgreementState", 0.2), **self._dates("valid_from", "valid_to"))  # fmt: skip
            self._tie_to_one(agreement, "WITH_UNIT", "Unit")
            self._tie(agreement, "WITH_ORGANIZATION", self.random.choice(committees))
            if self._maybe(0.5):
                self._tie_to_one(agreement, "PROMISES", "Resource", quantity=3)
        for _ in range(self.random.randint(0, 3)):
            venue = self._add("Venue", kind=self._code("VenueKind"), floor_area_m2=30.5)
            self._tie_to_one(venue, "IN_AREA", *AREAS)
        for _ in range(self.random.randint(0, 3)):
            meeting = self._add("Meeting", held_at="2020-03-20")
            self._tie_to_one(meeting, "OF", "PartyOrganization")
        for _ in range(self.random.randint(0, 4)):
            self._project()

    def _project(self) -> None:
        funds = self.random.choice((None, 1000.0, 2500.5))
        project = self._add(
            "Project", origin=self._code("ProjectOrigin", 0.2), state=self._code("ProjectState", 0.2),
            funds_fiscal_yuan=funds, funds_unit_yuan=self.random.choice((None, 200.0)),
        )  # fmt: skip
        self._tie_to_one(project, "IN_AREA", *AREAS)
        for _ in range(self.random.randint(0, 2)):
            self._tie_to_one(project, "MEETS", "Need", quantity=2)
            self._tie_to_one(
                project, "USES", "Resource", promised=self.random.choice((None, 4)), delivered=self.random.choice((None, 3))
            )  # fmt: skip
        for type_, label in (("RESULTS_IN", "Venue"), ("LED_BY", "Unit"), ("UNDER", "Agreement")):
            if self._maybe(0.6):
                self._tie_to_one(project, type_, label)
        if meeting := self._pick("Meeting"):
            self._tie(meeting, "DECIDED", project)
        claim = self._add("Claim", state=self._code("ClaimState"), quantity=self.random.choice((None, 1, 3)))
        self._tie_to_one(claim, "BY_UNIT", "Unit")
        self._tie_to_one(claim, "FOR_NEED", "Need")
        if self._maybe(0.7):
            self._tie_to_one(claim, "WITH_RESOURCE", "Resource")
        if self._maybe(0.2):
            self._tie(claim, "BECAME", project)
        evaluation = self._add("Evaluation", direction=self._code("EvaluationDirection"), score=90.0)
        self._tie(evaluation, "OF", project)

    def _plan(self) -> None:
        plan = self._add(
            "Plan", state=self._code("PlanState"), scope=self.random.choice(self.areas)[1], made_at="2020-09-01",
            value=9, bound=10, gap=0.1,
        )  # fmt: skip
        for _ in range(self.random.randint(0, 3)):
            need, resource = self._pick("Need"), self._pick("Resource")
            if need and resource:
                self._tie(plan, "ASSIGNS", need, partner=resource[1], quantity=2)
                self._tie(plan, "ASSIGNS", resource, partner=need[1], quantity=2)


def _add_categories(content: Content) -> None:
    """Two levels of categories for needs and for resources, and which can meet which."""
    random = Random("categories")
    for kind, number in (("need", _NEED_CATEGORIES), ("resource", _RESOURCE_CATEGORIES)):
        for wide in range(number):
            above = content.add("Category", f"{kind}-{wide}", {"name": f"{kind}大类{wide}", "list": "需求"})
            for narrow in range(2):
                name = f"{kind}小类{wide}-{narrow}"
                below = content.add("Category", f"{kind}-{wide}-{narrow}", {"name": name, "list": "需求"})
                content.tie(below, "BROADER", above)
    needs = [node for node in content.every("Category") if node[1].startswith("need")]
    resources = [node for node in content.every("Category") if node[1].startswith("resource")]
    for giving in resources:
        for wanted in random.sample(needs, 2):
            content.tie(giving, "CAN_SERVE", wanted, random.choice(({}, {"weight": 0.5}, {"weight": 0.8})))


def store_all(store: Store, districts: Iterable[SmallDistrict]) -> None:
    """Merge all districts into a prepared store, side by side."""
    nodes: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    ties: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for number, each in enumerate(districts):
        for label, id_ in each.content.graph:
            nodes[label][id_] = {"id": id_, "properties": each.content.properties((label, id_))}
        for start, end, data in each.content.graph.edges(data=True):
            if start[0] == "Category" and number:
                continue
            row = {"start": start[1], "end": end[1], "key": data["properties"].get("key"), "properties": data["properties"]}  # fmt: skip
            ties[data["type"], start[0], end[0]].append(row)
    for label, rows in nodes.items():
        assert merge_nodes(store, SCHEMA.node(label), rows.values()) == len(rows)
    for (type_, start_label, end_label), ends in ties.items():
        found = merge_relationships(store, SCHEMA.relationship(type_), start_label, end_label, ends)
        assert found == len(ends), (type_, start_label, end_label)
