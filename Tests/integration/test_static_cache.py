"""The memory cache of static files: nobody can tell that it is there, but by the time that it takes."""

from __future__ import annotations

import email.utils
import os
import threading
import time
from pathlib import Path

import pytest

from harness import Connection, Server
from harness.proc import descriptor_count

LONG_AGO = time.time() - 1000


def put(path: Path, content: bytes, when: float = LONG_AGO) -> None:
    made = path.with_name(path.name + ".tmp")
    made.write_bytes(content)
    os.utime(made, (when, when))
    made.replace(path)


def let_settle(*paths: Path) -> None:
    """Return when the last change of these is long enough ago for them to be kept. Nobody can set the time of that
    (ctime), so there is nothing but to wait."""
    ripe = max(path.stat().st_ctime for path in paths) + 4
    while time.time() < ripe:
        threading.Event().wait(ripe - time.time())


@pytest.fixture(scope="module")
def trees(tmp_path_factory, runtime):
    """Trees of files that have settled, made at once for each runtime, so that there is one wait for all."""
    made = []
    for number in range(36):
        root = tmp_path_factory.mktemp(f"tree{number}") / "root"
        (root / "sub").mkdir(parents=True)
        put(root / "a.txt", b"first\n")
        put(root / "middle.bin", os.urandom(100_000))
        put(root / "large.bin", os.urandom(500_000))
        put(root / "sub" / "index.html", b"<p>index</p>")
        made.append(root)
    for number in range(600):
        put(made[0] / f"{number}.txt", b"%d" % number * 500)
    let_settle(*made[0].iterdir())
    return made


@pytest.fixture
def root(trees) -> Path:
    return trees.pop()


@pytest.fixture
def site(serve, root) -> Server:
    return serve("contract:application", "--static", f"/static={root}")


def warm(site: Server, path: str) -> bytes:
    for _ in range(3):
        response = site.get(path)
        assert response.status == 200
    return response.body


def test_a_kept_file_is_answered_like_any_other(site, root):
    cold = site.get("/static/a.txt")
    warm(site, "/static/a.txt")
    kept = site.get("/static/a.txt")
    assert kept.body == cold.body == b"first\n"
    names = {name for name, _ in cold.headers}
    assert {name for name, _ in kept.headers} == names
    for name in names - {"Date"}:
        assert kept.header(name) == cold.header(name)
    head = site.get("/static/a.txt", method="HEAD")
    assert (head.body, head.header("Content-Length")) == (b"", "6")
    assert site.get("/static/a.txt", headers=[("If-None-Match", kept.header("ETag"))]).status == 304
    part = site.get("/static/a.txt", headers=[("Range", "bytes=1-2")])
    assert (part.status, part.body) == (206, b"ir")
    assert site.get("/static/a.txt", method="POST", body=b"").status == 405
    assert site.get("/static/a.txt?query").body == b"first\n"


def test_connections_are_kept_and_closed_as_ever(site, root):
    warm(site, "/static/a.txt")
    old = site.get("/static/a.txt", version="1.0")
    assert (old.header("Connection"), old.body) == ("close", b"first\n")
    kept = site.get("/static/a.txt", version="1.0", headers=[("Connection", "keep-alive")])
    assert kept.header("Connection") == "keep-alive"
    last = site.get("/static/a.txt", headers=[("Connection", "close")])
    assert last.header("Connection") == "close"
    with Connection(site.address) as connection:
        request = b"GET /static/a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
        connection.send(request * 50)
        for _ in range(50):
            assert connection.read_response().body == b"first\n"


def test_a_replaced_file_is_seen_by_the_very_next_request(site, root):
    with Connection(site.address) as connection:
        for number in range(300):
            content = b"%d" % number * (number % 7 + 1)
            put(root / "a.txt", content, LONG_AGO if number % 2 else time.time())
            assert connection.get("/static/a.txt").body == content
            assert connection.get("/static/a.txt").body == content


@pytest.mark.parametrize("begun", [0, 20], ids=["whole", "begun"])
def test_a_change_is_seen_by_everybody_who_asks_after_it(site, trees, root, begun):
    """Many requests at once may share a look at the file, but not one that was taken before all of each had come."""
    versions = [b"first\n", b"second\n"]
    other = trees.pop()
    (other / "a.txt").write_bytes(versions[1])
    (root / "other").mkdir()
    os.link(other / "a.txt", root / "other" / "a.txt")
    (root / "this").mkdir()
    os.link(root / "a.txt", root / "this" / "a.txt")
    let_settle(root / "this" / "a.txt", root / "other" / "a.txt")
    request = b"GET /static/way/a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
    stop = threading.Event()
    seen: set[bytes] = set()

    def ask_all_the_time() -> None:
        while not stop.is_set():
            with Connection(site.address) as connection:
                for _ in range(1000):
                    seen.add(connection.get("/static/way/a.txt").body)

    others = [threading.Thread(target=ask_all_the_time) for _ in range(2)]
    connections = [Connection(site.address) for _ in range(32)]
    try:
        for number in range(400):
            if number:
                for connection in connections[1::2]:
                    connection.send(request[:begun])
            # Both files have been left alone for long: they are kept, whichever the way leads to.
            (root / "way.new").symlink_to(["this", "other"][number % 2])
            (root / "way.new").replace(root / "way")
            if number == 0:
                for thread in others:
                    thread.start()
            # The beginnings of some, which are nothing yet, were sent before.
            for place, connection in enumerate(connections):
                connection.send(request[begun if place % 2 and number else 0 :])
            for connection in connections:
                assert connection.read_response().body == versions[number % 2]
        assert seen == set(versions)
    finally:
        stop.set()
        for thread in others:
            thread.join()
        for connection in connections:
            connection.close()


REQUESTS = [
    [],
    [("If-None-Match", "TAG")],
    [("If-None-Match", '"b"')],
    [("If-None-Match", 'W/TAG, "b"')],
    [("If-Modified-Since", "Sun, 06 Nov 2094 08:49:37 GMT")],
    [("Range", "bytes=1-2")],
    [("Range", "bytes=-3")],
    [("Range", "bytes=5-90000")],
    [("Range", "bytes=0-1,4-5")],
    [("Range", "bytes=1000000-")],
    [("Range", "bytes=1-2"), ("If-Range", "TAG")],
    [("X-Forwarded-For", "192.0.2.1")],
]


@pytest.mark.parametrize("options", [[], ["--access-logfile", "-"], ["--rate-limit", "100000/s"]])
@pytest.mark.parametrize("path", ["/static/a.txt", "/static/middle.bin"])
def test_what_is_answered_on_the_spot_is_answered_as_ever(serve, root, path, options):
    """A request that comes alone is answered from its head. One of two in one piece is not, nor is any where others
    want to know of it."""
    site = serve("contract:application", "--static", f"/static={root}", *options)
    warm(site, path)
    tag = site.get(path).header("ETag")
    with Connection(site.address) as connection:
        for fields in REQUESTS:
            lines = "".join(f"{name}: {value}\r\n" for name, value in fields).replace("TAG", tag)
            request = f"GET {path} HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode()
            connection.send(request)
            alone = connection.read_response()
            connection.send(request * 2)
            for answer in (connection.read_response(), connection.read_response()):
                assert (answer.status, answer.reason) == (alone.status, alone.reason)
                # Only the boundary may differ.
                if "multipart" in (alone.header("Content-Type") or ""):
                    continue
                assert answer.body == alone.body
                assert without_date(answer) == without_date(alone)
                assert abs(seconds(answer) - seconds(alone)) <= 10


def without_date(response) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in response.headers if name != "Date")


def seconds(response) -> float:
    return email.utils.parsedate_to_datetime(response.header("Date")).timestamp()


def test_a_long_head_is_whole(serve, root):
    """Of a length beyond which content is sent from where it lies."""
    value = "x" * 6000
    site = serve("contract:application", "--static", f"/static={root},header=X-Long: {value}")
    for path in ("/static/a.txt", "/static/middle.bin"):
        expected = warm(site, path)
        with Connection(site.address) as connection:
            for _ in range(3):
                answer = connection.get(path)
                assert (answer.body, answer.header("X-Long")) == (expected, value)


def test_empty_lines_and_heads_in_pieces_make_no_difference(site, root):
    warm(site, "/static/a.txt")
    request = b"\r\nGET /static/a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
    with Connection(site.address) as connection:
        for cut in range(1, len(request)):
            connection.send(request[:cut])
            assert site.get("/static/a.txt").status == 200
            connection.send(request[cut:])
            assert connection.read_response().body == b"first\n"


def test_a_client_that_has_half_closed_is_answered(site, root):
    warm(site, "/static/a.txt")
    for _ in range(50):
        with Connection(site.address) as connection:
            connection.send(b"GET /static/a.txt HTTP/1.1\r\nHost: a\r\n\r\n")
            connection.half_close()
            assert connection.read_response().body == b"first\n"
            connection.expect_closed()


def test_a_proxy_that_is_not_trusted_is_warned_of(serve, root):
    site = serve("contract:application", "--static", f"/static={root}", "--forwarded-allow-ips", "192.0.2.1")
    warm(site, "/static/a.txt")
    site.get("/static/a.txt", headers=[("X-Forwarded-For", "192.0.2.2")])
    assert site.log.wait_for("which is not taken from it")


def test_the_last_request_of_a_connection_is_told_so(serve, root):
    site = serve("contract:application", "--static", f"/static={root}", "--keep-alive-requests", "3")
    warm(site, "/static/a.txt")
    with Connection(site.address) as connection:
        answers = [connection.get("/static/a.txt") for _ in range(3)]
        assert [answer.header("Connection") for answer in answers] == [None, None, "close"]
        connection.expect_closed()


def test_a_client_that_takes_its_time_gets_all_of_a_kept_file(site, root):
    expected = warm(site, "/static/middle.bin")
    with Connection(site.address, receive_buffer=4096) as connection:
        for _ in range(8):
            connection.send(b"GET /static/middle.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            # Nobody reads: the next ones come while the kernel has no room for the first.
            assert site.get("/static/a.txt").body == b"first\n"
        for _ in range(8):
            assert connection.read_response().body == expected


def test_a_file_that_is_written_over_in_place_is_seen(site, root):
    warm(site, "/static/a.txt")
    with Connection(site.address) as connection:
        for number in range(300):
            content = b"%05d\n" % number
            # The same size and the same times, as a restored backup has them: only ctime tells.
            (root / "a.txt").write_bytes(content)
            os.utime(root / "a.txt", (LONG_AGO, LONG_AGO))
            assert connection.get("/static/a.txt").body == content


def test_what_is_taken_away_is_gone(site, root):
    warm(site, "/static/a.txt")
    (root / "a.txt").chmod(0)
    expected = 200 if os.geteuid() == 0 else 403
    assert site.get("/static/a.txt").status == expected
    (root / "a.txt").unlink()
    assert site.get("/static/a.txt").status == 404
    (root / "a.txt").mkdir()
    assert site.get("/static/a.txt").status == 404
    (root / "a.txt").rmdir()
    put(root / "a.txt", b"back")
    assert site.get("/static/a.txt").body == b"back"


def test_a_directory_that_became_a_link_out_of_the_root_leads_nowhere(site, root):
    outside = root.parent / "outside"
    outside.mkdir()
    put(outside / "index.html", b"<p>index</p>")
    assert warm(site, "/static/sub/") == b"<p>index</p>"
    (root / "sub").rename(root / "aside")
    (root / "sub").symlink_to(outside)
    assert site.get("/static/sub/").status == 404
    assert site.get("/static/sub/index.html").status == 404
    (root / "sub").unlink()
    (root / "sub").symlink_to("aside")
    assert site.get("/static/sub/").body == b"<p>index</p>"


def test_nobody_sees_two_versions_in_one(site, root):
    """Writers replace the file all the time; each answer is one of the versions, whole."""
    versions = [bytes([65 + n]) * (1000 + n) for n in range(8)]
    put(root / "a.txt", versions[0])
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            put(root / "a.txt", versions[number % 8])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Connection(site.address) as connection:
            for _ in range(3000):
                response = connection.get("/static/a.txt")
                assert response.body in versions
                assert response.header("Content-Length") == str(len(response.body))
    finally:
        stop.set()
        writer.join()


def test_no_file_stays_open_and_memory_is_bounded(serve, trees):
    root = trees[0]
    site = serve("contract:application", "--static", f"/static={root}", "--static-cache", "256k")
    before = descriptor_count(site.pid)
    with Connection(site.address) as connection:
        for _ in range(2):
            for number in range(600):
                assert connection.get(f"/static/{number}.txt").body == b"%d" % number * 500
        assert descriptor_count(site.pid) <= before + 1


def test_it_can_be_turned_off(serve, root):
    site = serve("contract:application", "--static", f"/static={root}", "--static-cache", "0")
    assert warm(site, "/static/a.txt") == b"first\n"


def test_a_warm_start_knows_the_tree(serve, root):
    site = serve("contract:application", "--static", f"/static={root},warm")
    assert site.log.wait_for(r"3 of 4 files of /static are in memory; what has no room")
    assert site.get("/static/a.txt").body == b"first\n"
    assert site.get("/static/sub/").body == b"<p>index</p>"


def test_a_route_for_one_file_can_be_warm(serve, root):
    site = serve("contract:application", "--static", f"/one={root}/a.txt,warm")
    assert site.log.wait_for(r"1 of 1 files of /one are in memory")
    assert site.get("/one").body == b"first\n"


@pytest.mark.parametrize("conditions", ["in order", "after a change"])
def test_conditions_and_ranges_are_those_of_the_file(site, root, conditions):
    """From memory as from the disk: the same requests before anything is kept, and after."""
    requests = [
        [],
        [("If-None-Match", "TAG")],
        [("If-None-Match", 'W/TAG, "b"')],
        [("If-None-Match", '"b"')],
        [("If-None-Match", "*")],
        [("If-None-Match", "TAG"), ("If-None-Match", '"b"')],
        [("If-None-Match", "TAG"), ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")],
        [("If-None-Match", '"b"'), ("If-Modified-Since", "Sun, 06 Nov 2094 08:49:37 GMT")],
        [("If-Modified-Since", "Sun, 06 Nov 2022 08:49:37 GMT")],
        [("If-None-Match", "TAG"), ("Range", "bytes=1-2")],
        [("If-None-Match", '"b"'), ("Range", "bytes=1-2")],
        [("If-None-Match", "TAG"), ("If-Match", '"b"')],
        [("If-Match", "TAG")],
        [("Range", "bytes=0-")],
        [("Range", "bytes=-3")],
        [("Range", "bytes=2-2")],
        [("Range", "bytes=6-")],
        [("Range", "bytes=0-1,4-5")],
        [("Range", "bytes=0-1"), ("Range", "bytes=0-1")],
        [("Range", "bytes=1-2"), ("If-Range", "TAG")],
        [("Range", "bytes=1-2"), ("If-Range", '"b"')],
        [("Range", "lines=1-2")],
    ]
    if conditions == "after a change":
        warm(site, "/static/a.txt")
        put(root / "a.txt", b"second")
    tag = site.get("/static/a.txt", method="HEAD").header("ETag")

    def answers() -> list[tuple]:
        found = []
        for fields in requests:
            for method in ["GET", "HEAD"]:
                answer = site.get(
                    "/static/a.txt",
                    method=method,
                    headers=[(name, value.replace("TAG", tag)) for name, value in fields],
                )
                body = b"parts" if answer.body.startswith(b"\r\n--") else answer.body
                names = {"ETag", "Last-Modified", "Content-Range", "Content-Length", "Accept-Ranges"}
                found.append((fields, method, answer.status, body, *(answer.header(name) for name in sorted(names))))
        return found

    first = answers()
    for _ in range(2):
        assert answers() == first
    assert {answer[2] for answer in first} == {200, 206, 304, 412, 416}


@pytest.fixture
def coded(serve, root) -> Server:
    return serve("contract:application", "--static", f"/static={root},precompressed=br gzip")


def coding(site: Server, path: str = "/static/a.txt") -> str | None:
    response = site.get(path, headers=[("Accept-Encoding", "gzip, br")])
    assert response.status == 200
    assert response.header("Vary") == "Accept-Encoding"
    return response.header("Content-Encoding")


def test_a_neighbour_that_comes_is_seen_by_the_very_next_request(coded, root):
    for _ in range(4):
        assert coding(coded) is None
    put(root / "a.txt.gz", b"gzipped", LONG_AGO + 1)
    assert coding(coded) == "gzip"
    put(root / "a.txt.br", b"brotli", LONG_AGO + 1)
    assert coding(coded) == "br"
    (root / "a.txt.br").unlink()
    assert coding(coded) == "gzip"
    (root / "a.txt.gz").unlink()
    assert coding(coded) is None


def test_a_neighbour_that_comes_by_other_ways_than_its_directory_is_seen(coded, root):
    """A link that leads nowhere, and a neighbour that is too old, say nothing in the directory when they change."""
    put(root / "sub" / "late.html", b"<p>late</p>")
    (root / "sub" / "late.html.gz").symlink_to("../elsewhere.gz")
    put(root / "a.txt.br", b"old", LONG_AGO - 100)
    # Until all of that has settled.
    let_settle(root / "sub")
    for _ in range(4):
        assert coding(coded, "/static/sub/late.html") is None
        assert coding(coded) is None
    put(root / "elsewhere.gz", b"gzipped", LONG_AGO + 1)
    assert coding(coded, "/static/sub/late.html") == "gzip"
    os.utime(root / "a.txt.br", (LONG_AGO, LONG_AGO))
    assert coding(coded) == "br"


def test_a_directory_that_is_swapped_for_another_is_seen(coded, root):
    (root / "way").symlink_to("sub")
    for _ in range(4):
        assert coding(coded, "/static/way/index.html") is None
    other = root / "other"
    other.mkdir()
    os.link(root / "sub" / "index.html", other / "index.html")
    put(other / "index.html.br", b"brotli", LONG_AGO + 1)
    (root / "way.new").symlink_to("other")
    (root / "way.new").replace(root / "way")
    assert coding(coded, "/static/way/index.html") == "br"


def test_large_coded_forms_are_made_once_or_not_at_all(serve, root):
    """What would take most of a small memory is sent as it is: it would be made again and again."""
    text = b"".join(b"%d,%d\n" % (n, n * 7919 % 104729) for n in range(20000))
    put(root / "table.csv", text)
    site = serve("contract:application", "--static", f"/static={root},compress=gzip", "--static-cache", "128k")
    let_settle(root / "table.csv")
    for _ in range(5):
        answer = site.get("/static/table.csv", headers=[("Accept-Encoding", "gzip")])
        assert (answer.header("Content-Encoding"), answer.body) == (None, text)
