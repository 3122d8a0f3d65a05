"""HTTP/1.0 and 1.1 on the wire: what a client may send and must get, byte by byte (RFC 9110, RFC 9112)."""

from __future__ import annotations

import email.utils
import json
import re
from contextlib import suppress

import pytest

from harness import Connection, Gate, ProtocolViolation, Server, Truncated, proc


@pytest.fixture(scope="module")
def limited(runtime):
    options = "--limit-request-line 200 --limit-request-fields 10 --limit-request-field_size 100".split()
    options += "--max-request-body 1000 --body-buffer 100".split()
    with Server(runtime, "contract:application", *options) as server:
        yield server


def marks(server: Server) -> dict[str, int]:
    return json.loads(server.get("/state").text)["counts"]


# Persistence (RFC 9112, 9.3)


def test_http_1_1_connections_persist(contract):
    with contract.connect() as connection:
        for _ in range(20):
            response = connection.get("/list")
            assert response.body == b"hello\n" and response.header("Connection") != "close"


@pytest.mark.parametrize("value", ["close", "Close", "keep-alive, close", "close, te"])
def test_connection_close_is_honoured_and_said(contract, value):
    with contract.connect() as connection:
        response = connection.get("/list", headers=[("Connection", value)])
        assert response.header("Connection") == "close"
        connection.expect_closed()


def test_http_1_0_closes_by_default(contract):
    with contract.connect() as connection:
        assert connection.get("/list", version="1.0").body == b"hello\n"
        connection.expect_closed()


def test_http_1_0_persists_when_asked(contract):
    with contract.connect() as connection:
        for _ in range(3):
            response = connection.get("/list", version="1.0", headers=[("Connection", "keep-alive")])
            assert response.header("Connection").lower() == "keep-alive" and response.body == b"hello\n"


def test_http_1_0_does_not_need_host(contract):
    assert contract.get("/list", version="1.0", host=False).status == 200


def test_http_1_0_gets_no_chunks(contract):
    with contract.connect() as connection:
        response = connection.get("/generator?n=3", version="1.0", headers=[("Connection", "keep-alive")])
        assert response.body == b"block 0\nblock 1\nblock 2\n" and not response.chunked


def test_http_1_1_streams_are_chunked(contract):
    response = contract.get("/generator?n=3")
    assert response.chunked and response.chunks == [b"block 0\n", b"block 1\n", b"block 2\n"]


def test_idle_connections_are_closed_after_keep_alive(serve):
    server = serve("contract:application", "--keep-alive", "1")
    with server.connect() as connection:
        connection.get("/list")
        connection.expect_closed()


# Pipelining (RFC 9112, 9.3.2)


def test_pipelined_requests_are_answered_in_order(contract):
    with contract.connect() as connection:
        for number in range(50):
            connection.request(f"/environ?{number}")
        answers = [json.loads(connection.read_response().text)["values"]["QUERY_STRING"] for _ in range(50)]
        assert answers == [str(number) for number in range(50)]


def test_pipelined_requests_in_one_packet_are_all_answered(contract):
    one = b"GET /list HTTP/1.1\r\nHost: x\r\n\r\n"
    with contract.connect() as connection:
        connection.send(one * 1000)
        assert all(connection.read_response().body == b"hello\n" for _ in range(1000))


def test_a_slow_request_does_not_let_a_later_one_overtake(threaded, gate: Gate):
    with threaded.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        connection.request("/list")
        gate.open()
        assert connection.read_response().body == b"opened\n"
        assert connection.read_response().body == b"hello\n"


def test_bodies_methods_and_versions_mix_in_a_pipeline(contract):
    with contract.connect() as connection:
        connection.request("/echo", method="POST", body=b"GET / HTTP/1.1\r\n\r\n")
        connection.request("/list", method="HEAD")
        connection.request("/echo", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"3\r\nabc\r\n0\r\n\r\n")
        connection.request("/generator?n=1")
        connection.request("/list", version="1.0")
        connection.request("/list")
        assert connection.read_response().body == b"GET / HTTP/1.1\r\n\r\n"
        assert connection.read_response("HEAD").status == 200
        assert connection.read_response().body == b"abc"
        assert connection.read_response().body == b"block 0\n"
        assert connection.read_response().body == b"hello\n"
        connection.expect_closed()


def test_a_client_that_half_closes_gets_every_answer(contract):
    with contract.connect() as connection:
        for _ in range(5):
            connection.request("/list")
        connection.half_close()
        assert [connection.read_response().body for _ in range(5)] == [b"hello\n"] * 5
        connection.expect_closed()


def test_a_request_may_come_byte_by_byte(contract):
    with contract.connect() as connection:
        request = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n"
        for byte in request:
            connection.send(bytes([byte]))
        assert connection.read_response().body == b"hello"


# Request bodies


@pytest.mark.parametrize("size", [0, 1, 99, 65536, 1_000_000, 10_000_000])
def test_a_body_of_any_size_arrives_whole(contract, size):
    body = bytes(range(256)) * (size // 256 + 1)
    assert contract.get("/echo", method="POST", body=body[:size]).body == body[:size]


def test_chunked_bodies_are_decoded(contract):
    with contract.connect() as connection:
        connection.request("/echo", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"5\r\nhello\r\n00001\r\n \r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n")
        assert connection.read_response().body == b"hello 01234567890123456789"


@pytest.mark.whole_bodies
def test_chunked_bodies_come_with_the_length_that_they_came_to(contract):
    with contract.connect() as connection:
        connection.request("/input-size", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"5\r\nhello\r\n0\r\n\r\n")
        seen = json.loads(connection.read_response().text)
        assert seen["size"] == 5 and seen["terminated"] is True and seen["length"] == "5"
        assert seen["coding"] is None


@pytest.mark.parametrize(
    "chunks",
    [
        b'5;name=value\r\nhello\r\n0;last="quoted; \\" text"\r\n\r\n',
        b"5\r\nhello\r\n000\r\n\r\n",
        b"5\r\nhello\r\n0\r\nX-Trailer: ignored\r\nX-Other: too\r\n\r\n",
    ],
)
def test_extensions_and_trailers_are_permitted(contract, chunks):
    with contract.connect() as connection:
        connection.request("/echo", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(chunks)
        assert connection.read_response().body == b"hello"
        assert connection.get("/list").status == 200


def test_bad_whitespace_around_an_extension_is_removed(contract):
    """RFC 9112, 7.1.1 has BWS there, and RFC 9110, 5.6.3 wants a recipient to parse it."""
    with contract.connect() as connection:
        connection.request("/echo", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"5 ; name = value\r\nhello\r\n0\r\n\r\n")
        assert connection.read_response().body == b"hello"


def test_trailers_never_become_header_variables(contract):
    with contract.connect() as connection:
        connection.request("/environ", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"0\r\nX-Trailer: forged\r\nX-Auth-User: forged\r\n\r\n")
        assert "forged" not in connection.read_response().text


def test_transfer_coding_names_ignore_case(contract):
    with contract.connect() as connection:
        connection.request("/echo", method="POST", headers=[("transfer-encoding", "Chunked")])
        connection.send(b"2\r\nok\r\n0\r\n\r\n")
        assert connection.read_response().body == b"ok"


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.whole_bodies
def test_a_body_that_ends_too_soon_never_reaches_the_application(contract, framing):
    contract.get("/reset")
    heads = {
        "length": b"Content-Length: 10\r\n\r\n12345",
        "chunked": b"Transfer-Encoding: chunked\r\n\r\na\r\n12345",
    }
    with contract.connect() as connection:
        connection.send(b"POST /mark?name=cut HTTP/1.1\r\nHost: x\r\n" + heads[framing])
        connection.half_close()
        rest = connection.read_until_closed()
        assert rest == b"" or rest.startswith(b"HTTP/1.1 400 "), rest
    assert "mark:cut" not in marks(contract)


def test_a_head_that_ends_too_soon_never_reaches_the_application(contract):
    contract.get("/reset")
    with contract.connect() as connection:
        connection.send(b"GET /mark?name=cut HTTP/1.1\r\nHost: x\r\n")
        connection.half_close()
        rest = connection.read_until_closed()
        assert rest == b"" or rest.startswith(b"HTTP/1.1 400 "), rest
    assert "mark:cut" not in marks(contract)


# Expect (RFC 9110, 10.1.1)


@pytest.mark.parametrize("value", ["100-continue", "100-Continue"])
@pytest.mark.parametrize("framing", [("Content-Length", "5"), ("Transfer-Encoding", "chunked")])
def test_expect_is_answered_with_continue_before_the_body(contract, value, framing):
    with contract.connect() as connection:
        connection.request("/echo", method="POST", headers=[("Expect", value), framing])
        interim = connection.read_head()
        assert interim.status == 100
        connection.send(b"hello" if framing[0] == "Content-Length" else b"5\r\nhello\r\n0\r\n\r\n")
        response = connection.read_response()
        assert response.body == b"hello" and response.interim == []
        assert connection.get("/list").interim == []


def test_expect_is_ignored_from_http_1_0(contract):
    with contract.connect() as connection:
        headers = [("Expect", "100-continue"), ("Content-Length", "5")]
        connection.request("/echo", method="POST", headers=headers, version="1.0")
        connection.send(b"hello")
        response = connection.read_response()
        assert response.body == b"hello" and response.interim == []


def test_no_continue_for_a_request_without_a_body(contract):
    response = contract.get("/list", headers=[("Expect", "100-continue")])
    assert response.status == 200 and response.interim == []


def test_an_unknown_expectation_fails(contract):
    with contract.connect() as connection:
        connection.request("/list", headers=[("Expect", "miracles")])
        assert connection.read_response().status == 417


def test_too_long_a_body_is_refused_instead_of_continued(limited):
    with limited.connect() as connection:
        headers = [("Expect", "100-continue"), ("Content-Length", "5000")]
        connection.request("/echo", method="POST", headers=headers)
        response = connection.read_response()
        assert response.status == 413 and response.interim == []


# Responses


def test_every_response_has_a_valid_date_and_names_the_server(contract):
    for target in ("/list", "/fail-in-call", "/generator"):
        response = contract.get(target)
        date = response.header("Date")
        assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", date), date
        assert email.utils.parsedate_to_datetime(date)
        assert "martlet" in response.header("Server").lower()


def test_absolute_form_names_the_host(contract):
    with contract.connect() as connection:
        connection.request("http://shop.example:8080/environ/x?y=1", headers=[])
        values = json.loads(connection.read_response().text)["values"]
        assert (values["PATH_INFO"], values["QUERY_STRING"]) == ("/environ/x", "y=1")
        # RFC 9112, 3.2.2: the target's authority replaces the Host field.
        assert values["HTTP_HOST"] == "shop.example:8080"


def test_empty_lines_before_a_request_are_ignored(contract):
    """RFC 9112, 2.2: some clients send one too many after a body."""
    with contract.connect() as connection:
        connection.send(b"\r\nGET /list HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.read_response().body == b"hello\n"


def test_an_unread_response_does_not_stop_others(contract):
    with contract.connect(receive_buffer=4096) as slow:
        slow.request("/big?size=16777216")
        assert contract.get("/list").status == 200
        assert len(slow.read_response().body) == 16777216


# Malformed requests: 400, the connection closed, and nothing after it parsed

OK = b"GET /mark?name=smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
MARK = b"/mark?name=bad"


def post(*fields: bytes, body: bytes = b"", version: bytes = b"1.1", host: bool = True) -> bytes:
    lines = [b"POST " + MARK + b" HTTP/" + version, *([b"Host: x"] if host else []), *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def get(line: bytes = b"GET " + MARK + b" HTTP/1.1", *fields: bytes) -> bytes:
    return b"\r\n".join([line, b"Host: x", *fields]) + b"\r\n\r\n"


def chunked(body: bytes) -> bytes:
    return post(b"Transfer-Encoding: chunked", body=body)


MALFORMED = {
    # Transfer-Encoding
    "te-and-length": post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    "length-and-te": post(b"Transfer-Encoding: chunked", b"Content-Length: 0", body=b"0\r\n\r\n"),
    "te-on-1.0": post(b"Transfer-Encoding: chunked", body=b"0\r\n\r\n", version=b"1.0"),
    "te-twice": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    "te-chunked-chunked": post(b"Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"),
    "te-identity": post(b"Transfer-Encoding: identity"),
    "te-identity-chunked": post(b"Transfer-Encoding: identity, chunked", body=b"0\r\n\r\n"),
    "te-chunked-identity": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
    "te-gzip": post(b"Transfer-Encoding: gzip", body=b"0\r\n\r\n"),
    "te-gzip-chunked": post(b"Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    "te-xchunked": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    "te-quoted": post(b'Transfer-Encoding: "chunked"', body=b"0\r\n\r\n"),
    "te-parameter": post(b"Transfer-Encoding: chunked;q=1", body=b"0\r\n\r\n"),
    "te-vertical-tab": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
    "te-form-feed": post(b"Transfer-Encoding: chunked\x0c", body=b"0\r\n\r\n"),
    "te-nbsp": post(b"Transfer-Encoding: \xa0chunked", body=b"0\r\n\r\n"),
    "te-empty": post(b"Transfer-Encoding: "),
    "te-comma": post(b"Transfer-Encoding: ,chunked", body=b"0\r\n\r\n"),
    "te-space-before-colon": post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
    # Content-Length
    "length-plus": post(b"Content-Length: +5", body=b"hello"),
    "length-minus": post(b"Content-Length: -5", body=b"hello"),
    "length-hexadecimal": post(b"Content-Length: 0x5", body=b"hello"),
    "length-underscore": post(b"Content-Length: 1_0", body=b"helloworld"),
    "length-list": post(b"Content-Length: 5,5", body=b"hello"),
    "length-list-spaced": post(b"Content-Length: 5, 5", body=b"hello"),
    "length-twice-equal": post(b"Content-Length: 5", b"Content-Length: 5", body=b"hello"),
    "length-twice": post(b"Content-Length: 5", b"Content-Length: 6", body=b"hello"),
    "length-empty": post(b"Content-Length: "),
    "length-words": post(b"Content-Length: five", body=b"hello"),
    "length-fraction": post(b"Content-Length: 5.0", body=b"hello"),
    "length-inner-space": post(b"Content-Length: 1 0", body=b"helloworld"),
    "length-vertical-tab": post(b"Content-Length: \x0b5", body=b"hello"),
    "length-arabic-digit": post("Content-Length: \u0665".encode(), body=b"hello"),
    "length-latin-superscript": post(b"Content-Length: \xb2", body=b"he"),
    # Chunks
    "chunk-empty-size": chunked(b"\r\nhello\r\n0\r\n\r\n"),
    "chunk-not-hexadecimal": chunked(b"g\r\nhello\r\n0\r\n\r\n"),
    "chunk-prefix": chunked(b"0x5\r\nhello\r\n0\r\n\r\n"),
    "chunk-plus": chunked(b"+5\r\nhello\r\n0\r\n\r\n"),
    "chunk-minus": chunked(b"-5\r\nhello\r\n0\r\n\r\n"),
    "chunk-underscore": chunked(b"0_5\r\nhello\r\n0\r\n\r\n"),
    "chunk-leading-space": chunked(b" 5\r\nhello\r\n0\r\n\r\n"),
    "chunk-space-junk": chunked(b"5 5\r\nhello\r\n0\r\n\r\n"),
    "chunk-overflow": chunked(b"fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    "chunk-overflow-wraps": chunked(b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    "chunk-63-bits": chunked(b"8000000000000000\r\nhello\r\n0\r\n\r\n"),
    "chunk-bare-lf": chunked(b"5\nhello\r\n0\r\n\r\n"),
    "chunk-bare-cr": chunked(b"5\rhello\r\n0\r\n\r\n"),
    "chunk-cr-cr-lf": chunked(b"5\r\r\nhello\r\n0\r\n\r\n"),
    "chunk-data-too-long": chunked(b"5\r\nhelloX\r\n0\r\n\r\n"),
    "chunk-data-bare-lf": chunked(b"5\r\nhello\n0\r\n\r\n"),
    "chunk-data-no-end": chunked(b"5\r\nhello0\r\n\r\n"),
    "chunk-extension-lf": chunked(b"5;a\nb\r\nhello\r\n0\r\n\r\n"),
    "chunk-extension-cr": chunked(b"5;a\rb\r\nhello\r\n0\r\n\r\n"),
    "chunk-extension-nul": chunked(b"5;a\x00b\r\nhello\r\n0\r\n\r\n"),
    "chunk-extension-quoted-lf": chunked(b'5;a="\n"\r\nhello\r\n0\r\n\r\n'),
    "chunk-last-lf": chunked(b"5\r\nhello\r\n0\n\r\n"),
    "chunk-trailer-lf": chunked(b"0\r\n\n"),
    "chunk-trailer-no-colon": chunked(b"0\r\nGET /x HTTP/1.1\r\n\r\n"),
    "chunk-trailer-space": chunked(b"0\r\nX-A : b\r\n\r\n"),
    "chunk-trailer-nul": chunked(b"0\r\nX-A: \x00\r\n\r\n"),
    # Line ends
    "lf-only": b"GET " + MARK + b" HTTP/1.1\nHost: x\n\n",
    "lf-after-request-line": b"GET " + MARK + b" HTTP/1.1\nHost: x\r\n\r\n",
    "lf-after-field": b"GET " + MARK + b" HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
    "lf-at-end": b"GET " + MARK + b" HTTP/1.1\r\nHost: x\r\n\n",
    "cr-only": b"GET " + MARK + b" HTTP/1.1\rHost: x\r\r",
    "cr-in-value": get(b"GET " + MARK + b" HTTP/1.1", b"X: a\rb"),
    "cr-cr-lf": b"GET " + MARK + b" HTTP/1.1\r\nHost: x\r\r\n\r\n",
    # Fields
    "space-before-colon": get(b"GET " + MARK + b" HTTP/1.1", b"X-A : b"),
    "tab-before-colon": get(b"GET " + MARK + b" HTTP/1.1", b"X-A\t: b"),
    "empty-name": get(b"GET " + MARK + b" HTTP/1.1", b": b"),
    "no-colon": get(b"GET " + MARK + b" HTTP/1.1", b"X-A"),
    "fold": get(b"GET " + MARK + b" HTTP/1.1", b"X-A: b", b" folded"),
    "fold-tab": get(b"GET " + MARK + b" HTTP/1.1", b"X-A: b", b"\tfolded"),
    "fold-first": b"GET " + MARK + b" HTTP/1.1\r\n Host: x\r\nHost: x\r\n\r\n",
    "name-not-token": get(b"GET " + MARK + b" HTTP/1.1", b"X(A): b"),
    "name-non-ascii": get(b"GET " + MARK + b" HTTP/1.1", b"X-\xe4: b"),
    "name-nul": get(b"GET " + MARK + b" HTTP/1.1", b"X\x00A: b"),
    "value-nul": get(b"GET " + MARK + b" HTTP/1.1", b"X-A: a\x00b"),
    "value-escape": get(b"GET " + MARK + b" HTTP/1.1", b"X-A: a\x1bb"),
    "value-delete": get(b"GET " + MARK + b" HTTP/1.1", b"X-A: a\x7fb"),
    # Host (RFC 9112, 3.2)
    "host-missing": b"GET " + MARK + b" HTTP/1.1\r\n\r\n",
    "host-twice": get(b"GET " + MARK + b" HTTP/1.1", b"Host: x"),
    "host-twice-different": get(b"GET " + MARK + b" HTTP/1.1", b"Host: y"),
    "host-space": b"GET " + MARK + b" HTTP/1.1\r\nHost: a b\r\n\r\n",
    "host-path": b"GET " + MARK + b" HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "host-user": b"GET " + MARK + b" HTTP/1.1\r\nHost: u@a\r\n\r\n",
    "host-list": b"GET " + MARK + b" HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "host-port-words": b"GET " + MARK + b" HTTP/1.1\r\nHost: a:b\r\n\r\n",
    # The request line
    "method-not-token": get(b"G(T " + MARK + b" HTTP/1.1"),
    "method-empty": get(b" " + MARK + b" HTTP/1.1"),
    "method-non-ascii": get(b"G\xc9T " + MARK + b" HTTP/1.1"),
    "two-words": get(b"GET " + MARK),
    "one-word": get(b"GET"),
    "two-spaces-before-target": get(b"GET  " + MARK + b" HTTP/1.1"),
    "two-spaces-after-target": get(b"GET " + MARK + b"  HTTP/1.1"),
    "tab-separator": get(b"GET\t" + MARK + b"\tHTTP/1.1"),
    "trailing-space": get(b"GET " + MARK + b" HTTP/1.1 "),
    "space-in-target": get(b"GET /mark?name=bad x HTTP/1.1"),
    "nul-in-target": get(b"GET /mark?name=bad\x00 HTTP/1.1"),
    "control-in-target": get(b"GET /mark?name=bad\x01 HTTP/1.1"),
    "delete-in-target": get(b"GET /mark?name=bad\x7f HTTP/1.1"),
    "fragment-in-target": get(b"GET /mark?name=bad#top HTTP/1.1"),
    "relative-target": get(b"GET mark?name=bad HTTP/1.1"),
    "asterisk-without-options": get(b"GET * HTTP/1.1"),
    "version-lower-case": get(b"GET " + MARK + b" http/1.1"),
    "version-words": get(b"GET " + MARK + b" HTTP/one"),
    "version-long": get(b"GET " + MARK + b" HTTP/1.10"),
    "version-spaced": get(b"GET " + MARK + b" HTTP /1.1"),
    "version-prefix": get(b"GET " + MARK + b" XHTTP/1.1"),
    "tls-hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 20 + b"\r\n\r\n",
}


# Well-formed, but a coding that this server does not know (RFC 9112, 6.1 suggests 501).
UNKNOWN_CODING = ["te-gzip", "te-gzip-chunked", "te-identity", "te-identity-chunked", "te-xchunked"]


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_refused_and_nothing_after_it_is_parsed(contract, name):
    contract.get("/reset")
    with contract.connect() as connection:
        connection.send(MALFORMED[name] + OK + OK)
        response = connection.read_response()
        assert response.status in ((400, 501) if name in UNKNOWN_CODING else (400,)), response
        assert response.header("Connection") == "close"
        connection.expect_closed()
    assert marks(contract) == {}, "the application was called"


@pytest.mark.parametrize("name", ["te-and-length", "length-plus", "chunk-bare-lf", "lf-only", "fold", "host-missing"])
def test_a_good_request_before_a_malformed_one_is_still_answered(contract, name):
    contract.get("/reset")
    with contract.connect() as connection:
        connection.send(b"GET /list HTTP/1.1\r\nHost: x\r\n\r\n" + MALFORMED[name] + OK)
        assert connection.read_response().body == b"hello\n"
        assert connection.read_response().status == 400
        connection.expect_closed()
    assert marks(contract) == {}


@pytest.mark.whole_bodies
@pytest.mark.parametrize("name", ["length-plus", "chunk-overflow", "lf-after-field", "value-nul", "version-words"])
def test_a_malformed_request_is_refused_when_it_comes_byte_by_byte(contract, name):
    with contract.connect() as connection:
        for byte in MALFORMED[name]:
            try:
                connection.send(bytes([byte]))
            except (BrokenPipeError, ConnectionResetError):
                break
        assert connection.read_response().status == 400


@pytest.mark.parametrize("length", ["18446744073709551616", "18446744073709551621", "9223372036854775808", "9" * 40])
def test_a_length_beyond_64_bits_is_refused(contract, length):
    with contract.connect() as connection:
        connection.send(post(b"Content-Length: " + length.encode(), body=b"hello") + OK)
        assert connection.read_response().status in (400, 413)
        connection.expect_closed()


@pytest.mark.parametrize("version", ["2.0", "3.0", "0.9"])
def test_another_major_version_is_refused(contract, version):
    with contract.connect() as connection:
        connection.send(f"GET /list HTTP/{version}\r\nHost: x\r\n\r\n".encode() + OK)
        assert connection.read_response().status in (400, 505)
        connection.expect_closed()


def test_error_pages_show_nothing_of_the_request(contract):
    with contract.connect() as connection:
        connection.send(b"GET /<script>alert(1)</script> HTTP/1.1\r\nHost: x\r\n: <script>\r\n\r\n")
        assert b"<script>" not in connection.read_response().body


def test_the_response_to_a_bad_head_request_is_well_formed(contract):
    with contract.connect() as connection:
        connection.send(b"HEAD /list HTTP/1.1\r\nHost: x\r\nBad : x\r\n\r\n")
        assert connection.read_until_closed().startswith(b"HTTP/1.1 400 ")


# Limits


def refused(server: Server, data: bytes) -> int:
    """The status of the answer to bytes of which the server need not take all."""
    with server.connect() as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.send(data)
        return connection.read_response().status


def test_a_long_request_line_is_414(limited):
    assert limited.get("/list?" + "a" * 150).status == 200
    assert refused(limited, b"GET /" + b"a" * 300 + b" HTTP/1.1\r\nHost: x\r\n\r\n") == 414


def test_an_endless_request_line_is_414(contract):
    assert refused(contract, b"GET /" + b"a" * 20_000) == 414


def test_too_many_fields_are_431(limited):
    fields = b"".join(b"X-%d: y\r\n" % number for number in range(9))
    assert refused(limited, b"GET /list HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n") == 200
    assert refused(limited, b"GET /list HTTP/1.1\r\nHost: x\r\n" + fields + b"X-Z: y\r\n\r\n") == 431


def test_a_long_field_is_431(limited):
    assert refused(limited, b"GET /list HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 60 + b"\r\n\r\n") == 200
    assert refused(limited, b"GET /list HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200 + b"\r\n\r\n") == 431


def test_an_endless_field_is_431(contract):
    assert refused(contract, b"GET /list HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000) == 431


def test_endless_small_fields_are_431(contract):
    assert refused(contract, b"GET /list HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 20_000) == 431


def test_endless_trailers_are_refused(contract):
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    assert refused(contract, head + b"a: b\r\n" * 50_000) in (400, 431)


def test_an_endless_chunk_extension_is_refused(contract):
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert refused(contract, head + b"5;" + b"a" * 200_000) in (400, 413, 431)


def test_a_declared_body_beyond_the_limit_is_413_at_once(limited):
    assert limited.get("/echo", method="POST", body=b"x" * 1000).body == b"x" * 1000
    with limited.connect() as connection:
        connection.send(b"POST /mark?name=big HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
        assert connection.read_response().status == 413
        connection.expect_closed()
    assert "mark:big" not in marks(limited)


@pytest.mark.whole_bodies
def test_the_limits_of_heads_trailers_and_extensions_are_options(serve):
    heads = ("--limit-request-head", "2k", "--limit-request-field_size", "1000")
    bodies = ("--limit-trailers", "100", "--limit-chunk-extensions", "50")
    server = serve("contract:application", *heads, *bodies)
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
    for count, status in ((19, 200), (21, 431)):
        assert refused(server, head + (b"X: " + b"a" * 95 + b"\r\n") * count + b"\r\n") == status
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    for size, status in ((95, 200), (96, 431)):
        # With its name, its colon, its space and its line end.
        assert refused(server, head + b"0\r\nX: " + b"a" * size + b"\r\n\r\n") == status
    for size, status in ((20, 200), (30, 400)):
        extended = b"1;" + b"a" * size + b"\r\nx\r\n"
        assert refused(server, head + extended * 2 + b"0\r\n\r\n") == status


KILOBYTE = b"GET /list HTTP/1.1\r\nHost: x\r\nX-Pad: " + b"x" * 984 + b"\r\n\r\n"


@pytest.mark.parametrize("option, at_most", [(None, 128), ("1k", 65), ("1m", 300)])
def test_requests_behind_one_that_is_being_answered_are_read_up_to_the_limit(serve, gate: Gate, option, at_most):
    """And one read more, of 64 KiB at most, which may come to what is short of it by a byte."""
    options = () if option is None else ("--pipeline-buffer", option)
    server = serve("contract:application", "--threads", "2", "--timeout", "0", *options)
    assert len(KILOBYTE) == 1024
    with server.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        connection.send(KILOBYTE * 300)
        ends = connection.socket.getsockname(), connection.socket.getpeername()
        waiting = [proc.waiting_bytes(*ends)]
        # Each answer to another client is a turn of the loop, in which this one's bytes could have been read.
        while waiting[-1] > 0 and (len(waiting) < 10 or len(set(waiting[-10:])) > 1):
            assert server.get("/list").status == 200
            waiting.append(proc.waiting_bytes(*ends))
        taken = 300 - waiting[-1] / 1024
        assert taken == at_most if at_most == 300 else taken <= at_most, waiting
        gate.open()
        assert connection.read_response().body == b"opened\n"
        assert all(connection.read_response().body == b"hello\n" for _ in range(300))


@pytest.mark.whole_bodies
def test_a_chunked_body_beyond_the_limit_is_413(limited):
    head = b"POST /mark?name=chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"64\r\n" + b"x" * 100 + b"\r\n"
    assert refused(limited, head + chunk * 10 + b"0\r\n\r\n") == 200
    assert refused(limited, head + chunk * 11 + b"0\r\n\r\n") == 413
    assert marks(limited)["mark:chunks"] == 1


def test_bodies_beyond_the_memory_threshold_arrive_whole(limited):
    body = bytes(range(250)) * 4
    assert limited.get("/echo", method="POST", body=body).body == body
    with limited.connect() as connection:
        connection.request("/echo", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"3e8\r\n" + body + b"\r\n0\r\n\r\n")
        assert connection.read_response().body == body
        connection.request("/input?way=readline", method="POST", body=b"a" * 150 + b"\n" + b"b" * 150)
        assert json.loads(connection.read_response().text) == ["a" * 150 + "\n", "b" * 150]


def test_many_tiny_chunks_are_one_body(contract):
    with contract.connect() as connection:
        connection.request("/input-size", method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n")
        assert json.loads(connection.read_response().text)["size"] == 200_000


# Clients that leave


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"G",
        b"GET /list HTTP/1.1\r\nHost",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
        b"GET /big?size=8388608 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /stream?n=100 HTTP/1.1\r\nHost: x\r\n\r\n" * 3,
        b"GET /file?size=8388608 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_a_client_that_resets_at_any_point_harms_nobody(contract, sent):
    for _ in range(10):
        connection = Connection(contract.address)
        connection.send(sent)
        connection.reset()
    assert contract.get("/list").body == b"hello\n"


def test_the_strict_client_notices_what_it_should():
    """The tests rest on it: a client that repairs would hide faults."""
    import socket

    for raw, failure in [
        (b"HTTP/1.1 200 OK\nA: b\r\n\r\n", ProtocolViolation),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", ProtocolViolation),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", ProtocolViolation),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n", ProtocolViolation),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Truncated),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", Truncated),
    ]:
        ours, theirs = socket.socketpair()
        connection = Connection.__new__(Connection)
        connection.socket, connection.was_reset, connection._buffer = ours, False, bytearray()
        theirs.sendall(raw)
        theirs.close()
        with connection, pytest.raises(failure):
            connection.read_response()
