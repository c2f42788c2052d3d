"""`docs/lifecycle.md`: how records live, as diagrams and tables computed from the declaration. Pure."""

from collections.abc import Iterator

from graph.lifecycle import Lifecycle, Requires, Transition
from graph.schema import SCHEMA
from graph.schema.lifecycles import LIFECYCLES, TAKEABLE

_KINDS = {
    "resource": "--title TEXT --offered-by ID --capacity 80", "unit": "--name TEXT --located-in ID",
    "agreement": "--name TEXT --with-unit ID --with-organization ID --promises ZY-1=30",
    "claim": "--by-unit ID --for-need ID --with-resource ID --quantity 5",
    "project": "--name TEXT --origin 交办 --meets XQ-1=5 --uses ZY-1=5", "meeting": "--name TEXT --held-at 2020-04-20 --of ID --discussed ID",
}  # fmt: skip
"""The words that create a record of each further kind."""
_COMMANDS = "\n".join(
    line
    for kind, words in _KINDS.items()
    for line in (
        f"linmai {kind} add {words}",
        f"linmai {kind} change ID --note TEXT",
        *(() if kind in ("resource", "unit") else (f"linmai {kind} move ID STATE",)),
        f"linmai {kind} show ID",
        f"linmai {kind} history ID",
        f"linmai {kind} withdraw ID --reason TEXT",
    )
)
_RULES = f"""# Life cycles

Generated from `graph/schema/lifecycles.py` by `make generate`.

Needs, claims, projects, agreements and joint meetings are written over the API and the command line, step by
step; units and resources are only created, changed and ended. Plans are made by `linmai plan make` and moved by
steps of their own, see [matching.md](matching.md). What is loaded is accepted in whatever state its register says.

## Rules that hold for all

- **A step** is taken by its target: `POST /api/needs/{{key}}/transitions` with `{{"to": "入单"}}`, or
  `linmai need move ID 入单`. A step that the tables below do not have is refused with those that there are.
- **Who acts** is written down with every step (`--as ID` on the command line, `X-Actor` over HTTP; the local user
  without either). The roles in the tables say whose task a step is; as long as there are no accounts nobody is
  refused for their role.
- **History**: each step is a StateChange node with the states, the time (Asia/Shanghai), the actor and the reason;
  each change of a field is a Change node with the value before and after. `GET /api/needs/{{key}}/history`
  and `linmai need history ID` show both.
- **Once**: every write carries a key (`Idempotency-Key`, `--operation`; made up when absent) and leaves an Operation
  node with its answer. Sent again, it acts no more and gets the same answer; the key of another request is refused. A
  refusal is not remembered: the same request may be sent again when its cause is gone. What was answered is stored.
- **Two editors**: a record counts its changes (`revision`). A change that names the revision it was made from
  (`If-Match`, or `revision` in the body) is refused with 409 and the fields that have changed since: `field`, `theirs`,
  `yours`.
- **Never more than there is**: a claim holds its quantity of a resource from 申请 on, a project what it was promised
  until it is closed. A claim, a project or a changed promise that would exceed what the resource has is refused with
  409 and what is left. What an agreement promises is not counted: projects under it draw on it, and
  `linmai query agreement_promises` sets both beside what came.
- **A claim becomes a project** (origin 认领) when it is approved (批准); an accepted match, an assignment (交办) and
  a decision of a joint meeting (联席会议) become one when the project is created. The needs must be in one of
  {"、".join(TAKEABLE)}.

## Writing

| | over HTTP | on the command line |
|---|---|---|
| create | `POST /api/needs` | `linmai need add --title TEXT --raised-in ID` |
| read | `GET /api/needs/{{key}}` | `linmai need show ID` |
| change | `PATCH /api/needs/{{key}}` | `linmai need change ID --quantity 20` |
| take a step | `POST /api/needs/{{key}}/transitions` | `linmai need move ID STATE --reason TEXT` |
| withdraw or end | `DELETE /api/needs/{{key}}` | `linmai need withdraw ID --reason TEXT` |
| what has happened | `GET /api/needs/{{key}}/history` | `linmai need history ID` |
| what was delivered | `POST /api/projects/{{key}}/deliveries` | `linmai project deliver ID RESOURCE 5` |
| evaluate | `POST /api/projects/{{key}}/evaluations` | `linmai project evaluate ID --direction 居民→项目 --score 95` |

`/api/docs` lists every field of every kind. A field that names other records takes their keys: one, or a list; an
object (`{{"id": "ZY-1", "promised": 5}}`, on the command line `ZY-1=5`) where a number goes with it. A list names
all: what it leaves out is untied. Over HTTP every write shows a token: `GET /api/csrf-token` gives one, which goes
into `X-CSRFToken`, together with the cookie of that answer. The same commands for the other kinds:

```sh
{_COMMANDS}
```

## Records that were loaded, and loads of records that were changed here

- A field that was set here is kept by later loads of its register; where the register says something else, the
  load says so and writes the rest of the row. The same holds for what a record is tied to.
- A batch whose records were changed here, or tied to what was written here, cannot be undone; `linmai undo` lists them.
- What was created here belongs to no batch: no load reports it missing, and no undo removes it.
"""


def lifecycle_page() -> str:
    """The page."""
    parts = [_RULES]
    for each in LIFECYCLES.values():
        parts += [*_life(each), ""]
    return "\n".join(parts)


def _life(life: Lifecycle) -> Iterator[str]:
    yield from (f"## {life.label} {SCHEMA.node(life.label).heading}", "")
    unset = f" A record loaded without a state is in {life.unset}." if life.unset else ""
    yield from (f"Begins in {life.begins}; final: {'、'.join(life.final) or 'none'}.{unset}", "")
    words = [f"{code.value} {code.label}" for code in life.codes.codes if code.value != code.label]
    if words:
        yield from (f"What the states are called: {'、'.join(words)}.", "")
    yield from ("```mermaid", "stateDiagram-v2", f"  [*] --> {life.begins}")
    for step in life.transitions:
        yield from (f"  {source} --> {step.target}: {step.heading}" for source in step.sources)
    yield from (
        "```",
        "",
        "| step | from | to | whose task | needs | moves along | meaning |",
        "|---|---|---|---|---|---|---|",
    )
    for step in life.transitions:
        yield (
            f"| {step.heading} | {'、'.join(step.sources)} | {step.target} | {'、'.join(step.actors)} "
            f"| {'、'.join(_needs(step))} | {'、'.join(f'{c.label} → {c.target}' for c in step.carries)} | {step.doc} |"
        )


def _needs(step: Transition) -> Iterator[str]:
    for each in step.requires:
        yield "a project" if each is Requires.DECISION else each.value
