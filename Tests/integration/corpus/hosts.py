"""The Host field: RFC 9112, 3.2; RFC 9110, 7.2."""

from __future__ import annotations

from corpus.entry import GOT, accept, get, refuse, saw

ONE = "RFC 9112, 3.2: just one in HTTP/1.1"
VALID = "RFC 9112, 3.2: a Host that is no host and port is 400"
SYNTAX = "RFC 9110, 7.2: uri-host and port"
ALSO = "RFC 9112, 3.2.2: a Host is needed beside an absolute target, too"


def host(name, sent, *, seen=None, why=SYNTAX):
    return accept("host-" + name, get(host=sent), saw("GET", "/t", HOST=seen or sent.decode()), why=why)


def refused(name, sent, *, why=VALID):
    return refuse("host-" + name, get(host=sent), why=why)


ENTRIES = [
    host("name", b"www.example.com"),
    host("port", b"a:8080"),
    host("largest-port", b"a:65535"),
    host("empty-port", b"a:", why="RFC 3986, 6.2.3: as if there were none"),
    host("capitals", b"WWW.Example.COM"),
    host("trailing-dot", b"a."),
    host("underscore", b"a_b"),
    host("escape", b"a%2Db", why="RFC 3986, 3.2.2"),
    host("sub-delimiters", b"a!$&'()*+;=b", why="RFC 3986, 3.2.2"),
    host("ipv4", b"127.0.0.1:80"),
    host("ipv6", b"[2001:db8::1]"),
    host("ipv6-port", b"[::ffff:1.2.3.4]:80"),
    host("white-space-around", b" \ta \t", seen="a", why="RFC 9112, 5.1"),
    accept("host-not-in-1.0", get(version=b"1.0", host=None), GOT, closes=True, why="RFC 9112, 3.2: HTTP/1.1's"),
    accept("host-after-others", get(b"X: y", b"Host: b", host=None), saw("GET", "/t", HOST="b"), why="RFC 9110, 5.3"),
    accept(
        "host-differs-from-target",
        b"GET http://b/t HTTP/1.1\r\nHost: a\r\n\r\n",
        saw("GET", "/t", HOST="b"),
        why="RFC 9112, 3.2.2: the target's replaces it",
    ),
    accept(
        "host-not-in-1.0-but-target",
        b"GET http://b/t HTTP/1.0\r\n\r\n",
        saw("GET", "/t", HOST="b"),
        closes=True,
        why="RFC 9112, 3.2.2",
    ),
    # How many
    refuse("host-missing", get(host=None), why=ONE),
    refuse("host-missing-in-1.2", get(host=None, version=b"1.2"), why=ONE),
    refuse("host-missing-beside-absolute", b"GET http://a/t HTTP/1.1\r\n\r\n", why=ALSO),
    refuse("host-missing-for-asterisk", b"OPTIONS * HTTP/1.1\r\n\r\n", why=ONE),
    refuse("host-missing-for-connect", b"CONNECT a:80 HTTP/1.1\r\n\r\n", why=ONE),
    refuse("host-twice", get(b"Host: a"), why=ONE),
    refuse("host-twice-different", get(b"Host: b"), why=ONE),
    refuse("host-twice-in-other-case", get(b"hOST: b"), why=ONE),
    refuse("host-twice-apart", get(b"X: y", b"Z: z", b"Host: b"), why=ONE),
    refuse("host-twice-one-empty", get(b"Host:"), why=ONE),
    refuse("host-twice-in-1.0", get(b"Host: b", version=b"1.0"), why=ONE),
    refuse("host-twice-beside-absolute", b"GET http://a/t HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", why=ONE),
    # What it says
    refused("empty", b"", why="RFC 9110, 4.2.1: an http URI has a host"),
    refused("only-spaces", b" \t ", why="RFC 9110, 4.2.1: an http URI has a host"),
    refused("only-port", b":80", why="RFC 9110, 4.2.1: an http URI has a host"),
    refused("list", b"a, b"),
    refused("list-without-space", b"a,b:c"),
    refused("inner-space", b"a b"),
    refused("inner-tab", b"a\tb"),
    refused("user", b"u@a"),
    refused("user-and-password", b"u:p@a"),
    refused("path", b"a/b"),
    refused("slash", b"a/"),
    refused("backslash", b"a\\b"),
    refused("query", b"a?b"),
    refused("fragment", b"a#b"),
    refused("scheme", b"http://a"),
    refused("quoted", b'"a"'),
    refused("bare-percent", b"a%"),
    refused("bad-escape", b"a%zz"),
    refused("obs-text", b"\xe4"),
    refused("nul", b"a\x00b"),
    refused("port-words", b"a:http"),
    refused("port-sign", b"a:+80"),
    refused("port-negative", b"a:-1"),
    refused("port-hexadecimal", b"a:0x50"),
    refused("port-space", b"a: 80"),
    refused("port-and-junk", b"a:80x"),
    refused("port-zero", b"a:0"),
    refused("port-too-large", b"a:65536"),
    refused("port-overflow", b"a:18446744073709551696"),
    refused("two-ports", b"a:80:80"),
    refused("ipv6-without-brackets", b"::1"),
    refused("ipv6-open-bracket", b"[::1"),
    refused("ipv6-no-open-bracket", b"::1]"),
    refused("ipv6-zone", b"[fe80::1%25eth0]"),
    refused("ipv6-junk-behind", b"[::1]a"),
    refused("ipv6-too-long", b"[1:2:3:4:5:6:7:8:9]"),
    refused("ipv6-empty", b"[]"),
    refused("ip-of-the-future", b"[v1.a]"),
    refuse("host-malformed-in-1.0", get(host=b"a b", version=b"1.0"), why=VALID),
    refuse("host-malformed-beside-absolute", b"GET http://a/t HTTP/1.1\r\nHost: b/c\r\n\r\n", why=VALID),
    refuse("host-empty-beside-absolute", b"GET http://a/t HTTP/1.1\r\nHost:\r\n\r\n", why=VALID),
]
