"""Field lines: RFC 9112, 5; RFC 9110, 5."""

from __future__ import annotations

from corpus.entry import GOT, accept, get, refuse, saw

NAME = "RFC 9110, 5.1: a field name is a token"
COLON = "RFC 9112, 5.1: no white space between name and colon"
VALUE = "RFC 9110, 5.5: no control characters in a value"
FOLD = "RFC 9112, 5.2: no folding"
LINE_ENDS = "RFC 9112, 2.2: CRLF ends a line"
SPACE = "RFC 9112, 5.1: optional white space around a value is not part of it"
TWINS = "two spellings of one variable; Django CVE-2015-0219"
ALMOST = "RFC 9110, 5.1: another name, and so no framing"


def field(name, sent, *, why, **fields):
    """A GET with these field lines, of which the application sees these."""
    return accept("field-" + name, get(*sent), saw("GET", "/t", **fields), why=why)


def refused(name, *sent, why):
    return refuse("field-" + name, get(*sent), why=why)


ENTRIES = [
    field("plain", [b"X-A: b"], X_A="b", why="RFC 9112, 5"),
    field("no-space", [b"X-A:b"], X_A="b", why=SPACE),
    field("spaces-and-tabs", [b"X-A: \t  b \t "], X_A="b", why=SPACE),
    field("empty", [b"X-A:"], X_A="", why="RFC 9110, 5.5"),
    field("only-spaces", [b"X-A: \t "], X_A="", why=SPACE),
    field("inner-spaces", [b"X-A: b \t c"], X_A="b \t c", why="RFC 9110, 5.5"),
    field("colons", [b"X-A: b: c:"], X_A="b: c:", why="RFC 9112, 5"),
    field("leading-colon", [b"X-A:: b"], X_A=": b", why="RFC 9112, 5: the first colon ends the name"),
    field("obs-text", [b"X-A: \x80\xff"], X_A="\x80\xff", why="RFC 9110, 5.5: opaque"),
    field("utf-8", ["X-A: é".encode()], X_A="\xc3\xa9", why="RFC 9110, 5.5: opaque"),
    field("quotes", [b'X-A: "b, \\"c"'], X_A='"b, \\"c"', why="RFC 9110, 5.6.4"),
    field("name-case", [b"x-a: b"], X_A="b", why="RFC 9110, 5.1: names ignore case"),
    field("name-symbols", [b"!#$%&'*+-.^`|~19aZ: b"], why=NAME),
    field("twice", [b"X-A: b", b"x-a: c"], X_A="b, c", why="RFC 9110, 5.3: one list, in order"),
    field("cookies", [b"Cookie: b=1", b"Cookie: c=2"], COOKIE="b=1; c=2", why="RFC 6265, 4.2.1; RFC 9110, 5.3"),
    field("twin-alone", [b"X_A: forged"], X_A=None, why=TWINS),
    field("twin-behind", [b"X-A: b", b"X_A: forged"], X_A="b", why=TWINS),
    field("twin-before", [b"X_A: forged", b"X-A: b"], X_A="b", why=TWINS),
    field("twin-of-host", [b"H_ost: b", b"_Host: b"], HOST="a", why=TWINS),
    field("twin-of-length", [b"Content_Length: 5"], why=TWINS),
    field("twin-of-coding", [b"Transfer_Encoding: chunked"], why=TWINS),
    field("proxy", [b"Proxy: http://b"], PROXY=None, why="httpoxy CVE-2016-5388"),
    field("almost-length", [b"X-Content-Length: 5", b"Content-Length-X: 5"], why=ALMOST),
    field("almost-coding", [b"X-Transfer-Encoding: chunked", b"Transfer-Encodings: chunked"], why=ALMOST),
    field("almost-host", [b"Hosts: b", b"X-Host: b"], HOST="a", why=ALMOST),
    field("content-coding", [b"Content-Encoding: chunked"], why="RFC 9110, 8.4: no framing"),
    field("te", [b"TE: trailers"], TE="trailers", why="RFC 9110, 10.1.4"),
    field("te-list", [b"TE: trailers, deflate;q=0.5", b"Connection: TE"], why="RFC 9110, 10.1.4"),
    field("te-chunked", [b"TE: chunked"], why="RFC 9110, 10.1.4: no framing"),
    field("trailer", [b"Trailer: Content-Length"], why="RFC 9110, 6.6.2: announces only"),
    field("upgrade-insecure", [b"Upgrade-Insecure-Requests: 1"], why="RFC 9110, 5.1"),
    # Between name and colon
    refused("space-before-colon", b"X-A : b", why=COLON),
    refused("tab-before-colon", b"X-A\t: b", why=COLON),
    refused("spaces-before-colon", b"X-A  \t : b", why=COLON),
    refused("space-before-colon-of-length", b"Content-Length : 5", why=COLON),
    refused("space-before-colon-of-coding", b"Transfer-Encoding : chunked", why=COLON),
    refuse("field-space-before-colon-of-host", b"GET /t HTTP/1.1\r\nHost : a\r\n\r\n", why=COLON),
    refused("vertical-tab-before-colon", b"X-A\x0b: b", why=COLON),
    refused("no-break-space-before-colon", b"X-A\xa0: b", why=COLON),
    refused("nul-before-colon", b"X-A\x00: b", why=COLON),
    # Names
    refused("no-name", b": b", why=NAME),
    refused("no-colon", b"X-A", why="RFC 9112, 5"),
    refused("no-colon-but-value", b"X-A b", why="RFC 9112, 5"),
    refused("only-colon", b":", why=NAME),
    refused("space-in-name", b"X A: b", why=NAME),
    refused("name-parenthesis", b"X(A): b", why=NAME),
    refused("name-angle", b"<X>: b", why=NAME),
    refused("name-at", b"X@A: b", why=NAME),
    refused("name-comma", b"X,A: b", why=NAME),
    refused("name-semicolon", b"X;A: b", why=NAME),
    refused("name-backslash", b"X\\A: b", why=NAME),
    refused("name-quoted", b'"X-A": b', why=NAME),
    refused("name-slash", b"X/A: b", why=NAME),
    refused("name-bracket", b"X[A]: b", why=NAME),
    refused("name-question", b"X?: b", why=NAME),
    refused("name-equals", b"X=A: b", why=NAME),
    refused("name-brace", b"{X}: b", why=NAME),
    refused("name-nul", b"X\x00A: b", why=NAME),
    refused("name-control", b"X\x01A: b", why=NAME),
    refused("name-delete", b"X\x7fA: b", why=NAME),
    refused("name-obs-text", b"X-\xe4: b", why=NAME),
    refused("name-byte-order-mark", b"\xef\xbb\xbfX-A: b", why=NAME),
    refused("name-cr", b"X\rA: b", why=NAME),
    refused("name-lf", b"X\nA: b", why=NAME),
    refused("second-request-line", b"GET /2 HTTP/1.1", why="RFC 9112, 5"),
    # Folding
    refused("fold-space", b"X-A: b", b" c", why=FOLD),
    refused("fold-tab", b"X-A: b", b"\tc", why=FOLD),
    refused("fold-of-nothing", b"X-A: b", b" ", why=FOLD),
    refused("fold-looks-like-field", b"X-A: b", b" Content-Length: 5", why=FOLD),
    refused("fold-of-host", b" b", why=FOLD),
    refused("fold-of-length", b"Content-Length:", b" 5", why=FOLD),
    refused("fold-of-coding", b"Transfer-Encoding:", b" chunked", why=FOLD),
    refuse("field-space-before-first", b"GET /t HTTP/1.1\r\n Host: a\r\n\r\n", why="RFC 9112, 2.2"),
    refuse("field-tab-before-first", b"GET /t HTTP/1.1\r\n\tX: y\r\nHost: a\r\n\r\n", why="RFC 9112, 2.2"),
    refuse("field-space-line-first", b"GET /t HTTP/1.1\r\n \r\nHost: a\r\n\r\n", why="RFC 9112, 2.2"),
    # Values
    refused("value-nul", b"X-A: b\x00c", why=VALUE),
    refused("value-soh", b"X-A: \x01", why=VALUE),
    refused("value-bell", b"X-A: b\x07", why=VALUE),
    refused("value-backspace", b"X-A: b\x08", why=VALUE),
    refused("value-vertical-tab", b"X-A: \x0bb", why=VALUE),
    refused("value-form-feed", b"X-A: b\x0c", why=VALUE),
    refused("value-escape", b"X-A: \x1b[2J", why=VALUE),
    refused("value-unit-separator", b"X-A: b\x1fc", why=VALUE),
    refused("value-delete", b"X-A: b\x7fc", why=VALUE),
    refused("value-cr", b"X-A: b\rc", why="RFC 9112, 2.2: a bare CR is invalid"),
    refused("value-cr-fold", b"X-A: b\r c", why="RFC 9112, 2.2: a bare CR is invalid"),
    refused("value-lf", b"X-A: b\nX-B: c", why=LINE_ENDS),
    refused("value-lf-smuggles-length", b"X-A: b\nContent-Length: 60", why=LINE_ENDS),
    refused("value-cr-smuggles-coding", b"X-A: b\rTransfer-Encoding: chunked", why=LINE_ENDS),
    refused("value-nul-before-length", b"X-A: \x00", b"Content-Length: 60", why=VALUE),
    # Line ends
    refused("cr-cr-lf", b"X-A: b\r", why=LINE_ENDS),
    refuse("field-lf", b"GET /t HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n", why=LINE_ENDS),
    refuse("field-lf-cr", b"GET /t HTTP/1.1\r\nHost: a\n\rX-A: b\r\n\r\n", why=LINE_ENDS),
    refuse("field-cr", b"GET /t HTTP/1.1\r\nHost: a\rX-A: b\r\n\r\n", why=LINE_ENDS),
    refuse("head-end-lf", b"GET /t HTTP/1.1\r\nHost: a\r\n\n", why=LINE_ENDS),
    refuse("head-end-lf-lf", b"GET /t HTTP/1.1\r\nHost: a\n\n", why=LINE_ENDS),
    refuse("head-end-lf-crlf", b"GET /t HTTP/1.1\r\nHost: a\n\r\n", why=LINE_ENDS),
    refuse("head-end-cr", b"GET /t HTTP/1.1\r\nHost: a\r\n\rX", why=LINE_ENDS),
    refuse("head-end-cr-cr-lf", b"GET /t HTTP/1.1\r\nHost: a\r\n\r\r\n", why=LINE_ENDS),
    refuse("head-end-space", b"GET /t HTTP/1.1\r\nHost: a\r\n \r\n\r\n", why=FOLD),
    accept("head-without-fields", b"GET /t HTTP/1.0\r\n\r\n", GOT, closes=True, why="RFC 9112, 2.1"),
]
