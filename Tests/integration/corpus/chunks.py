"""The chunked coding: sizes, data and their line ends (RFC 9112, 7.1)."""

from __future__ import annotations

from corpus.entry import GOT, HELLO, POSTED, accept, chunked, cut, get, refuse, saw

SIZE = "RFC 9112, 7.1: chunk-size is 1*HEXDIG"
RANGE = "RFC 9112, 7.1: a size that does not fit must not wrap; hyper CVE-2021-32714"
LINE_ENDS = "RFC 9112, 7.1 and 2.2: CRLF ends the line of a size"
DATA = "RFC 9112, 7.1: CRLF ends the data of a chunk"
END = "RFC 9112, 7.1: CRLF ends the body"
WHOLE = "RFC 9112, 8: a body without its last chunk is not whole"
TAIL = b"\r\nhello\r\n0\r\n\r\n"


def body(name, sent, seen=HELLO, *, why):
    return accept("chunk-" + name, chunked(sent), seen, why=why)


def size(name, sent, status=400, *, why=SIZE):
    return refuse("chunk-size-" + name, chunked(sent + TAIL), status, why=why)


def refused(name, sent, *, why):
    return refuse("chunk-" + name, chunked(sent), why=why)


ENTRIES = [
    body("one", b"5" + TAIL, why=SIZE),
    body("two", b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", why=SIZE),
    body("of-one-byte-each", b"1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n", why=SIZE),
    body("lower-case", b"a\r\n0123456789\r\n0\r\n\r\n", saw("POST", "/t", "0123456789"), why=SIZE),
    body("upper-case", b"A\r\n0123456789\r\n0\r\n\r\n", saw("POST", "/t", "0123456789"), why=SIZE),
    body("two-digits", b"10\r\n0123456789abcdef\r\n0\r\n\r\n", saw("POST", "/t", "0123456789abcdef"), why=SIZE),
    body("leading-zero", b"05" + TAIL, why=SIZE),
    body("sixteen-digits", b"0000000000000005" + TAIL, why=SIZE),
    body("last-of-many-zeros", b"5\r\nhello\r\n0000000000000000\r\n\r\n", why='RFC 9112, 7.1: last-chunk is 1*("0")'),
    body("data-looks-like-the-end", b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", saw("POST", "/t", "0\r\n\r\n"), why=DATA),
    body("data-is-crlf", b"2\r\n\r\n\r\n0\r\n\r\n", saw("POST", "/t", "\r\n"), why=DATA),
    body("data-is-lf", b"1\r\n\n\r\n0\r\n\r\n", saw("POST", "/t", "\n"), why=DATA),
    body("data-is-nul", b"1\r\n\x00\r\n0\r\n\r\n", saw("POST", "/t", "\x00"), why=DATA),
    body(
        "data-is-a-request",
        b"23\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\n\r\n",
        saw("POST", "/t", "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"),
        why=DATA,
    ),
    body("empty", b"0\r\n\r\n", POSTED, why=SIZE),
    # Sizes
    size("empty", b""),
    size("not-hexadecimal", b"g"),
    size("prefix", b"0x5"),
    size("prefix-capital", b"0X5"),
    size("suffix", b"5h"),
    size("plus", b"+5"),
    size("minus", b"-5"),
    size("minus-zero", b"-0"),
    size("underscore", b"0_5"),
    size("fraction", b"5.0"),
    size("comma", b"5,5"),
    size("quoted", b'"5"'),
    size("leading-space", b" 5"),
    size("leading-tab", b"\t5"),
    size("leading-crlf", b"\r\n5"),
    size("leading-lf", b"\n5"),
    size("leading-semicolon", b";5"),
    size("trailing-space", b"5 ", why="RFC 9112, 7.1: white space only before an extension"),
    size("trailing-tab", b"5\t", why="RFC 9112, 7.1: white space only before an extension"),
    size("trailing-spaces", b"5    ", why="RFC 9112, 7.1: white space only before an extension"),
    size("inner-space", b"5 5"),
    size("space-and-word", b"5 a"),
    size("vertical-tab", b"5\x0b"),
    size("form-feed", b"\x0c5"),
    size("nul", b"5\x00"),
    size("no-break-space", b"5\xa0"),
    size("arabic-digit", "\u0665".encode()),
    size("equals", b"5=5"),
    size("colon", b"5:5"),
    size("seventeen-digits", b"00000000000000005", why="more than 64 bits hold, even of zeros"),
    size("65-bits", b"10000000000000000", why=RANGE),
    size("wraps-to-5", b"10000000000000005", why=RANGE),
    size("64-bits", b"ffffffffffffffff", why=RANGE),
    size("sign-bit", b"8000000000000005", why=RANGE),
    size("hundred-digits", b"f" * 100, why=RANGE),
    size("63-bits", b"7fffffffffffffff", 413, why="RFC 9110, 15.5.14"),
    size("gibibyte-and-one", b"40000001", 413, why="RFC 9110, 15.5.14"),
    size("32-bits-and-5", b"100000005", 413, why="RFC 9110, 15.5.14"),
    # The end of their line
    refused("size-lf", b"5\nhello\r\n0\r\n\r\n", why=LINE_ENDS),
    refused("size-cr", b"5\rhello\r\n0\r\n\r\n", why=LINE_ENDS),
    refused("size-cr-cr-lf", b"5\r\r\nhello\r\n0\r\n\r\n", why=LINE_ENDS),
    refused("size-lf-cr", b"5\n\rhello\r\n0\r\n\r\n", why=LINE_ENDS),
    refused("size-lf-lf", b"5\n\nhello\r\n0\r\n\r\n", why=LINE_ENDS),
    refused("size-crlf-any-second", b"5\rXhello\r\n0\r\n\r\n", why=LINE_ENDS),
    refused("last-lf", b"5\r\nhello\r\n0\n\r\n", why=LINE_ENDS),
    refused("last-cr", b"5\r\nhello\r\n0\r\r\n", why=LINE_ENDS),
    refused("last-no-line-end", b"5\r\nhello\r\n0GET /2 HTTP/1.1\r\n\r\n", why=LINE_ENDS),
    # The end of their data
    refused("data-too-long", b"5\r\nhelloX\r\n0\r\n\r\n", why=DATA),
    refused("data-too-short", b"6\r\nhello\r\n0\r\n\r\n", why=DATA),
    refused("data-much-too-long", b"1\r\nhello\r\n0\r\n\r\n", why=DATA),
    refused("data-no-end", b"5\r\nhello0\r\n\r\n", why=DATA),
    refused("data-lf", b"5\r\nhello\n0\r\n\r\n", why=DATA),
    refused("data-cr", b"5\r\nhello\r0\r\n\r\n", why=DATA),
    refused("data-any-two-bytes", b"5\r\nhelloXY0\r\n\r\n", why=DATA),
    refused("data-cr-any", b"5\r\nhello\rX0\r\n\r\n", why=DATA),
    refused("data-lf-cr", b"5\r\nhello\n\r0\r\n\r\n", why=DATA),
    refused("data-two-crlf", b"5\r\nhello\r\n\r\n0\r\n\r\n", why=DATA),
    refused("data-space", b"5\r\nhello \r\n0\r\n\r\n", why=DATA),
    # The end of the body
    refused("end-lf", b"5\r\nhello\r\n0\r\n\n", why=END),
    refused("end-cr", b"5\r\nhello\r\n0\r\n\rX", why=END),
    refused("end-cr-cr-lf", b"5\r\nhello\r\n0\r\n\r\r\n", why=END),
    refused("end-space", b"5\r\nhello\r\n0\r\n \r\n", why=END),
    refused("end-missing", b"5\r\nhello\r\n0\r\n", why="RFC 9112, 7.1.2: a request line is no trailer"),
    # Cut off
    cut("chunk-cut-before-size", chunked(b""), 400, why=WHOLE),
    cut("chunk-cut-in-size", chunked(b"5"), 400, why=WHOLE),
    cut("chunk-cut-in-line-end", chunked(b"5\r"), 400, why=WHOLE),
    cut("chunk-cut-before-data", chunked(b"5\r\n"), 400, why=WHOLE),
    cut("chunk-cut-in-data", chunked(b"5\r\nhel"), 400, why=WHOLE),
    cut("chunk-cut-behind-data", chunked(b"5\r\nhello"), 400, why=WHOLE),
    cut("chunk-cut-between", chunked(b"5\r\nhello\r\n"), 400, why=WHOLE),
    cut("chunk-cut-in-last", chunked(b"5\r\nhello\r\n0"), 400, why=WHOLE),
    cut("chunk-cut-behind-last", chunked(b"5\r\nhello\r\n0\r\n"), 400, why=WHOLE),
    cut("chunk-cut-in-end", chunked(b"5\r\nhello\r\n0\r\n\r"), 400, why=WHOLE),
    cut("chunk-cut-in-trailer", chunked(b"0\r\nX: y"), 400, why=WHOLE),
    cut("chunk-cut-in-extension", chunked(b"5;a"), 400, why=WHOLE),
    cut("chunk-cut-of-a-gibibyte", chunked(b"40000000\r\nhello"), 400, why=WHOLE),
    cut("chunk-cut-behind-all", get() + chunked(b"5" + TAIL), after=[GOT, HELLO], why=WHOLE),
]
