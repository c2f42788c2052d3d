"""What a name in a form means: the same as in a spreadsheet, by the same rules, or a sentence that says why nothing certain."""

from collections.abc import Mapping
from typing import Any

from api.records.kinds import Kind
from api.refusals import Finding, InvalidInput
from graph.ask import reference_date
from graph.schema import SCHEMA
from graph.store import Store
from loaders.areas import TERRITORY, Areas
from loaders.drafts import Reference
from loaders.lease import LoadRefused
from loaders.names import DraftNames
from loaders.references import References, Refusal


def with_keys(store: Store, kind: Kind, body: Mapping[str, Any], scope: str | None) -> dict[str, Any]:
    """A body in which every end is named by its key and label.

    `scope` is the area whose place names are meant. Raises InvalidInput with everything that means nothing
    certain.
    """
    wanted = [
        (name, end, Reference(tie.relationship.name, tie.tie.ends, end["id"], tie.heading))
        for name, tie in kind.ties.items()
        for end in _listed(body.get(name))
        if end["id"]
    ]
    kinds = {label for _, _, each in wanted for label in each.ends if label in TERRITORY}
    day = reference_date(store)
    try:
        areas = Areas(store, SCHEMA, scope, kinds, day)
    except LoadRefused as refused:
        raise InvalidInput([Finding("", str(refused))]) from None
    known = References(store, SCHEMA, DraftNames(SCHEMA, [], ()), areas, lambda _position: None, day)
    known.look_up([each for _, _, each in wanted])
    findings: list[Finding] = []
    keyed: dict[int, dict[str, Any]] = {}
    for name, end, reference in wanted:
        found = known.find(reference)
        if isinstance(found, Refusal):
            findings.append(Finding(name, known.explained(reference, found).sentence))
        else:
            keyed[id(end)] = {**end, "id": found.id, "label": found.label}
    if findings:
        raise InvalidInput(findings)
    made = dict(body)
    for name in kind.ties:
        value = body.get(name)
        if isinstance(value, list):
            made[name] = [keyed.get(id(end), end) for end in value]
        elif isinstance(value, dict):
            made[name] = keyed.get(id(value), value)
    return made


def _listed(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []
