"""`--threads 8`: Python threads like any others, to the application and to the libraries that it uses."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from harness import Gate, Response, Server
from harness.real import REAL

PARTIES = 8


@pytest.fixture(scope="module")
def eight(runtime) -> Iterator[Server]:
    with Server(runtime, "threaded:application", "--threads", str(PARTIES)) as server:
        yield server


def at_once(server: Server, target: str, **options: object) -> list[Response]:
    """Eight requests, each of which waits for the seven others to be there."""
    with ExitStack() as stack:
        connections = [stack.enter_context(server.connect(timeout=60, **options)) for _ in range(PARTIES)]
        for number, connection in enumerate(connections):
            connection.request(target.format(number))
        responses = [connection.read_response() for connection in connections]
    assert [response.status for response in responses] == [200] * PARTIES, responses
    return responses


def test_each_request_has_a_thread_and_its_own_values(eight):
    for turn in range(20):
        answers = [json.loads(response.text) for response in at_once(eight, f"/own?value={turn}-{{}}")]
        for number, (local, variable, _, _) in enumerate(answers):
            assert local == variable == f"{turn}-{number}"
        assert len({name for _, _, name, _ in answers}) == len({ident for *_, ident in answers}) == PARTIES


def test_a_context_variable_that_was_reset_is_not_there_for_the_next(eight):
    at_once(eight, "/own?value={}")
    for response in at_once(eight, "/left?{}"):
        variable, local = json.loads(response.text)
        assert variable is None
        # The threads live on, and so does what is theirs.
        assert local == ["value"]


def test_eight_generators_go_on_in_their_own_threads(eight):
    for number, response in enumerate(at_once(eight, "/stream?value={}")):
        assert response.text == f"{number}\n" * 20


def test_lines_that_eight_threads_log_are_whole(eight):
    mark = eight.log.mark()
    at_once(eight, "/log?value={}")
    eight.log.wait_for(r"line \d-199 end", count=PARTIES, after=mark)
    lines = [line for line in eight.log.lines[mark:] if line]
    logged = Counter(line.partition(" line ")[2] for line in lines if " line " in line)
    written = Counter(line.partition("errors ")[2] for line in lines if line.startswith("errors "))
    expected = Counter(f"{client}-{number} end" for client in range(PARTIES) for number in range(200))
    assert logged == expected and written == expected
    assert len(lines) == 2 * len(expected)
    assert {line.partition(" ")[0] for line in lines if " line " in line} == {
        f"martlet-{number}" for number in range(1, PARTIES + 1)
    }


def test_a_lock_holds_between_threads(eight):
    for turn in (1, 2):
        totals = {json.loads(response.text) for response in at_once(eight, "/lock?{}")}
        assert totals == {2000 * PARTIES * turn}


def test_eight_requests_start_threads_of_their_own(eight):
    for response in at_once(eight, "/thread?{}"):
        assert json.loads(response.text) == [0, 1, 2, 3]


@pytest.fixture(scope="module")
def libraries(real_runtime, tmp_path_factory) -> Iterator[Server]:
    database = str(tmp_path_factory.mktemp("libraries") / "entries.sqlite")
    # The mathematics of numpy has threads of its own, which are not the matter here.
    variables = {"TEST_DATABASE": database, "OPENBLAS_NUM_THREADS": "1"}
    options = ("--threads", str(PARTIES), "--timeout", "0")
    with Server(real_runtime, "libraries:application", *options, folder=REAL, variables=variables) as server:
        yield server
        assert "Traceback" not in server.log.text, server.log.text


@pytest.mark.parametrize("library", ["numpy", "cryptography"])
def test_a_library_is_used_by_eight_threads_at_once(libraries, library):
    for _ in range(3):
        for number, response in enumerate(at_once(libraries, f"/{library}?client={{}}")):
            assert json.loads(response.text) == [str(number), True]


def test_sessions_of_eight_threads_keep_apart(libraries):
    for turn in range(2):
        for number, response in enumerate(at_once(libraries, f"/sqlalchemy?client={turn + 1}00{{}}")):
            assert json.loads(response.text) == [f"{turn + 1}00{number}", True]


def test_a_thread_is_started_although_the_pipe_that_asks_for_it_was_full(serve, tmp_path):
    """Signals may fill the pipe that wakes the main thread: what was asked for meanwhile is done all the same."""
    held, busy = Gate(tmp_path, "held"), Gate(tmp_path, "busy")
    (tmp_path / "file.txt").write_bytes(b"file\n")
    options = ("--threads", "2", "--static", f"/static={tmp_path}")
    server = serve("wakeup:application", *options, variables={"GATE": str(held.path)})
    with server.connect() as first, server.connect() as second:
        first.request(f"/?gate={busy.path}")
        busy.wait_until_reached()
        server.send_signal(signal.SIGUSR1)
        held.wait_until_reached()
        second.request("/")
        # The event loop has gone round since then, and has asked for a second thread.
        for _ in range(3):
            assert server.get("/static/file.txt").body == b"file\n"
        held.open()
        assert second.read_response().body == b"alive\n"
        busy.open()
        assert first.read_response().body == b"alive\n"
