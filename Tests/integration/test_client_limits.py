"""How much one client may ask for: requests and connections, and how slowly it may send and read."""

from __future__ import annotations

import select
import time

import pytest

from harness import Connection, Server, Truncated
from harness.source import seen_from

HELLO = b"GET /list HTTP/1.1\r\nHost: x\r\n\r\n"


def connect_from(source: str, server: Server) -> Connection:
    return Connection(seen_from(source, server.address))


def has_input(connection: Connection) -> bool:
    return bool(select.select([connection.socket], [], [], 0)[0])


def statuses(connection: Connection, count: int, request: bytes = HELLO) -> list[int]:
    connection.send(request * count)
    return [connection.read_response().status for _ in range(count)]


# Requests


def test_requests_beyond_the_rate_are_429_with_retry_after(serve):
    server = serve("contract:application", "--rate-limit", "1/h,burst=3")
    with server.connect() as connection:
        assert statuses(connection, 3) == [200, 200, 200]
        connection.send(HELLO)
        response = connection.read_response()
        assert response.status == 429
        assert 3590 <= int(response.header("Retry-After")) <= 3600
        # The connection lives on: whoever waits may ask again.
        assert statuses(connection, 1) == [429]
    server.log.wait_for(r"127\.0\.0\.1 makes more requests than it may \(--rate-limit\)")


def test_the_rate_is_one_of_the_client_and_not_of_the_connection(serve):
    server = serve("contract:application", "--rate-limit", "1/h,burst=2")
    with server.connect() as one, server.connect() as two:
        assert statuses(one, 1) + statuses(two, 2) == [200, 200, 429]
        with connect_from("127.0.0.2", server) as other:
            assert statuses(other, 3) == [200, 200, 429]


def test_what_was_used_up_comes_back(serve):
    server = serve("contract:application", "--rate-limit", "20/s,burst=1")
    with server.connect() as connection:
        seen = []
        for _ in range(40):
            seen += statuses(connection, 1)
            time.sleep(0.02)
        # 20 in a second, of 50 asked for.
        assert seen[0] == 200 and 429 in seen and 10 <= seen.count(200) <= 32, seen


def test_a_trusted_proxys_clients_are_told_apart(serve):
    server = serve("contract:application", "--rate-limit", "1/h,burst=1")

    def ask(client: str) -> bytes:
        return HELLO.replace(b"\r\n\r\n", f"\r\nX-Forwarded-For: {client}\r\n\r\n".encode())

    with server.connect() as connection:
        for client in ("192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1"):
            assert statuses(connection, 2, ask(client)) == [200, 429], client
        # One network of 64 bits is one client.
        assert statuses(connection, 1, ask("2001:db8:0:1:ffff::2")) == [429]


def test_a_field_of_a_trusted_proxy_tells_clients_apart(serve):
    options = ("--rate-limit", "1/h,burst=1", "--rate-limit-by", "X-Api-Key")
    server = serve("contract:application", *options, "--forwarded-allow-ips", "127.0.0.1")

    def ask(key: str) -> bytes:
        return HELLO.replace(b"\r\n\r\n", f"\r\nx-api-KEY: {key}\r\n\r\n".encode())

    with server.connect() as proxy:
        assert [statuses(proxy, 2, ask(key)) for key in ("a", "b")] == [[200, 429], [200, 429]]
    # A stranger is its address, whatever it calls itself.
    with connect_from("127.0.0.3", server) as stranger:
        assert statuses(stranger, 1, ask("c")) + statuses(stranger, 1, ask("d")) == [200, 429]


def test_files_count_as_well(serve, tmp_path):
    (tmp_path / "file.txt").write_bytes(b"static\n")
    server = serve("contract:application", "--static", f"/static={tmp_path}", "--rate-limit", "1/h,burst=1")
    with server.connect() as connection:
        assert statuses(connection, 2, HELLO.replace(b"/list", b"/static/file.txt")) == [200, 429]


# Connections


def test_connections_beyond_those_of_one_client_are_429(serve):
    server = serve("contract:application", "--limit-connections-per-client", "2")
    with server.connect() as one, server.connect() as two:
        assert statuses(one, 1) + statuses(two, 1) == [200, 200]
        with server.connect() as third:
            response = third.read_response()
            assert response.status == 429 and response.header("Retry-After") == "1"
            third.expect_closed()
        with connect_from("127.0.0.2", server) as other:
            assert statuses(other, 1) == [200]
        two.close()
        # The next is taken once the server has seen that one has gone.
        deadline = time.monotonic() + 10
        while True:
            with server.connect() as again:
                again.send(HELLO)
                if again.read_response().status == 200:
                    break
            assert time.monotonic() < deadline


def test_an_idle_connection_makes_room_for_a_new_one(serve):
    server = serve("contract:application", "--limit-connections", "2")
    with server.connect() as idle, server.connect() as busy:
        assert statuses(idle, 1) == [200]
        busy.send(HELLO[:-2])
        with server.connect() as new:
            assert statuses(new, 1) == [200]
            idle.expect_closed()
            busy.send(b"\r\n")
            assert busy.read_response().status == 200


def test_where_nobody_is_idle_a_new_connection_is_503(serve):
    server = serve("contract:application", "--limit-connections", "1")
    with server.connect() as busy:
        busy.send(HELLO[:-2])
        with server.connect() as new:
            response = new.read_response()
            assert response.status == 503 and response.header("Retry-After")
            new.expect_closed()
        busy.send(b"\r\n")
        assert busy.read_response().status == 200


LAST = HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize("option", ["--limit-connections", "--limit-connections-per-client"])
def test_a_connection_that_only_lingers_takes_nobodys_place(serve, option):
    server = serve("contract:application", option, "1")
    with server.connect() as first, server.connect() as turned_away:
        first.send(LAST)
        assert turned_away.read_response().status in (429, 503)
        assert first.read_response().status == 200
        # The server has sent its last byte to both, and waits for them to close.
        first.expect_closed()
        turned_away.expect_closed()
        with server.connect() as second:
            assert statuses(second, 1) == [200]


def behind_balancer(client: str) -> bytes:
    return f"PROXY TCP4 {client} 198.51.100.1 56324 443\r\n".encode()


def test_a_connection_counts_before_a_balancer_has_said_whose_it_is(serve):
    server = serve("contract:application", "--proxy-protocol", "--limit-connections", "2")
    with server.connect() as silent, server.connect() as half, server.connect() as third:
        half.send(b"PROXY TCP4 203.0")
        response = third.read_response()
        assert response.status == 503 and response.header("Retry-After")
        # They are no more than they were once it has.
        for connection, rest in ((silent, behind_balancer("203.0.113.9")), (half, b".113.9 198.51.100.1 1 2\r\n")):
            connection.send(rest + HELLO)
            assert connection.read_response().status == 200


def test_behind_a_balancer_each_client_has_its_connections(serve):
    server = serve("contract:application", "--proxy-protocol", "--limit-connections-per-client", "1")
    with server.connect() as one, server.connect() as two, server.connect() as other:
        assert statuses(one, 1, behind_balancer("203.0.113.9") + HELLO) == [200]
        two.send(behind_balancer("203.0.113.9") + HELLO)
        assert two.read_response().status == 429
        assert statuses(other, 1, behind_balancer("203.0.113.10") + HELLO) == [200]


def test_a_connection_ends_after_so_many_requests(serve):
    server = serve("contract:application", "--keep-alive-requests", "3")
    with server.connect() as connection:
        connection.send(HELLO * 3)
        responses = [connection.read_response() for _ in range(3)]
        assert [response.header("Connection") for response in responses] == [None, None, "close"]
        connection.expect_closed()


# Rates


@pytest.mark.timeout(60)
def test_a_body_that_trickles_is_408_although_it_never_pauses_for_long(serve):
    server = serve("contract:application", "--min-rate", "100")
    with server.connect() as connection:
        connection.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        began = time.monotonic()
        while not has_input(connection) and time.monotonic() - began < 20:
            connection.send(b"x" * 5)
            time.sleep(0.2)
        assert connection.read_response().status == 408
        assert 4.5 < time.monotonic() - began < 10
        connection.expect_closed()


SLOW_LINK = 16 << 10


def read_slowly(server: Server, rate: int, size: int, seconds: float) -> int:
    """Takes so many bytes a second of a response, as over a slow link, for so long or until it is cut off."""
    with server.connect(receive_buffer=SLOW_LINK) as connection:
        connection.request(f"/big?size={size}")
        connection.read_head()
        began, taken = time.monotonic(), 0
        while taken < size and (passed := time.monotonic() - began) < seconds:
            due = min(int(rate * passed) - taken, size - taken)
            if due < min(1000, size - taken):
                time.sleep(0.02)
                continue
            try:
                connection.read_exactly(due)
            except Truncated:
                break
            taken += due
        return taken


@pytest.mark.timeout(60)
def test_a_response_that_trickles_over_a_slow_link_is_cut_off(serve):
    """Although something of it is taken all the time. More than the kernel holds is still to come."""
    server = serve("contract:application", "--min-rate", "500000")
    assert read_slowly(server, rate=50_000, size=40_000_000, seconds=25) < 5_000_000
    server.log.wait_for(r"127\.0\.0\.1 takes its response too slowly \(--min-rate\): cut off")


@pytest.mark.timeout(60)
def test_a_response_at_the_rate_may_take_its_time_over_a_slow_link(serve):
    server = serve("contract:application", "--min-rate", "200000", "--send-timeout", "2")
    assert read_slowly(server, rate=1_500_000, size=12_000_000, seconds=25) == 12_000_000
    assert "cut off" not in server.log.text


@pytest.mark.timeout(60)
def test_a_body_at_the_rate_may_take_its_time(serve):
    server = serve("contract:application", "--min-rate", "20")
    with server.connect() as connection:
        connection.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 350\r\n\r\n")
        for _ in range(35):
            connection.send(b"x" * 10)
            time.sleep(0.2)
        assert connection.read_response().status == 200
