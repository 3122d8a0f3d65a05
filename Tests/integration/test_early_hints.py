"""103 Early Hints (RFC 8297), and small print of PEP 3333 that applications get wrong."""

from __future__ import annotations

import json

import pytest

from harness import Gate, Server

STYLE = "</style.css>; rel=preload; as=style"
SCRIPT = "</script.js>; rel=preload; as=script"


@pytest.fixture(scope="module")
def hinting(runtime):
    with Server(runtime, "hints:application") as server:
        yield server


def answers(server: Server, target: str, method: str = "GET", version: str = "1.1") -> list:
    """Every response to one request, the interim ones first; the connection must go on after them."""
    found = []
    with server.connect() as connection:
        connection.request(target, method=method, version=version)
        while not found or found[-1].status < 200:
            found.append(connection.read_response(method, skip_interim=False))
        if version == "1.1":
            assert connection.get("/plain").body == b"plain\n"
    return found


def test_hints_come_before_the_response(hinting):
    hint, final = answers(hinting, "/once")
    assert (hint.status, hint.reason, hint.header("Link")) == (103, "Early Hints", STYLE)
    assert (final.status, final.body, final.header("Link")) == (200, b"once\n", STYLE)


def test_hints_are_on_their_way_while_the_application_works(hinting, gate: Gate):
    with hinting.connect() as connection:
        connection.request(f"/once?gate={gate.path}")
        assert connection.read_head().status == 103
        gate.open()
        assert connection.read_response().body == b"once\n"


def test_they_have_no_body_and_no_framing(hinting):
    with hinting.connect() as connection:
        connection.send(b"GET /once HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        raw = connection.read_until_closed()
    hint, _, final = raw.partition(b"\r\n\r\n")
    assert hint.startswith(b"HTTP/1.1 103 Early Hints\r\n") and final.startswith(b"HTTP/1.1 200 OK\r\n")
    for name in (b"content-length", b"transfer-encoding", b"connection:", b"content-type"):
        assert name not in hint.lower(), hint


def test_they_may_be_sent_several_times(hinting):
    first, second, final = answers(hinting, "/twice")
    assert (first.all("Link"), first.all("X-Second")) == ([STYLE, SCRIPT], [])
    assert (second.all("Link"), second.all("X-Second")) == ([], ["yes"])
    assert final.body == b"twice\n" and not final.all("Link")


def test_they_may_be_sent_until_the_head_goes_out(hinting):
    *hints, final = answers(hinting, "/between")
    assert [(hint.all("Link"), hint.all("X-Third")) for hint in hints] == [([STYLE], []), ([SCRIPT], []), ([], ["yes"])]
    assert final.body == b"between\n"


@pytest.mark.parametrize("target, body", [("/once", b"once\n"), ("/twice", b"twice\n"), ("/between", b"between\n")])
def test_http_1_0_gets_none(hinting, target, body):
    (final,) = answers(hinting, target, version="1.0")
    assert (final.status, final.body) == (200, body)


def test_head_gets_them_too(hinting):
    hint, final = answers(hinting, "/once", method="HEAD")
    assert (hint.status, final.status, final.body) == (103, 200, b"")


@pytest.mark.parametrize("way", ["block", "write"])
def test_after_the_head_they_are_nothing(hinting, way):
    (final,) = answers(hinting, f"/after?way={way}")
    assert final.body == b"first\nNone"


def test_after_the_request_they_reach_nobody(hinting):
    answers(hinting, "/late")
    (final,) = answers(hinting, "/late")
    assert final.body == b"None"


def test_an_exception_after_them_is_a_500(hinting):
    hint, final = answers(hinting, "/fail")
    assert (hint.status, final.status) == (103, 500)
    assert not final.all("Link")


def test_a_length_among_them_is_left_out(hinting):
    hint, final = answers(hinting, "/length")
    assert hint.header("Content-Length") is None and hint.header("Link") == STYLE
    assert final.body == b"length\n"


def test_a_client_that_does_not_read_them_holds_them_back(serve):
    server = serve("hints:application", "--threads", "2", "--send-timeout", "1")
    with server.connect(receive_buffer=64 << 10) as connection:
        connection.request("/endless")
        server.log.wait_for("took nothing of its response")
        server.log.wait_for("endless: over")
    # A thousand bytes each: as many as the kernel and --response-buffer hold.
    assert 500 < int(server.get("/sent").text) < 16_000


def test_a_client_that_reads_them_late_gets_all(serve):
    """Those that were held back go on when it reads."""
    server = serve("hints:application", "--response-buffer", "4k")
    with server.connect() as connection:
        connection.request("/endless")
        for _ in range(20_000):
            assert connection.read_head().header("Link") == "x" * 1000


def test_pipelined_requests_keep_their_hints(hinting):
    request = b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
    with hinting.connect() as connection:
        connection.send(b"".join(request % path for path in (b"once", b"plain", b"twice", b"once")))
        got = [connection.read_response() for _ in range(4)]
    assert [(response.interim, response.body) for response in got] == [
        ([103], b"once\n"),
        ([], b"plain\n"),
        ([103, 103], b"twice\n"),
        ([103], b"once\n"),
    ]


def test_their_fields_are_checked_as_those_of_a_response(hinting):
    (final,) = answers(hinting, "/calls")
    said = json.loads(final.text)
    types = ["none", "two", "keyword", "both", "not a list", "a number", "bytes name", "bytes value", "beyond latin-1"]
    values = ["line feed", "carriage return", "nul", "space in a name", "empty name", "connection", "transfer-encoding"]
    assert {kind: said[kind] for kind in types} == dict.fromkeys(types, "TypeError")
    assert {kind: said[kind] for kind in values} == dict.fromkeys(values, "ValueError")
    for kind in ("text", "strings", "single", "triple", "good and bad"):
        assert said[kind] in ("TypeError", "ValueError"), kind


# Small print of start_response and environ


@pytest.mark.parametrize("kind", ["real", "without traceback"])
def test_exc_info_changes_the_answer_before_it_is_sent(hinting, kind):
    response = hinting.get("/exc-info?kind=" + kind.replace(" ", "%20"))
    assert (response.status, response.body) == (503, b"returned")


def test_exc_info_where_nothing_was_raised_changes_it_as_well(hinting):
    """What sys.exc_info() gives outside of an except clause."""
    assert hinting.get("/exc-info?kind=cleared").status == 503


WRONG = [
    "true",
    "number",
    "text",
    "exception",
    "type",
    "pair",
    "four",
    "instance of nothing",
    "no type",
    "class for instance",
]


@pytest.mark.parametrize("kind", WRONG)
def test_exc_info_is_what_sys_exc_info_gives(hinting, kind):
    response = hinting.get("/exc-info?kind=" + kind.replace(" ", "%20"))
    assert (response.status, response.body) == (200, b"TypeError")


@pytest.mark.parametrize("kind", ["empty", "zero"])
def test_a_false_exc_info_is_none(hinting, kind):
    response = hinting.get("/exc-info?kind=" + kind)
    assert (response.status, response.body) == (200, b"AssertionError")


@pytest.mark.parametrize(
    "kind, raised",
    [
        ("real", "ValueError"),
        ("without traceback", "ValueError"),
        *((kind, "TypeError") for kind in [*WRONG, "cleared"]),
    ],
)
def test_after_the_head_exc_info_is_raised_again(hinting, kind, raised):
    response = hinting.get("/exc-info-late?kind=" + kind.replace(" ", "%20"))
    assert (response.status, response.text) == (200, f"first {raised}")


@pytest.mark.parametrize("way", ["close", "with"])
def test_closing_the_errors_stream_closes_nothing(hinting, way):
    mark = hinting.log.mark()
    assert hinting.get(f"/errors?way={way}&mark={way}1").body == b"False"
    assert hinting.get(f"/errors?way={way}&mark={way}2").body == b"False"
    for number in (1, 2):
        for word in ("before", "after", "printed"):
            hinting.log.wait_for(f"{word} {way}{number}", after=mark)
    # The server's own records still get there.
    hinting.get("/fail")
    hinting.log.wait_for("RuntimeError: after the hints", after=mark)


@pytest.mark.parametrize(
    "values, joined",
    [
        (["text/plain"], "text/plain"),
        (["text/plain", "text/html"], "text/plain, text/html"),
        (["a/b", "", "c/d"], "a/b, , c/d"),
    ],
)
def test_a_repeated_content_type_is_joined_as_other_fields_are(contract, values, joined):
    response = contract.get("/environ", method="POST", body=b"x", headers=[("Content-Type", value) for value in values])
    seen = json.loads(response.text)["values"]
    assert seen["CONTENT_TYPE"] == joined and "HTTP_CONTENT_TYPE" not in seen
