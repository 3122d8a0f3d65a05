"""What is not HTTP/1 at all, and what ends before it is a request."""

from __future__ import annotations

from corpus.entry import GOT, cut, get, refuse

OTHER = "RFC 9112, 2.2: what is no request is 400"
HTTP2 = "RFC 9113, 3.4: the preface fails in HTTP/1"
TLS = "a TLS handshake on a plain port"
PROXY = "the PROXY protocol is not spoken"
HEAD = "RFC 9112, 8: a head that is not whole is not answered"

# A ClientHello: record and handshake headers, version, random, session, ciphers, compression, no extensions.
_HELLO = b"\x03\x03" + bytes(range(32)) + b"\x00" + b"\x00\x04\x13\x01\x13\x02" + b"\x01\x00"
_HANDSHAKE = b"\x01" + len(_HELLO).to_bytes(3, "big") + _HELLO
CLIENT_HELLO = b"\x16\x03\x01" + len(_HANDSHAKE).to_bytes(2, "big") + _HANDSHAKE

REQUEST = b"GET /t HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n"

ENTRIES = [
    refuse("http2-preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", why=HTTP2),
    refuse("http2-preface-behind-request", get() + b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", after=[GOT], why=HTTP2),
    refuse("http2-settings-frame", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00", why=HTTP2),
    refuse("tls-client-hello", CLIENT_HELLO, why=TLS),
    refuse("tls-first-byte", b"\x16", why=TLS),
    refuse("tls-behind-request", get() + CLIENT_HELLO, after=[GOT], why=TLS),
    refuse("ssl-2-hello", b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", why=TLS),
    refuse("tls-alert", b"\x15\x03\x01\x00\x02\x02\x28", why=TLS),
    refuse("proxy-protocol-1", b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" + get(), why=PROXY),
    refuse("proxy-protocol-2", b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12) + get(), why=PROXY),
    refuse("http-0.9", b"GET /t\r\n", why="RFC 9112, 2.3: HTTP/0.9 is not spoken"),
    refuse("http-response", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", why=OTHER),
    refuse("ssh", b"SSH-2.0-client\r\n", why=OTHER),
    refuse("smtp", b"EHLO a\r\n", why=OTHER),
    refuse("ftp", b"USER anonymous\r\n", why=OTHER),
    refuse("gopher", b"/t\r\n", why=OTHER),
    refuse("rtsp", b"OPTIONS rtsp://a/t RTSP/1.0\r\nCSeq: 1\r\n\r\n", why=OTHER),
    refuse("sip", b"INVITE sip:u@a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n", why=OTHER),
    refuse("redis", b"*1\r\n$4\r\nPING\r\n", why=OTHER),
    refuse("memcached", b"get key\r\n", why=OTHER),
    refuse("fastcgi", b"\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00", why=OTHER),
    refuse("json", b'{"method": "GET"}\r\n', why=OTHER),
    refuse("nul-bytes", b"\x00" * 64, why=OTHER),
    refuse("high-bytes", b"\xff" * 64, why=OTHER),
    refuse("utf-16", "GET /t HTTP/1.1\r\n".encode("utf-16-le"), why=OTHER),
    refuse("ebcdic", "GET /t HTTP/1.1".encode("cp500"), why=OTHER),
    refuse("body-without-head", b"hello\r\n\r\n", why=OTHER),
    # Cut off within the head
    cut("cut-nothing", b"", why=HEAD),
    cut("cut-empty-line", b"\r\n", why=HEAD),
    cut("cut-half-an-empty-line", b"\r", why=HEAD),
    cut("cut-method", b"GET", why=HEAD),
    cut("cut-target", b"GET /t", why=HEAD),
    cut("cut-version", b"GET /t HTTP/1.", why=HEAD),
    cut("cut-request-line-cr", b"GET /t HTTP/1.1\r", why=HEAD),
    cut("cut-request-line", b"GET /t HTTP/1.1\r\n", why=HEAD),
    cut("cut-field-name", b"GET /t HTTP/1.1\r\nHos", why=HEAD),
    cut("cut-field-value", b"GET /t HTTP/1.1\r\nHost: a", why=HEAD),
    cut("cut-field-cr", b"GET /t HTTP/1.1\r\nHost: a\r", why=HEAD),
    cut("cut-fields", b"GET /t HTTP/1.1\r\nHost: a\r\n", why=HEAD),
    cut("cut-last-cr", b"GET /t HTTP/1.1\r\nHost: a\r\n\r", why=HEAD),
    cut("cut-1.0-fields", b"GET /t HTTP/1.0\r\n", why=HEAD),
    cut("cut-behind-request", REQUEST, after=[GOT], why="RFC 9112, 9.6"),
]
