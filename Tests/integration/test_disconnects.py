"""Clients that go away while an application works for them: it is told, and what it has opened is closed."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from harness import Connection, Gate, Runtime, Server
from harness.interpreters import select

MIB = 1 << 20
REPETITIONS = 200
AT_ONCE = 20


@pytest.fixture(scope="module")
def leaving(runtime) -> Iterator[Server]:
    with Server(runtime, "leaving:application", "--threads", "4") as server:
        yield server


@pytest.fixture
def primary(pytestconfig) -> Runtime:
    """What is repeated many times is repeated on one runtime: the first of the chosen interpreters, embedded."""
    if "embedded" not in pytestconfig.getoption("--shapes"):
        pytest.skip("repetitions run in the embedded shape")
    environment = select(pytestconfig.getoption("--interpreters"))[0]
    environment.ensure()
    return Runtime(environment, "embedded")


def said(server: Server, name: str, after: int = 0) -> list[str]:
    """What the application wrote under this name."""
    return [line.partition(": ")[2] for line in server.log.lines[after:] if line.startswith(f"{name}: ")]


def let_the_server_see(server: Server) -> None:
    for _ in range(3):
        assert server.get("/alive").status == 200


# Told by martlet.disconnected


def test_it_is_false_for_a_client_that_waits(leaving, gate: Gate):
    with leaving.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.open()
        assert connection.read_response().body == b"False"


def test_it_gives_a_bool(leaving):
    assert leaving.get("/bad-call").body == b"bool"


def test_it_turns_true_while_the_application_works(leaving):
    mark = leaving.log.mark()
    with leaving.connect() as connection:
        connection.request("/work?name=work")
        leaving.log.wait_for("work: at work, False", after=mark)
        connection.reset()
        leaving.log.wait_for("work: disconnected True", after=mark)
    assert "Traceback" not in "\n".join(leaving.log.lines[mark:])


def test_it_turns_true_for_a_client_that_had_sent_more_requests(leaving):
    mark = leaving.log.mark()
    with leaving.connect() as connection:
        connection.request("/work?name=first")
        connection.send(b"GET /work?name=never HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
        leaving.log.wait_for("first: at work", after=mark)
        connection.reset()
        leaving.log.wait_for("first: disconnected True", after=mark)
    let_the_server_see(leaving)
    assert said(leaving, "never", mark) == []


def test_it_turns_true_for_a_client_that_had_sent_more_than_is_read(leaving):
    """Further requests are not read without end while one is answered: the reset must be heard of all the same."""
    mark = leaving.log.mark()
    with leaving.connect() as connection:
        connection.request("/work?name=stuffed")
        leaving.log.wait_for("stuffed: at work", after=mark)
        connection.socket.settimeout(0.5)
        with contextlib.suppress(TimeoutError, OSError):
            connection.send(b"GET /alive HTTP/1.1\r\nHost: x\r\n\r\n" * 400_000)
        connection.reset()
        leaving.log.wait_for("stuffed: disconnected True", after=mark)


def test_it_turns_true_while_a_streamed_body_waits_unread(serve):
    server = serve("leaving:application", "--stream-requests", "--body-buffer", "64k", "--threads", "2")
    with server.connect() as connection:
        connection.send(b"POST /read?name=body HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        server.log.wait_for("body: at work")
        connection.socket.settimeout(0.5)
        with contextlib.suppress(TimeoutError, OSError):
            connection.send(b"x" * 50 * MIB)
        connection.reset()
        server.log.wait_for("body: disconnected True")


def test_a_half_close_is_no_disconnect(leaving, gate: Gate):
    """Who has sent all that there is to send may still be reading."""
    with leaving.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        connection.half_close()
        let_the_server_see(leaving)
        gate.open()
        assert connection.read_response().body == b"False"
        connection.expect_closed()


def test_each_request_has_its_own(leaving, gate: Gate):
    """One client leaves, another stays."""
    mark = leaving.log.mark()
    with leaving.connect() as going, leaving.connect() as staying:
        staying.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        going.request("/work?name=going")
        leaving.log.wait_for("going: at work", after=mark)
        going.reset()
        leaving.log.wait_for("going: disconnected True", after=mark)
        gate.open()
        assert staying.read_response().body == b"False"


def test_one_that_was_kept_does_no_harm(leaving):
    with leaving.connect() as connection:
        assert connection.get("/keep").body == b"kept\n"
        assert connection.get("/use-kept").body in (b"True", b"False")


def test_a_request_that_waits_for_a_thread_is_not_begun_for_nobody(serve, gate: Gate):
    server = serve("leaving:application")
    with server.connect() as first, server.connect() as second:
        first.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        second.request("/work?name=waiting")
        second.reset()
        time.sleep(0.2)  # the one thread can't be asked whether the reset has been seen
        gate.open()
        assert first.read_response().status == 200
    let_the_server_see(server)
    assert said(server, "waiting") == []


# Told by the end


def begin(server: Server, target: str) -> Connection:
    """A stream whose first bytes have come."""
    connection = server.connect(receive_buffer=64 << 10)
    connection.request(target)
    assert connection.read_head().status == 200
    assert connection.read_exactly(100)
    return connection


WAYS_TO_GO = {"reset": Connection.reset, "close": Connection.close}


@pytest.mark.parametrize("length", ["", "100000000"], ids=["chunked", "length"])
@pytest.mark.parametrize("way", WAYS_TO_GO)
def test_a_generator_gets_generator_exit_once(leaving, way, length):
    mark = leaving.log.mark()
    WAYS_TO_GO[way](begin(leaving, f"/generator?name=gen&length={length}"))
    leaving.log.wait_for("gen: finally", after=mark)
    let_the_server_see(leaving)
    assert said(leaving, "gen", mark) == ["ended by GeneratorExit, disconnected True", "finally"]
    assert "Traceback" not in "\n".join(leaving.log.lines[mark:])


@pytest.mark.parametrize("way", WAYS_TO_GO)
def test_an_iterator_is_closed_once(leaving, way):
    mark = leaving.log.mark()
    WAYS_TO_GO[way](begin(leaving, "/iterator?name=iter"))
    leaving.log.wait_for("iter: closed", after=mark)
    let_the_server_see(leaving)
    assert said(leaving, "iter", mark) == ["closed 1"]


def test_a_generator_is_asked_for_no_more_than_one_block_after_a_reset(leaving, gate: Gate):
    mark = leaving.log.mark()
    connection = begin(leaving, f"/generator-at-gate?name=asked&gate={gate.path}")
    gate.wait_until_reached()
    connection.reset()
    let_the_server_see(leaving)
    gate.open()
    leaving.log.wait_for("asked: asked for 2", after=mark)


@pytest.mark.parametrize("then", ["return", "raise"])
@pytest.mark.parametrize("way", WAYS_TO_GO)
def test_write_raises(leaving, way, then):
    mark = leaving.log.mark()
    WAYS_TO_GO[way](begin(leaving, f"/write?name=write&then={then}"))
    leaving.log.wait_for("write: write raised BrokenPipeError BrokenPipeError", after=mark)
    let_the_server_see(leaving)
    assert "Traceback" not in "\n".join(leaving.log.lines[mark:])


@pytest.mark.parametrize("way", WAYS_TO_GO)
def test_write_raises_where_it_waits_for_the_client(leaving, way):
    mark = leaving.log.mark()
    connection = begin(leaving, "/write-large?name=large")
    WAYS_TO_GO[way](connection)
    leaving.log.wait_for("large: write raised BrokenPipeError", after=mark)


def test_a_fault_of_the_applications_own_is_still_logged(leaving):
    mark = leaving.log.mark()
    with leaving.connect() as connection:
        connection.request("/fail-after?name=fault")
        leaving.log.wait_for("fault: at work", after=mark)
        connection.reset()
        leaving.log.wait_for("KeyError: 'a fault of its own'", after=mark)


# Always: many times, several at once, on one runtime


def repeat(server: Server, target: str) -> list[Connection]:
    """One round: as many clients as there are threads, all of them being served."""
    connections = []
    for number in range(AT_ONCE):
        connections.append(server.connect())
        connections[-1].request(target.format(number))
    return connections


def assert_all(server: Server, mark: int, pattern: str, count: int) -> None:
    """Each of them exactly once, under its name."""
    server.log.wait_for(pattern, count=count, after=mark)
    let_the_server_see(server)
    found = Counter(match[0] for line in server.log.lines[mark:] if (match := re.search(pattern, line)))
    assert len(found) == count and set(found.values()) == {1}, {k: v for k, v in found.items() if v != 1}


def test_every_generator_of_two_hundred_is_closed_once(primary):
    with Server(primary, "leaving:application", "--threads", str(AT_ONCE)) as server:
        for turn in range(REPETITIONS // AT_ONCE):
            mark = server.log.mark()
            for connection in repeat(server, f"/generator?name=g{turn}-{{}}"):
                assert connection.read_head().status == 200
                connection.read_chunk()
                connection.reset()
            assert_all(server, mark, rf"g{turn}-\d+: ended by GeneratorExit, disconnected True", AT_ONCE)
            assert_all(server, mark, rf"g{turn}-\d+: finally", AT_ONCE)
        assert "Traceback" not in server.log.text


def test_every_application_of_two_hundred_is_told(primary):
    with Server(primary, "leaving:application", "--threads", str(AT_ONCE)) as server:
        for turn in range(REPETITIONS // AT_ONCE):
            mark = server.log.mark()
            connections = repeat(server, f"/work?name=w{turn}-{{}}")
            server.log.wait_for(rf"w{turn}-\d+: at work, False", count=AT_ONCE, after=mark)
            for connection in connections:
                connection.reset()
            assert_all(server, mark, rf"w{turn}-\d+: disconnected True", AT_ONCE)
        assert "Traceback" not in server.log.text


def test_every_silent_request_of_two_hundred_gets_its_504(primary):
    options = ("--threads", str(AT_ONCE), "--timeout", "0.5")
    with Server(primary, "silent:application", *options) as server:
        for turn in range(REPETITIONS // AT_ONCE):
            mark = server.log.mark()
            connections = repeat(server, f"/wait?name=s{turn}-{{}}")
            for connection in connections:
                assert connection.read_response().status == 504
                connection.close()
            assert_all(server, mark, rf"s{turn}-\d+: RequestTimeout", AT_ONCE)
            assert_all(server, mark, rf"GET /wait\?name=s{turn}-\d+ .*: it was ended", AT_ONCE)
        with server.connect() as connection:
            for _ in range(AT_ONCE):
                assert connection.get("/alive").status == 200
