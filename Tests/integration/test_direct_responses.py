"""Responses that the Python thread writes itself.

From a connection's second request on, where little else is to be done, a whole response goes to the socket without the
event loop, which learns of it when it next looks at the connection. Clients must not be able to tell.
"""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from harness import Connection, Gate, Response, Server, proc
from harness.faults import injecting
from harness.waiting import let_the_loop_see, wait_until

MIB = 1 << 20


def warmed(server: Server, **options: object) -> Connection:
    """A connection on which the next whole response is written directly."""
    connection = server.connect(**options)
    assert connection.get("/list").status == 200
    return connection


def assert_fine(response: Response) -> None:
    assert response.status == 200
    assert response.header("Connection") is None


def all_are_traced(server: Server) -> bool:
    threads = os.listdir(f"/proc/{server.pid}/task")
    return all(int(proc.status_field(int(number), "TracerPid")) for number in threads)


def sending_threads(server: Server, connection: Connection) -> list[str]:
    """The names of the threads that send while a request is answered."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-e", "trace=sendto", "-p", str(server.pid)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: tracer.poll() is not None or all_are_traced(server), 10)
        if tracer.poll() is not None:
            pytest.skip("strace may not attach to a process here")
        assert_fine(connection.get("/list"))
    finally:
        tracer.send_signal(signal.SIGINT)
        _, trace = tracer.communicate(timeout=20)
    threads = [line.split("]")[0].split()[-1] for line in trace.splitlines() if "HTTP/1.1 200" in line]
    return [proc.status_field(int(number), "Name") for number in threads]


def test_the_python_thread_writes_from_the_second_request_on(contract):
    with contract.connect() as connection:
        (first,) = sending_threads(contract, connection)
    with warmed(contract) as connection:
        (second,) = sending_threads(contract, connection)
    assert first.startswith("NIO")
    assert not second.startswith("NIO")


def test_many_requests_after_each_other(contract):
    with contract.connect() as connection:
        for number in range(300):
            response = connection.get(f"/environ?{number}")
            assert_fine(response)
            assert f"{number}" in response.text


def test_requests_that_come_while_another_is_at_work(contract, gate: Gate):
    with warmed(contract) as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        connection.request("/list")
        connection.request("/tuple")
        let_the_loop_see(contract)
        gate.open()
        assert connection.read_response().body == b"opened\n"
        assert_fine(connection.read_response())
        assert_fine(connection.read_response())


def test_pipelined_requests_in_one_write(contract):
    with warmed(contract) as connection:
        request = f"GET /list HTTP/1.1\r\nHost: {connection.address.authority}\r\n\r\n".encode()
        for _ in range(50):
            connection.send(request * 3)
            for _ in range(3):
                assert_fine(connection.read_response())


def test_a_client_that_has_half_closed_gets_its_answer_and_the_end(contract, gate: Gate):
    with warmed(contract) as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        connection.half_close()
        let_the_loop_see(contract)
        gate.open()
        assert connection.read_response().body == b"opened\n"
        connection.expect_closed()
        assert not connection.was_reset


def test_a_client_that_half_closes_after_its_answer(contract):
    with warmed(contract) as connection:
        assert_fine(connection.get("/list"))
        connection.half_close()
        connection.expect_closed()
        assert not connection.was_reset


def test_a_client_that_goes_while_its_request_is_at_work(contract, gate: Gate):
    connection = warmed(contract)
    connection.request(f"/gate?gate={gate.path}")
    gate.wait_until_reached()
    connection.reset()
    let_the_loop_see(contract)
    gate.open()
    assert contract.get("/list").status == 200


def test_the_connection_is_closed_where_that_was_asked_for(contract):
    with warmed(contract) as connection:
        response = connection.get("/list", headers=[("Connection", "close")])
        assert response.header("Connection") == "close"
        connection.expect_closed()


@pytest.mark.parametrize("size", [MIB // 4, MIB // 2, MIB])
def test_a_large_response_to_a_slow_reader_is_whole(contract, size):
    with warmed(contract, receive_buffer=8 << 10) as connection:
        for _ in range(3):
            connection.request(f"/big?size={size}")
            # The only thread has gone on: all of it has been written, or is with the loop.
            assert contract.get("/list").status == 200
            response = connection.read_response()
            assert response.body == b"0123456789abcdef" * (size // 16)
        assert_fine(connection.get("/list"))


def test_where_the_kernel_takes_a_part_the_loop_sends_the_rest(contract):
    """Requests one by one, and none of the answers is taken before the kernel has no room for more."""
    size = 60_000
    with warmed(contract, receive_buffer=8 << 10) as connection:
        for _ in range(60):
            connection.request(f"/big?size={size}")
            assert contract.get("/list").status == 200
        for _ in range(60):
            assert connection.read_response().body == b"0123456789abcdef" * (size // 16)
        assert_fine(connection.get("/list"))


def test_where_the_kernel_takes_nothing_the_loop_sends_it(contract):
    with warmed(contract) as connection, injecting(contract.pid, "sendto:error=EAGAIN:when=1+2"):
        for _ in range(20):
            assert_fine(connection.get("/list"))


def test_an_early_hint_comes_before_its_response(serve):
    server = serve("hints:application")
    with server.connect() as connection:
        connection.get("/plain")
        for _ in range(50):
            response = connection.get("/once")
            assert response.status == 200
            assert response.interim == [103]


def test_a_call_that_took_too_long_writes_nothing_later(serve, gate: Gate):
    server = serve("silent:application", "--timeout", "0.5", "--threads", "1")
    with server.connect() as connection:
        assert connection.get("/alive").status == 200
        assert connection.get(f"/gate?gate={gate.path}").status == 504
        gate.open()
        # By the same thread, once it has come back with what belongs to nobody.
        for _ in range(4):
            assert connection.get("/alive").body == b"alive\n"


def test_where_an_access_log_is_kept_the_loop_writes(serve):
    """Its lines would be late otherwise."""
    server = serve("contract:application", "--access-logfile", "/dev/null")
    with warmed(server) as connection:
        (thread,) = sending_threads(server, connection)
    assert thread.startswith("NIO")


def test_a_drain_says_so_in_the_answer_that_is_due(serve, gate: Gate):
    server = serve("contract:application")
    connection, idle = warmed(server), warmed(server)
    connection.request(f"/gate?gate={gate.path}")
    gate.wait_until_reached()
    server.send_signal(signal.SIGTERM)
    idle.expect_closed()
    gate.open()
    response = connection.read_response()
    assert response.body == b"opened\n"
    assert response.header("Connection") == "close"
    connection.expect_closed()
    assert server.wait() == 0


def has_copies(server: Server) -> bool:
    """Whether the server has more than one descriptor of a socket."""
    sockets = [target for target in proc.descriptors(server.pid).values() if target.startswith("socket:")]
    return len(sockets) != len(set(sockets))


def test_an_idle_connection_keeps_one_descriptor(contract):
    connections = [warmed(contract) for _ in range(20)]
    for connection in connections:
        assert_fine(connection.get("/list"))
    wait_until(lambda: not has_copies(contract), 5)
    for connection in connections:
        assert_fine(connection.get("/list"))
        connection.close()


def test_nothing_is_left_of_connections_that_have_gone(contract):
    before = len(proc.descriptors(contract.pid))
    for _ in range(50):
        with warmed(contract) as connection:
            assert_fine(connection.get("/list"))
    wait_until(lambda: len(proc.descriptors(contract.pid)) <= before, 5)
