"""Forms: enter and change needs, resources, units, agreements and claims, and move them through their lives."""

from collections.abc import Mapping, Sequence
from typing import Any

from apiflask import APIFlask
from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.connection import writable
from api.endpoints import hidden
from api.matching.endpoints import Matching
from api.pages.categories import CATEGORY, LISTS, Suggested, groups, suggested
from api.pages.frame import AROUND, Frame, frame, to
from api.records import editing, moving, reading
from api.records.acts import Act, new_operation
from api.records.drafts import draft_of
from api.records.form import Ends, body_of, ends_of, fields, written
from api.records.kinds import KINDS, Kind
from api.records.naming import with_keys
from api.refusals import Conflict, Finding, InvalidInput
from api.remembered import Remembered
from api.search import Search
from api.writing import form_revision
from graph.ask import ParameterError
from graph.data_version import data_version
from graph.lifecycle import Requires
from graph.operations import KeyUsedTwice

FORMS = {kind.path: kind for kind in KINDS.values() if kind.label in ("Need", "Resource", "Unit", "Agreement", "Claim")}  # fmt: skip
"""The kinds of record that have forms, by their word in the address."""
_PART = {"Unit": "partners", "Agreement": "partners"}
_KINDS = f"<any({', '.join(FORMS)}):kind>"
_SUGGESTED = 20
_LONGEST = 10_000
SUGGEST = "suggest"
"""What a form sends that asks for a category, empty, or that takes the one that was suggested: its key."""
ASKED = {Requires.REASON: "reason", Requires.FEEDBACK: "feedback"}
"""What a step asks for in words, by the name of its field."""


def add(app: APIFlask, store: Remembered, search: Search) -> None:
    """Serve the forms."""
    desk = _Forms(store, search, app.extensions["linmai-matching"])
    for rule, name, view, method in (
        (f"/records/{_KINDS}/new", "record_new", desk.new, "GET"),
        (f"/records/{_KINDS}/new", "record_create", desk.create, "POST"),
        (f"/records/{_KINDS}/names/<field>", "record_names", desk.names, "GET"),
        (f"/records/{_KINDS}/at/<id>", "record", desk.show, "GET"),
        (f"/records/{_KINDS}/at/<id>/edit", "record_edit", desk.edit, "GET"),
        (f"/records/{_KINDS}/at/<id>/edit", "record_change", desk.change, "POST"),
        (f"/records/{_KINDS}/at/<id>", "record_move", desk.move, "POST"),
    ):  # fmt: skip
        app.add_url_rule(rule, name, hidden(app, view), methods=[method])
    app.jinja_env.globals.update(is_ends=lambda each: isinstance(each, Ends), step_fields=ASKED, record_forms=FORMS)  # fmt: skip


class _Forms:
    def __init__(self, store: Remembered, search: Search, matching: Matching) -> None:
        self.store, self.search, self.matching = store, search, matching

    def new(self, kind: str) -> Response:
        """An empty form; fields may be filled by the address: `for_need=N1`."""
        known = FORMS[kind]
        self._refuse_unknown({*known.properties, *known.ties})
        filled = {name: value for name, value in request.args.items() if name in known.properties}
        filled |= {f"{name}.0": value for name, value in request.args.items() if name in known.ties}
        return self._form(known, {}, filled)

    def create(self, kind: str) -> AnyResponse:
        """A new record, or the form again with what is wrong."""
        known, said = FORMS[kind], _said()
        if SUGGEST in said:
            return self._suggest(known, {}, said)
        try:
            body = self._keyed(known, body_of(known, said, creating=True), creating=True)
            outcome = editing.create(self._act(said), known, body, typed=False)
        except InvalidInput as wrong:
            return self._form(known, {}, said, wrong.findings, status=422)
        except (Conflict, KeyUsedTwice) as conflict:
            return self._form(known, {}, said, [Finding("", str(conflict))], status=409)
        return redirect(to("record", kind=kind, id=outcome.answer["id"]), 303)

    def show(self, kind: str, id: str, findings: Sequence[Finding] = (), said: Mapping[str, str] | None = None, status: int = 200) -> Response:  # fmt: skip # noqa: A002
        """A record: its fields, where it is in its life, the steps that it can take, its history."""
        known = FORMS[kind]
        if request.method == "GET":
            self._refuse_unknown(set())
        record = reading.record(self.store.behind, known, id)
        steps = known.life.steps_from(record["state"]) if known.life else ()
        page = render_template(
            "record.html", frame=self._frame(), here=_here(known), kind=known, record=record,
            facts=_facts(known, record), steps=[s for s in steps if Requires.DECISION not in s.requires], history=list(reversed(reading.history(self.store.behind, known, id))),
            shown=_shown, findings=findings, said=said or {}, operation=new_operation(),
        )  # fmt: skip
        return make_response(page, status)

    def edit(self, kind: str, id: str) -> Response:  # noqa: A002
        """The form of a record as it is."""
        self._refuse_unknown(set())
        return self._form(FORMS[kind], reading.record(self.store.behind, FORMS[kind], id), {})

    def change(self, kind: str, id: str) -> AnyResponse:  # noqa: A002
        """Write what was changed; or the form again, with what is wrong or what somebody else changed meanwhile."""
        known, said = FORMS[kind], _said()
        if SUGGEST in said:
            record = reading.record(self.store.behind, known, id)
            return self._suggest(known, {**record, "revision": said.get("revision", "")}, said)
        body = body_of(known, said, creating=False)
        if not body:
            return redirect(to("record", kind=kind, id=id), 303)
        try:
            keyed = self._keyed(known, body, creating=False)
            editing.change(self._act(said), known, id, keyed, form_revision(said), typed=False)
        except InvalidInput as wrong:
            record = reading.record(self.store.behind, known, id)
            # The revision that was seen stays: what others changed meanwhile must still be noticed.
            return self._form(
                known, {**record, "revision": said.get("revision", "")}, said, wrong.findings, status=422
            )
        except Conflict as conflict:
            record = reading.record(self.store.behind, known, id)
            return self._form(known, record, said, [Finding("", str(conflict))], 409, conflict.members.get("changed", ()))  # fmt: skip
        except KeyUsedTwice as twice:
            record = reading.record(self.store.behind, known, id)
            return self._form(
                known, {**record, "revision": said.get("revision", "")}, said, [Finding("", str(twice))], 409
            )
        return redirect(to("record", kind=kind, id=id), 303)

    def move(self, kind: str, id: str) -> AnyResponse:  # noqa: A002
        """Take a step, or end a record that has no steps; or the page again with what that needs."""
        known, said = FORMS[kind], _said()
        seen = form_revision(said)
        body = {name: said[name] for name in ("to", *ASKED.values()) if said.get(name)}
        try:
            if known.life:
                moving.move(self._act(said), known, id, body, seen)
            else:
                editing.withdraw(self._act(said), known, id, body, seen)
        except InvalidInput as wrong:
            return self.show(kind, id, wrong.findings, said, 422)
        except (Conflict, KeyUsedTwice) as conflict:
            return self.show(kind, id, [Finding("", str(conflict))], said, 409)
        return redirect(to("record", kind=kind, id=id), 303)

    def names(self, kind: str, field: str) -> Response:
        """Keys and names that a field may be filled with, as options of a list."""
        tie = FORMS[kind].ties.get(field)
        typed = next((value for name, value in request.args.items() if name.startswith(f"{field}.")), "")
        around = self._frame()
        rows: list[dict[str, Any]] = []
        if tie and typed.strip() and around.district:
            asked = {"q": typed.strip()[:60], "scope": around.district.id}
            found = self.search(asked, data_version(self.store.behind)).rows
            rows = [row for row in found if row["label"] in tie.tie.ends][:_SUGGESTED]
        return make_response(render_template("record_names.html", rows=rows))

    def _form(
        self, kind: Kind, record: Mapping[str, Any], said: Mapping[str, str], findings: Sequence[Finding] = (),
        status: int = 200, changed: Sequence[Mapping[str, Any]] = (), suggestion: Suggested | None = None,
    ) -> Response:  # fmt: skip
        around = self._frame()
        choices = groups(self.store, kind, around.district.id) if around.district else {}
        made = fields(kind, record, said, findings, choices)
        named = {each.name for each in made}
        general = [each.detail for each in findings if each.field.partition(".")[0] not in named]
        page = render_template(
            "record_form.html", frame=around, here=_here(kind), kind=kind, record=record, fields=made, general=general,
            wrong=sum(bool(each.error) for each in made), compared=[_compared(each, said) for each in changed], operation=new_operation(),
            suggestion=suggestion,
        )  # fmt: skip
        return make_response(page, status)

    def _suggest(self, kind: Kind, record: Mapping[str, Any], said: Mapping[str, str]) -> Response:
        """The form as it was filled, with the category that its words speak for, or with the one that was taken; nothing is written."""
        district = self._frame().district
        if kind.label not in LISTS or district is None:
            return self._form(kind, record, said)
        if taken := said[SUGGEST]:
            return self._form(kind, record, {**said, f"{CATEGORY}.0": taken})
        found = suggested(self.matching, kind, said, district.id, data_version(self.store.behind))
        return self._form(kind, record, said, suggestion=found)

    def _keyed(self, kind: Kind, body: Mapping[str, Any], *, creating: bool) -> Mapping[str, Any]:
        """The body with keys for names. Raises InvalidInput with everything that is wrong, names and values."""
        findings: list[Finding] = []
        try:
            body = with_keys(writable(self.store.behind), kind, body, self._scope())
        except InvalidInput as wrong:
            findings += wrong.findings
        try:
            draft_of(kind, body, creating=creating, typed=False)
        except InvalidInput as wrong:
            findings += wrong.findings
        if findings:
            raise InvalidInput(findings)
        return body

    def _act(self, said: Mapping[str, str]) -> Act:
        key = said.get("operation", "")
        return Act(writable(self.store.behind), key if 8 <= len(key) <= 64 and key.isascii() else new_operation())  # fmt: skip

    def _frame(self) -> Frame:
        return frame(self.store, {name: request.args[name] for name in AROUND if request.args.get(name)})

    def _scope(self) -> str | None:
        scope = self._frame().scope
        return scope.id if scope else None

    def _refuse_unknown(self, own: set[str]) -> None:
        if unknown := [name for name in request.args if name not in (*AROUND, *own)]:
            raise ParameterError(unknown[0], f"这个页面没有参数 {unknown[0][:60]}")


def _here(kind: Kind) -> str:
    """The part of the navigation to which a kind of record belongs."""
    return _PART.get(kind.label, "lists")


def _said() -> dict[str, str]:
    """The fields of the form that was sent, those with several values as a cell would hold them; what is longer
    than any field may be is cut where it cannot pass."""
    sent = request.form.to_dict(flat=False)
    return {name: "、".join(filter(None, values))[:_LONGEST] for name, values in sent.items()}


def _facts(kind: Kind, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, of in kind.properties.items():
        if record[name] is not None:
            value = of.codes.label(record[name]) if of.codes and not isinstance(record[name], list) else written(record[name])  # fmt: skip
            found.append((of.heading, f"{value} {of.unit}".strip()))
    for name, tie in kind.ties.items():
        if ends := ends_of(record[name]):
            found.append((tie.heading, "、".join(_end_words(end) for end in ends)))
    return found


def _end_words(end: Mapping[str, Any]) -> str:
    further = "，".join(written(value) for name, value in end.items() if name != "id")
    return f"{end['id']}（{further}）" if further else str(end["id"])


def _shown(value: Any) -> str:
    """A value of a change in words."""
    if isinstance(value, dict):
        return _end_words({"id": "", **value}).strip()
    if isinstance(value, list):
        return "、".join(_shown(each) for each in value)
    return written(value) or "（空）"


def _compared(changed: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """A field that somebody else has changed: theirs, and yours where you changed it too."""
    name = changed["field"]
    mine = changed["yours"] is not None or (name in said and said[name].strip() != said.get(f"was.{name}", said[name]).strip())  # fmt: skip
    return {
        "name": name,
        "heading": changed["heading"],
        "theirs": _shown(changed["theirs"]),
        "yours": _shown(changed["yours"]) if mine else "",
        "mine": mine,
    }
