"""The pages that the server makes itself: what they say, to whom as JSON, and what they never tell."""

from __future__ import annotations

import json
import re
import select

import pytest

from harness import Gate, Server

IDENTIFIER = r"[0-9a-z]+-[0-9a-z]+"
FAILING = "/fail-in-call"


@pytest.fixture(scope="module")
def site(runtime, tmp_path_factory):
    """One thread, and little patience with those who wait for it."""
    root = tmp_path_factory.mktemp("static")
    (root / "style.css").write_bytes(b"p {}")
    options = ("--threads", "1", "--queue-timeout", "0.5", "--static", f"/static={root}", "--max-request-body", "100")
    with Server(runtime, "contract:application", *options) as server:
        yield server


@pytest.fixture(scope="module")
def mounted(runtime):
    """Nothing under /, so that the 404 is the server's own."""
    with Server(runtime, "--mount=/app=contract:application") as server:
        yield server


# 5xx


def test_a_fault_is_a_page_with_the_id_that_the_log_has(site):
    mark = site.log.mark()
    page = site.get(FAILING)
    assert page.status == 500 and page.header("Content-Type") == "text/plain; charset=utf-8"
    identifier = re.fullmatch(rf"500 Internal Server Error\n\nRequest id: ({IDENTIFIER})\n", page.text)[1]
    site.log.wait_for(rf"\[ERROR\] {identifier}: error handling GET {FAILING} ", after=mark)


def test_a_fault_is_json_for_who_prefers_that(site):
    mark = site.log.mark()
    page = site.get(FAILING, headers=[("Accept", "application/json")])
    assert page.status == 500 and page.header("Content-Type") == "application/json"
    said = json.loads(page.text)
    assert said == {"status": 500, "title": "Internal Server Error", "request_id": said["request_id"]}
    assert re.fullmatch(IDENTIFIER, said["request_id"])
    site.log.wait_for(rf"\[ERROR\] {said['request_id']}: error handling", after=mark)


def test_each_request_has_an_id_of_its_own(site):
    with site.connect() as connection:
        pages = [connection.get(FAILING).text for _ in range(5)]
    assert len(set(pages)) == 5


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_the_page_tells_nothing_of_cause_or_request(site, accept):
    page = site.get(f"{FAILING}?<script>", headers=[("Accept", accept), ("X-Odd", "odd-value")])
    assert page.status == 500
    for word in ("secret", "fail", "script", "Traceback", "RuntimeError", "odd-value", ".py", "/"):
        assert word not in page.text, word


@pytest.mark.parametrize("accept", ["text/plain", "application/json"])
def test_head_gets_the_head_of_the_page(site, accept):
    with site.connect() as connection:
        page = connection.get(FAILING, headers=[("Accept", accept)])
        head = connection.get(FAILING, headers=[("Accept", accept)], method="HEAD")
        assert (head.status, head.body) == (500, b"")
        assert head.header("Content-Type") == page.header("Content-Type")
        assert connection.get("/list").body == b"hello\n"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_page_has_a_length(site, version):
    page = site.get(FAILING, version=version)
    assert page.header("Content-Length") == str(len(page.body)) and not page.chunked


@pytest.mark.parametrize("accept", ["text/plain", "application/json"])
def test_who_is_turned_away_is_told_when_to_come_back(site, gate: Gate, accept):
    with site.connect() as busy:
        busy.request(f"/stream-at-gate?gate={gate.path}")
        assert busy.read_head().status == 200
        assert busy.read_chunk() == b"early\n"
        page = site.get("/list", headers=[("Accept", accept)])
        gate.open()
        assert [busy.read_chunk(), busy.read_chunk()] == [b"late\n", b""]
    assert page.status == 503 and re.fullmatch("[1-9][0-9]*", page.header("Retry-After"))
    if accept == "application/json":
        said = json.loads(page.text)
        assert said == {"status": 503, "title": "Service Unavailable", "request_id": said["request_id"]}
    else:
        assert re.fullmatch(rf"503 Service Unavailable\n\nRequest id: {IDENTIFIER}\n", page.text)
    assert site.get("/list").body == b"hello\n"


def test_beyond_the_queue_the_answer_comes_at_once(serve, gate: Gate):
    server = serve("contract:application", "--threads", "1", "--queue-limit", "1", "--queue-timeout", "60")
    with server.connect() as busy, server.connect() as first, server.connect() as second:
        busy.request(f"/stream-at-gate?gate={gate.path}")
        busy.read_head()
        first.request("/list")
        second.request("/list")
        # One waits, and it may be either: the other one is turned away.
        answered = select.select([first.socket, second.socket], [], [], 20)[0]
        assert len(answered) == 1
        turned_away, waiting = (first, second) if answered == [first.socket] else (second, first)
        page = turned_away.read_response()
        assert page.status == 503 and page.header("Retry-After")
        gate.open()
        assert waiting.read_response().body == b"hello\n"


@pytest.mark.parametrize("accept", ["text/plain", "application/json"])
def test_a_silent_application_is_504_with_the_id(serve, gate: Gate, accept):
    server = serve("contract:application", "--timeout", "0.3")
    with server.connect() as connection:
        connection.request(f"/gate?gate={gate.path}", headers=[("Accept", accept)])
        gate.wait_until_reached()
        page = connection.read_response()
        gate.open()
    assert page.status == 504 and page.header("Retry-After") is None
    identifier = re.search(rf"[Rr]equest[ _]id\W+({IDENTIFIER})", page.text)[1]
    server.log.wait_for(re.escape(identifier))
    assert (page.header("Content-Type") == "application/json") == (accept == "application/json")


# 4xx


def test_a_404_of_the_server_has_no_id(mounted):
    page = mounted.get("/nowhere")
    assert (page.status, page.body) == (404, b"404 Not Found\n")


def test_a_404_is_json_for_who_prefers_that(mounted):
    page = mounted.get("/nowhere", headers=[("Accept", "application/json")])
    assert (page.status, page.header("Content-Type")) == (404, "application/json")
    assert json.loads(page.text) == {"status": 404, "title": "Not Found"}


@pytest.mark.parametrize(
    "method, target, headers, status, title, field",
    [
        ("POST", "/static/style.css", [], 405, "Method Not Allowed", ("Allow", "GET, HEAD")),
        (
            "GET",
            "/static/style.css",
            [("Range", "bytes=99-")],
            416,
            "Range Not Satisfiable",
            ("Content-Range", "bytes */4"),
        ),
        ("GET", "/static/style.css", [("If-Match", '"x"')], 412, "Precondition Failed", None),
        ("GET", "/static/../../x", [], 400, "Bad Request", None),
        ("CONNECT", "a:1", [], 405, "Method Not Allowed", None),
    ],
)
def test_the_other_pages_come_in_both_forms(site, method, target, headers, status, title, field):
    plain = site.get(target, method=method, headers=headers)
    assert (plain.status, plain.text) == (status, f"{status} {title}\n")
    page = site.get(target, method=method, headers=[*headers, ("Accept", "application/json")])
    assert page.status == status and json.loads(page.text) == {"status": status, "title": title}
    for each in (plain, page):
        assert field is None or each.header(field[0]) == field[1]


@pytest.mark.parametrize(
    "raw, status",
    [
        (b"GET / HTTP/1.1\r\nAccept: application/json\r\n\r\n", 400),
        (b"GET /%zz HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: a\r\nAccept: application/json\r\n\r\n", 505),
        (b"POST / HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\nExpect: tea\r\n\r\n", 417),
    ],
)
def test_nothing_is_made_of_the_fields_of_a_request_that_is_refused(site, raw, status):
    with site.connect() as connection:
        connection.send(raw)
        page = connection.read_response()
    assert (page.status, page.header("Content-Type")) == (status, "text/plain; charset=utf-8")
    assert page.text.startswith(f"{status} ")


def test_an_applications_own_error_is_its_own(site):
    page = site.get("/status?line=503%20Mine", headers=[("Accept", "application/json")])
    assert (page.status, page.reason, page.header("Retry-After")) == (503, "Mine", None)
    assert "request_id" not in page.text and "Request id" not in page.text


# Who prefers JSON

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    "accept, is_json",
    [
        ("application/json", True),
        ("APPLICATION/Json", True),
        ("application/json; charset=utf-8", True),
        ("application/problem+json", True),
        ("application/vnd.api+json;q=0.1", True),
        ("application/json, */*", True),
        ("*/*, application/json", True),
        ("application/json, text/plain, */*", True),
        ("application/json, text/html", True),
        ("image/png, application/json;q=0.5", True),
        # Of two with one weight, the first.
        ("text/html, application/json", False),
        ("text/plain, application/json", False),
        ("text/*, application/json", False),
        # The weights.
        ("text/html;q=0.9, application/json", True),
        ("text/html;q=0.9, application/json;q=0.8", False),
        ("application/json;q=0.8, text/html;q=0.9", False),
        ("application/json;q=0.9, text/html;q=0.8", True),
        ("application/json;q=0.801, text/html;q=0.8", True),
        ("application/json;Q=0.1, text/html", False),
        ("text/html; level=1; q=0.1, application/json;q=0.2", True),
        ("application/json ; q=0.2 , text/html ; q=0.1", True),
        ("text/html;q=0, application/json;q=0.001", True),
        ("application/json;q=0", False),
        ("application/json;q=0.0, text/html;q=0", False),
        ("application/json;q=0.1, application/problem+json, text/html;q=0.5", True),
        # A weight that is none.
        ("application/json;q=2", False),
        ("application/json;q=-1", False),
        ("application/json;q=", False),
        ("application/json;q=high", False),
        ("application/json;q=0.1234, text/html;q=0.1", False),
        ("application/json;q=1.001", False),
        # Without a word of it.
        (None, False),
        ("", False),
        (BROWSER, False),
        ("*/*", False),
        ("application/*", False),
        ("text/html", False),
        ("application/xml", False),
        ("application/jsonp", False),
        ("application/json-seq", False),
        ("text/json+x", False),
        ("+json", False),
        ("json", False),
        (",,;;,q=1", False),
        ('"application/json"', False),
    ],
)
def test_json_is_for_who_asks_for_it_and_not_less_than_for_text(mounted, accept, is_json):
    headers = [] if accept is None else [("Accept", accept)]
    page = mounted.get("/nowhere", headers=headers)
    assert page.status == 404
    assert page.header("Content-Type") == ("application/json" if is_json else "text/plain; charset=utf-8")
    if is_json:
        assert json.loads(page.text)["status"] == 404


def test_several_accept_fields_are_one_list(mounted):
    def kind(*values: str) -> str:
        return mounted.get("/nowhere", headers=[("Accept", value) for value in values]).header("Content-Type")

    assert kind("image/png", "application/json") == "application/json"
    assert kind("text/html;q=0.5", "application/json;q=0.6") == "application/json"
    assert kind("text/html", "application/json").startswith("text/plain")


def test_what_is_bad_json_is_never_made(site):
    """Nothing of the request is in it, so nothing has to be escaped."""
    page = site.get(f'{FAILING}?"\\', headers=[("Accept", 'application/json;x="\\""')])
    assert json.loads(page.text)["status"] == 500
