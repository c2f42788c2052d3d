"""Matching over HTTP: /api/match, /api/plans and the jobs that make plans."""

from dataclasses import dataclass

from apiflask import APIFlask

from api.endpoints import add_query
from api.job_endpoints import add_jobs
from api.jobs import Jobs
from api.matching import plan_what_if, questions
from api.matching.desk import Desk
from api.matching.matches import Matches
from api.matching.plan_endpoints import add_plans
from api.matching.plan_what_if import PlanWhatIf
from api.matching.plans import Plans
from graph.ask import Reader


@dataclass(frozen=True)
class Matching:
    """What answers for matching in one application; the pages find it as `app.extensions["linmai-matching"]`."""

    desk: Desk
    plans: Plans
    matches: Matches
    what_if: PlanWhatIf
    jobs: Jobs


def add_matching(app: APIFlask, store: Reader, jobs: Jobs) -> None:
    """Serve matching and describe it."""
    desk = Desk(store)
    plans = Plans(desk)
    matches = Matches(plans)
    add_query(app, store, questions.MATCH_NEED, matches.need, questions.NEED_NOTES)
    add_query(app, store, questions.MATCH_RESOURCE, matches.resource, questions.RANKING_NOTES)
    add_query(app, store, questions.MATCH_UNIT, matches.unit, questions.RANKING_NOTES)
    add_query(app, store, questions.CATEGORY, matches.category)
    what_if = PlanWhatIf(plans)
    add_query(app, store, plan_what_if.UNIT_LEAVES, what_if.unit_leaves, plan_what_if.NOTES)
    add_query(app, store, plan_what_if.NEW_RESOURCE, what_if.new_resource, plan_what_if.NOTES)
    add_query(app, store, plan_what_if.CAPACITY, what_if.capacity, plan_what_if.NOTES)
    add_plans(app, store, jobs, desk, plans)
    add_jobs(app, jobs)
    app.extensions["linmai-matching"] = Matching(desk, plans, matches, what_if, jobs)
