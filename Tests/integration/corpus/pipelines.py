"""Several requests at once: RFC 9112, 9.3.2."""

from __future__ import annotations

from corpus.entry import HELLO, POSTED, Refused, accept, chunked, cut, get, line, post, refuse, saw

ORDER = "RFC 9112, 9.3.2: answered in order"
BEHIND = "RFC 9112, 2.2: a good request before a malformed one is answered; nothing is parsed behind it"
BETWEEN = "RFC 9112, 2.2: an empty line before a request is ignored"
LENGTH = "RFC 9112, 6.3: what is behind the body is the next request"


def request(number: int) -> bytes:
    return line(b"GET /%d HTTP/1.1" % number)


def answer(number: int):
    return saw("GET", f"/{number}")


SENT = post(b"Content-Length: 5", body=b"hello")
CHUNKS = chunked(b"5\r\nhello\r\n0\r\n\r\n")

ENTRIES = [
    accept("pipeline-of-two", request(1) + request(2), answer(1), answer(2), why=ORDER),
    accept("pipeline-of-three", request(1) + request(2) + request(3), answer(1), answer(2), answer(3), why=ORDER),
    accept(
        "pipeline-of-twenty",
        b"".join(request(number) for number in range(20)),
        *[answer(number) for number in range(20)],
        why=ORDER,
    ),
    accept("pipeline-behind-length", SENT + request(2), HELLO, answer(2), why=LENGTH),
    accept("pipeline-behind-chunks", CHUNKS + request(2), HELLO, answer(2), why=LENGTH),
    accept("pipeline-before-length", request(1) + SENT, answer(1), HELLO, why=LENGTH),
    accept("pipeline-before-chunks", request(1) + CHUNKS, answer(1), HELLO, why=LENGTH),
    accept("pipeline-of-bodies", SENT + CHUNKS + SENT + CHUNKS, HELLO, HELLO, HELLO, HELLO, why=LENGTH),
    accept("pipeline-of-no-bodies", post() + post(b"Content-Length: 0") + post(), POSTED, POSTED, POSTED, why=LENGTH),
    accept(
        "pipeline-with-head",
        line(b"HEAD /1 HTTP/1.1") + request(2),
        saw("HEAD", "/1"),
        answer(2),
        why="RFC 9110, 9.3.2: the answer to HEAD has no body",
    ),
    accept(
        "pipeline-with-connect",
        b"CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n" + request(2),
        Refused(405),
        answer(2),
        why="RFC 9110, 9.3.6: no tunnel, so what follows is a request",
    ),
    accept(
        "pipeline-of-versions",
        get(b"Connection: keep-alive", version=b"1.0") + request(2) + get(version=b"1.0"),
        saw("GET", "/t"),
        answer(2),
        saw("GET", "/t"),
        closes=True,
        why="RFC 9112, 9.3",
    ),
    accept("pipeline-empty-line-between", request(1) + b"\r\n" + request(2), answer(1), answer(2), why=BETWEEN),
    accept("pipeline-empty-line-behind-length", SENT + b"\r\n" + request(2), HELLO, answer(2), why=BETWEEN),
    accept("pipeline-empty-line-behind-chunks", CHUNKS + b"\r\n" + request(2), HELLO, answer(2), why=BETWEEN),
    accept("pipeline-empty-line-at-end", request(1) + b"\r\n", answer(1), why=BETWEEN),
    accept(
        "pipeline-close-in-the-middle",
        request(1) + get(b"Connection: close") + request(3),
        answer(1),
        saw("GET", "/t"),
        closes=True,
        why="RFC 9112, 9.6: nothing is processed behind close",
    ),
    accept(
        "pipeline-1.0-in-the-middle",
        request(1) + get(version=b"1.0") + request(3),
        answer(1),
        saw("GET", "/t"),
        closes=True,
        why="RFC 9112, 9.3",
    ),
    accept(
        "pipeline-body-longer-than-length",
        post(b"Content-Length: 3", body=b"hello") + b" /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        saw("POST", "/t", "hel"),
        saw("lo", "/2"),
        why=LENGTH,
    ),
    # The classic attempts
    refuse(
        "smuggling-length-and-coding",
        post(b"Content-Length: 6", b"Transfer-Encoding: chunked", body=b"0\r\n\r\nG") + request(2),
        why="RFC 9112, 6.1",
    ),
    refuse(
        "smuggling-coding-and-length",
        post(b"Transfer-Encoding: chunked", b"Content-Length: 3", body=b"8\r\nSMUGGLED\r\n0\r\n\r\n") + request(2),
        why="RFC 9112, 6.1",
    ),
    refuse(
        "smuggling-two-codings",
        post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: x", b"Content-Length: 4", body=b"0\r\n\r\n")
        + request(2),
        why="RFC 9112, 6.1",
    ),
    refuse(
        "smuggling-two-lengths",
        post(b"Content-Length: 0", b"Content-Length: 31", body=request(2)),
        why="RFC 9112, 6.3",
    ),
    accept(
        "smuggling-no-length",
        post(body=request(2)),
        POSTED,
        answer(2),
        why="RFC 9112, 6.3: without framing there is no body",
    ),
    accept(
        "smuggling-zero-length",
        get(b"Content-Length: 0") + request(2),
        saw("GET", "/t"),
        answer(2),
        why="RFC 9112, 6.3",
    ),
    accept(
        "smuggling-length-of-get",
        get(b"Content-Length: %d" % len(request(2))) + request(2) + request(3),
        saw("GET", "/t", request(2)),
        answer(3),
        why="RFC 9112, 6.3: a GET with a length has a body",
    ),
    refuse(
        "smuggling-bare-cr-before-host",
        b"GET /1 HTTP/1.1\r\nX: y\rGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        why="RFC 9112, 2.2",
    ),
    refuse(
        "smuggling-chunk-with-short-data",
        chunked(b"2\r\nGET /2 HTTP/1.1\r\n0\r\n\r\n") + request(3),
        why="RFC 9112, 7.1",
    ),
    refuse(
        "smuggling-empty-coding",
        post(b"Transfer-Encoding: ", b"Content-Length: 5", body=b"hello") + request(2),
        why="RFC 9112, 6.1",
    ),
    # One that is malformed
    refuse("pipeline-malformed-second", request(1) + get(b"X : y") + request(3), after=[answer(1)], why=BEHIND),
    refuse("pipeline-malformed-first", get(b"X : y") + request(2), why=BEHIND),
    refuse("pipeline-lf-second", request(1) + b"GET /2 HTTP/1.1\nHost: a\n\n", after=[answer(1)], why=BEHIND),
    refuse("pipeline-no-host-second", request(1) + get(host=None), after=[answer(1)], why=BEHIND),
    refuse("pipeline-version-second", request(1) + line(b"GET /2 HTTP/2.0"), 505, after=[answer(1)], why=BEHIND),
    refuse(
        "pipeline-too-large-second",
        request(1) + get(b"Content-Length: " + b"9" * 16),
        413,
        after=[answer(1)],
        why=BEHIND,
    ),
    refuse("pipeline-malformed-chunks-second", request(1) + chunked(b"x\r\n"), after=[answer(1)], why=BEHIND),
    refuse("pipeline-malformed-behind-length", SENT + b" world" + request(2), after=[HELLO], why=BEHIND),
    refuse("pipeline-malformed-behind-chunks", CHUNKS + b"\n" + request(2), after=[HELLO], why=BEHIND),
    refuse("pipeline-three-empty-lines", request(1) + b"\r\n\r\n\r\n" + request(2), after=[answer(1)], why=BEHIND),
    refuse("pipeline-malformed-third", request(1) + SENT + get(b"\x00: y"), after=[answer(1), HELLO], why=BEHIND),
    refuse("pipeline-expectation-second", request(1) + get(b"Expect: x"), 417, after=[answer(1)], why=BEHIND),
    cut("pipeline-cut-in-second", request(1) + b"GET /2 HT", after=[answer(1)], why="RFC 9112, 8"),
    cut("pipeline-cut-behind-second", request(1) + request(2), after=[answer(1), answer(2)], why="RFC 9112, 9.6"),
]
