"""From a match to a project, from a need to a claim: a form that says what will be written, and the act itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from apiflask import APIFlask
from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.connection import writable
from api.endpoints import hidden
from api.matching.endpoints import Matching
from api.pages.frame import Asked, add_page, asked_for
from api.pages.matches import need_facts, resource_facts, situation_of
from api.pages.tables import thing
from api.records import editing
from api.records.acts import Act, new_operation
from api.records.kinds import KINDS
from api.refusals import Conflict, Finding, InvalidInput, UnknownKeyError
from api.remembered import Remembered
from graph.ask import ask
from graph.catalog import queries
from graph.operations import KeyUsedTwice
from graph.schema.lifecycles import TAKEABLE
from matching.snapshot import Snapshot

PROJECT, CLAIM = KINDS["project"], KINDS["claim"]
_MATCHED = "对接"
_LONGEST = 2000
_DATES = ("planned_from", "planned_to")
Row = dict[str, Any]
Findings = Sequence[Finding]


def add(app: APIFlask, store: Remembered) -> None:
    """Serve the two forms, and write what they say."""
    forms = _Forms(app.extensions["linmai-matching"], store)
    start, claim = "/lists/needs/<id>/start", "/partners/units/<id>/claim"
    add_page(app, store, start, "project_start", forms.start, ("resource", "bundle"))
    add_page(app, store, claim, "claim_start", forms.claim, ("need", "resource"))
    app.add_url_rule(start, "project_started", hidden(app, forms.started), methods=["POST"])
    app.add_url_rule(claim, "claim_made", hidden(app, forms.claimed), methods=["POST"])


class _Forms:
    def __init__(self, matching: Matching, store: Remembered) -> None:
        self.matching, self.store = matching, store

    def start(self, asked: Asked, id: str) -> Response:  # noqa: A002
        """The form of a project that meets a need with what was chosen."""
        return self._start(asked, id, {})

    def started(self, id: str) -> AnyResponse:  # noqa: A002
        """Begin the project; or the form again with what is wrong."""
        said = _said()
        asked = asked_for(self.store, ("resource", "bundle"))
        uses = [(name.removeprefix("quantity."), text.strip()) for name, text in said.items() if name.startswith("quantity.")]  # fmt: skip
        wrong = [Finding(f"quantity.{key}", "数量应为 1 以上的整数，例如 10") for key, text in uses if not _is_count(text)]  # fmt: skip
        label, _, leader = said.get("led_by", "").partition(":")
        try:
            if wrong:
                raise InvalidInput(wrong)
            body = {
                "name": said.get("name", ""), "origin": _MATCHED,
                "meets": [{"id": id, "quantity": sum(int(text) for _, text in uses)}],
                "uses": [{"id": key, "promised": int(text)} for key, text in uses],
                **{name: said[name] for name in _DATES if said.get(name)},
                **({"led_by": {"id": leader, "label": label}} if leader else {}),
            }  # fmt: skip
            outcome = editing.create(self._act(said), PROJECT, body, typed=False)
        except InvalidInput as refused:
            return self._start(asked, id, said, refused.findings, 422)
        except (Conflict, KeyUsedTwice) as refused:
            return self._start(asked, id, said, [Finding("", str(refused))], 409)
        return redirect(thing("project", outcome.answer["id"]), 303)

    def claim(self, asked: Asked, id: str) -> Response:  # noqa: A002
        """The form of a unit's claim of a need."""
        return self._claim(asked, id, {})

    def claimed(self, id: str) -> AnyResponse:  # noqa: A002
        """Write the claim; or the form again with what is wrong."""
        said = _said()
        asked = asked_for(self.store, ("need", "resource"))
        quantity = said.get("quantity", "").strip()
        try:
            if not _is_count(quantity):
                raise InvalidInput([Finding("quantity", "数量应为 1 以上的整数，例如 10")])
            body = {
                "by_unit": id, "for_need": asked.own.get("need", ""), "quantity": int(quantity), "note": said.get("note") or None,
                "with_resource": asked.own.get("resource", ""),
            }  # fmt: skip
            outcome = editing.create(self._act(said), CLAIM, body, typed=False)
        except InvalidInput as refused:
            return self._claim(asked, id, said, refused.findings, 422)
        except (Conflict, KeyUsedTwice) as refused:
            return self._claim(asked, id, said, [Finding("", str(refused))], 409)
        return redirect(thing("claim", outcome.answer["id"]), 303)

    def _start(self, asked: Asked, key: str, said: Mapping[str, str], wrong: Findings = (), status: int = 200) -> Response:  # fmt: skip
        snapshot = situation_of(self.matching, asked).snapshot
        _refuse_unknown(snapshot, need=key)
        need = need_facts(snapshot, key)
        if need["state"] not in TAKEABLE and not wrong:
            wrong = [
                Finding("", f"需求现在是“{need['state']}”，还不能立项；可以立项的状态：{'、'.join(TAKEABLE)}")
            ]
        uses = [
            {**resource_facts(snapshot, resource), "resource_id": resource, "quantity": said.get(f"quantity.{resource}", quantity)}
            for resource, quantity in self._chosen(asked, snapshot, key)
        ]  # fmt: skip
        named = ("name", "led_by", *_DATES, *(f"quantity.{use['resource_id']}" for use in uses))
        page = render_template(
            "project_start.html", frame=asked.frame, here="lists", need=need, uses=uses, said=said,
            leaders=self._leaders(asked, snapshot, need, uses), errors=_by_field(wrong, named), operation=new_operation(),
        )  # fmt: skip
        return make_response(page, status)

    def _chosen(self, asked: Asked, snapshot: Snapshot, need: str) -> list[tuple[str, int]]:
        """The resources that were chosen, each with the units that are proposed."""
        if asked.own.get("bundle"):
            given = {"scope": asked.frame.path[0].id, "as_of": asked.as_of, "need": need, "limit": 1, "bundle": "true"}  # fmt: skip
            bundle = self.matching.matches.need(given).notes["bundle"]
            return [(share["resource"], share["quantity"]) for share in bundle["shares"]]
        resource = asked.own.get("resource", "")
        _refuse_unknown(snapshot, resource=resource)
        left = int(snapshot.resources.remaining[snapshot.resource_position[resource]])
        return [(resource, min(left, int(snapshot.needs.remaining[snapshot.need_position[need]])))]

    def _leaders(self, asked: Asked, snapshot: Snapshot, need: Row, uses: Sequence[Row]) -> list[tuple[str, str]]:  # fmt: skip
        """Who could lead the project: the units that give, and the party organizations of the need's area."""
        units = {use["owner_id"]: use["owner"] for use in uses if use["owner_label"] == "Unit"}
        found = [(f"Unit:{key}", name) for key, name in units.items()]
        if need["area_id"]:
            given = {"scope": asked.frame.path[0].id, "id": need["area_id"], "limit": 300}
            for row in ask(self.store, queries()["neighbours"], given).rows:
                of = row["neighbour"]
                if row["relationship"] == "LEADS" and of["label"] == "PartyOrganization":
                    name = of["properties"].get("name") or of["properties"]["id"]
                    found.append((f"PartyOrganization:{of['properties']['id']}", name))
        return found

    def _claim(self, asked: Asked, unit: str, said: Mapping[str, str], wrong: Findings = (), status: int = 200) -> Response:  # fmt: skip
        snapshot = situation_of(self.matching, asked).snapshot
        key, resource = asked.own.get("need", ""), asked.own.get("resource", "")
        _refuse_unknown(snapshot, need=key, resource=resource, unit=unit)
        need, use = need_facts(snapshot, key), resource_facts(snapshot, resource)
        page = render_template(
            "claim_start.html", frame=asked.frame, here="partners", need=need, use={**use, "resource_id": resource}, said=said,
            unit={"id": unit, "name": snapshot.owners.names[snapshot.owner_position[unit]]}, most=min(need["remaining"], use["left"]),
            errors=_by_field(wrong, ("quantity", "note")), operation=new_operation(),
        )  # fmt: skip
        return make_response(page, status)

    def _act(self, said: Mapping[str, str]) -> Act:
        return Act(writable(self.store.source), said.get("operation") or new_operation())


def _refuse_unknown(snapshot: Snapshot, **keys: str) -> None:
    """Raise UnknownKeyError for a key that the district's lists do not have."""
    known = {
        "need": ("需求", snapshot.need_position), "resource": ("资源", snapshot.resource_position), "unit": ("共建单位", snapshot.owner_position),
    }  # fmt: skip
    for kind, key in keys.items():
        heading, positions = known[kind]
        if key not in positions:
            raise UnknownKeyError(f"没有编号为“{key[:60]}”的{heading}；请从比对结果中选择")


def _by_field(findings: Findings, known: Sequence[str]) -> dict[str, str]:
    """What is wrong, by field; what no field of the form is about stands under the empty name."""
    found: dict[str, str] = {}
    for each in findings:
        name = each.field if each.field in known else ""
        found[name] = f"{found[name]}；{each.detail}" if name in found else each.detail
    return found


def _said() -> dict[str, str]:
    return {name: value[:_LONGEST] for name, value in request.form.items()}


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= len(text) <= 9 and int(text) > 0
