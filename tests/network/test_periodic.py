"""Periodic work: each job once per period, however many workers there are."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from brandwacht.network import periodic
from brandwacht.network.models import PeriodicRun
from brandwacht.network.periodic import Job, register_job, tick
from tests.world import NOW


@pytest.fixture(autouse=True)
def _own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_jobs", {})


@pytest.mark.django_db
def test_once_per_period() -> None:
    ran: list[datetime] = []
    register_job(Job("uurwerk", "uur", lambda now: ran.append(now) or "gedaan"))
    assert list(tick(NOW)) == [("uurwerk", "gedaan")]
    assert list(tick(NOW + timedelta(minutes=54))) == []
    assert list(tick(NOW + timedelta(minutes=55))) == [("uurwerk", "gedaan")]
    assert ran == [NOW, NOW + timedelta(minutes=55)]
    assert PeriodicRun.objects.get().result == "gedaan"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("every", "period"), [("minuut", "2026-11-22T13:05"), ("uur", "2026-11-22T13"), ("dag", "2026-11-22")]
)
def test_the_name_of_a_period(every: str, period: str) -> None:
    assert Job("x", every, lambda _now: "").period(NOW) == period


@pytest.mark.django_db
def test_a_broken_job_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_now: datetime) -> str:
        raise RuntimeError("stuk")

    register_job(Job("stuk", "dag", broken))
    register_job(Job("heel", "dag", lambda _now: "gedaan"))
    assert dict(tick(NOW)) == {"stuk": "mislukt: stuk", "heel": "gedaan"}
    assert list(tick(NOW)) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_run_a_job_once() -> None:
    ran: list[str] = []
    errors: list[BaseException] = []
    lock = threading.Lock()

    def run(now: datetime) -> str:
        with lock:
            ran.append(now.isoformat())
        return "gedaan"

    register_job(Job("samen", "minuut", run))
    workers, minutes = 4, 5
    ready = threading.Barrier(workers)

    def work() -> None:
        try:
            for minute in range(minutes):
                ready.wait(120)
                list(tick(NOW + timedelta(minutes=minute)))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(ran) == [(NOW + timedelta(minutes=m)).isoformat() for m in range(minutes)]
