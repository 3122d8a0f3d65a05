"""`--queue-limit` and `--queue-timeout`: who can't be served soon is told so at once, by the event loop alone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import pytest

from harness import Connection, Gate, Response, Server

LIMIT = 3
FULL = r"\[WARNING\] .*--queue-limit"
LATE = r"\[WARNING\] .*--queue-timeout"


@pytest.fixture
def crowd() -> Iterator[Callable[[Server], Connection]]:
    """Connections that last as long as the test."""
    with contextlib.ExitStack() as stack:
        yield lambda server: stack.enter_context(server.connect())


def occupy(server: Server, crowd: Callable[[Server], Connection], gate: Gate) -> Connection:
    """The only thread is inside of the application, and stays there."""
    connection = crowd(server)
    connection.request(f"/gate?gate={gate.path}")
    gate.wait_until_reached()
    return connection


def queue(server: Server, crowd: Callable[[Server], Connection], count: int, target: str = "/") -> list[Connection]:
    waiting = [crowd(server) for _ in range(count)]
    for connection in waiting:
        connection.request(target)
    return waiting


def let_the_server_see(site: Server) -> None:
    for _ in range(3):
        assert site.get("/static/file.txt").body == b"static\n"


def begun(server: Server, target: str) -> int:
    return server.log.text.count(f"{target}: begun")


def assert_turned_away(response: Response) -> None:
    assert response.status == 503, response
    assert int(response.header("Retry-After")) > 0


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "file.txt").write_text("static\n")
    return f"/static={tmp_path}"


@pytest.fixture
def small(serve, folder) -> Server:
    """One thread; three requests may wait for it."""
    return serve("overloaded:application", "--queue-limit", str(LIMIT), "--static", folder)


# The limit


def test_one_more_than_may_wait_is_turned_away_while_the_only_thread_is_stuck(small, crowd, gate: Gate):
    first = occupy(small, crowd, gate)
    waiting = queue(small, crowd, LIMIT)
    let_the_server_see(small)
    began = time.monotonic()
    for _ in range(5):
        assert_turned_away(small.get("/?name=surplus"))
    assert time.monotonic() - began < 2
    gate.open()
    for connection in [first, *waiting]:
        assert connection.read_response().body == b"answered\n"
    assert small.get("/").status == 200
    assert begun(small, "/ surplus") == 0


def test_the_log_warns_once_when_it_begins(small, crowd, gate: Gate):
    occupy(small, crowd, gate)
    queue(small, crowd, LIMIT)
    let_the_server_see(small)
    for _ in range(5):
        assert_turned_away(small.get("/"))
    small.log.wait_for(FULL)
    assert small.log.text.count("--queue-limit") == 1
    gate.open()


def test_the_log_warns_again_when_it_begins_again(small, crowd, gate: Gate, tmp_path):
    for turn, each in enumerate((gate, Gate(tmp_path, "again")), start=1):
        first = occupy(small, crowd, each)
        waiting = queue(small, crowd, LIMIT)
        let_the_server_see(small)
        assert_turned_away(small.get("/"))
        small.log.wait_for(FULL, count=turn)
        each.open()
        for connection in [first, *waiting]:
            assert connection.read_response().status == 200
        assert small.get("/").status == 200


def test_it_needs_no_python(small, crowd):
    """Not even the GIL, which C code of the application's holds."""
    holding = crowd(small)
    holding.request("/greedy?s=3")
    small.log.wait_for("/greedy request: begun")
    waiting = queue(small, crowd, LIMIT)
    let_the_server_see(small)
    began = time.monotonic()
    assert_turned_away(small.get("/"))
    small.log.wait_for(FULL)
    assert time.monotonic() - began < 1.5
    for connection in [holding, *waiting]:
        assert connection.read_response().status == 200


def test_files_are_served_all_the_same(small, crowd, gate: Gate):
    occupy(small, crowd, gate)
    queue(small, crowd, LIMIT + 5)
    let_the_server_see(small)
    gate.open()


def test_a_client_that_was_turned_away_may_try_again_on_its_connection(small, crowd, gate: Gate):
    first = occupy(small, crowd, gate)
    waiting = queue(small, crowd, LIMIT)
    let_the_server_see(small)
    with small.connect() as connection:
        assert_turned_away(connection.get("/"))
        gate.open()
        for other in [first, *waiting]:
            other.read_response()
        assert connection.get("/").body == b"answered\n"


@pytest.mark.parametrize("coding", [("Content-Length", "8"), ("Transfer-Encoding", "chunked")], ids=lambda c: c[0])
@pytest.mark.parametrize("options", [(), ("--stream-requests",)], ids=["buffered", "streamed"])
def test_an_upload_that_is_turned_away_is_answered(serve, folder, crowd, gate: Gate, options, coding):
    server = serve("overloaded:application", "--queue-limit", "1", "--static", folder, *options)
    occupy(server, crowd, gate)
    queue(server, crowd, 1)
    let_the_server_see(server)
    with server.connect() as connection:
        connection.request("/", method="POST", headers=[coding])
        connection.send(b"12345678" if coding[0] == "Content-Length" else b"8\r\n12345678\r\n0\r\n\r\n")
        assert_turned_away(connection.read_response())
    gate.open()


def test_who_has_gone_takes_no_place_in_the_queue(small, crowd, gate: Gate):
    first = occupy(small, crowd, gate)
    for connection in queue(small, crowd, LIMIT, "/?name=gone"):
        let_the_server_see(small)
        connection.reset()
    let_the_server_see(small)
    waiting = queue(small, crowd, LIMIT)
    let_the_server_see(small)
    gate.open()
    for connection in [first, *waiting]:
        assert connection.read_response().status == 200
    assert begun(small, "/ gone") == 0


def test_a_thousand_requests_may_wait_unless_told_otherwise(serve, folder, crowd, gate: Gate):
    server = serve("overloaded:application", "--static", folder)
    first = occupy(server, crowd, gate)
    waiting = queue(server, crowd, 200)
    let_the_server_see(server)
    gate.open()
    for connection in [first, *waiting]:
        assert connection.read_response().status == 200


# The time


@pytest.fixture
def hasty(serve, folder) -> Server:
    """One thread, for which a request waits for a second at most."""
    return serve("overloaded:application", "--queue-timeout", "1", "--static", folder)


def test_who_has_waited_for_too_long_is_turned_away_while_the_only_thread_is_stuck(hasty, crowd, gate: Gate):
    first = occupy(hasty, crowd, gate)
    began = time.monotonic()
    for connection in queue(hasty, crowd, 3, "/?name=late"):
        assert_turned_away(connection.read_response())
    assert 0.9 < time.monotonic() - began < 2.5
    hasty.log.wait_for(LATE)
    gate.open()
    assert first.read_response().status == 200
    assert hasty.get("/").status == 200
    assert begun(hasty, "/ late") == 0


def test_who_is_served_in_time_is_not(hasty, crowd, gate: Gate):
    """The time is that of waiting: the request itself may take longer."""
    first = occupy(hasty, crowd, gate)
    time.sleep(2)
    gate.open()
    assert first.read_response().body == b"answered\n"
    assert "--queue-timeout" not in hasty.log.text


def test_the_time_needs_no_python(hasty, crowd):
    holding = crowd(hasty)
    holding.request("/greedy?s=4")
    hasty.log.wait_for("/greedy request: begun")
    began = time.monotonic()
    assert_turned_away(hasty.get("/"))
    assert time.monotonic() - began < 2.5
    hasty.log.wait_for(LATE)
    assert holding.read_response().status == 200


def test_each_waits_for_its_own_time(hasty, crowd, gate: Gate):
    """The second comes later, and may wait later."""
    occupy(hasty, crowd, gate)
    (early,) = queue(hasty, crowd, 1)
    time.sleep(0.7)
    (late,) = queue(hasty, crowd, 1)
    assert_turned_away(early.read_response())
    gate.open()
    assert late.read_response().body == b"answered\n"


def test_the_close_of_a_file_that_waits_too_hides_nobody_behind_it(hasty, crowd, gate: Gate):
    """It is work for the thread as well: requests behind it in the queue wait no longer than others."""
    reader = hasty.connect(receive_buffer=64 << 10)
    with reader:
        reader.request("/file")
        size = int(reader.read_head().header("Content-Length"))
        occupy(hasty, crowd, gate)
        reader.read_exactly(size)
        let_the_server_see(hasty)
        (waiting,) = queue(hasty, crowd, 1)
        waiting.socket.settimeout(5)
        assert_turned_away(waiting.read_response())
    gate.open()
