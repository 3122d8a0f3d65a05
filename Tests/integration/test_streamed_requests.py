"""`--stream-requests`: an application reads its request's body while it arrives, exactly as it would read a whole one.

What the reader saw is in the log: the application writes it there, since nobody may be left to answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from harness import APPS, Connection, Gate, Server, Truncated, proc

sys.path.insert(0, str(APPS))

from reading import BODY, LARGE, LARGE_WAYS, WAYS, expected, expected_digests

KIB, MIB = 1 << 10, 1 << 20
BODY_BUFFER = 64 * KIB
# What is not read of a body is dropped up to this size, to keep the connection.
DISCARD_LIMIT = 256 * KIB

OPTIONS = ("--threads", "4", "--body-buffer", str(BODY_BUFFER))
MODES = {"streamed": ("--stream-requests",), "buffered": ()}
CODINGS = ["length", "chunked"]


@pytest.fixture(scope="module")
def streamed(runtime) -> Iterator[Server]:
    with Server(runtime, "reading:application", *OPTIONS, *MODES["streamed"]) as server:
        yield server


@pytest.fixture(scope="module", params=MODES)
def either(request, runtime) -> Iterator[Server]:
    """Streaming or not makes no difference."""
    with Server(runtime, "reading:application", *OPTIONS, *MODES[request.param]) as server:
        yield server


@pytest.fixture(scope="module")
def strict(runtime) -> Iterator[Server]:
    """Bodies of at most 100,000 bytes, which may pause for a second."""
    limits = ("--max-request-body", "100000", "--body-timeout", "1")
    with Server(runtime, "reading:application", *OPTIONS, *MODES["streamed"], *limits) as server:
        yield server


# Sending


def head(target: str, *fields: str, method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", *fields, "", ""]).encode()


def framing(coding: str, size: int) -> str:
    return f"Content-Length: {size}" if coding == "length" else "Transfer-Encoding: chunked"


def framed(coding: str, *pieces: bytes, last: bool = True) -> bytes:
    if coding == "length":
        return b"".join(pieces)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return chunks + (b"0\r\n\r\n" if last else b"")


def post(target: str, coding: str, body: bytes) -> bytes:
    half = len(body) // 2
    pieces = [piece for piece in (body[:half], body[half:]) if piece]
    return head(target, framing(coding, len(body))) + framed(coding, *pieces)


NEXT = head("/alive", method="GET")


def assert_answers_the_next(connection: Connection) -> None:
    response = connection.read_response()
    assert (response.status, response.body) == (200, b"alive\n"), response


def let_the_server_see(server: Server) -> None:
    """Return when the server has handled what was sent before: the one event loop has gone round since then."""
    for _ in range(3):
        assert server.get("/alive").status == 200


def assert_nothing_came(connection: Connection) -> None:
    assert not select.select([connection.socket], [], [], 0)[0], connection.socket.recv(4096)


def big(size: int) -> bytes:
    return bytes(range(251)) * (size // 251) + b"e" * (size % 251)


def digest(body: bytes) -> list:
    return [len(body), hashlib.sha256(body).hexdigest()]


@contextlib.contextmanager
def sending(connection: Connection, data: bytes) -> Iterator[None]:
    """All of the data is on its way while the caller reads."""
    failures = []

    def send() -> None:
        try:
            connection.send(data)
        except OSError as failure:
            failures.append(failure)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        sender.join(60)
        assert not sender.is_alive()
    assert not failures, failures


# Reading: what each call gives is what it gives on an io.BytesIO


def whole(connection: Connection, data: bytes) -> None:
    connection.send(data)


def byte_by_byte(connection: Connection, data: bytes) -> None:
    for index in range(len(data)):
        connection.send(data[index : index + 1])


@pytest.mark.parametrize("cut", [whole, byte_by_byte], ids=lambda cut: cut.__name__)
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("way", WAYS)
def test_input_is_read_in_every_way_and_never_past_its_end(
    either: Server, way: str, coding: str, cut: Callable[[Connection, bytes], None]
):
    """A request comes right behind the body: no way of reading may touch it."""
    with either.connect() as connection:
        cut(connection, post(f"/reads?way={way}", coding, BODY) + NEXT)
        response = connection.read_response()
        assert response.status == 200, response
        assert json.loads(response.text) == expected(way)
        assert_answers_the_next(connection)
        assert connection.get("/alive").status == 200


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("way", LARGE_WAYS)
def test_a_large_input_is_read_in_every_way(either: Server, way: str, coding: str):
    with either.connect() as connection:
        data = post(f"/reads-large?way={way}", coding, LARGE) + NEXT
        with sending(connection, data):
            response = connection.read_response()
            assert response.status == 200, response
            assert json.loads(response.text) == expected_digests(way)
            if way not in ("float", "too-large", "closed"):
                assert_answers_the_next(connection)


@pytest.mark.parametrize("coding", [*CODINGS, "none"])
@pytest.mark.parametrize("way", ["read", "read-5", "readline", "readlines", "iterate", "next"])
def test_an_empty_body_is_at_its_end_at_once(either: Server, way: str, coding: str):
    with either.connect() as connection:
        fields = [] if coding == "none" else [framing(coding, 0)]
        connection.send(head(f"/reads?way={way}", *fields) + (b"0\r\n\r\n" if coding == "chunked" else b"") + NEXT)
        response = connection.read_response()
        assert response.status == 200 and set(json.loads(response.text)) <= {"", "end"}, response
        assert_answers_the_next(connection)


@pytest.mark.parametrize("piece", [1000, 65536, 1_000_000])
@pytest.mark.parametrize("size", [BODY_BUFFER - 1, BODY_BUFFER, BODY_BUFFER + 1, 20 * MIB + 7])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_of_any_size_arrives_byte_for_byte(either: Server, coding: str, size: int, piece: int):
    body = big(size)
    with either.connect() as connection, sending(connection, post(f"/digest?piece={piece}", coding, body) + NEXT):
        assert json.loads(connection.read_response().text) == digest(body)
        assert_answers_the_next(connection)


def test_a_body_that_is_streamed_has_a_length_only_if_the_client_says_so(streamed):
    with streamed.connect() as connection:
        connection.send(post("/environ", "length", b"body"))
        said = json.loads(connection.read_response().text)
        assert said == {"CONTENT_LENGTH": "4", "wsgi.input_terminated": True, "body": "body"}
        connection.send(post("/environ", "chunked", b"body"))
        assert json.loads(connection.read_response().text) == {"wsgi.input_terminated": True, "body": "body"}


def test_one_connection_takes_bodies_of_all_kinds_one_after_the_other(either):
    with either.connect() as connection:
        for number in range(30):
            size = [0, 1, 1000, BODY_BUFFER, 300_000][number % 5]
            body = big(size)
            with sending(connection, post("/digest", CODINGS[number % 2], body)):
                assert json.loads(connection.read_response().text) == digest(body)
            if number % 3 == 0:
                connection.send(post("/ignore", CODINGS[number % 2], b"not read"))
                assert connection.read_response().body == b"ignored\n"


def test_trailers_are_dropped(either):
    with either.connect() as connection:
        trailers = b"4\r\nbody\r\n0\r\nX-Trailer: GET /alive HTTP/1.1\r\n\r\n"
        connection.send(head("/environ", "Transfer-Encoding: chunked") + trailers + NEXT)
        assert json.loads(connection.read_response().text)["body"] == "body"
        assert_answers_the_next(connection)


def test_a_kept_input_never_shows_another_requests_body(either):
    with either.connect() as connection:
        for _ in range(5):
            connection.send(post("/keep", "length", b"first body"))
            assert connection.read_response().status == 200
            connection.send(post("/use-kept", "length", b"second body"))
            kept, own = json.loads(connection.read_response().text)
            assert own == "second body" and "second" not in kept


@pytest.mark.parametrize("coding", CODINGS)
def test_an_application_may_close_its_input(either, coding):
    with either.connect() as connection:
        connection.send(post("/close-input", coding, b"12345678") + NEXT)
        assert connection.read_response().body == b"closed\n"
        assert_answers_the_next(connection)


# Time: the application is there before the body is


@pytest.mark.parametrize("coding", CODINGS)
def test_the_application_starts_before_the_body_has(streamed, gate: Gate, coding):
    with streamed.connect() as connection:
        connection.send(head(f"/digest?gate={gate.path}", framing(coding, 10)))
        gate.wait_until_reached()
        gate.open()
        connection.send(framed(coding, b"0123456789"))
        assert json.loads(connection.read_response().text) == digest(b"0123456789")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_piece_is_read_before_the_next_is_sent_and_answered_before_the_body_ends(streamed, coding):
    lines = [b"line %d\n" % number for number in range(50)]
    with streamed.connect() as connection:
        connection.send(head("/conversation", framing(coding, sum(map(len, lines)))))
        for line in lines:
            connection.send(framed(coding, line, last=False))
            if line is lines[0]:
                assert connection.read_head().chunked
            assert connection.read_chunk() == line.upper()
        connection.send(framed(coding) if coding == "chunked" else b"")
        assert connection.read_chunk() == b""
        assert connection.get("/alive").status == 200


def test_a_mount_streams_for_itself(serve, gate: Gate, tmp_path):
    other = Gate(tmp_path, "other")
    server = serve("reading:application", "--mount", "/up=reading:application,stream", "--threads", "2")
    with server.connect() as first, server.connect() as second:
        first.send(head(f"/digest?gate={other.path}", framing("length", 4)))
        second.send(head(f"/up/digest?gate={gate.path}", framing("length", 4)))
        gate.wait_until_reached()
        gate.open()
        second.send(b"body")
        assert json.loads(second.read_response().text) == digest(b"body")
        # The other application is started by the body's last byte.
        first.send(b"body")
        other.wait_until_reached()
        other.open()
        assert json.loads(first.read_response().text) == digest(b"body")


def test_without_the_option_no_request_starts_before_its_body_is_whole(serve):
    server = serve("reading:application")
    with server.connect() as connection:
        connection.send(head("/watch?name=early", framing("length", 8)) + b"1234")
        # With one Python thread, this would wait behind a request that has started.
        let_the_server_see(server)
        assert "early: started" not in server.log.text
        connection.send(b"5678")
        assert connection.read_response().body == b"8\n"


# Backpressure


def fill(connection: Connection, data: memoryview) -> int:
    """Send until nothing has been taken for half a second; how much it was."""
    connection.socket.setblocking(False)
    sent = 0
    while sent < len(data) and select.select([], [connection.socket], [], 0.5)[1]:
        with contextlib.suppress(BlockingIOError):
            sent += connection.socket.send(data[sent : sent + 256 * KIB])
    connection.socket.settimeout(20)
    return sent


@pytest.mark.parametrize("coding", CODINGS)
def test_a_client_that_is_faster_than_the_application_is_held_back(streamed, gate: Gate, coding):
    body = big(64 * MIB)
    pieces = [body[start : start + MIB] for start in range(0, len(body), MIB)]
    wire = memoryview(framed(coding, *pieces))
    let_the_server_see(streamed)
    before = proc.resident_kib(streamed.pid)
    with streamed.connect() as connection:
        connection.send(head(f"/digest?gate={gate.path}", framing(coding, len(body))))
        gate.wait_until_reached()
        sent = fill(connection, wire)
        # The kernel's buffers on both sides have the rest.
        assert sent < 32 * MIB, f"{sent >> 20} MiB were taken of a body that nobody reads"
        grown = proc.resident_kib(streamed.pid) - before
        assert grown < 4 * KIB, f"{grown} KiB more"
        gate.open()
        with sending(connection, wire[sent:]):
            assert json.loads(connection.read_response().text) == digest(body)
        assert proc.resident_kib(streamed.pid) - before < 16 * KIB
        assert connection.get("/alive").status == 200


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("piece", [1000, 65536, 3_000_000])
def test_a_large_body_is_echoed_while_it_is_read(streamed, coding, piece):
    """Neither side fits into the buffers in between: both directions must move at once."""
    body = big(24 * MIB)
    pieces = [body[start : start + 100_000] for start in range(0, len(body), 100_000)]
    wire = head(f"/echo?piece={piece}", framing(coding, len(body))) + framed(coding, *pieces) + NEXT
    with streamed.connect() as connection, sending(connection, wire):
        response = connection.read_response()
        assert response.status == 200 and digest(response.body) == digest(body)
        assert_answers_the_next(connection)


def test_an_echo_to_a_client_that_reads_nothing_stops_taking_its_body(streamed):
    body = memoryview(big(64 * MIB))
    with streamed.connect(receive_buffer=64 * KIB) as connection:
        connection.send(head("/echo", framing("length", len(body))))
        sent = fill(connection, body)
        assert sent < 32 * MIB, f"{sent >> 20} MiB"
        with sending(connection, body[sent:]):
            assert digest(connection.read_response().body) == digest(body)


# 100 Continue


@pytest.mark.parametrize("coding", CODINGS)
def test_the_client_is_asked_for_its_body_by_the_first_read(streamed, gate: Gate, coding):
    with streamed.connect() as connection:
        fields = (framing(coding, 4), "Expect: 100-continue")
        connection.send(head(f"/digest?gate={gate.path}&piece=1", *fields))
        gate.wait_until_reached()
        let_the_server_see(streamed)
        assert_nothing_came(connection)
        gate.open()
        assert connection.read_head().status == 100
        connection.send(framed(coding, b"body"))
        response = connection.read_response()
        assert (response.status, response.interim) == (200, [])
        assert json.loads(response.text) == digest(b"body")
        assert connection.get("/alive").interim == []


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_that_is_never_read_is_never_asked_for(streamed, coding):
    with streamed.connect() as connection:
        connection.send(head("/ignore", framing(coding, 4), "Expect: 100-continue"))
        response = connection.read_response()
        assert (response.status, response.body, response.interim) == (200, b"ignored\n", [])
        # Whether the body comes now is the client's choice: what follows can't be told from it.
        assert response.header("Connection") == "close"
        connection.expect_closed()


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_may_be_asked_for_after_the_answer_has_begun(streamed, coding):
    with streamed.connect() as connection:
        connection.send(head("/first-line-late", framing(coding, 5), "Expect: 100-continue"))
        response = connection.read_head()
        assert response.status == 200 and connection.read_chunk() == b"begun\n"
        # Too late for 100: the client, answered, may send its body or not.
        connection.send(framed(coding, b"line\n"))
        with contextlib.suppress(Truncated):
            assert connection.read_chunk() in (b"", b"line\n")
    let_the_server_see(streamed)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_client_that_does_not_wait_for_the_continue_is_answered(streamed, coding):
    with streamed.connect() as connection:
        wire = head("/digest", framing(coding, 4), "Expect: 100-continue") + framed(coding, b"body")
        connection.send(wire + NEXT)
        assert json.loads(connection.read_response().text) == digest(b"body")
        assert_answers_the_next(connection)


# Bodies that end before their time


def gone_by_reset(connection: Connection) -> None:
    connection.reset()


def gone_by_close(connection: Connection) -> None:
    connection.close()


@pytest.mark.parametrize("begun", ["", "1"], ids=["unanswered", "begun"])
@pytest.mark.parametrize("leave", [gone_by_reset, gone_by_close], ids=lambda leave: leave.__name__)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_reader_whose_client_goes_away_gets_an_oserror(streamed, coding, leave, begun):
    mark = streamed.log.mark()
    with streamed.connect() as connection:
        connection.send(head(f"/watch?name=gone&begun={begun}", framing(coding, 100)))
        connection.send(framed(coding, b"12345678", last=False))
        streamed.log.wait_for("gone: reading", after=mark)
        leave(connection)
        streamed.log.wait_for("gone: OSError OSError after 8", after=mark)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_reader_of_a_half_closed_body_gets_an_oserror_and_the_client_a_400(streamed, coding):
    mark = streamed.log.mark()
    with streamed.connect() as connection:
        connection.send(head("/watch?name=half", framing(coding, 100)) + framed(coding, b"12345678", last=False))
        streamed.log.wait_for("half: reading", after=mark)
        connection.half_close()
        assert connection.read_response().status == 400
        connection.expect_closed()
        streamed.log.wait_for("half: OSError OSError after 8", after=mark)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_whole_body_before_a_half_close_is_answered(streamed, coding):
    with streamed.connect() as connection:
        connection.send(post("/digest", coding, b"body"))
        connection.half_close()
        assert json.loads(connection.read_response().text) == digest(b"body")
        connection.expect_closed()


def test_an_application_that_lets_the_oserror_pass_leaves_no_traceback(streamed):
    """It is the client that has failed, not the application."""
    mark = streamed.log.mark()
    with streamed.connect() as connection:
        connection.send(head("/propagate?name=pass", framing("length", 100)) + b"some")
        streamed.log.wait_for("pass: started", after=mark)
        connection.reset()
    # The end of the next one comes after the end of this one, in each thread.
    for _ in range(20):
        let_the_server_see(streamed)
    assert "Traceback" not in "\n".join(streamed.log.lines[mark:])


MALFORMED = {
    "size": b"xyz\r\n",
    "no-crlf": b"4\r\nabcdefgh",
    "bare-lf": b"4\nabcd\r\n",
    "huge": b"fffffffffffffffff\r\n",
    "signed": b"-4\r\n",
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_chunk_midway_is_a_400_and_an_oserror(streamed, kind):
    mark = streamed.log.mark()
    with streamed.connect() as connection:
        connection.send(head("/watch?name=bad", "Transfer-Encoding: chunked") + b"8\r\n12345678\r\n")
        streamed.log.wait_for("bad: reading", after=mark)
        connection.send(MALFORMED[kind] + NEXT)
        assert connection.read_response().status == 400
        connection.expect_closed()
        streamed.log.wait_for(r"bad: OSError OSError after \d", after=mark)


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_chunk_after_the_answer_has_begun_cuts_it(streamed, kind):
    mark = streamed.log.mark()
    with streamed.connect() as connection:
        connection.send(head("/watch?name=cut&begun=1", "Transfer-Encoding: chunked") + b"8\r\n12345678\r\n")
        assert connection.read_head().status == 200 and connection.read_chunk() == b"begun\n"
        streamed.log.wait_for("cut: reading", after=mark)
        connection.send(MALFORMED[kind] + NEXT)
        with pytest.raises(Truncated):
            connection.read_chunk()
        streamed.log.wait_for(r"cut: OSError OSError after \d", after=mark)


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_chunk_at_the_start_is_a_400(either, kind):
    with either.connect() as connection:
        connection.send(head("/environ", "Transfer-Encoding: chunked") + MALFORMED[kind] + NEXT)
        assert connection.read_response().status == 400
        connection.expect_closed()


# Bodies that are not read


@pytest.mark.parametrize("target, answer", [("/ignore", b"ignored\n"), ("/first-line", b"line\n")])
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [5, 1000, BODY_BUFFER])
def test_what_is_not_read_of_a_small_body_is_dropped(streamed, coding, target, answer, size):
    """Once all of it is there; a chunked one that is not, may end the connection."""
    body = (b"line\n" + NEXT * (size // len(NEXT) + 1))[:size]
    with streamed.connect() as connection:
        for _ in range(10):
            connection.send(head(target, framing("length", size)) + body)
            assert connection.read_response().body == answer
        connection.send(post(target, coding, body))
        assert connection.read_response().body == answer


@pytest.mark.parametrize("target, answer", [("/ignore", b"ignored\n"), ("/first-line", b"line\n")])
def test_what_comes_late_of_a_body_within_the_bound_is_dropped(streamed, target, answer):
    size = DISCARD_LIMIT
    body = (b"line\n" + NEXT * (size // len(NEXT) + 1))[:size]
    with streamed.connect() as connection:
        connection.send(head(target, framing("length", size)) + body[:5])
        assert connection.read_response().body == answer
        connection.send(body[5:] + NEXT)
        assert_answers_the_next(connection)


@pytest.mark.parametrize("target, answer", [("/ignore", b"ignored\n"), ("/first-line", b"line\n")])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_connection_whose_body_is_too_large_to_be_dropped_is_closed(streamed, coding, target, answer):
    with streamed.connect() as connection:
        size = DISCARD_LIMIT + 2 * BODY_BUFFER
        connection.send(head(target, framing(coding, size)) + framed(coding, b"line\n", last=False))
        response = connection.read_response()
        assert response.body == answer
        # Of a chunked one the server can't know.
        assert response.header("Connection") == ("close" if coding == "length" else None)
        connection.expect_closed()


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_can_be_read_behind_an_answer_that_is_whole(streamed, coding):
    body = big(1 * MIB)
    data = post("/answer-then-read?name=behind", coding, body)
    mark = streamed.log.mark()
    with streamed.connect() as connection:
        connection.send(data[:1000])
        assert connection.read_response().body == b"accepted\n"
        connection.send(data[1000:])
        streamed.log.wait_for(f"behind: read {len(body)}", after=mark)
        assert connection.get("/alive").status == 200


@pytest.mark.parametrize("coding", CODINGS)
def test_an_answer_arrives_though_most_of_a_large_body_was_not_read(streamed, coding):
    """The client reads when all of its body is out, or as much of it as the server took."""
    body = big(3 * MIB)
    with streamed.connect() as connection:
        connection.send(head("/ignore", framing(coding, len(body))))
        with contextlib.suppress(ConnectionError):
            connection.send(framed(coding, body))
        assert connection.read_response().body == b"ignored\n"
        connection.read_until_closed()


def test_no_thread_waits_for_the_rest_of_a_body_that_nobody_reads(serve):
    server = serve("reading:application", "--stream-requests", "--threads", "1")
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(server.connect())
            connection.send(head("/ignore", framing("length", 1000)) + b"some")
            assert connection.read_response().body == b"ignored\n"


# Limits


@pytest.mark.parametrize("fields", [(), ("Expect: 100-continue",)], ids=["", "expect"])
def test_a_length_beyond_the_limit_is_a_413_before_anything_is_read(strict, fields):
    with strict.connect() as connection:
        connection.send(head("/watch?name=over", framing("length", 100_001), *fields))
        response = connection.read_response()
        assert (response.status, response.interim) == (413, [])
        connection.expect_closed()


@pytest.mark.parametrize("begun", ["", "1"], ids=["unanswered", "begun"])
def test_chunks_beyond_the_limit_are_a_413_or_a_cut_and_an_oserror(strict, begun):
    mark = strict.log.mark()
    with strict.connect() as connection:
        connection.send(head(f"/watch?name=chunks&begun={begun}", "Transfer-Encoding: chunked"))
        connection.send(framed("chunked", b"x" * 60_000, last=False))
        strict.log.wait_for("chunks: reading", after=mark)
        connection.send(framed("chunked", b"x" * 60_000, last=False))
        if begun:
            with pytest.raises(Truncated):
                connection.read_response()
        else:
            assert connection.read_response().status == 413
            connection.expect_closed()
        strict.log.wait_for("chunks: OSError OSError", after=mark)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_of_exactly_the_limit_is_read(strict, coding):
    with strict.connect() as connection:
        connection.send(post("/digest", coding, b"x" * 100_000) + NEXT)
        assert json.loads(connection.read_response().text) == digest(b"x" * 100_000)
        assert_answers_the_next(connection)


@pytest.mark.parametrize("begun", ["", "1"], ids=["unanswered", "begun"])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_that_pauses_for_too_long_is_a_408_or_a_cut_and_an_oserror(strict, coding, begun):
    mark = strict.log.mark()
    with strict.connect(timeout=8) as connection:
        connection.send(head(f"/watch?name=pause&begun={begun}", framing(coding, 100)))
        connection.send(framed(coding, b"12345678", last=False))
        started = time.monotonic()
        if begun:
            with pytest.raises(Truncated):
                connection.read_response()
        else:
            assert connection.read_response().status == 408
            connection.expect_closed()
        assert 0.8 < time.monotonic() - started < 5
        strict.log.wait_for("pause: OSError OSError after 8", after=mark)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_that_comes_slowly_but_steadily_is_read(strict, coding):
    """The bound is for each pause, not for the whole."""
    with strict.connect() as connection:
        connection.send(head("/digest?piece=1", framing(coding, 6)))
        for _ in range(6):
            time.sleep(0.4)
            connection.send(framed(coding, b"s", last=False))
        connection.send(framed(coding) if coding == "chunked" else b"")
        assert json.loads(connection.read_response().text) == digest(b"ssssss")


def test_an_application_that_pauses_is_not_taken_for_its_client(strict, gate: Gate):
    """The buffer is full, so the client can't go on: its time stands still."""
    body = big(100_000)
    with strict.connect() as connection:
        connection.send(head(f"/digest?gate={gate.path}", framing("length", len(body))))
        connection.send(body[: BODY_BUFFER + 1])
        gate.wait_until_reached()
        time.sleep(2.5)
        assert_nothing_came(connection)
        gate.open()
        connection.send(body[BODY_BUFFER + 1 :])
        assert json.loads(connection.read_response().text) == digest(body)


# The rest of the server


def test_a_stop_waits_for_a_body_that_is_being_read(serve):
    server = serve("reading:application", "--stream-requests")
    idle = server.connect()
    assert idle.get("/alive").status == 200
    with server.connect() as connection:
        connection.send(head("/watch?name=stop", framing("length", 8)) + b"1234")
        server.log.wait_for("stop: reading")
        server.send_signal(signal.SIGTERM)
        idle.expect_closed()
        idle.close()
        connection.send(b"5678")
        assert connection.read_response().body == b"8\n"
    assert server.wait() == 0


def test_a_stop_with_a_reader_that_waits_for_its_client_ends_in_time(serve):
    server = serve("reading:application", "--stream-requests", "--graceful-timeout", "1")
    with server.connect() as connection:
        connection.send(head("/watch?name=left", framing("length", 8)) + b"1234")
        server.log.wait_for("left: reading")
        started = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 0
        assert time.monotonic() - started < 5


def test_streams_leave_no_descriptor_and_no_memory_behind(streamed):
    def rounds(count: int) -> None:
        for number in range(count):
            with streamed.connect() as connection:
                connection.send(head("/watch?name=leak", framing("length", 100_000)) + b"x" * 30_000)
                if number % 3 == 0:
                    connection.reset()
                elif number % 3 == 1:
                    connection.send(b"x" * 70_000)
                    assert connection.read_response().body == b"100000\n"

    rounds(60)
    let_the_server_see(streamed)
    descriptors, memory = proc.descriptor_count(streamed.pid), proc.resident_kib(streamed.pid)
    rounds(300)
    let_the_server_see(streamed)
    assert proc.descriptor_count(streamed.pid) <= descriptors + 2
    assert proc.resident_kib(streamed.pid) - memory < 8 * KIB
