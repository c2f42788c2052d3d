"""How needs, claims, projects, agreements, joint meetings and plans live: THE declaration of their steps.

What is loaded is accepted in whatever state its register says; the steps bind what is done here.
"""

from graph.lifecycle import Carries, Lifecycle, Requires, Transition, check_carried
from graph.schema.lists import CLAIM_STATE, MEETING_STATE, NEED_STATE, PROJECT_STATE
from graph.schema.partners import AGREEMENT_STATE
from graph.schema.records import PLAN_STATE

REASON, FEEDBACK, EVALUATION = Requires.REASON, Requires.FEEDBACK, Requires.EVALUATION
DELIVERED, DECISION, PROOF = Requires.DELIVERED, Requires.DECISION, Requires.PROOF
_NO_CLAIMS = (Carries("Claim", "退出审批"),)
"""Claims of a need that will not be met hold nothing any more."""

NEED_LIFE = Lifecycle(
    "Need", NEED_STATE, begins="提出",
    transitions=(
        Transition("受理", ("提出",), "审核", ("社区",), "The community looks at it."),
        Transition("入单", ("提出", "审核"), "入单", ("社区",), "It goes on the list of needs; without a category nothing could be found for it.", (Requires.CATEGORY,)),
        Transition("退回", ("提出", "审核", "入单"), "退回", ("社区", "街道"), "It goes back to who raised it.", (REASON,), _NO_CLAIMS),
        Transition("重新提出", ("退回",), "提出", ("居民", "社区", "单位"), "It is raised again."),
        Transition("对接", ("入单", "已认领", "挂起"), "对接中", ("社区", "街道"), "A party is looked for; also when one has left."),
        Transition("认领", ("入单", "对接中"), "已认领", ("单位", "街道"), "A project will meet it.", (DECISION,)),
        Transition("实施", ("已认领",), "实施中", ("单位", "社区"), "The project that meets it has begun."),
        Transition("退回对接", ("实施中",), "对接中", ("社区", "街道"), "Its project was stopped.", (REASON,)),
        Transition("办结", ("实施中", "已认领"), "待评价", ("社区",), "What was asked for is there."),
        Transition("销号", ("待评价",), "销号", ("社区",), "Those who asked have been heard.", (FEEDBACK,)),
        Transition("返工", ("待评价",), "实施中", ("社区",), "It is not done after all.", (REASON,)),
        Transition("挂起", ("审核", "入单", "对接中"), "挂起", ("社区", "街道"), "It has to wait.", (REASON,)),
        Transition("合并", ("提出", "审核", "入单", "对接中", "挂起"), "合并", ("社区",), "Another need says the same; the reason names it.", (REASON,), _NO_CLAIMS),
        Transition("撤回", ("提出", "审核", "入单", "对接中", "挂起", "退回"), "撤回", ("居民", "社区", "单位"), "Who raised it does not want it any more.", (REASON,), _NO_CLAIMS),
    ),
    ended_by="撤回",
)  # fmt: skip
CLAIM_LIFE = Lifecycle(
    "Claim", CLAIM_STATE, begins="申请",
    transitions=(
        Transition("送审", ("申请",), "审批", ("社区",), "The community passes it on for approval."),
        Transition("批准", ("申请", "审批"), "确认", ("街道", "社区"), "It is approved: a project is made of it.", stamps="confirmed_at"),
        Transition("履行", ("确认",), "履行", ("单位",), "Its project has begun."),
        Transition("完成", ("履行", "确认"), "完成", ("单位", "社区"), "Its project is done.", stamps="completed_at"),
        Transition("退出", ("申请", "审批", "确认", "履行"), "退出审批", ("街道", "社区", "单位"), "It is refused or withdrawn; what it held is free again.", (REASON,), (Carries("Project", "销号"),)),
    ),
    ended_by="退出审批",
)  # fmt: skip
PROJECT_LIFE = Lifecycle(
    "Project", PROJECT_STATE, begins="立项",
    transitions=(
        Transition("开工", ("立项",), "实施", ("单位", "社区"), "Work begins.", carries=(Carries("Need", "实施中"), Carries("Claim", "履行")), stamps="actual_from"),
        Transition("验收", ("实施",), "验收", ("社区", "街道"), "What was promised has been delivered, or not.", (DELIVERED,), (Carries("Need", "待评价"), Carries("Claim", "完成")), stamps="actual_to"),
        Transition("返工", ("验收",), "实施", ("社区", "街道"), "It is not done after all.", (REASON,), (Carries("Need", "实施中"),)),
        Transition("评价", ("验收",), "评价", ("社区", "单位", "居民"), "Community, unit and residents say what they think."),
        Transition("销号", ("评价",), "销号", ("街道", "社区"), "It is closed, and the needs that it met.", (EVALUATION, FEEDBACK), (Carries("Need", "销号"),)),
        Transition("中止", ("立项", "实施"), "销号", ("街道", "社区"), "It is stopped; its needs look for another party.", (REASON,), (Carries("Need", "对接中"), Carries("Claim", "退出审批"))),
    ),
    ended_by="销号",
)  # fmt: skip
AGREEMENT_LIFE = Lifecycle(
    "Agreement", AGREEMENT_STATE, begins="拟定", unset="生效",
    transitions=(
        Transition("签订", ("拟定",), "签订", ("单位", "社区"), "Both sides sign.", stamps="signed"),
        Transition("生效", ("签订",), "生效", ("社区",), "It holds from now on.", stamps="valid_from"),
        Transition("到期", ("生效", "续签"), "到期", ("社区",), "Its time is over."),
        Transition("续签", ("生效", "到期"), "续签", ("单位", "社区"), "It holds on; change its last day along with it."),
        Transition("终止", ("拟定", "签订", "生效", "到期", "续签"), "终止", ("单位", "社区", "街道"), "It ends before its time, or nothing came of it.", (REASON,)),
    ),
    ended_by="终止",
)  # fmt: skip
MEETING_LIFE = Lifecycle(
    "Meeting", MEETING_STATE, begins="筹备", unset="召开",
    transitions=(
        Transition("召开", ("筹备",), "召开", ("社区", "街道"), "It meets, and may decide projects for the needs on its agenda."),
        Transition("办结", ("召开",), "办结", ("社区", "街道"), "Everything on the agenda has been dealt with."),
        Transition("取消", ("筹备",), "取消", ("社区", "街道"), "It will not meet.", (REASON,)),
    ),
    ended_by="取消",
)  # fmt: skip
PLAN_LIFE = Lifecycle(
    "Plan", PLAN_STATE, begins="draft",
    transitions=(
        Transition("公布", ("draft",), "announced", ("街道",), "Everyone may rely on it: later plans keep its promises unless moving one pays. The announced plans for the same needs end.", (PROOF,), (Carries("Plan", "ended"),), stamps="announced_at"),
        Transition("开始执行", ("announced",), "running", ("街道",), "The parties act on it."),
        Transition("作废", ("draft",), "ended", ("街道",), "It is not wanted; nobody was promised anything."),
        Transition("撤回", ("announced",), "ended", ("街道",), "What was promised is not kept any more.", (REASON,)),
        Transition("完成", ("running",), "ended", ("街道",), "What it assigned is done, or lives on in projects."),
    ),
    ended_by="ended",
)  # fmt: skip

LIFECYCLES = {
    each.label: each
    for each in (NEED_LIFE, CLAIM_LIFE, PROJECT_LIFE, AGREEMENT_LIFE, MEETING_LIFE, PLAN_LIFE)
}
"""Every declared life, by label."""
check_carried(LIFECYCLES.values())

BY_HAND = ("Need", "Resource", "Unit", "Agreement", "Claim", "Project", "Meeting")
"""Labels of what is created, changed and ended over the front doors."""
TAKEABLE = ("入单", "对接中", "已认领", "实施中")
"""States of a need in which a party may claim it or a project may be made for it; further parties may join."""
HELD_BY_CLAIM = ("申请", "审批", "确认", "履行")
"""States of a claim in which it holds its quantity of a resource."""
HELD_BY_PROJECT = ("立项", "实施", "验收", "评价")
"""States of a project in which it holds what it was promised."""
