"""`docs/lifecycle.md`: how records live, as diagrams and tables computed from the declaration. Pure."""

from collections.abc import Iterator

from graph.lifecycle import Lifecycle, Requires, Transition
from graph.schema import SCHEMA
from graph.schema.lifecycles import LIFECYCLES, TAKEABLE

_RULES = f"""# Life cycles

Generated from `graph/schema/lifecycles.py` by `make generate`.

Needs, claims, projects, agreements and joint meetings are written over the API and the command line, step by
step; units and resources are only created, changed and ended. What is loaded is accepted in whatever state its
register says.

## Rules that hold for all

- **A step** is taken by its target: `{{"to": "入单"}}`. A step that the table below does not have is refused with those that there are.
- **Who acts** is written down with every step (`--as ID` on the command line, `X-Actor` over HTTP; the local user
  without either). The roles in the tables say whose task a step is; as long as there are no accounts nobody is
  refused for their role.
- **History**: each step is a StateChange node with the states, the time (Asia/Shanghai), the actor and the reason;
  each change of a field is a Change node with the value before and after. The history of a record shows both.
- **Once**: every write carries a key (`Idempotency-Key`, `--operation`; made up when absent) and leaves an Operation
  node with its answer. Sent again, it acts no more and gets the same answer. What was answered is stored.
- **Two editors**: a record counts its changes (`revision`). A change that names the revision it was made from
  (`If-Match`, or `revision` in the body) is refused with 409 and the fields that have changed since: `field`, `theirs`,
  `yours`.
- **Never more than there is**: a claim holds its quantity of a resource from 申请 on, a project what it was promised
  until it is closed. A claim, a project or a changed promise that would exceed what the resource has is refused with
  409 and what is left.
- **A claim becomes a project** (origin 认领) when it is approved (批准); an accepted match, an assignment (交办) and
  a decision of a joint meeting (联席会议) become one when the project is created. The needs must be in one of
  {"、".join(TAKEABLE)}.

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
