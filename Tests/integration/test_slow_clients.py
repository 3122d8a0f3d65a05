"""Clients that take their time: every byte arrives, then the proper end, and what the server holds is bounded.

The responses are far larger than the buffers of the kernel, and the clients' own are small, so that most of a
response waits inside the server for its reader.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator

import pytest

from harness import Connection, Response, Server, proc

MIB = 1 << 20
LARGE = 40 * MIB
BIG = f"/big?size={LARGE}"
RECEIVE_BUFFER = 128 << 10

# Longer than the 2 s for which the server lingers, and than the keep-alive time that tests set.
LATE = 2.5

# The allocator gives memory back as soon as it is free, so that what stays resident is what is still held.
FRUGAL_MALLOC = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_TOP_PAD_": "0",
}


@pytest.fixture(scope="module")
def impatient(runtime) -> Iterator[Server]:
    """Idle connections are closed after a second; a client that takes nothing is cut off after three."""
    with Server(runtime, "contract:application", "--keep-alive", "1", "--send-timeout", "3") as server:
        yield server


def big_body(size: int = LARGE) -> bytes:
    return b"0123456789abcdef" * (size // 16)


def assert_whole(response: Response, size: int = LARGE) -> None:
    assert response.status == 200
    assert len(response.body) == size
    assert response.body == big_body(size)


def assert_ends_properly(connection: Connection) -> None:
    connection.expect_closed()
    assert not connection.was_reset, "the connection ended with a reset"


def let_the_server_see(server: Server) -> None:
    """Return when the server has handled what was sent before: the one event loop has gone round since then."""
    for _ in range(3):
        assert server.get("/list").status == 200


def slow(server: Server) -> Connection:
    return server.connect(receive_buffer=RECEIVE_BUFFER)


# Readers that begin late: the passing of time is what these tests are about


def test_a_late_reader_gets_all_of_a_response_that_ends_its_connection(contract):
    with slow(contract) as connection:
        connection.request(BIG, headers=[("Connection", "close")])
        time.sleep(LATE)  # past the lingering time
        assert_whole(connection.read_response())
        assert_ends_properly(connection)


def test_a_late_reader_gets_all_of_a_response_past_the_keep_alive_time(impatient):
    with slow(impatient) as connection:
        connection.request(BIG)
        time.sleep(LATE)  # past the keep-alive time
        assert_whole(connection.read_response())
        assert_ends_properly(connection)


def test_a_late_reader_gets_all_of_a_stream_that_only_its_end_delimits(contract):
    count = LARGE // 65536
    with slow(contract) as connection:
        connection.request(f"/stream?size=65536&n={count}", version="1.0")
        time.sleep(LATE)  # past the lingering time
        response = connection.read_response()
        assert response.status == 200 and response.header("Content-Length") is None
        assert len(response.body) == LARGE and response.body.count(b"x") == LARGE
        assert not connection.was_reset


# Clients that half-close, and servers that are stopped


def test_a_client_that_half_closes_after_its_request_gets_all_of_a_large_response(contract):
    with slow(contract) as connection:
        connection.request(BIG)
        connection.half_close()
        let_the_server_see(contract)
        assert_whole(connection.read_response())
        assert_ends_properly(connection)


def test_a_client_that_half_closes_while_reading_gets_the_rest(contract):
    with slow(contract) as connection:
        connection.request(BIG)
        assert connection.read_head().header("Connection") != "close"
        beginning = connection.read_exactly(MIB)
        connection.half_close()
        let_the_server_see(contract)
        assert beginning + connection.read_exactly(LARGE - MIB) == big_body()
        assert_ends_properly(connection)


def test_a_response_that_is_being_read_when_the_server_is_stopped_arrives_whole(serve):
    server = serve("contract:application", "--graceful-timeout", "20")
    idle = server.connect()
    assert idle.get("/list").status == 200
    with slow(server) as connection:
        connection.request(BIG)
        connection.read_head()
        beginning = connection.read_exactly(MIB)
        server.send_signal(signal.SIGTERM)
        # The idle connection is closed when the event loop begins to drain.
        idle.expect_closed()
        idle.close()
        assert beginning + connection.read_exactly(LARGE - MIB) == big_body()
        assert_ends_properly(connection)
    assert server.wait() == 0
    assert "were cut" not in server.log.text and "was cut" not in server.log.text


# The send time-out: again, time itself is the matter


def test_a_client_that_reads_slowly_but_steadily_is_not_cut_off(impatient):
    size = 12 * MIB
    with slow(impatient) as connection:
        connection.request(f"/big?size={size}")
        connection.read_head()
        body = bytearray()
        # 200 KB a second, for longer than the send time-out, with most of the body still in the server.
        started = time.monotonic()
        while time.monotonic() - started < 5.5:
            body += connection.read_exactly(10_000)
            time.sleep(0.05)
        body += connection.read_exactly(size - len(body))
        assert body == big_body(size)


def test_a_client_that_takes_nothing_is_cut_off_with_a_reset(impatient):
    mark = impatient.log.mark()
    with slow(impatient) as connection:
        started = time.monotonic()
        connection.request(BIG)
        impatient.log.wait_for("took nothing of its response for [3-8] s: cut off", after=mark, timeout=15)
        assert 3 <= time.monotonic() - started < 8
        # What the kernel had taken over can be read; that it is not all of it must show.
        assert len(connection.read_until_closed()) < LARGE
        assert connection.was_reset


# Pipelines: what the server holds on behalf of a client is bounded, and nothing of it is lost


@pytest.mark.parametrize("size", [16 << 10, 64 << 10, 256 << 10, MIB])
def test_pipelined_requests_for_large_responses_are_all_answered(contract, size):
    with contract.connect(timeout=5) as connection:
        connection.send(f"GET /big?size={size} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 10)
        for _ in range(10):
            assert_whole(connection.read_response(), size)


def test_a_client_that_pipelines_and_reads_nothing_does_not_fill_the_memory(serve):
    server = serve("contract:application", variables=FRUGAL_MALLOC)
    let_the_server_see(server)
    before = proc.resident_kib(server.pid)
    with server.connect(receive_buffer=RECEIVE_BUFFER, timeout=5) as connection:
        connection.send(f"GET /big?size={MIB} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 500)
        peak = 0
        # Each of these is a turn in which the one Python thread could have made another of the large answers.
        with server.connect() as other:
            for _ in range(600):
                assert other.get("/list").status == 200
                peak = max(peak, proc.resident_kib(server.pid))
        assert peak - before < 150 << 10, f"{(peak - before) >> 10} MiB more"
        # When it does read, the answers come.
        for _ in range(10):
            assert_whole(connection.read_response(), MIB)
    let_the_server_see(server)


def test_pipelined_requests_split_across_packets_leave_nothing_behind(serve):
    server = serve("contract:application", variables=FRUGAL_MALLOC)
    fields = b"".join(b"X-Filler-%d: %s\r\n" % (number, b"f" * 8000) for number in range(8))
    request = b"GET /list HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n"
    first_half, second_half = request[: len(request) // 2], request[len(request) // 2 :]
    packet = second_half + first_half

    def exchange(connection: Connection, count: int) -> None:
        # There is always the beginning of a request in the server: what it has received never comes to an end.
        for _ in range(count):
            connection.send(packet)
            assert connection.read_response().body == b"hello\n"

    with server.connect() as connection:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * len(packet))
        connection.send(first_half)
        exchange(connection, 50)
        before = proc.resident_kib(server.pid)
        exchange(connection, 64 * MIB // len(packet))
        growth = proc.resident_kib(server.pid) - before
    assert growth < 20 << 10, f"{growth} KiB more after 64 MiB of requests"
