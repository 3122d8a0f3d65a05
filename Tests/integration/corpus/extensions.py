"""Chunk extensions: RFC 9112, 7.1.1."""

from __future__ import annotations

from corpus.entry import HELLO, accept, chunked, refuse, saw

GRAMMAR = "RFC 9112, 7.1.1"
SPACE = "RFC 9112, 7.1.1; RFC 9110, 5.6.3: bad white space is removed"
LINE_ENDS = "RFC 9112, 7.1.1 and 2.2: no line end within an extension"
QUOTED = "RFC 9110, 5.6.4"
BOUND = "a bound on what is read for nothing; Go CVE-2023-39326"
LAST = b"\r\nhello\r\n0\r\n\r\n"


def extended(name, sent, *, why=GRAMMAR):
    return accept("extension-" + name, chunked(b"5" + sent + LAST), HELLO, why=why)


def refused(name, sent, *, why=GRAMMAR):
    return refuse("extension-" + name, chunked(b"5" + sent + LAST), why=why)


def many(total: int) -> bytes:
    """A body with this many bytes of extensions, in several lines."""
    sent = b""
    while total > 0:
        sent += b"1;" + b"a" * (min(total, 4000) - 1) + b"\r\nx\r\n"
        total -= min(total, 4000)
    return sent + b"0\r\n\r\n"


ENTRIES = [
    extended("name", b";a"),
    extended("value", b";a=b"),
    extended("symbols", b";!#$%&'*+-.^_`|~=!#$%&'*+-.^_`|~"),
    extended("quoted", b';a="b c"', why=QUOTED),
    extended("quoted-empty", b';a=""', why=QUOTED),
    extended("quoted-semicolon", b';a=";b=c"', why=QUOTED),
    extended("quoted-escape", b';a="\\"\\\\"', why=QUOTED),
    extended("quoted-tab", b';a="\t"', why=QUOTED),
    extended("quoted-obs-text", b';a="\xe4"', why=QUOTED),
    extended("two", b';a;b="c"'),
    extended("white-space", b" ; a = b", why=SPACE),
    extended("tabs", b'\t;\ta\t=\t"b"', why=SPACE),
    extended("white-space-between", b";a ; b", why=SPACE),
    accept("extension-of-last", chunked(b'5\r\nhello\r\n0;a="b"\r\n\r\n'), HELLO, why=GRAMMAR),
    extended("65536-in-one-line", b";" + b"a" * 65_535, why=BOUND),
    refused("65537-in-one-line", b";" + b"a" * 65_536, why=BOUND),
    refused("endless", b";" + b"a" * 200_000, why=BOUND),
    accept("extension-65536-in-all", chunked(many(65_536)), saw("POST", "/t", b"x" * 17), why=BOUND),
    refuse("extension-65537-in-all", chunked(many(65_537)), why=BOUND),
    # Line ends within
    refused("lf", b";a\nb", why=LINE_ENDS),
    refused("cr", b";a\rb", why=LINE_ENDS),
    refused("lf-at-end", b";a\n", why=LINE_ENDS),
    refused("lf-before-name", b";\na", why=LINE_ENDS),
    refused("cr-cr-lf", b";a\r", why=LINE_ENDS),
    refused("lf-in-value", b";a=\nb", why=LINE_ENDS),
    refused("quoted-lf", b';a="\n"', why=LINE_ENDS),
    refused("quoted-cr", b';a="\r"', why=LINE_ENDS),
    refused("quoted-crlf", b';a="\r\n"', why=LINE_ENDS),
    refused("quoted-escaped-lf", b';a="\\\n"', why=LINE_ENDS),
    refused("quoted-crlf-smuggles", b';a="\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"', why=LINE_ENDS),
    refused("lf-smuggles", b";\nhello\r\n0\r\n\r\n", why=LINE_ENDS),
    # The grammar
    refused("empty", b";"),
    refused("two-semicolons", b";;a"),
    refused("semicolon-at-end", b";a;"),
    refused("no-name", b";=b"),
    refused("no-value", b";a="),
    refused("two-equals", b";a==b"),
    refused("two-values", b";a=b=c"),
    refused("unclosed", b';a="b', why=QUOTED),
    refused("escape-at-end", b';a="b\\', why=QUOTED),
    refused("behind-quoted", b';a="b"c', why=QUOTED),
    refused("quoted-name", b';"a"', why=QUOTED),
    refused("single-comma", b";a,b"),
    refused("no-semicolon", b" a"),
    refused("two-words", b";a b"),
    refused("space-at-end", b";a "),
    refused("space-behind-value", b";a=b "),
    refused("parenthesis", b";(a)"),
    refused("nul", b";a\x00"),
    refused("delete", b";a\x7f"),
    refused("obs-text", b";\xe4"),
    refused("quoted-nul", b';a="\x00"', why=QUOTED),
    refused("vertical-tab", b";\x0ba"),
]
