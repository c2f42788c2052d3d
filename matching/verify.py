"""Check a plan's file in one pass, without the solver: digest, quantities, rules, value, bound and gap."""

from collections.abc import Mapping
from dataclasses import dataclass

from matching.certificate import Fault, faults, gap
from matching.plan_file import Names, PlanFile, Unreadable, build, digest, read

MOST_TOLD = 20
"""How many faults are told one by one; of the rest, the count."""


@dataclass(frozen=True)
class VerifyResult:
    """Whether a file holds what it claims; the Chinese `problems` if not; the claims it makes."""

    ok: bool
    problems: tuple[str, ...]
    value: int = 0
    bound: int = 0
    gap: float = 0.0


def verify(text: str) -> VerifyResult:
    """Check the text of a plan's file. Sound means: feasible, worth its value, and no plan beats its bound."""
    document = read(text)
    if isinstance(document, Unreadable):
        return VerifyResult(False, (document.sentence,))
    problems = []
    if digest(document) != document["digest"]:
        problems.append("文件内容与它的校验码（digest）不符：文件生成后被改动过；请取回原文件")
    file = build(document)
    if isinstance(file, Unreadable):
        return VerifyResult(False, (*problems, file.sentence))
    claimed, real = document["gap"], gap(file.plan.value, file.plan.bound)
    if claimed != real:
        problems.append(f"差距（gap）写的是 {claimed}，按方案值和上界应为 {real}")
    if any(row["quantity"] == 0 for row in document["assignments"]):
        problems.append("分配清单里有数量为 0 的行；这样的行应当没有")
    problems += _told(file)
    return VerifyResult(not problems, tuple(problems), file.plan.value, file.plan.bound, claimed)


def _told(file: PlanFile) -> list[str]:
    found = faults(file.instance, file.plan)
    told = [_sentence(fault, file) for fault in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        told.append(f"还有 {len(found) - MOST_TOLD} 处不符，未逐一列出")
    return told


_SENTENCES: Mapping[str, str] = {
    "negative": "{pair}：数量小于 0",
    "below-lock": "{pair}：少于已签约锁定的 {found}，只有 {allowed}",
    "need": "需求 {need}：分配了 {found}，超过所需的 {allowed}",
    "resource": "资源 {resource}：用了 {found}，超过可提供的 {allowed}",
    "unit": "单位 {unit}：共承担 {found}，超过负担上限 {allowed}",
    "parties": "需求 {need}：由 {found} 个资源共同承担，最多允许 {allowed} 个",
    "lot": "{pair}：数量 {allowed} 小于每份最少的 {found}",
    "partial": "需求 {need}：要么全部满足、要么不动，应为 {found}，实为 {allowed}",
    "value": "方案值写的是 {found}，按分配重算是 {allowed}",
    "bound": "上界写的是 {found}，按价格（potentials）重算是 {allowed}",
}


def _sentence(fault: Fault, file: PlanFile) -> str:
    names: Names = file.names
    places = {"found": fault.found, "allowed": fault.allowed}
    if fault.code in ("need", "parties", "partial"):
        return _SENTENCES[fault.code].format(need=names.needs[fault.row], **places)
    if fault.code == "resource":
        return _SENTENCES[fault.code].format(resource=names.resources[fault.row], **places)
    if fault.code == "unit":
        return _SENTENCES[fault.code].format(unit=names.units[fault.row], **places)
    if fault.code in ("value", "bound"):
        return _SENTENCES[fault.code].format(**places)
    instance = file.instance
    need, resource = instance.pair_need[fault.row], instance.pair_resource[fault.row]
    pair = f"需求 {names.needs[need]} 与资源 {names.resources[resource]}"
    return _SENTENCES[fault.code].format(pair=pair, **places)
