"""httpbin from PyPI, unmodified, driven by `requests` over its routes."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import zlib

import pytest
import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from harness import Server


class Site:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.url = server.address.url

    def __call__(self, method: str, path: str, **options: object) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, self.url + path, timeout=60, **options)  # type: ignore[arg-type]

    def get(self, path: str, **options: object) -> requests.Response:
        return self("GET", path, **options)


@pytest.fixture(scope="module", params=["plain", "validated"])
def httpbin(request, runtime):
    app = "httpbin:app" if request.param == "plain" else "validated:wrap('httpbin:app')"
    with Server(runtime, app, "--threads", "4") as server:
        yield Site(server)


# Methods and what is echoed


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_each_method_has_its_route(httpbin, method):
    answer = httpbin(method, f"/{method.lower()}?a=1&a=2&b=%E2%9C%93")
    assert answer.status_code == 200
    assert answer.json()["args"] == {"a": ["1", "2"], "b": "\u2713"}
    assert answer.json()["url"].startswith(httpbin.url)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_anything_takes_every_method(httpbin, method):
    answer = httpbin(method, "/anything/some/path").json()
    assert answer["method"] == method and answer["url"].endswith("/anything/some/path")


def test_head_and_options(httpbin):
    head = httpbin("HEAD", "/get")
    assert head.status_code == 200 and head.content == b""
    assert "GET" in httpbin("OPTIONS", "/get").headers["Allow"]
    assert httpbin("POST", "/get").status_code == 405


def test_form_json_and_files(httpbin):
    assert httpbin("POST", "/post", data={"name": "caf\u00e9"}).json()["form"] == {"name": "caf\u00e9"}
    assert httpbin("POST", "/post", json={"deep": [1, {"a": None}]}).json()["json"] == {"deep": [1, {"a": None}]}
    files = {"file": ("\u00fcber.txt", "content \u2713".encode(), "text/plain")}
    assert httpbin("POST", "/post", files=files).json()["files"] == {"file": "content \u2713"}
    assert httpbin("PUT", "/put", data=b"\xff\x00raw").json()["data"].startswith("data:application/octet-stream")


def test_headers_ip_and_user_agent(httpbin):
    sent = {"X-Custom": "value", "Accept-Language": "de", "User-Agent": "tests/1.0"}
    seen = httpbin.get("/headers", headers=sent).json()["headers"]
    assert {name: seen[name] for name in sent} == sent
    assert httpbin.get("/ip").json() == {"origin": "127.0.0.1"}
    assert httpbin.get("/user-agent", headers=sent).json() == {"user-agent": "tests/1.0"}


# Formats and codings


@pytest.mark.parametrize(
    "path, kind, part",
    [
        ("/html", "text/html; charset=utf-8", b"Herman Melville"),
        ("/json", "application/json", b"slideshow"),
        ("/xml", "application/xml", b"<slideshow"),
        ("/robots.txt", "text/plain", b"Disallow: /deny"),
        ("/deny", "text/plain", b"YOU SHOULDN'T BE HERE"),
        ("/forms/post", "text/html; charset=utf-8", b"<form"),
        ("/image/png", "image/png", b"\x89PNG\r\n\x1a\n"),
        ("/image/jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ("/image/webp", "image/webp", b"WEBP"),
        ("/image/svg", "image/svg+xml", b"<svg"),
    ],
)
def test_a_format(httpbin, path, kind, part):
    answer = httpbin.get(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == kind and part in answer.content


def test_image_follows_accept(httpbin):
    for kind in ("image/png", "image/jpeg", "image/webp", "image/svg+xml"):
        assert httpbin.get("/image", headers={"Accept": kind}).headers["Content-Type"] == kind
    assert httpbin.get("/image", headers={"Accept": "text/plain"}).status_code == 406


def test_utf8(httpbin):
    assert "\u2200x\u2208\u211d" in httpbin.get("/encoding/utf8").content.decode("utf-8")


def test_gzip(httpbin):
    answer = httpbin.get("/gzip")
    assert answer.headers["Content-Encoding"] == "gzip" and answer.json()["gzipped"] is True


def test_deflate(httpbin):
    answer = httpbin.get("/deflate")
    assert answer.headers["Content-Encoding"] == "deflate" and answer.json()["deflated"] is True


def test_brotli(httpbin):
    """The runner may have no brotli: what matters here is that the bytes arrive as they were made."""
    answer = httpbin.get("/brotli", stream=True)
    raw = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "br"
    assert len(raw) == int(answer.headers["Content-Length"]) and not raw.startswith(b"{")


# Statuses, redirects, cookies


@pytest.mark.parametrize("code", [200, 201, 202, 204, 205, 301, 304, 400, 401, 402, 403, 404, 406, 418, 429, 500, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_status(httpbin, code, method):
    answer = httpbin(method, f"/status/{code}", allow_redirects=False)
    assert answer.status_code == code
    if code in (204, 304):
        assert answer.content == b""


def test_redirects(httpbin):
    assert len(httpbin.get("/redirect/5").history) == 5
    assert len(httpbin.get("/relative-redirect/3").history) == 3
    assert len(httpbin.get("/absolute-redirect/3").history) == 3
    assert httpbin.get("/redirect-to?url=/ip&status_code=307").json() == {"origin": "127.0.0.1"}
    assert httpbin("POST", "/redirect-to?url=/post&status_code=307", data={"a": "1"}).json()["form"] == {"a": "1"}


def test_cookies(httpbin):
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(httpbin.url + "/cookies/set?one=1&two=2", timeout=60)
        assert answer.json() == {"cookies": {"one": "1", "two": "2"}}
        assert session.get(httpbin.url + "/cookies/set/three/3", timeout=60).json()["cookies"]["three"] == "3"
        left = session.get(httpbin.url + "/cookies/delete?one", timeout=60).json()["cookies"]
        assert left == {"two": "2", "three": "3"}


# Authentication


def test_basic_auth(httpbin):
    path = "/basic-auth/keeper/open%20sesame"
    assert httpbin.get(path).status_code == 401
    assert httpbin.get(path, auth=HTTPBasicAuth("keeper", "wrong")).status_code == 401
    answer = httpbin.get(path, auth=HTTPBasicAuth("keeper", "open sesame"))
    assert answer.json() == {"authenticated": True, "user": "keeper"}


def test_hidden_basic_auth_and_bearer(httpbin):
    assert httpbin.get("/hidden-basic-auth/u/p").status_code == 404
    assert httpbin.get("/hidden-basic-auth/u/p", auth=HTTPBasicAuth("u", "p")).status_code == 200
    assert httpbin.get("/bearer").status_code == 401
    assert httpbin.get("/bearer", headers={"Authorization": "Bearer t"}).json()["token"] == "t"


@pytest.mark.parametrize("quality", ["auth", "auth-int"])
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "SHA-512"])
def test_digest_auth(httpbin, quality, algorithm):
    path = f"/digest-auth/{quality}/keeper/secret/{algorithm}"
    assert httpbin.get(path).status_code == 401
    if quality == "auth":  # `requests` knows no other
        answer = httpbin.get(path, auth=HTTPDigestAuth("keeper", "secret"))
        assert answer.status_code == 200 and answer.json()["authenticated"] is True
        assert httpbin.get(path, auth=HTTPDigestAuth("keeper", "wrong")).status_code == 401


# Caching


def test_cache_and_etag(httpbin):
    assert httpbin.get("/cache").status_code == 200
    assert httpbin.get("/cache", headers={"If-None-Match": "anything"}).status_code == 304
    assert httpbin.get("/cache/60").headers["Cache-Control"] == "public, max-age=60"
    assert httpbin.get("/etag/tag", headers={"If-None-Match": '"tag"'}).status_code == 304
    assert httpbin.get("/etag/tag", headers={"If-Match": '"other"'}).status_code == 412


def test_response_headers(httpbin):
    answer = httpbin.get("/response-headers?X-One=1&X-Two=a%20b")
    assert (answer.headers["X-One"], answer.headers["X-Two"]) == ("1", "a b")


# Data made on the way


def test_bytes(httpbin):
    first, second = (httpbin.get("/bytes/100000?seed=7").content for _ in range(2))
    assert len(first) == 100_000 and first == second


def test_stream_bytes(httpbin):
    answer = httpbin.get("/stream-bytes/100000?seed=7&chunk_size=1000", stream=True)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert len(b"".join(answer.iter_content(None))) == 100_000


def test_stream_of_json_lines(httpbin):
    lines = [json.loads(line) for line in httpbin.get("/stream/50", stream=True).iter_lines()]
    assert [line["id"] for line in lines] == list(range(50))


def test_range(httpbin):
    whole = httpbin.get("/range/1000").content
    assert len(whole) == 1000
    part = httpbin.get("/range/1000?chunk_size=100", headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, whole[100:300])
    assert part.headers["Content-Range"] == "bytes 100-299/1000"
    assert httpbin.get("/range/1000", headers={"Range": "bytes=2000-"}).status_code == 416


def test_drip_comes_drop_by_drop(httpbin):
    with httpbin.server.connect() as connection:
        connection.request("/drip?duration=2&numbytes=4&delay=0")
        assert connection.read_head().header("Content-Length") == "4"
        assert connection.read_exactly(1) == b"*"
        first = time.monotonic()
        assert connection.read_exactly(3) == b"***"
        assert time.monotonic() - first > 0.9, "the drops came together"


def test_delay(httpbin):
    answer = httpbin.get("/delay/1")
    assert answer.status_code == 200 and answer.elapsed.total_seconds() >= 1


def test_links_uuid_and_base64(httpbin):
    assert httpbin.get("/links/3/0").text.count("<a href") == 2
    assert len(httpbin.get("/uuid").json()["uuid"]) == 36
    encoded = base64.urlsafe_b64encode("na\u00efve \u2713".encode()).decode()
    assert httpbin.get(f"/base64/{encoded}").text == "na\u00efve \u2713"


def test_the_page_with_its_own_documentation(httpbin):
    assert "httpbin" in httpbin.get("/").text


# Uploads


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
def test_an_upload_comes_back(httpbin, size):
    content = os.urandom(size // 2).hex()[:size]
    assert httpbin("POST", "/post", data=content.encode()).json()["data"] == content


def test_an_upload_of_50_mb(httpbin):
    content = b"0123456789abcdef" * (50 * 1024 * 1024 // 16)
    answer = httpbin("POST", "/post", files={"file": ("big.txt", content)})
    returned = answer.json()["files"]["file"].encode()
    assert hashlib.sha256(returned).digest() == hashlib.sha256(content).digest()


def test_a_chunked_upload(httpbin):
    blocks = [b"block %d\n" % number for number in range(1000)]
    answer = httpbin("POST", "/post", data=iter(blocks)).json()
    assert answer["data"] == b"".join(blocks).decode()
    assert answer["headers"].get("Transfer-Encoding", "chunked") == "chunked"


def test_a_compressed_upload_stays_as_it_is(httpbin):
    packed = zlib.compress(b"x" * 1000)
    answer = httpbin("POST", "/post", data=packed, headers={"Content-Encoding": "deflate"}).json()
    assert base64.b64decode(answer["data"].partition("base64,")[2]) == packed


def test_unicode_all_the_way(httpbin):
    text = "\u00e4\u00f6\u00fc \u2713 \u65e5\u672c\u8a9e \U0001f426"
    assert httpbin.get("/anything", params={"q": text}).json()["args"] == {"q": text}
    assert httpbin("POST", "/anything", data=text.encode("utf-8")).json()["data"] == text
    assert httpbin("POST", "/anything", data={"f": text}).json()["form"] == {"f": text}
