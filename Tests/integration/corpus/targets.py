"""The four forms of the request target: RFC 9112, 3.2; RFC 3986."""

from __future__ import annotations

from corpus.entry import Refused, accept, line, refuse, saw

ORIGIN = "RFC 9112, 3.2.1"
ABSOLUTE = "RFC 9112, 3.2.2"
AUTHORITY = "RFC 9112, 3.2.3; RFC 9110, 9.3.6"
ASTERISK = "RFC 9112, 3.2.4"
BYTES = "RFC 9112, 3.2: no byte that a URI cannot have; nginx CVE-2013-4547"
ESCAPES = "RFC 3986, 2.1: % and two hexadecimal digits"
NUL = "%00 would end the path for the kernel; nginx CVE-2013-4547"
LENIENT = "browsers send it unescaped"
USER = "RFC 9110, 4.2.4: user information in a target is an error"
PORT = "RFC 9110, 4.2.1: a TCP port"


def target(name, sent, *seen, why, **options):
    """A GET of this target that is accepted."""
    return accept("target-" + name, line(b"GET " + sent + b" HTTP/1.1"), *seen, why=why, **options)


def refused(name, sent, *, why, method=b"GET"):
    return refuse("target-" + name, line(method + b" " + sent + b" HTTP/1.1"), why=why)


def connect(name, sent, *, why=AUTHORITY):
    return refused("connect-" + name, sent, why=why, method=b"CONNECT")


ENTRIES = [
    # Origin form
    target("root", b"/", saw("GET", "/"), why=ORIGIN),
    target("query", b"/t?a=b&c", saw("GET", "/t?a=b&c"), why=ORIGIN),
    target("query-of-questions", b"/t?a?b?", saw("GET", "/t?a?b?"), why=ORIGIN),
    target("empty-query", b"/t?", saw("GET", "/t"), why=ORIGIN),
    target("two-slashes", b"//b/t", saw("GET", "//b/t", HOST="a"), why="RFC 9112, 3.2.1: a path, not an authority"),
    target("looks-absolute", b"/http://b/t", saw("GET", "/http://b/t", HOST="a"), why=ORIGIN),
    target("query-looks-absolute", b"/?http://b@c", saw("GET", "/?http://b@c", HOST="a"), why=ORIGIN),
    target("parameters", b"/t;p=1,2:@!$&'()*+=", saw("GET", "/t;p=1,2:@!$&'()*+="), why="RFC 3986, 3.3"),
    target("dot-segments", b"/a/../t", saw("GET", "/a/../t"), why="the application's to normalise"),
    target("escapes", b"/%41%2f%3f%23", saw("GET", "/A/?#"), why=ESCAPES),
    target("escapes-in-both-cases", b"/%c3%A9", saw("GET", "/\xc3\xa9"), why=ESCAPES),
    target("escaped-percent", b"/%2500", saw("GET", "/%00"), why="decoded once"),
    target("escaped-crlf", b"/a%0d%0ab", saw("GET", "/a\r\nb"), why=ESCAPES),
    target("escaped-space", b"/a%20HTTP/1.1", saw("GET", "/a HTTP/1.1"), why=ESCAPES),
    target("bare-percent-in-query", b"/t?100%", saw("GET", "/t?100%"), why=LENIENT),
    target("nul-escape-in-query", b"/t?%00", saw("GET", "/t?%00"), why="not decoded here"),
    target("quotes-and-brackets", b'/"<>[]', saw("GET", '/"<>[]'), why=LENIENT),
    target("braces-and-bars", b"/{|}^`\\", saw("GET", "/{|}^`\\"), why=LENIENT),
    refused("bare-percent", b"/t%", why=ESCAPES),
    refused("one-digit", b"/t%4", why=ESCAPES),
    refused("one-digit-and-query", b"/t%4?1", why=ESCAPES),
    refused("not-hexadecimal", b"/%zz", why=ESCAPES),
    refused("unicode-escape", b"/%u0041", why=ESCAPES),
    refused("escaped-nul", b"/t%00", why=NUL),
    refused("escaped-nul-before-suffix", b"/t%00.jpg", why=NUL),
    refused("fragment", b"/t#x", why="RFC 9112, 3.2: no fragment in a target"),
    refused("fragment-in-query", b"/t?a#x", why="RFC 9112, 3.2: no fragment in a target"),
    refused("nul", b"/t\x00", why=BYTES),
    refused("control", b"/t\x01", why=BYTES),
    refused("unit-separator", b"/t\x1f", why=BYTES),
    refused("delete", b"/t\x7f", why=BYTES),
    refused("tab", b"/t\tx", why=BYTES),
    refused("cr", b"/t\rx", why=BYTES),
    refused("lf", b"/t\nX-Injected: 1", why=BYTES),
    refused("crlf", b"/t\r\nX-Injected: 1", why=BYTES),
    refused("obs-text", b"/t\x80", why=BYTES),
    refused("utf-8", "/é".encode(), why=BYTES),
    refused("latin-1-in-query", b"/t?\xe9", why=BYTES),
    refused("relative", b"t", why="RFC 9112, 3.2.1: a path begins with a slash"),
    refused("relative-dot", b"./t", why="RFC 9112, 3.2.1: a path begins with a slash"),
    refused("query-alone", b"?a", why="RFC 9112, 3.2.1: an empty path is sent as a slash"),
    refused("backslash", b"\\t", why="RFC 9112, 3.2.1: a path begins with a slash"),
    # Absolute form
    target("absolute", b"http://b/t?q", saw("GET", "/t?q", HOST="b"), why=ABSOLUTE),
    target("absolute-same-host", b"http://a/t", saw("GET", "/t", HOST="a"), why=ABSOLUTE),
    target("absolute-port", b"http://b:8080/t", saw("GET", "/t", HOST="b:8080"), why=ABSOLUTE),
    refuse(
        "target-absolute-https",
        line(b"GET https://b/t HTTP/1.1"),
        421,
        why="RFC 9110, 7.4: an https resource must not be given on a connection that is not secured",
    ),
    target("absolute-capitals", b"HTTP://B/t", saw("GET", "/t", HOST="B"), why="RFC 3986, 3.1: schemes ignore case"),
    target("absolute-no-path", b"http://b", saw("GET", "/", HOST="b"), why="RFC 9110, 4.2.3: an empty path is a slash"),
    target("absolute-no-path-query", b"http://b?q", saw("GET", "/?q", HOST="b"), why="RFC 9110, 4.2.3"),
    target("absolute-ipv4", b"http://127.0.0.1:80/t", saw("GET", "/t", HOST="127.0.0.1:80"), why=ABSOLUTE),
    target("absolute-ipv6", b"http://[::1]:80/t", saw("GET", "/t", HOST="[::1]:80"), why=ABSOLUTE),
    target("absolute-at-in-path", b"http://b/@c", saw("GET", "/@c", HOST="b"), why="RFC 3986, 3.3"),
    target("absolute-two-slashes", b"http://b//t", saw("GET", "//t", HOST="b"), why=ABSOLUTE),
    refused("absolute-empty-host", b"http:///t", why="RFC 9110, 4.2.1: an empty host is invalid"),
    refused("absolute-only-port", b"http://:80/t", why="RFC 9110, 4.2.1: an empty host is invalid"),
    refused("absolute-nothing", b"http://", why="RFC 9110, 4.2.1: an empty host is invalid"),
    refused("absolute-user", b"http://u@b/t", why=USER),
    refused("absolute-password", b"http://u:p@b/t", why=USER),
    refused("absolute-one-slash", b"http:/b/t", why="RFC 9110, 4.2.1"),
    refused("absolute-no-slash", b"http:b/t", why="RFC 9110, 4.2.1"),
    refused("absolute-backslash", b"http://b\\t", why="RFC 3986, 3.2.2: no backslash in a host"),
    refused("absolute-fragment", b"http://b/t#x", why="RFC 3986, 4.3: no fragment in an absolute URI"),
    refused("absolute-port-too-large", b"http://b:65536/t", why=PORT),
    refused("absolute-port-zero", b"http://b:0/t", why=PORT),
    refused("absolute-port-words", b"http://b:http/t", why=PORT),
    refused("absolute-list", b"http://b,c:d/t", why="RFC 3986, 3.2.3: digits only in a port"),
    refused("absolute-open-bracket", b"http://[::1/t", why="RFC 3986, 3.2.2"),
    refused("absolute-no-address", b"http://[b]/t", why="RFC 3986, 3.2.2"),
    refused("absolute-escaped-host", b"http://%zz/t", why="RFC 3986, 3.2.2"),
    refused("absolute-bare-percent", b"http://b/%", why=ESCAPES),
    refused("other-scheme", b"ftp://b/t", why="RFC 9110, 7.1: not a scheme that this server answers for"),
    refused("file-scheme", b"file:///etc/passwd", why="RFC 9110, 7.1: not a scheme that this server answers for"),
    refused("script-scheme", b"javascript:alert", why="RFC 9110, 7.1: not a scheme that this server answers for"),
    # Authority form
    accept(
        "target-connect",
        b"CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n",
        Refused(405),
        why="RFC 9110, 9.3.6: there are no tunnels",
    ),
    accept(
        "target-connect-ipv6",
        b"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n",
        Refused(405),
        why="RFC 9110, 9.3.6: there are no tunnels",
    ),
    connect("no-port", b"b"),
    connect("empty-port", b"b:"),
    connect("no-host", b":443"),
    connect("port-zero", b"b:0"),
    connect("port-too-large", b"b:65536"),
    connect("user", b"u@b:443"),
    connect("origin-form", b"/t"),
    connect("absolute-form", b"http://b:443/"),
    connect("asterisk-form", b"*"),
    connect("path-behind", b"b:443/t"),
    refused("authority-form-of-get", b"b:80", why="RFC 9112, 3.2.3: only with CONNECT"),
    refused("host-of-get", b"b", why="RFC 9112, 3.2.1: a path begins with a slash"),
    # Asterisk form
    accept("target-asterisk", line(b"OPTIONS * HTTP/1.1"), saw("OPTIONS", "*", HOST="a"), why=ASTERISK),
    accept("target-options-path", line(b"OPTIONS /t HTTP/1.1"), saw("OPTIONS", "/t"), why=ASTERISK),
    accept("target-asterisk-path", line(b"OPTIONS /* HTTP/1.1"), saw("OPTIONS", "/*"), why=ORIGIN),
    refused("asterisk-of-get", b"*", why=ASTERISK),
    refused("asterisk-of-options-in-lower-case", b"*", why=ASTERISK, method=b"options"),
    refused("asterisk-with-query", b"*?q", why=ASTERISK, method=b"OPTIONS"),
    refused("two-asterisks", b"**", why=ASTERISK, method=b"OPTIONS"),
    refused("asterisk-and-path", b"*/t", why=ASTERISK, method=b"OPTIONS"),
]
