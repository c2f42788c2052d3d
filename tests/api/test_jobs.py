"""Work that outlasts a request: its outcome, its progress, its end."""

import threading

from api.jobs import KEPT, Job, Jobs, State


def test_a_job_ends_with_what_its_work_returns() -> None:
    jobs = Jobs()
    job = jobs.start("sum", lambda _: 1 + 1)
    assert job.wait(10)
    assert (job.state, job.result, jobs.find(job.id)) == (State.DONE, 2, job)


def test_a_job_that_raises_has_failed_and_keeps_the_reason() -> None:
    def work(_: Job) -> None:
        raise ValueError("no")

    job = Jobs().start("broken", work)
    assert job.wait(10)
    assert (job.state, str(job.error)) == (State.FAILED, "no")


def test_a_cancelled_job_stops_at_its_next_report() -> None:
    reported, go_on = threading.Event(), threading.Event()

    def work(job: Job) -> None:
        job.report(1, 3, "已读")
        reported.set()
        go_on.wait(10)
        job.report(2, 3)

    job = Jobs().start("long", work)
    assert reported.wait(10)
    assert (job.progress, job.words, job.state) == ((1, 3), "已读", State.RUNNING)
    job.cancel()
    go_on.set()
    assert job.wait(10)
    assert job.state is State.CANCELLED


def test_old_jobs_are_forgotten_and_running_ones_are_not() -> None:
    jobs, go_on = Jobs(), threading.Event()
    running = jobs.start("running", lambda _: go_on.wait(10))
    ended = [jobs.start("short", lambda _: None) for _ in range(KEPT + 5)]
    assert all(job.wait(10) for job in ended)
    jobs.start("last", lambda _: None)
    assert jobs.find(ended[0].id) is None
    assert jobs.find(ended[-1].id) is ended[-1]
    assert jobs.find(running.id) is running
    go_on.set()
