"""How soon threads give way to each other: short where short requests wait behind long ones, else long."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import pytest

from harness import Server

SHORT, LONG = "100", "5000"

OPTIONS = ("--threads", "6", "--keep-alive-requests", "1000000")


@contextmanager
def computing(server: Server, clients: int = 3, ms: float = 20):
    """Clients that keep as many threads busy, so many milliseconds at a time."""
    over = threading.Event()
    failures = []

    def ask():
        try:
            with server.connect() as connection:
                while not over.is_set():
                    assert connection.get(f"/?ms={ms}").status == 200
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


def interval_becomes(server: Server, wanted: str, target: str, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    with server.connect() as connection:
        while time.monotonic() < deadline:
            if connection.get(target).text == wanted:
                return True
    return False


def test_it_is_short_while_short_requests_wait_for_long_ones(serve):
    server = serve("switching:application", *OPTIONS)
    assert server.get("/").text == LONG
    with computing(server):
        assert interval_becomes(server, SHORT, "/")


def test_it_is_long_again_when_all_of_them_compute(serve):
    server = serve("switching:application", *OPTIONS)
    with computing(server):
        assert interval_becomes(server, SHORT, "/")
        assert interval_becomes(server, LONG, "/?ms=20")


def stays_long(server: Server) -> bool:
    with computing(server, clients=16, ms=0.1):
        return not interval_becomes(server, SHORT, "/", seconds=2)


def test_it_stays_long_while_all_of_them_are_short(serve):
    """A kernel that takes the core away for milliseconds looks like a request that computes: once in a while it may."""
    assert any(stays_long(serve("switching:application", *OPTIONS)) for _ in range(3))


def test_it_is_long_again_when_none_of_them_computes_any_more(serve):
    server = serve("switching:application", *OPTIONS)
    with computing(server):
        assert interval_becomes(server, SHORT, "/")
    with computing(server, clients=16, ms=0.1):
        assert interval_becomes(server, LONG, "/")


@pytest.mark.parametrize(
    ("options", "variables", "wanted"),
    [(("--switch-interval", "0.002"), {}, "2000"), ((), {"OWN_INTERVAL": "0.003"}, "3000")],
    ids=["option", "application"],
)
def test_what_somebody_has_chosen_stays(serve, options, variables, wanted):
    server = serve("switching:application", *OPTIONS, *options, variables=variables)
    with computing(server):
        assert not interval_becomes(server, SHORT, "/", seconds=1.5)
        assert server.get("/").text == wanted
