"""Connection, Upgrade, Expect and HTTP/1.0: RFC 9112, 9; RFC 9110, 7.6.1, 7.8 and 10.1.1."""

from __future__ import annotations

from corpus.entry import GOT, HELLO, accept, cut, get, post, refuse, saw

CLOSE = "RFC 9112, 9.6: close ends the connection after the answer"
OPEN = "RFC 9112, 9.3: HTTP/1.1 persists"
OLD = "RFC 9112, 9.3: HTTP/1.0 persists if it says so"
LISTED = "RFC 9110, 7.6.1: what Connection lists is still read by its recipient"
UPGRADE = "RFC 9110, 7.8: an upgrade may be ignored"
EXPECT = "RFC 9110, 10.1.1"
UNKNOWN = "RFC 9110, 10.1.1: another expectation is 417"


def keeps(name, *fields, why=OPEN, seen=GOT, version=b"1.1"):
    return accept("connection-" + name, get(*fields, version=version), seen, why=why)


def closes(name, *fields, why=CLOSE, version=b"1.1", behind=b""):
    return accept("connection-" + name, get(*fields, version=version) + behind, GOT, closes=True, why=why)


def expects(name, *fields, body=b"hello", version=b"1.1", seen=HELLO, why=EXPECT, closes=False):
    return accept("expect-" + name, post(*fields, body=body, version=version), seen, why=why, closes=closes)


ENTRIES = [
    # Connection
    closes("close", b"Connection: close"),
    closes("close-in-capitals", b"Connection: CLOSE"),
    closes("close-behind-keep-alive", b"Connection: keep-alive, close"),
    closes("close-before-keep-alive", b"Connection: close,keep-alive"),
    closes("close-in-second-field", b"Connection: keep-alive", b"Connection: close"),
    closes("close-among-empty", b"Connection: ,, \tclose ,"),
    closes("close-and-next", b"Connection: close", behind=get()),
    closes("close-and-malformed", b"Connection: close", behind=b"\x00" * 50),
    keeps("keep-alive", b"Connection: keep-alive"),
    keeps("unknown-option", b"Connection: x-y"),
    keeps("empty", b"Connection:"),
    keeps("almost-close", b"Connection: closed, xclose, close-x"),
    keeps("keep-alive-parameters", b"Keep-Alive: timeout=0, max=0"),
    keeps("proxy-connection", b"Proxy-Connection: close"),
    keeps("lists-host", b"Connection: Host", why=LISTED, seen=saw("GET", "/t", HOST="a")),
    accept(
        "connection-lists-length",
        post(b"Connection: Content-Length", b"Content-Length: 5", body=b"hello"),
        HELLO,
        why=LISTED,
    ),
    keeps("lists-a-field", b"Connection: X-A", b"X-A: b", why=LISTED),
    # HTTP/1.0
    closes("of-1.0", version=b"1.0", why=OLD),
    closes("of-1.0-close", b"Connection: close", version=b"1.0", why=OLD),
    closes("of-1.0-both", b"Connection: keep-alive, close", version=b"1.0", why=CLOSE),
    closes("of-1.0-proxy-connection", b"Proxy-Connection: keep-alive", version=b"1.0", why=OLD),
    closes("of-1.0-and-next", version=b"1.0", why=OLD, behind=get()),
    keeps("of-1.0-keep-alive", b"Connection: keep-alive", version=b"1.0", why=OLD),
    keeps("of-1.0-keep-alive-capitals", b"Connection: Keep-Alive", version=b"1.0", why=OLD),
    accept(
        "connection-of-1.0-keep-alive-no-host",
        get(b"Connection: keep-alive", version=b"1.0", host=None),
        GOT,
        why=OLD,
    ),
    accept(
        "connection-of-1.0-keep-alive-body",
        post(b"Connection: keep-alive", b"Content-Length: 5", body=b"hello", version=b"1.0"),
        HELLO,
        why=OLD,
    ),
    accept(
        "connection-of-1.0-body-without-length",
        post(body=b"hello", version=b"1.0"),
        saw("POST", "/t"),
        closes=True,
        why="RFC 9112, 6.3: a request without framing has no body",
    ),
    # Upgrade
    keeps(
        "upgrade-websocket", b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13", why=UPGRADE
    ),
    keeps(
        "upgrade-h2c", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk", why=UPGRADE
    ),
    keeps("upgrade-unlisted", b"Upgrade: h2c", why=UPGRADE),
    keeps(
        "upgrade-tls",
        b"Connection: Upgrade",
        b"Upgrade: TLS/1.2",
        why=UPGRADE,
        seen=saw("GET", "/t", UPGRADE="TLS/1.2"),
    ),
    keeps("upgrade-in-1.0", b"Connection: keep-alive, Upgrade", b"Upgrade: h2c", version=b"1.0", why=UPGRADE),
    accept(
        "connection-upgrade-with-body",
        post(b"Connection: Upgrade", b"Upgrade: h2c", b"Content-Length: 5", body=b"hello"),
        HELLO,
        why=UPGRADE,
    ),
    # Expect
    expects("continue", b"Expect: 100-continue", b"Content-Length: 5"),
    expects(
        "continue-chunked", b"Expect: 100-continue", b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"
    ),
    expects("continue-in-capitals", b"Expect: 100-CONTINUE", b"Content-Length: 5"),
    expects("continue-twice", b"Expect: 100-continue", b"Expect: 100-continue", b"Content-Length: 5"),
    expects("continue-without-body", b"Expect: 100-continue", body=b"", seen=saw("POST", "/t")),
    expects("continue-length-zero", b"Expect: 100-continue", b"Content-Length: 0", body=b"", seen=saw("POST", "/t")),
    expects(
        "continue-in-1.0",
        b"Expect: 100-continue",
        b"Content-Length: 5",
        version=b"1.0",
        why="RFC 9110, 10.1.1: ignored in HTTP/1.0",
        closes=True,
    ),
    accept(
        "expect-continue-and-next",
        post(b"Expect: 100-continue", b"Content-Length: 5", body=b"hello") + get(),
        HELLO,
        GOT,
        why=EXPECT,
    ),
    cut("expect-continue-and-nothing", post(b"Expect: 100-continue", b"Content-Length: 5"), 400, why="RFC 9112, 8"),
    refuse(
        "expect-too-much", post(b"Expect: 100-continue", b"Content-Length: 1073741825"), 413, why="RFC 9110, 15.5.14"
    ),
    refuse("expect-malformed", post(b"Expect: 100-continue", b"Content-Length: x"), why="RFC 9110, 8.6"),
    refuse("expect-unknown", get(b"Expect: miracles"), 417, why=UNKNOWN),
    refuse("expect-unknown-with-body", post(b"Expect: x", b"Content-Length: 5", body=b"hello"), 417, why=UNKNOWN),
    refuse("expect-unknown-in-1.0", get(b"Expect: miracles", version=b"1.0"), 417, why=UNKNOWN),
    refuse("expect-list", get(b"Expect: 100-continue, miracles"), 417, why=UNKNOWN),
    refuse("expect-second-unknown", get(b"Expect: 100-continue", b"Expect: x"), 417, why=UNKNOWN),
    refuse("expect-parameter", get(b"Expect: 100-continue; q=1"), 417, why=UNKNOWN),
    refuse("expect-empty", get(b"Expect:"), 417, why=UNKNOWN),
    refuse("expect-almost", get(b"Expect: 100-continued"), 417, why=UNKNOWN),
]
