"""Works of an application that waits or computes for long, with several threads, and of files meanwhile."""

from __future__ import annotations

from ..clients.wrk import Load, Request
from ..peers.peer import Can
from .expectations import body, file
from .request_work import RequestWork

SLEEP = 0.050
"""Seconds that `/sleep` of the application takes."""

SLEEPING, COMPUTING, FILE = Request("/sleep"), Request("/compute"), Request("/static/1k.css")
THREADED = ("martlet", "granian", "gunicorn-gthread")
BESIDE = ("p99", "p50", "p999", "rate", "other_rate", "memory", "errors")

SLEEPERS = tuple(
    RequestWork(
        f"sleep-{number}",
        f"50 ms of sleep, {number} thread{'s' * (number > 1)}, as many clients",
        Load(SLEEPING, connections=number),
        body(b"/sleep"),
        "waiting",
        needs=frozenset({Can.WSGI, Can.THREADS}),
        figures=("ideal", "p50", "p99", "p999", "rate", "memory", "errors"),
        threads=number,
        ideal=number / SLEEP,
        stretch=2,
        peers=THREADED if number == 64 else ("martlet", "gunicorn-gthread"),
    )
    for number in (1, 4, 16, 64)
)

COMPUTERS = tuple(
    RequestWork(
        f"compute-{number}",
        f"20 ms of computing, {number} thread{'s' * (number > 1)}, as many clients",
        Load(COMPUTING, connections=number),
        body(b"/compute"),
        "waiting",
        needs=frozenset({Can.WSGI, Can.THREADS}),
        figures=("rate", "p50", "p99", "p999", "memory", "errors"),
        threads=number,
        stretch=2,
        peers=THREADED,
        is_extra=True,
    )
    for number in (1, 4, 16, 64)
)

COMPUTE_AND_SLEEP = RequestWork(
    "compute+sleep",
    "16 clients of 50 ms of sleep, while 4 have 20 ms computed; 20 threads",
    Load(SLEEPING, connections=16),
    body(b"/sleep"),
    "waiting",
    needs=frozenset({Can.WSGI, Can.THREADS}),
    figures=BESIDE,
    threads=20,
    beside=Load(COMPUTING, connections=4),
    also=((COMPUTING.path, body(b"/compute")),),
    stretch=2,
    peers=THREADED,
    is_extra=True,
)

FILES_MEANWHILE = tuple(
    RequestWork(
        f"static-while-{name}",
        f"File of 1 KB for 4 clients, while 8 have the application {what}; one thread",
        Load(FILE, connections=4),
        file("1k.css"),
        "waiting",
        needs=frozenset({Can.SITE}),
        figures=("rate", "p99", "p50", "p999", "other_rate", "alone_rate", "kept", "memory", "errors"),
        beside=Load(request, connections=8),
        beside_alone=True,
        both_cores=True,
        stretch=2,
        is_extra=name != "computing",
        peers=("martlet", "peregrine", "granian", "nginx+gunicorn-gthread"),
        also=((request.path, body(request.path.encode())),),
    )
    for name, what, request in (
        ("computing", "compute 20 ms", COMPUTING),
        ("sleeping", "sleep 50 ms", SLEEPING),
    )
)

WAITING = (*SLEEPERS, *COMPUTERS, COMPUTE_AND_SLEEP, *FILES_MEANWHILE)
