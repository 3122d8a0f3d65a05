"""Content-Length: RFC 9110, 8.6; RFC 9112, 6.2 and 6.3."""

from __future__ import annotations

from corpus.entry import GOT, HELLO, POSTED, accept, cut, get, post, refuse, saw

DIGITS = "RFC 9110, 8.6: 1*DIGIT; waitress CVE-2022-24761, hyper CVE-2021-32715"
ONE = "RFC 9110, 8.6: a list is one value or refused; RFC 9112, 6.3"
RANGE = "RFC 9110, 8.6: a length that does not fit must not wrap"
WHOLE = "RFC 9112, 8: a body that is not whole is not a request"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def length(name, sent, body=b"hello", *, seen=HELLO, why):
    return accept("length-" + name, post(b"Content-Length:" + sent, body=body), seen, why=why)


def refused(name, sent, status=400, *, why=DIGITS, body=b"hello"):
    return refuse("length-" + name, post(b"Content-Length:" + sent, body=body), status, why=why)


ENTRIES = [
    length("plain", b" 5", why="RFC 9112, 6.3"),
    length("zero", b" 0", b"", seen=POSTED, why="RFC 9112, 6.3"),
    length("zeros", b" 000", b"", seen=POSTED, why="RFC 9110, 8.6: 1*DIGIT"),
    length("leading-zeros", b" 005", why="RFC 9110, 8.6: 1*DIGIT"),
    length("very-many-zeros", b" " + b"0" * 60 + b"5", why="RFC 9110, 8.6: 1*DIGIT"),
    length("no-space", b"5", why="RFC 9112, 5.1"),
    length("white-space-around", b" \t 5 \t ", why="RFC 9112, 5.1"),
    length("body-is-a-request", b" 35", SMUGGLED, seen=saw("POST", "/t", SMUGGLED), why="RFC 9112, 6.3"),
    length("body-is-binary", b" 6", b"\x00\r\n\n\r\xff", seen=saw("POST", "/t", "\x00\r\n\n\r\xff"), why="RFC 9112, 6"),
    accept("length-none", post(), POSTED, why="RFC 9112, 6.3: no framing, no body"),
    accept("length-of-get", get(b"Content-Length: 5") + b"hello", saw("GET", "/t", "hello"), why="RFC 9110, 9.3.1"),
    accept(
        "length-of-delete",
        b"DELETE /t HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        saw("DELETE", "/t", "hello"),
        why="RFC 9110, 9.3.5",
    ),
    accept(
        "length-of-head",
        b"HEAD /t HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        saw("HEAD", "/t", "hello"),
        why="RFC 9112, 6.3: the method changes nothing",
    ),
    accept(
        "length-of-trace",
        b"TRACE /t HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        saw("TRACE", "/t", "hello"),
        why="RFC 9112, 6.3: the method changes nothing",
    ),
    accept("length-name-case", post(b"CONTENT-length: 5", body=b"hello"), HELLO, why="RFC 9110, 5.1"),
    accept(
        "length-in-1.0",
        post(b"Content-Length: 5", body=b"hello", version=b"1.0"),
        HELLO,
        closes=True,
        why="RFC 9112, 6.3",
    ),
    # Not a number
    refused("empty", b""),
    refused("only-spaces", b"  "),
    refused("plus", b" +5"),
    refused("minus", b" -5"),
    refused("minus-zero", b" -0"),
    refused("hexadecimal", b" 0x5"),
    refused("octal", b" 0o5"),
    refused("hexadecimal-digit", b" 5f"),
    refused("exponent", b" 5e0"),
    refused("fraction", b" 5.0"),
    refused("underscore", b" 1_0"),
    refused("thousands", b" 1,000"),
    refused("words", b" five"),
    refused("inner-space", b" 1 0"),
    refused("two-numbers", b" 5 5"),
    refused("inner-tab", b" 5\t5"),
    refused("quoted", b' "5"'),
    refused("semicolon", b" 5;"),
    refused("parameter", b" 5;q=1"),
    refused("letter-behind", b" 5a"),
    refused("unit", b" 5B"),
    refused("chunked", b" chunked"),
    refused("nul", b" 5\x00"),
    refused("vertical-tab", b" \x0b5"),
    refused("form-feed", b" 5\x0c"),
    refused("no-break-space", b" \xa05"),
    refused("next-line", b" 5\x85"),
    refused("superscript", b" \xb2"),
    refused("arabic-digit", " \u0665".encode()),
    refused("full-width-digit", " \uff15".encode()),
    refused("cr", b" 5\r0"),
    refused("lf", b" 5\n0"),
    # More than one
    refused("list-equal", b" 5,5", why=ONE),
    refused("list-equal-spaced", b" 5, 5", why=ONE),
    refused("list-different", b" 5, 6", why=ONE),
    refused("list-empty-behind", b" 5,", why=ONE),
    refused("list-empty-before", b" ,5", why=ONE),
    refused("twice-equal", b" 5\r\nContent-Length: 5", why=ONE),
    refused("twice-different", b" 5\r\nContent-Length: 6", why=ONE),
    refused("twice-smaller-last", b" 60\r\nContent-Length: 0", why=ONE),
    refused("twice-zero", b" 0\r\nContent-Length: 0", why=ONE, body=b""),
    refused("twice-in-other-case", b" 5\r\ncontent-length: 0", why=ONE),
    refused("twice-apart", b" 5\r\nX: y\r\nZ: z\r\nContent-Length: 0", why=ONE),
    refused("twice-one-empty", b" 5\r\nContent-Length:", why=ONE),
    refused("twice-one-malformed", b" 5\r\nContent-Length: x", why=ONE),
    refused("twice-leading-zero", b" 5\r\nContent-Length: 05", why=ONE),
    refused("thrice", b" 5\r\nContent-Length: 5\r\nContent-Length: 5", why=ONE),
    refuse("length-twice-in-1.0", post(b"Content-Length: 5", b"Content-Length: 0", version=b"1.0"), why=ONE),
    # Too large
    refused("gibibyte-and-one", b" 1073741825", 413, why="RFC 9110, 15.5.14"),
    refused("63-bits", b" 9223372036854775807", 413, why="RFC 9110, 15.5.14"),
    refused("64-bits", b" 9223372036854775808", why=RANGE),
    refused("64-bits-unsigned", b" 18446744073709551615", why=RANGE),
    refused("65-bits", b" 18446744073709551616", why=RANGE),
    refused("wraps-to-5", b" 18446744073709551621", why=RANGE),
    refused("32-bits-and-5", b" 4294967301", 413, why="RFC 9110, 15.5.14"),
    refused("40-digits", b" " + b"9" * 40, why=RANGE),
    refused("thousand-digits", b" 1" + b"0" * 1000, why=RANGE),
    # Bodies that end too soon
    cut("length-body-missing", post(b"Content-Length: 5"), 400, why=WHOLE),
    cut("length-body-short", post(b"Content-Length: 5", body=b"hell"), 400, why=WHOLE),
    cut("length-body-whole", post(b"Content-Length: 5", body=b"hello"), why=WHOLE, after=[HELLO]),
    cut("length-second-body-short", get() + post(b"Content-Length: 5", body=b"h"), 400, after=[GOT], why=WHOLE),
]
