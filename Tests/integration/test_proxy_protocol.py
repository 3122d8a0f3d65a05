"""The PROXY protocol: the first bytes of a connection say who has made it, where a load balancer may speak so."""

from __future__ import annotations

import json
import socket
import struct
from pathlib import Path

import pytest

from harness import Connection, Server, fetch
from harness.source import seen_from

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
TCP4 = b"PROXY TCP4 203.0.113.9 198.51.100.1 56324 443\r\n"
TCP6 = b"PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n"
REQUEST = b"GET /environ HTTP/1.1\r\nHost: shop.example\r\n\r\n"

V4_ADDRESSES = socket.inet_aton("203.0.113.9") + socket.inet_aton("198.51.100.1") + struct.pack("!HH", 56324, 443)
V6_ADDRESSES = (
    socket.inet_pton(socket.AF_INET6, "2001:db8::7")
    + socket.inet_pton(socket.AF_INET6, "2001:db8::1")
    + struct.pack("!HH", 56324, 443)
)


def binary(payload: bytes = V4_ADDRESSES, command: int = 0x21, family: int = 0x11, length: int | None = None) -> bytes:
    """A header of version 2."""
    declared = len(payload) if length is None else length
    return SIGNATURE + struct.pack("!BBH", command, family, declared) + payload


def extension(size: int) -> bytes:
    """A field behind the addresses (type, length, value), as balancers send them."""
    return b"\xea" + struct.pack("!H", size) + b"x" * size


@pytest.fixture(scope="module")
def balanced(runtime):
    """Everybody on this machine is a load balancer."""
    with Server(runtime, "contract:application", "--proxy-protocol", "--access-logfile", "-") as server:
        yield server


@pytest.fixture(scope="module")
def partly(runtime):
    """127.0.0.2 is the load balancer, and everybody else a client."""
    options = ("--proxy-protocol", "--proxy-allow-from", "127.0.0.2", "--forwarded-allow-ips", "127.0.0.1")
    with Server(runtime, "contract:application", *options) as server:
        yield server


def values(connection: Connection) -> dict:
    response = connection.read_response()
    assert response.status == 200, response
    return json.loads(response.text)["values"]


def behind(server: Server, header: bytes, request: bytes = REQUEST) -> dict:
    with server.connect() as connection:
        connection.send(header + request)
        return values(connection)


def ends(seen: dict) -> tuple[str, str, str, str]:
    return seen["REMOTE_ADDR"], seen["REMOTE_PORT"], seen["SERVER_NAME"], seen["SERVER_PORT"]


V4 = ("203.0.113.9", "56324", "198.51.100.1", "443")
V6 = ("2001:db8::7", "56324", "2001:db8::1", "443")


@pytest.mark.parametrize(
    "header, expected",
    [
        (TCP4, V4),
        (TCP6, V6),
        (b"PROXY TCP4 203.0.113.9 198.51.100.1 0 65535\r\n", ("203.0.113.9", "0", "198.51.100.1", "65535")),
        (b"PROXY TCP6 2001:DB8:0:0:0::7 2001:db8::1 56324 443\r\n", V6),
        (b"PROXY TCP6 " + b"ffff:" * 7 + b"ffff " + b"ffff:" * 7 + b"fffe 65535 65535\r\n", None),
        (binary(), V4),
        (binary(V6_ADDRESSES, family=0x21), V6),
        (binary(V4_ADDRESSES + extension(0)), V4),
        (binary(V4_ADDRESSES + extension(30) + extension(200)), V4),
        (binary(V6_ADDRESSES + extension(3000), family=0x21), V6),
    ],
)
def test_the_ends_are_those_of_the_connection_that_the_balancer_has_taken(balanced, header, expected):
    seen = ends(behind(balanced, header))
    if expected is None:
        expected = ("ffff:" * 7 + "ffff", "65535", "ffff:" * 7 + "fffe", "65535")
    assert seen == expected


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY UNKNOWN\r\n",
        b"PROXY UNKNOWN 203.0.113.9 198.51.100.1 56324 443\r\n",
        b"PROXY UNKNOWN anything at all\r\n",
        binary(b"", command=0x20, family=0x00),
        binary(V4_ADDRESSES, command=0x20),
        binary(extension(20), command=0x20, family=0x00),
        binary(b"", family=0x00),
        binary(V4_ADDRESSES, family=0x12),
        binary(b"/run/a".ljust(108, b"\0") + b"/run/b".ljust(108, b"\0"), family=0x31),
    ],
    ids=repr,
)
def test_where_no_tcp_connection_is_named_the_ends_are_the_real_ones(balanced, header):
    with balanced.connect() as connection:
        connection.send(header + REQUEST)
        port = str(connection.socket.getsockname()[1])
        assert ends(values(connection)) == ("127.0.0.1", port, "127.0.0.1", str(balanced.address.port))


@pytest.mark.parametrize("header", [TCP4, binary()], ids=["text", "binary"])
def test_it_holds_for_all_requests_of_the_connection(balanced, header):
    with balanced.connect() as connection:
        connection.send(header)
        for _ in range(3):
            connection.send(REQUEST)
            assert ends(values(connection)) == V4
        # And for no other one.
    assert ends(behind(balanced, TCP6)) == V6


@pytest.mark.parametrize("header", [TCP4, binary(V4_ADDRESSES + extension(40))], ids=["text", "binary"])
def test_pipelined_requests_behind_it_are_all_answered(balanced, header):
    with balanced.connect() as connection:
        connection.send(header + REQUEST * 3)
        assert [ends(values(connection)) for _ in range(3)] == [V4] * 3


@pytest.mark.parametrize("header", [TCP4, TCP6, binary(), binary(V4_ADDRESSES + extension(9))])
def test_it_may_come_byte_by_byte(balanced, header):
    with balanced.connect() as connection:
        for byte in header + REQUEST:
            connection.send(bytes([byte]))
        assert ends(values(connection)) == (V6 if header is TCP6 else V4)


@pytest.mark.parametrize("header", [TCP4, binary()], ids=["text", "binary"])
@pytest.mark.parametrize("cut", [1, 5, 6, 11, 12, 13, 16, 17, 27, -2, -1, None])
def test_it_may_be_cut_anywhere(balanced, header, cut):
    with balanced.connect() as connection:
        connection.send(header[:cut])
        # The server has seen the first part before this request, which comes later.
        assert behind(balanced, TCP4)["REMOTE_ADDR"] == "203.0.113.9"
        connection.send((b"" if cut is None else header[cut:]) + REQUEST)
        assert ends(values(connection)) == V4


def test_a_body_behind_it_arrives_whole(balanced):
    body = bytes(range(256)) * 3000
    with balanced.connect() as connection:
        connection.send(TCP4 + b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert connection.read_response().body == body


def test_the_access_log_has_the_address_of_the_header(balanced):
    mark = balanced.out.mark()
    behind(balanced, TCP4)
    behind(balanced, binary(V6_ADDRESSES, family=0x21))
    behind(balanced, b"PROXY UNKNOWN\r\n")
    lines = balanced.out.wait_for(r"^(\S+) - - .*GET /environ ", count=3, after=mark)
    assert [line[1] for line in lines] == ["203.0.113.9", "2001:db8::7", "127.0.0.1"]


# What is no header

PLAIN = b"GET /mark?name=%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

MALFORMED = {
    "none": b"",
    "empty line first": b"\r\n" + TCP4,
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "lower case": TCP4.lower(),
    "no space": b"PROXYTCP4 203.0.113.9 198.51.100.1 56324 443\r\n",
    "two spaces": TCP4.replace(b"PROXY ", b"PROXY  "),
    "two spaces inside": TCP4.replace(b".9 ", b".9  "),
    "space at the end": TCP4.replace(b"443", b"443 "),
    "tab": TCP4.replace(b"TCP4 ", b"TCP4\t"),
    "bare": b"PROXY\r\n",
    "nothing": b"PROXY \r\n",
    "unknown protocol": b"PROXY UDP4 203.0.113.9 198.51.100.1 56324 443\r\n",
    "unknown as a prefix": b"PROXY UNKNOWNS\r\n",
    "no addresses": b"PROXY TCP4\r\n",
    "no ports": b"PROXY TCP4 203.0.113.9 198.51.100.1\r\n",
    "one port": b"PROXY TCP4 203.0.113.9 198.51.100.1 56324\r\n",
    "three ports": TCP4.replace(b"443", b"443 444"),
    "wrong family": TCP4.replace(b"TCP4", b"TCP6"),
    "wrong family too": TCP6.replace(b"TCP6", b"TCP4"),
    "mixed families": b"PROXY TCP4 203.0.113.9 2001:db8::1 56324 443\r\n",
    "a name": TCP4.replace(b"203.0.113.9", b"shop.example"),
    "leading zero": TCP4.replace(b"203.0.113.9", b"203.0.113.09"),
    "beyond a byte": TCP4.replace(b"203.0.113.9", b"203.0.113.256"),
    "beyond a port": TCP4.replace(b"443", b"65536"),
    "negative port": TCP4.replace(b"443", b"-1"),
    "signed port": TCP4.replace(b"443", b"+443"),
    "empty port": TCP4.replace(b" 443", b" "),
    "hexadecimal port": TCP4.replace(b"443", b"0x1b"),
    "port with a leading zero": TCP4.replace(b"443", b"0443"),
    "two zeros": TCP4.replace(b"443", b"00"),
    "huge port": TCP4.replace(b"443", b"9" * 30),
    "line feed alone": TCP4.replace(b"\r\n", b"\n"),
    "carriage return alone": TCP4.replace(b"\r\n", b"\r"),
    "too long": b"PROXY UNKNOWN " + b"x" * 92 + b"\r\n",
    "endless": b"PROXY UNKNOWN " + b"x" * 5000,
    "nul behind an address": TCP4.replace(b"203.0.113.9", b"203.0.113.9\x00x"),
    "nul": TCP4.replace(b"203", b"20\x003"),
    "bytes beyond ascii": TCP4.replace(b"203", b"\xff03"),
    "broken signature": binary().replace(b"QUIT", b"QUIP"),
    "signature cut by a request": SIGNATURE[:5],
    "version 1 in binary": binary(command=0x11),
    "version 3": binary(command=0x31),
    "unknown command": binary(command=0x22),
    "too short for ipv4": binary(V4_ADDRESSES[:11]),
    "no addresses in binary": binary(b""),
    "too short for ipv6": binary(V4_ADDRESSES, family=0x21),
    "longer than any": binary(V4_ADDRESSES + extension(5000)),
    "length of 65535": binary(length=65535),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_anything_else_ends_the_connection_without_an_answer(balanced, name):
    mark, number = balanced.log.mark(), list(MALFORMED).index(name)
    with balanced.connect() as connection:
        connection.send(MALFORMED[name] + PLAIN % number)
        assert connection.read_until_closed() == b""
    line = balanced.log.wait_for(r"127\.0\.0\.1.*PROXY protocol", after=mark)[0].string
    assert "[WARNING]" in line
    # Nothing behind it has been taken for a request.
    with balanced.connect() as connection:
        connection.send(TCP4 + b"GET /state HTTP/1.1\r\nHost: a\r\n\r\n")
        assert f'"mark:{number}"' not in connection.read_response().text


@pytest.mark.parametrize("header", [TCP4, binary()], ids=["text", "binary"])
def test_a_second_header_is_no_request(balanced, header):
    with balanced.connect() as connection:
        connection.send(header + REQUEST + header + PLAIN % 99)
        assert ends(values(connection)) == V4
        assert connection.read_response().status == 400
        connection.expect_closed()


def test_a_second_header_at_once_is_no_request(balanced):
    with balanced.connect() as connection:
        connection.send(TCP4 + TCP6 + REQUEST)
        assert connection.read_response().status == 400
        connection.expect_closed()


@pytest.mark.parametrize("part", [b"", b"P", b"PROXY TCP4 203.0", SIGNATURE[:7], binary()[:20]], ids=repr)
def test_who_never_ends_its_header_is_cut_off(serve, part):
    server = serve("contract:application", "--proxy-protocol", "--header-timeout", "0.3")
    with server.connect() as connection:
        connection.send(part)
        assert not connection.read_until_closed().startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("part", [b"PROXY TCP4 203.0", SIGNATURE, binary()[:-1]], ids=repr)
def test_a_connection_that_ends_within_its_header_is_nobodys_fault(balanced, part):
    with balanced.connect() as connection:
        connection.send(part)
        connection.half_close()
        assert connection.read_until_closed() == b""
    assert behind(balanced, TCP4)["REMOTE_ADDR"] == "203.0.113.9"


# Who may speak it


def test_other_peers_speak_plain_http(partly):
    seen = json.loads(partly.get("/environ").text)["values"]
    assert seen["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize(
    "header", [TCP4, TCP6, b"PROXY UNKNOWN\r\n", binary()], ids=["tcp4", "tcp6", "unknown", "binary"]
)
def test_from_other_peers_a_header_is_no_request(partly, header):
    with partly.connect() as connection:
        connection.send(header + REQUEST)
        assert connection.read_response().status == 400
        connection.expect_closed()


def test_the_balancer_must_speak_it(partly):
    with Connection(seen_from("127.0.0.2", partly.address)) as connection:
        connection.send(REQUEST)
        assert connection.read_until_closed() == b""
    with Connection(seen_from("127.0.0.2", partly.address)) as connection:
        connection.send(TCP4 + REQUEST)
        assert ends(values(connection)) == V4


def test_without_the_option_nobody_does(serve):
    server = serve("contract:application")
    assert server.get("/list").status == 200
    with server.connect() as connection:
        connection.send(TCP4 + REQUEST)
        assert connection.read_response().status == 400


@pytest.mark.parametrize("peers, speaks", [(None, True), ("unix", True), ("*", True), ("127.0.0.1", False)])
def test_on_a_unix_socket_as_well(serve, tmp_path: Path, peers, speaks):
    options = [] if peers is None else ["--proxy-allow-from", peers]
    server = serve("contract:application", "--proxy-protocol", *options, binds=[f"unix:{tmp_path}/s"])
    if speaks:
        assert ends(behind(server, TCP4)) == V4
    else:
        assert server.get("/list").status == 200


# Beside the fields of proxies


def forwarded(connection: Connection, header: bytes, address: bytes = b"192.0.2.1") -> dict:
    connection.send(header + REQUEST[:-2] + b"X-Forwarded-For: %s\r\nX-Forwarded-Proto: https\r\n\r\n" % address)
    return values(connection)


def test_a_client_of_the_balancer_is_no_trusted_proxy(partly):
    """The balancer speaks for addresses only: what comes behind its header is its client's."""
    with Connection(seen_from("127.0.0.2", partly.address)) as connection:
        seen = forwarded(connection, TCP4)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("203.0.113.9", "http")
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_a_trusted_proxy_in_front_of_the_balancer_is_believed(partly):
    with Connection(seen_from("127.0.0.2", partly.address)) as connection:
        seen = forwarded(connection, b"PROXY TCP4 127.0.0.1 198.51.100.1 56324 443\r\n")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("192.0.2.1", "https")


def test_the_server_goes_on_after_all_that(balanced, partly):
    assert behind(balanced, TCP4)["REMOTE_ADDR"] == "203.0.113.9"
    assert fetch(partly.address, "/list").body == b"hello\n"
