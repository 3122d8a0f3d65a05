"""Transfer-Encoding: RFC 9112, 6.1 and 6.3."""

from __future__ import annotations

from corpus.entry import GOT, HELLO, POSTED, accept, get, post, refuse, saw

BOTH = "RFC 9112, 6.1: with Content-Length it is an attempt at smuggling; gunicorn CVE-2024-1135"
ONCE = "RFC 9112, 6.1: chunked is applied once, and last; gunicorn CVE-2024-6827"
KNOWN = "RFC 9112, 6.1: a coding that is not understood"
EXACT = "RFC 9112, 6.1; RFC 9110, 5.6.3: only space and tab are white space; waitress CVE-2019-16789"
OLD = "RFC 9112, 6.1: faulty framing in HTTP/1.0"
COLON = "RFC 9112, 5.1: no white space between name and colon"
BODY = b"5\r\nhello\r\n0\r\n\r\n"
LAST = b"0\r\n\r\n"


def coding(name, sent, *, why):
    return accept("coding-" + name, post(sent, body=BODY), HELLO, why=why)


def refused(name, *sent, why, body=LAST, version=b"1.1"):
    return refuse("coding-" + name, post(*sent, body=body, version=version), why=why)


ENTRIES = [
    coding("chunked", b"Transfer-Encoding: chunked", why="RFC 9112, 6.3"),
    coding("capitals", b"Transfer-Encoding: CHUNKED", why="RFC 9112, 7: names of codings ignore case"),
    coding("mixed-case", b"Transfer-Encoding: ChUnKeD", why="RFC 9112, 7: names of codings ignore case"),
    coding("name-case", b"tRANSFER-eNCODING: chunked", why="RFC 9110, 5.1"),
    coding("no-space", b"Transfer-Encoding:chunked", why="RFC 9112, 5.1"),
    coding("white-space-around", b"Transfer-Encoding: \t chunked\t ", why="RFC 9112, 5.1"),
    coding(
        "listed-in-connection", b"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked", why="RFC 9110, 7.6.1"
    ),
    coding("beside-te", b"TE: gzip\r\nTransfer-Encoding: chunked", why="RFC 9110, 10.1.4"),
    coding("in-1.2", b"X: HTTP/1.0\r\nTransfer-Encoding: chunked", why="RFC 9112, 6.1"),
    accept("coding-empty-body", post(b"Transfer-Encoding: chunked", body=LAST), POSTED, why="RFC 9112, 7.1"),
    accept("coding-of-get", get(b"Transfer-Encoding: chunked") + BODY, saw("GET", "/t", "hello"), why="RFC 9112, 6.3"),
    accept("coding-not-shown", post(b"Transfer-Encoding: chunked", body=BODY), HELLO, why="RFC 9112, 7.1.3"),
    # Beside Content-Length
    refused("and-length", b"Transfer-Encoding: chunked", b"Content-Length: 5", why=BOTH),
    refused("behind-length", b"Content-Length: 5", b"Transfer-Encoding: chunked", why=BOTH),
    refused("and-length-zero", b"Transfer-Encoding: chunked", b"Content-Length: 0", why=BOTH),
    refused("and-right-length", b"Transfer-Encoding: chunked", b"Content-Length: 15", why=BOTH, body=BODY),
    refused("and-bad-length", b"Transfer-Encoding: chunked", b"Content-Length: x", why=BOTH),
    refused("and-empty-length", b"Transfer-Encoding: chunked", b"Content-Length:", why=BOTH),
    refused("and-length-apart", b"Transfer-Encoding: chunked", b"X: y", b"Z: z", b"Content-Length: 5", why=BOTH),
    refused("and-length-in-other-case", b"transfer-encoding: Chunked", b"content-LENGTH: 5", why=BOTH),
    refused("unknown-and-length", b"Transfer-Encoding: x", b"Content-Length: 5", why=BOTH),
    refused("identity-and-length", b"Transfer-Encoding: identity", b"Content-Length: 5", why=BOTH, body=b"hello"),
    refused("empty-and-length", b"Transfer-Encoding:", b"Content-Length: 5", why=BOTH, body=b"hello"),
    # In HTTP/1.0
    refused("in-1.0", b"Transfer-Encoding: chunked", why=OLD, version=b"1.0"),
    refused("in-1.0-kept-alive", b"Transfer-Encoding: chunked", b"Connection: keep-alive", why=OLD, version=b"1.0"),
    refused("in-1.0-and-length", b"Transfer-Encoding: chunked", b"Content-Length: 5", why=OLD, version=b"1.0"),
    # More than one, or another
    refused("twice", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", why=ONCE),
    refused("twice-in-other-case", b"Transfer-Encoding: chunked", b"transfer-encoding: CHUNKED", why=ONCE),
    refused("chunked-then-identity", b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", why=ONCE),
    refused("identity-then-chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: chunked", why=ONCE),
    refused("chunked-then-unknown", b"Transfer-Encoding: chunked", b"Transfer-Encoding: cow", why=ONCE),
    refused("chunked-then-empty", b"Transfer-Encoding: chunked", b"Transfer-Encoding:", why=ONCE),
    refused("chunked-twice", b"Transfer-Encoding: chunked, chunked", why=ONCE),
    refused("chunked-identity", b"Transfer-Encoding: chunked, identity", why=ONCE),
    refused("identity-chunked", b"Transfer-Encoding: identity, chunked", why=KNOWN),
    refused("chunked-gzip", b"Transfer-Encoding: chunked, gzip", why=ONCE),
    refused("gzip-chunked", b"Transfer-Encoding: gzip, chunked", why=KNOWN),
    refused("gzip", b"Transfer-Encoding: gzip", why=KNOWN),
    refused("compress", b"Transfer-Encoding: compress", why=KNOWN),
    refused("identity", b"Transfer-Encoding: identity", why=KNOWN),
    refused("trailers", b"Transfer-Encoding: trailers", why=KNOWN),
    refused("x-chunked", b"Transfer-Encoding: x-chunked", why=KNOWN),
    refused("xchunked", b"Transfer-Encoding: xchunked", why=KNOWN),
    refused("chunkedx", b"Transfer-Encoding: chunkedx", why=KNOWN),
    refused("chunke", b"Transfer-Encoding: chunke", why=KNOWN),
    refused("chunked-chunked", b"Transfer-Encoding: chunkedchunked", why=KNOWN),
    # Almost chunked
    refused("empty", b"Transfer-Encoding:", why=EXACT),
    refused("only-spaces", b"Transfer-Encoding: \t ", why=EXACT),
    refused("quoted", b'Transfer-Encoding: "chunked"', why=EXACT),
    refused("single-quoted", b"Transfer-Encoding: 'chunked'", why=EXACT),
    refused("parameter", b"Transfer-Encoding: chunked;q=1", why="RFC 9112, 7.1: chunked has no parameters"),
    refused("semicolon", b"Transfer-Encoding: chunked;", why="RFC 9112, 7.1: chunked has no parameters"),
    refused("comma-behind", b"Transfer-Encoding: chunked,", why=EXACT),
    refused("comma-before", b"Transfer-Encoding: ,chunked", why=EXACT),
    refused("colon", b"Transfer-Encoding: : chunked", why=EXACT),
    refused("equals", b"Transfer-Encoding: =chunked", why=EXACT),
    refused("space-within", b"Transfer-Encoding: chun ked", why=EXACT),
    refused("tab-within", b"Transfer-Encoding: chunked\tidentity", why=EXACT),
    refused("vertical-tab-before", b"Transfer-Encoding: \x0bchunked", why=EXACT),
    refused("vertical-tab-behind", b"Transfer-Encoding: chunked\x0b", why=EXACT),
    refused("form-feed", b"Transfer-Encoding: \x0cchunked", why=EXACT),
    refused("no-break-space", b"Transfer-Encoding: \xa0chunked", why=EXACT),
    refused("next-line", b"Transfer-Encoding: chunked\x85", why=EXACT),
    refused("byte-order-mark", b"Transfer-Encoding: \xef\xbb\xbfchunked", why=EXACT),
    refused("kelvin-sign", "Transfer-Encoding: chun\u212aed".encode(), why=EXACT),
    refused("nul-behind", b"Transfer-Encoding: chunked\x00", why=EXACT),
    refused("nul-before", b"Transfer-Encoding: \x00chunked", why=EXACT),
    refused("cr-before", b"Transfer-Encoding: \rchunked", why=EXACT),
    refused("lf-before", b"Transfer-Encoding: \nchunked", why=EXACT),
    refused("cr-behind", b"Transfer-Encoding: chunked\r", why=EXACT),
    # Almost its name
    refused("space-before-colon", b"Transfer-Encoding : chunked", why=COLON),
    refused("tab-before-colon", b"Transfer-Encoding\t: chunked", why=COLON),
    refused("vertical-tab-before-colon", b"Transfer-Encoding\x0b: chunked", why=COLON),
    refused("space-before-name", b" Transfer-Encoding: chunked", why="RFC 9112, 5.2"),
    refused("space-in-name", b"Transfer Encoding: chunked", why="RFC 9110, 5.1"),
    refused("cr-before-name", b"X: y\rTransfer-Encoding: chunked", why="RFC 9112, 2.2"),
    refused("lf-before-name", b"X: y\nTransfer-Encoding: chunked", why="RFC 9112, 2.2"),
    refused("no-value-separator", b"Transfer-Encoding chunked", why="RFC 9112, 5"),
    accept("coding-not-sent", post(b"Content-Length: 0"), POSTED, why="RFC 9112, 6.3"),
    accept("coding-none-of-get", get(), GOT, why="RFC 9112, 6.3"),
]
