"""Matching over HTTP: /api/match, /api/plans and the jobs that make plans."""

from apiflask import APIFlask

from api.endpoints import add_query
from api.job_endpoints import add_jobs
from api.jobs import Jobs
from api.matching import questions
from api.matching.desk import Desk
from api.matching.matches import Matches
from api.matching.plan_endpoints import add_plans
from api.matching.plans import Plans
from graph.ask import Reader


def add_matching(app: APIFlask, store: Reader, jobs: Jobs) -> None:
    """Serve matching and describe it."""
    desk = Desk(store)
    plans = Plans(desk)
    matches = Matches(desk, plans.prices)
    add_query(app, store, questions.MATCH_NEED, matches.need, questions.NEED_NOTES)
    add_query(app, store, questions.MATCH_RESOURCE, matches.resource, questions.RANKING_NOTES)
    add_query(app, store, questions.MATCH_UNIT, matches.unit, questions.RANKING_NOTES)
    add_query(app, store, questions.CATEGORY, matches.category)
    add_plans(app, store, jobs, desk, plans)
    add_jobs(app, jobs)
