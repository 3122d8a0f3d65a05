"""Several applications in one process: which of them gets a path, and how it is cut in two for it."""

from __future__ import annotations

import json
import select
from pathlib import Path

import pytest

from harness import Gate, Server
from harness.command import run


@pytest.fixture(scope="module")
def mounted(runtime):
    """An application for everything, and others under paths of their own."""
    mounts = [
        "/shop=mounted:shop",
        "/shop/admin=mounted:admin",
        "/caf\u00e9=mounted:coffee",
        "/by/call/=mounted:create('made')",
    ]
    options = [word for mount in mounts for word in ("--mount", mount)]
    with Server(runtime, "mounted:site", *options) as server:
        yield server


@pytest.fixture(scope="module")
def only_mounts(runtime):
    """Nothing under /, so that the server itself answers there."""
    with Server(runtime, "--mount=/shop=mounted:shop", "--mount=/admin=mounted:admin") as server:
        yield server


def seen(server: Server, target: str, **options: object) -> dict:
    response = server.get(target, **options)
    assert response.status == 200, response
    return json.loads(response.text)


def parts(server: Server, target: str, **options: object) -> tuple[str, str, str]:
    values = seen(server, target, **options)
    return values["app"], values["script"], values["path"]


# Which application, and its two parts of the path


@pytest.mark.parametrize(
    "target, app, script, path",
    [
        ("/", "site", "", "/"),
        ("/basket", "site", "", "/basket"),
        ("/shop", "shop", "/shop", ""),
        ("/shop/", "shop", "/shop", "/"),
        ("/shop/basket/1", "shop", "/shop", "/basket/1"),
        ("/shop?item=/x", "shop", "/shop", ""),
        # The longest prefix, in whatever order they were given.
        ("/shop/admin", "admin", "/shop/admin", ""),
        ("/shop/admin/users", "admin", "/shop/admin", "/users"),
        # On the boundary of a segment only, and as it is written.
        ("/shopping", "site", "", "/shopping"),
        ("/shop.html", "site", "", "/shop.html"),
        ("/shop;v=1/x", "site", "", "/shop;v=1/x"),
        ("/shop/administrator", "shop", "/shop", "/administrator"),
        ("/Shop", "site", "", "/Shop"),
        ("/x/shop/y", "site", "", "/x/shop/y"),
        # Decoded once, and not normalised.
        ("/%73hop/a%20b", "shop", "/shop", "/a b"),
        ("/shop%2Fbasket", "shop", "/shop", "/basket"),
        ("/shop%2Fadmin/users", "admin", "/shop/admin", "/users"),
        ("/%2573hop/x", "site", "", "/%73hop/x"),
        ("/shop%3F", "site", "", "/shop?"),
        ("/shop//admin", "shop", "/shop", "//admin"),
        ("//shop/x", "site", "", "//shop/x"),
        ("/shop/../x", "shop", "/shop", "/../x"),
        ("/./shop", "site", "", "/./shop"),
        ("/shop/%252e", "shop", "/shop", "/%2e"),
        # A prefix of more than ASCII is its bytes in UTF-8.
        ("/caf%C3%A9/cr%C3%A8me", "coffee", "/caf\u00c3\u00a9", "/cr\u00c3\u00a8me"),
        ("/caf%c3%a9", "coffee", "/caf\u00c3\u00a9", ""),
        ("/caf%E9", "site", "", "/caf\u00e9"),
        ("/cafe", "site", "", "/cafe"),
        # A slash at the end of the option makes no difference; what a call returns can be mounted.
        ("/by/call", "made", "/by/call", ""),
        ("/by/call/x", "made", "/by/call", "/x"),
        ("/by/calls", "site", "", "/by/calls"),
    ],
)
def test_the_longest_prefix_gets_the_request(mounted, target, app, script, path):
    assert parts(mounted, target) == (app, script, path)


@pytest.mark.parametrize("target", ["/shop/a%20b?c=%20d", "/%73hop/a?b", "/shop"])
def test_the_target_is_there_as_sent_and_the_query_untouched(mounted, target):
    values = seen(mounted, target)
    assert (values["uri"], values["query"]) == (target, target.partition("?")[2])


def test_a_host_in_the_target_is_no_part_of_the_path(mounted):
    assert parts(mounted, "http://other.example/shop/x") == ("shop", "/shop", "/x")


def test_one_connection_goes_from_application_to_application(mounted):
    with mounted.connect() as connection:
        targets = ["/shop/a", "/b", "/shop/admin/c", "/shop/a"]
        names = [json.loads(connection.get(target).text)["app"] for target in targets]
    assert names == ["shop", "site", "admin", "shop"]


def test_the_asterisk_goes_to_the_application_under_the_root(mounted):
    assert parts(mounted, "*", method="OPTIONS") == ("site", "", "*")


# Where nothing matches


@pytest.mark.parametrize("target", ["/", "/shopping", "/Shop/x", "//shop", "/adminx", "/x/shop"])
def test_the_server_answers_404_where_no_application_is(only_mounts, target):
    response = only_mounts.get(target)
    assert (response.status, response.body) == (404, b"404 Not Found\n")
    assert response.header("Content-Type") == "text/plain; charset=utf-8"


def test_the_asterisk_has_nobody_to_go_to(only_mounts):
    assert only_mounts.get("*", method="OPTIONS").status == 404


def test_a_404_of_the_server_keeps_the_connection(only_mounts):
    with only_mounts.connect() as connection:
        assert connection.get("/nowhere").status == 404
        assert connection.get("/nowhere", method="POST", body=b"dropped").status == 404
        assert json.loads(connection.get("/shop/x").text)["app"] == "shop"


def test_the_argument_is_an_application_under_the_root(serve):
    server = serve("--mount=/=mounted:site")
    assert parts(server, "/x") == ("site", "", "/x")


# What is shared


def test_the_applications_share_the_threads(mounted):
    threads = {seen(mounted, target)["thread"] for target in ("/", "/shop", "/shop/admin", "/by/call")}
    assert len(threads) == 1


def test_an_application_that_computes_keeps_the_others_waiting_for_its_thread(mounted, gate: Gate):
    with mounted.connect() as busy, mounted.connect() as waiting:
        busy.request(f"/shop/gate?gate={gate.path}")
        gate.wait_until_reached()
        waiting.request("/shop/admin")
        assert select.select([busy.socket, waiting.socket], [], [], 0.3)[0] == []
        gate.open()
        assert json.loads(busy.read_response().text)["app"] == "shop"
        assert json.loads(waiting.read_response().text)["app"] == "admin"


def test_the_log_names_the_application_that_has_failed(mounted):
    mark = mounted.log.mark()
    assert mounted.get("/shop/admin/fail").status == 500
    mounted.log.wait_for(r"GET /shop/admin/fail in mounted:admin", after=mark)


# Files


def test_files_are_asked_before_the_applications(serve, tmp_path: Path):
    (tmp_path / "style.css").write_bytes(b"p {}")
    server = serve("mounted:site", "--mount", "/shop=mounted:shop", "--static", f"/shop/static={tmp_path}")
    assert server.get("/shop/static/style.css").body == b"p {}"
    # What no file answers is the mounted application's, whole.
    assert parts(server, "/shop/static/missing.css") == ("shop", "/shop", "/static/missing.css")
    assert parts(server, "/other/style.css") == ("site", "", "/other/style.css")


def test_a_file_where_no_application_is_falls_through_to_404(serve, tmp_path: Path):
    (tmp_path / "style.css").write_bytes(b"p {}")
    server = serve("--mount=/shop=mounted:shop", "--static", f"/static={tmp_path}")
    assert server.get("/static/style.css").body == b"p {}"
    assert server.get("/static/missing.css").status == 404


# Options of a mount


@pytest.fixture(scope="module")
def streaming(runtime):
    with Server(
        runtime,
        "mounted:site",
        "--mount",
        "/stream=mounted:shop,stream",
        "--mount",
        "/other=mounted:admin",
        "--threads",
        "2",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def buffering(runtime):
    with Server(
        runtime, "mounted:site", "--stream-requests", "--mount", "/buffer=mounted:shop,buffer", "--threads", "2"
    ) as server:
        yield server


def begin_upload(connection, target: str) -> None:
    head = f"POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
    connection.send(head.encode() + b"01234")


@pytest.mark.parametrize("kind, target", [("streaming", "/stream/first"), ("buffering", "/first")])
def test_a_streaming_application_reads_what_has_come(streaming, buffering, kind, target):
    server = {"streaming": streaming, "buffering": buffering}[kind]
    with server.connect() as connection:
        begin_upload(connection, target)
        assert connection.read_head().status == 200
        assert connection.read_chunk() == b"01234"
        connection.send(b"56789")
        assert connection.read_chunk() == b"56789"
        assert connection.read_chunk() == b""


@pytest.mark.parametrize(
    "kind, target", [("streaming", "/counted"), ("streaming", "/other/counted"), ("buffering", "/buffer/counted")]
)
@pytest.mark.whole_bodies
def test_any_other_application_is_called_when_the_body_is_whole(streaming, buffering, kind, target):
    server = {"streaming": streaming, "buffering": buffering}[kind]
    with server.connect() as upload:
        begin_upload(upload, f"{target}?as={target}")
        # The loop has seen the first half before this request, which comes later.
        assert target not in seen(server, "/")["called"]
        upload.send(b"56789")
        assert json.loads(upload.read_response().text)["called"][target] == 1


def test_each_mount_has_its_own_timeout(serve, gate: Gate, tmp_path: Path):
    patient = Gate(tmp_path, "patient")
    server = serve("mounted:site", "--mount", "/quick=mounted:shop,timeout=0.5", "--threads", "2", "--timeout", "60")
    with server.connect() as quick, server.connect() as slow:
        slow.request(f"/gate?gate={patient.path}")
        patient.wait_until_reached()
        quick.request(f"/quick/gate?gate={gate.path}")
        gate.wait_until_reached()
        assert quick.read_response().status == 504
        gate.open()
        patient.open()
        assert json.loads(slow.read_response().text)["app"] == "site"


def test_a_mounts_timeout_of_zero_sets_no_bound(serve, gate: Gate, tmp_path: Path):
    quick = Gate(tmp_path, "quick")
    server = serve(
        "mounted:site", "--mount", "/slow=mounted:shop,buffer,timeout=0", "--threads", "2", "--timeout", "0.5"
    )
    with server.connect() as slow, server.connect() as hurried:
        slow.request(f"/slow/gate?gate={gate.path}")
        gate.wait_until_reached()
        # This one is longer under way than the bound, and so is the other.
        hurried.request(f"/gate?gate={quick.path}")
        quick.wait_until_reached()
        assert hurried.read_response().status == 504
        quick.open()
        gate.open()
        assert json.loads(slow.read_response().text)["app"] == "shop"


# Command lines that are refused


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--mount", "/shop"], "PREFIX=APP"),
        (["--mount", "shop=mounted:shop"], "must begin with /"),
        (["--mount", "/shop="], "after = comes the application"),
        (["--mount", "/a/../b=mounted:shop"], "no . or .."),
        (["--mount", "/a%20b=mounted:shop"], "without % codes"),
        (["--mount", "/shop=mounted:shop,fast"], "'fast' is no option of a mount"),
        (["--mount", "/shop=mounted:shop,timeout=soon"], "timeout"),
        (["--mount", "/shop=mounted:shop,timeout=-1"], "timeout"),
        (["--mount", "/a=mounted:shop", "--mount", "/a/=mounted:admin"], "prefix '/a'"),
        (["mounted:site", "--mount", "/=mounted:shop"], "prefix '/'"),
        (["--mount", "/shop=mounted:shop", "mounted:site", "mounted:admin"], "nexpected argument"),
        ([], "APP is missing"),
    ],
)
def test_a_mount_that_cannot_be_is_refused(runtime, arguments, words):
    outcome = run(runtime, *arguments)
    assert outcome.code == 2, outcome
    assert words in outcome.err, outcome.err


@pytest.mark.parametrize(
    "app, words",
    [
        ("no_such_module:app", "no module 'no_such_module'"),
        ("mounted:nothing", "no 'nothing'"),
        ("mounted:not_made()", "the shop is closed"),
        ("mounted:PLAIN", "no WSGI application"),
    ],
)
def test_a_mounted_application_that_cannot_be_loaded_ends_the_start(runtime, app, words):
    outcome = run(runtime, "mounted:site", "--bind", "127.0.0.1:0", "--mount", f"/shop={app}")
    assert outcome.code == 1, outcome
    assert words in outcome.err, outcome.err
