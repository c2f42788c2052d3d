"""Keys of nodes whose register has no numbers: a digest of what tells one from another (`NodeType.identity`).

Of a person that is a name, a year of birth and an organization. Whoever has a list of names can compute the same
digests, and so confirm that someone is among those in an export; `made_of_personal_values` says which keys these are.
"""

import hashlib
import re
from collections.abc import Sequence

from graph.model import GraphSchema, NodeType

_DIGITS = 16


def computed_key(label: str, parts: Sequence[str]) -> str:
    """The key of a node that `parts` tell from all others of its label; the same on every machine.

    >>> computed_key("Estate", ["示例小区", "Community:410411004004"])
    'estate-44ad85664ead05e0'
    """
    digest = hashlib.sha256(chr(31).join((label, *parts)).encode()).hexdigest()
    return f"{label.lower()}-{digest[:_DIGITS]}"


def is_computed(label: str, key: str) -> bool:
    """Whether a key has the form of a computed one, and is no number of a register.

    >>> is_computed("Estate", "estate-44ad85664ead05e0"), is_computed("Estate", "XQ-0001")
    (True, False)
    """
    return re.fullmatch(rf"{label.lower()}-[0-9a-f]{{{_DIGITS}}}", key) is not None


def made_of_personal_values(schema: GraphSchema) -> dict[str, frozenset[str]]:
    """The labels whose computed keys are made of personal values, and of which: `Person.name` and others.

    A key that another node's key goes into is made of the same values: that of a resource, of its provider's.

    >>> from graph.schema import SCHEMA
    >>> {label: sorted(values) for label, values in made_of_personal_values(SCHEMA).items()}
    {'Person': ['Person.birth_year', 'Person.name'], 'Resource': ['Person.birth_year', 'Person.name']}
    """
    found: dict[str, frozenset[str]] = {}
    while (grown := {n.label: _made_of(schema, n, found) for n in schema.nodes}) != found:
        found = grown
    return {label: values for label, values in found.items() if values}


def _made_of(schema: GraphSchema, node: NodeType, found: dict[str, frozenset[str]]) -> frozenset[str]:
    own = {f"{node.label}.{p.name}" for p in node.properties if p.personal and p.name in node.identity}
    ends = {end for _, t in schema.ties_from(node.label) if t.heading in node.identity for end in t.ends}
    return frozenset(own).union(*(found.get(end, frozenset()) for end in ends))
