"""`--timeout`: a request that is silent for too long is ended; its thread serves the next one, or is replaced.

Here the passing of time is the matter: the limit is a second or less.
"""

from __future__ import annotations

import re
import select
import time
from collections.abc import Iterator

import pytest

from harness import Connection, Gate, Server, Truncated, proc

LIMIT = 1.0
# After which a thread that has not come back is given up.
GRACE = 5.0

WARNED = r"\[WARNING\] .*: {} in silent:application has been silent for 0\.[5-9] s"
ENDED = r"\[ERROR\] .*: {} in silent:application has been silent for 1(\.\d)? s: it was ended"


@pytest.fixture(scope="module")
def limited(runtime, tmp_path_factory) -> Iterator[Server]:
    """A second for each request, four threads, and a file beside them."""
    root = tmp_path_factory.mktemp("site")
    (root / "file.txt").write_text("static\n")
    options = ("--timeout", "1", "--threads", "4", "--stream-requests", "--keep-alive-requests", "1000000")
    with Server(runtime, "silent:application", *options, "--static", f"/static={root}") as server:
        yield server


def timed(connection: Connection, target: str) -> tuple[float, int]:
    started = time.monotonic()
    connection.request(target)
    status = connection.read_response().status
    return time.monotonic() - started, status


def has_come(connection: Connection) -> bool:
    return bool(select.select([connection.socket], [], [], 0)[0])


def lines_after(server: Server, pattern: str, after: int) -> list[str]:
    """The log from the first line on that matches."""
    server.log.wait_for(pattern, after=after, timeout=3)
    lines = server.log.lines[after:]
    first = next(index for index, line in enumerate(lines) if re.search(pattern, line))
    return lines[first:]


def stack_of(server: Server, pattern: str, after: int, function: str) -> list[str]:
    """The stack beneath a message, once it has come down to a function."""
    server.log.wait_for(pattern, after=after, timeout=3)
    server.log.wait_for(rf'silent\.py", line \d+, in {function}$', after=after)
    return lines_after(server, pattern, after)


# The client


@pytest.mark.parametrize("target", ["/wait", "/compute", "/caught", "/finally", "/other-exception", "/empty-ticks"])
def test_a_silent_request_is_answered_with_504_when_its_time_is_over(limited, target):
    with limited.connect() as connection:
        took, status = timed(connection, target)
        assert status == 504 and LIMIT * 0.9 < took < LIMIT + 1.5, (status, took)


def test_the_504_has_the_request_id_of_the_log(limited):
    mark = limited.log.mark()
    response = limited.get("/wait?id")
    assert response.status == 504
    title = limited.log.wait_for(r"\[ERROR\] (\S+): GET /wait\?id in .*: it was ended", after=mark)[0][1]
    assert title in response.text


@pytest.mark.parametrize("seconds", [0, 0.2, 0.8])
def test_a_request_within_its_time_is_answered(limited, seconds):
    with limited.connect() as connection:
        connection.request(f"/wait?s={seconds}")
        assert connection.read_response().body == b"waited\n"


@pytest.mark.parametrize("target", ["/begun", "/begun-length"])
def test_an_answer_that_has_begun_is_cut(limited, target):
    started = time.monotonic()
    with limited.connect() as connection:
        with pytest.raises(Truncated) as cut:
            connection.get(target)
        assert cut.value.partial.status == 200 and cut.value.partial.body == b"begun\n"
    assert LIMIT * 0.9 < time.monotonic() - started < LIMIT + 1.5


def test_a_response_that_is_whole_is_not_cut_while_it_is_closed(limited):
    """Its `close()` may be silent for too long, the client has nothing to do with it."""
    mark = limited.log.mark()
    with limited.connect() as connection:
        assert connection.get("/close?name=slow&s=1.5").body == b"body\n"
        assert connection.get("/alive").status == 200
        limited.log.wait_for("slow: (closed|close: RequestTimeout)", after=mark)


@pytest.mark.parametrize("target", ["/ticks?n=10", "/writes"])
def test_a_stream_that_sends_something_now_and_then_outlives_the_limit(limited, target):
    with limited.connect() as connection:
        response = connection.get(target)
        assert response.body.count(b"tick") == 10


def test_a_stream_is_measured_from_its_last_block(limited):
    mark = limited.log.mark()
    with limited.connect() as connection:
        assert connection.get("/ticks?n=4&pause=0.8").body.count(b"tick") == 4
    assert ": it was ended" not in "\n".join(limited.log.lines[mark:])


def test_waiting_for_a_client_that_reads_late_does_not_count(limited):
    mark = limited.log.mark()
    with limited.connect(receive_buffer=64 << 10) as connection:
        connection.request("/large")
        connection.read_head()
        time.sleep(2.5 * LIMIT)
        total = 0
        while chunk := connection.read_chunk():
            total += len(chunk)
        assert total == 40 << 20
    assert "has been silent" not in "\n".join(limited.log.lines[mark:])


def test_waiting_for_a_client_that_sends_late_does_not_count(limited):
    mark = limited.log.mark()
    with limited.connect() as connection:
        connection.send(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n")
        for _ in range(8):
            time.sleep(0.3)
            connection.send(b"x")
        response = connection.read_response()
        assert (response.status, response.body) == (200, b"8\n")
    assert "has been silent" not in "\n".join(limited.log.lines[mark:])


# The log


def test_at_half_of_the_time_there_is_a_warning_with_the_stack(limited):
    mark = limited.log.mark()
    assert limited.get("/wait?name=half&s=0.8").body == b"waited\n"
    lines = stack_of(limited, WARNED.format(r"GET /wait\?name=half&s=0\.8"), mark, "turns")
    assert lines[1] == "Stack (most recent call last):"
    shown = "\n".join(lines)
    assert shown.index("in application") < shown.index("in wait_in_python") < shown.index("in turns")
    assert "_martlet" not in shown and "threading.py" not in shown.partition("in application")[0]


def test_at_the_end_of_the_time_there_is_an_error_with_the_stack(limited):
    mark = limited.log.mark()
    assert limited.get("/wait?end").status == 504
    lines = stack_of(limited, ENDED.format(r"GET /wait\?end"), mark, "turns")
    assert "Stack (most recent call last):" in lines[1] and any("in wait_in_python" in line for line in lines)


def test_each_request_is_told_of_once_at_half_and_once_at_the_end(limited):
    mark = limited.log.mark()
    assert limited.get("/caught?name=once").status == 504
    limited.log.wait_for("once: tidied up", after=mark)
    told = [line for line in limited.log.lines[mark:] if "GET /caught?name=once in" in line]
    assert len(told) == 2 and "it was ended" not in told[0] and "it was ended" in told[1], told


# The application


@pytest.mark.parametrize("target", ["/wait", "/compute"])
def test_the_thread_gets_request_timeout(limited, target):
    mark = limited.log.mark()
    assert limited.get(f"{target}?name=raised").status == 504
    limited.log.wait_for("raised: RequestTimeout", after=mark, timeout=5)


def test_a_generator_gets_request_timeout(limited):
    mark = limited.log.mark()
    with limited.connect() as connection, pytest.raises(Truncated):
        connection.get("/begun?name=generator")
    limited.log.wait_for("generator: RequestTimeout", after=mark)


def test_an_application_can_catch_it_and_is_told_that_nobody_waits(limited):
    mark = limited.log.mark()
    with limited.connect() as connection:
        connection.request("/caught?name=caught")
        assert connection.read_response().status == 504
        limited.log.wait_for("caught: tidied up True True", after=mark)
        # What it answers now belongs to nobody, least of all to the next request.
        assert connection.get("/alive").body == b"alive\n"


def test_write_raises_after_the_time_is_over(limited):
    mark = limited.log.mark()
    assert limited.get("/caught-and-written?name=late").status == 504
    limited.log.wait_for("late: write raised BrokenPipeError", after=mark)


def test_what_is_opened_is_closed(limited):
    mark = limited.log.mark()
    assert limited.get("/finally?name=clean").status == 504
    limited.log.wait_for("clean: cleaned", after=mark)


def test_an_exception_that_comes_of_it_is_logged(limited):
    mark = limited.log.mark()
    assert limited.get("/other-exception").status == 504
    limited.log.wait_for("ValueError: made of a time-out", after=mark)


# The next request


def test_the_same_thread_serves_on(serve):
    server = serve("silent:application", "--timeout", "0.4")
    thread = server.get("/thread").body
    for target in ("/wait", "/compute", "/caught"):
        assert server.get(target).status == 504
        assert server.get("/thread").body == thread


def test_a_request_that_ends_as_its_time_does_leaves_nothing_to_the_next(serve):
    """The exception may be on its way when the request ends: nobody else may get it."""
    server = serve("silent:application", "--timeout", "0.3", "--threads", "1")
    statuses = set()
    for step in range(24):
        with server.connect() as connection:
            connection.request(f"/wait?s={0.27 + step * 0.005}")
            statuses.add(connection.read_response().status)
        with server.connect() as connection:
            # Pipelined, so that they follow at once; each is long enough to be hit.
            connection.send(b"GET /compute?s=0.02 HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
            for _ in range(2):
                assert connection.read_response().body == b"computed\n"
    assert statuses == {200, 504}


@pytest.mark.parametrize("target", ["/gate", "/sleep?s=60", "/deadlock"])
def test_a_thread_that_does_not_come_back_is_replaced(serve, gate: Gate, target):
    """With one thread there is nobody else who could answer."""
    server = serve("silent:application", "--timeout", "1", "--threads", "1", "--graceful-timeout", "1")
    target += f"{'&' if '?' in target else '?'}gate={gate.path}"
    with server.connect() as stuck, server.connect() as waiting:
        started = time.monotonic()
        stuck.request(target)
        assert stuck.read_response().status == 504
        assert time.monotonic() - started < LIMIT + 1.5
        waiting.request("/alive")
        assert waiting.read_response().body == b"alive\n"
        assert LIMIT + GRACE - 0.5 < time.monotonic() - started < LIMIT + GRACE + 3
        server.log.wait_for(r"\[CRITICAL\] .*: GET /\w+\S* in silent:application: .*another one takes its place")
    for _ in range(10):
        assert server.get("/alive").status == 200
    if target.startswith("/gate"):
        gate.open()
        server.log.wait_for("request: came back")


def test_a_thread_that_comes_back_after_all_is_not_one_too_many(serve, gate: Gate, tmp_path):
    server = serve("silent:application", "--timeout", "0.5", "--threads", "1")
    assert server.get("/alive").status == 200
    before = proc.thread_count(server.pid)
    with server.connect() as stuck:
        stuck.request(f"/gate?name=back&gate={gate.path}")
        assert stuck.read_response().status == 504
        assert server.get("/alive").status == 200
        assert proc.thread_count(server.pid) == before + 1
        gate.open()
        server.log.wait_for("back: came back")
        deadline = time.monotonic() + 10
        while proc.thread_count(server.pid) > before and time.monotonic() < deadline:
            assert server.get("/alive").status == 200
        assert proc.thread_count(server.pid) == before
    # Still one at a time.
    first, second = Gate(tmp_path, "first"), Gate(tmp_path, "second")
    with server.connect() as one, server.connect() as two:
        one.request(f"/gate?name=one&gate={first.path}")
        first.wait_until_reached()
        two.request(f"/gate?name=two&gate={second.path}")
        first.open()
        one.read_response()
        second.open()
        two.read_response()
    text = server.log.text
    assert text.index("one: came back") < text.index("two: stuck")


# C code that keeps the GIL


@pytest.mark.parametrize("target, function", [("/hold?s=4", "hold"), ("/regex", "backtrack")])
def test_the_client_is_answered_and_the_stack_is_logged_while_c_code_holds_the_gil(limited, target, function):
    mark = limited.log.mark()
    with limited.connect() as connection, limited.connect() as other:
        connection.request(target)
        limited.log.wait_for("request: holding", after=mark)
        started = time.monotonic()
        other.request("/alive")
        assert connection.read_response().status == 504
        assert time.monotonic() - started < LIMIT + 1.5
        # In the form of faulthandler, which needs no GIL; the main thread's has a comma before "in".
        limited.log.wait_for(rf'File ".*silent\.py", line \d+ in {function}$', after=mark)
        assert other.read_response().body == b"alive\n"
    for _ in range(4):
        assert limited.get("/alive").body == b"alive\n"


def test_a_system_call_that_holds_the_gil_is_no_way_around_the_limit(limited):
    mark = limited.log.mark()
    with limited.connect() as connection:
        took, status = timed(connection, "/hold-in-sleep")
        assert status == 504 and took < LIMIT + 1.5, (status, took)
        limited.log.wait_for(r'File ".*silent\.py", line \d+ in greedy_sleep$', after=mark)
    assert limited.get("/alive").body == b"alive\n"


def test_the_stack_of_a_thread_that_holds_the_gil_is_logged_once_for_each_message(limited):
    """At half of the time, and at its end."""
    mark = limited.log.mark()
    assert limited.get("/hold?s=4&name=once").status == 504
    # That needs the GIL.
    assert limited.get("/alive").status == 200
    stacks = [line for line in limited.log.lines[mark:] if re.search(r"line \d+ in hold$", line)]
    assert 1 <= len(stacks) <= 2, "\n".join(limited.log.lines[mark:])


def test_files_are_served_while_c_code_holds_the_gil(limited):
    mark = limited.log.mark()
    with limited.connect() as holding, limited.connect() as reading, limited.connect() as other:
        holding.request("/hold?s=2")
        limited.log.wait_for("request: holding", after=mark)
        other.request("/alive")
        worst, count = 0.0, 0
        while not has_come(other):
            began = time.monotonic()
            assert reading.get("/static/file.txt").body == b"static\n"
            worst, count = max(worst, time.monotonic() - began), count + 1
        assert worst < 0.5 and count > 20, (worst, count)


# Settings


def test_a_mount_has_a_limit_of_its_own(serve):
    mounts = ("--mount", "/slow=silent:application,timeout=3", "--mount", "/never=silent:application,timeout=0")
    server = serve("silent:application", *mounts, "--timeout", "0.5", "--threads", "3")
    with server.connect() as slow, server.connect() as never, server.connect() as usual:
        slow.request("/slow/wait?s=1")
        never.request("/never/wait?s=1.5")
        assert timed(usual, "/wait?s=1.5")[1] == 504
        assert slow.read_response().body == b"waited\n"
        assert never.read_response().body == b"waited\n"
    assert "GET /slow/wait?s=1 in" not in server.log.text
    assert "GET /never/wait" not in server.log.text


def test_a_limit_of_zero_is_none(serve):
    server = serve("silent:application", "--timeout", "0")
    assert server.get("/wait?s=2").body == b"waited\n"
    assert "has been silent" not in server.log.text


def test_a_mount_may_have_a_limit_where_there_is_none(serve):
    server = serve("silent:application", "--mount", "/bound=silent:application,timeout=0.5", "--timeout", "0")
    assert server.get("/bound/wait?s=5").status == 504
    server.log.wait_for(r"has been silent for .*\(timeout of --mount /bound is 0\.5 s\)")
    server.log.wait_for(r"it was ended \(timeout of --mount /bound\)")
    assert server.get("/wait?s=1").body == b"waited\n"
