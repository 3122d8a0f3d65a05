"""Content codings of static files: neighbours that are there already, and forms that are made on demand."""

from __future__ import annotations

import gzip
import os
import threading
import time
from pathlib import Path

import brotli
import pytest
import zstandard

from harness import Server
from harness.codings import CODINGS, decode, decoded, tokens

TEXT = b"".join(b".rule-%d { color: rgb(%d, 0, 0); margin: 0 auto }\n" % (n, n % 256) for n in range(4000))
SECRET = b"outside the root: never to be seen" * 100
ENCODERS = {"br": brotli.compress, "zstd": zstandard.ZstdCompressor().compress, "gzip": gzip.compress}
EXTENSIONS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
LONG_AGO = time.time() - 1000


def put(path: Path, content: bytes, when: float = LONG_AGO) -> None:
    """A file that is replaced at once, as deployments do, and that was last changed at some time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(path.name + ".tmp")
    made.write_bytes(content)
    os.utime(made, (when, when))
    made.replace(path)


def get(server: Server, path: str, accept: str | None = "br, zstd, gzip", *headers, method: str = "GET"):
    fields = list(headers) if accept is None else [("Accept-Encoding", accept), *headers]
    return server.get(path, headers=fields, method=method)


# Neighbours


@pytest.fixture
def root(tmp_path) -> Path:
    root = tmp_path / "root"
    put(root / "app.css", TEXT)
    for coding, extension in EXTENSIONS.items():
        put(root / f"app.css{extension}", ENCODERS[coding](TEXT))
    put(root / "only.js", TEXT)
    put(root / "only.js.gz", gzip.compress(TEXT))
    put(root / "plain.txt", TEXT)
    put(root / "site" / "index.html", TEXT)
    put(root / "site" / "index.html.br", brotli.compress(TEXT))
    return root


@pytest.fixture
def site(serve, root) -> Server:
    return serve("contract:application", "--static", f"/static={root},precompressed")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_neighbour_is_sent_in_the_place_of_its_file(site, root, coding):
    for _ in range(3):
        response = get(site, "/static/app.css", coding)
        assert response.header("Content-Encoding") == coding
        assert response.body == (root / f"app.css{EXTENSIONS[coding]}").read_bytes()
        assert response.header("Content-Type") == "text/css; charset=utf-8"
        assert response.header("Content-Length") == str(len(response.body))
        assert tokens(response) == ["accept-encoding"]


def test_the_weights_choose_among_those_that_are_there(site):
    for accept, coding in [
        ("br, zstd, gzip", "br"),
        ("br;q=0.1, zstd;q=0.2, gzip;q=0.3", "gzip"),
        ("gzip, zstd", "zstd"),
        ("*", "br"),
        ("br;q=0, *", "zstd"),
        ("deflate", None),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        (None, None),
    ]:
        for _ in range(2):
            assert get(site, "/static/app.css", accept).header("Content-Encoding") == coding, accept
    for _ in range(2):
        assert get(site, "/static/only.js").header("Content-Encoding") == "gzip"
        assert get(site, "/static/only.js", "br").body == TEXT
        assert get(site, "/static/plain.txt").body == TEXT


def test_every_form_has_a_strong_tag_of_its_own(site):
    tags = {get(site, "/static/app.css", coding).header("ETag") for coding in (*CODINGS, None)}
    assert len(tags) == 4
    assert all(tag.startswith('"') for tag in tags)


def test_conditions_are_about_the_form_that_would_be_sent(site):
    for _ in range(2):
        tag = get(site, "/static/app.css", "br").header("ETag")
        response = get(site, "/static/app.css", "br", ("If-None-Match", tag))
        assert (response.status, response.header("ETag"), tokens(response)) == (304, tag, ["accept-encoding"])
        assert get(site, "/static/app.css", "gzip", ("If-None-Match", tag)).status == 200
        assert get(site, "/static/app.css", None, ("If-None-Match", tag)).status == 200
        assert get(site, "/static/app.css", "gzip", ("If-Match", tag)).status == 412


def test_ranges_are_of_the_coded_bytes(site, root):
    whole = (root / "app.css.br").read_bytes()
    for _ in range(2):
        response = get(site, "/static/app.css", "br", ("Range", "bytes=10-19"))
        assert (response.status, response.body) == (206, whole[10:20])
        assert response.header("Content-Range") == f"bytes 10-19/{len(whole)}"
        assert response.header("Content-Encoding") == "br"
        tag = response.header("ETag")
        other = get(site, "/static/app.css", "gzip", ("Range", "bytes=10-19"), ("If-Range", tag))
        assert (other.status, other.header("Content-Encoding")) == (200, "gzip")


def test_head_is_described_like_get(site):
    for accept in ("br", "gzip", None):
        got = get(site, "/static/app.css", accept)
        for _ in range(2):
            head = get(site, "/static/app.css", accept, method="HEAD")
            assert head.body == b""
            same = ("Content-Encoding", "Content-Length", "ETag", "Vary", "Content-Type", "Last-Modified")
            assert [head.header(name) for name in same] == [got.header(name) for name in same]


def test_an_index_has_neighbours_too(site):
    for _ in range(2):
        response = get(site, "/static/site/")
        assert (response.header("Content-Encoding"), decoded(response)) == ("br", TEXT)
        assert response.header("Content-Type") == "text/html; charset=utf-8"


def test_a_neighbour_older_than_its_file_is_not_used(site, root):
    assert get(site, "/static/app.css", "br").header("Content-Encoding") == "br"
    put(root / "app.css", TEXT[:5000], LONG_AGO + 1)
    response = get(site, "/static/app.css", "br")
    assert (response.header("Content-Encoding"), response.body) == (None, TEXT[:5000])
    put(root / "app.css.br", brotli.compress(TEXT[:5000]), LONG_AGO + 1)
    assert decoded(get(site, "/static/app.css", "br")) == TEXT[:5000]


def test_a_neighbour_comes_and_goes_with_the_next_request(site, root):
    assert get(site, "/static/plain.txt", "gzip").header("Content-Encoding") is None
    put(root / "plain.txt.gz", gzip.compress(TEXT))
    assert decoded(get(site, "/static/plain.txt", "gzip")) == TEXT
    (root / "plain.txt.gz").unlink()
    assert get(site, "/static/plain.txt", "gzip").header("Content-Encoding") is None
    (root / "app.css").unlink()
    assert get(site, "/static/app.css", "gzip").status == 404


def test_a_neighbour_never_leaves_the_root(site, root):
    outside = root.parent / "outside"
    put(outside / "secret.br", brotli.compress(SECRET))
    for target in (outside / "secret.br", Path("../outside/secret.br"), Path("nowhere")):
        (root / "plain.txt.br").unlink(missing_ok=True)
        (root / "plain.txt.br").symlink_to(target)
        for _ in range(2):
            response = get(site, "/static/plain.txt", "br")
            assert (response.header("Content-Encoding"), response.body) == (None, TEXT)


def test_a_directory_or_a_pipe_is_no_neighbour(site, root):
    (root / "plain.txt.br").mkdir()
    os.mkfifo(root / "plain.txt.gz")
    assert get(site, "/static/plain.txt", "br, gzip").body == TEXT


def test_without_the_option_neighbours_are_files_like_others(serve, root):
    site = serve("contract:application", "--static", f"/static={root}")
    response = get(site, "/static/app.css")
    assert (response.header("Content-Encoding"), response.header("Vary"), response.body) == (None, None, TEXT)
    response = get(site, "/static/app.css.gz")
    assert (response.header("Content-Type"), response.header("Content-Encoding")) == ("application/gzip", None)


# Made on demand


@pytest.fixture
def making(serve, root) -> Server:
    return serve("contract:application", "--static", f"/static={root},compress")


def until_coded(server: Server, path: str, coding: str):
    """The first response that comes coded. A form is made once its file's last change is some seconds old, which is for
    the clock to bring, and after a request has asked for it: so one is made now and then."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        response = get(server, path, coding)
        if response.header("Content-Encoding"):
            return response
        assert tokens(response) == ["accept-encoding"]
        threading.Event().wait(0.1)
    raise AssertionError(f"{path} did not come in {coding}")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_text_is_coded_for_those_who_come_later(making, root, coding):
    put(root / "fresh.css", TEXT)
    first = get(making, "/static/fresh.css", coding)
    assert (first.header("Content-Encoding"), first.body) == (None, TEXT)
    response = until_coded(making, "/static/fresh.css", coding)
    assert (response.header("Content-Encoding"), decoded(response)) == (coding, TEXT)
    assert response.header("Content-Type") == "text/css; charset=utf-8"
    assert response.header("ETag") != first.header("ETag")
    assert not response.header("ETag").startswith("W/")
    again = get(making, "/static/fresh.css", coding)
    assert (again.body, again.header("ETag")) == (response.body, response.header("ETag"))
    part = get(making, "/static/fresh.css", coding, ("Range", "bytes=5-9"))
    assert (part.status, part.body) == (206, response.body[5:10])
    assert get(making, "/static/fresh.css", coding, ("If-None-Match", response.header("ETag"))).status == 304
    assert get(making, "/static/fresh.css", None).body == TEXT


def test_a_large_text_is_coded_too_and_sent_from_memory(making, root):
    large = TEXT * 10
    put(root / "bundle.js", large)
    assert decode("br", until_coded(making, "/static/bundle.js", "br").body) == large
    assert get(making, "/static/bundle.js", None).body == large


def test_a_changed_file_is_never_sent_in_the_form_of_the_old_one(making, root):
    assert decoded(until_coded(making, "/static/app.css", "gzip")) == TEXT
    put(root / "app.css", TEXT[::-1], LONG_AGO + 5)
    assert decoded(get(making, "/static/app.css", "gzip")) == TEXT[::-1]
    assert decoded(until_coded(making, "/static/app.css", "gzip")) == TEXT[::-1]


def test_other_types_small_files_and_noise_stay_as_they_are(making, root):
    noise = os.urandom(50_000)
    put(root / "picture.png", TEXT)
    put(root / "small.css", TEXT[:500])
    put(root / "noise.txt", noise)
    # The last of them is made by the same thread, after all others that were asked for.
    for path in ("picture.png", "small.css", "noise.txt", "picture.png", "small.css", "noise.txt"):
        assert get(making, f"/static/{path}", "gzip").header("Content-Encoding") is None
    until_coded(making, "/static/plain.txt", "gzip")
    assert get(making, "/static/picture.png", "gzip").header("Vary") is None
    response = get(making, "/static/noise.txt", "gzip")
    assert (response.header("Content-Encoding"), response.body) == (None, noise)
    assert get(making, "/static/small.css", "gzip").header("Content-Encoding") is None


def test_neighbours_come_before_what_would_be_made(serve, root):
    site = serve("contract:application", "--static", f"/static={root},precompressed=br gzip,compress=gzip")
    assert get(site, "/static/app.css").body == (root / "app.css.br").read_bytes()
    assert get(site, "/static/app.css", "zstd").header("Content-Encoding") is None
    assert decoded(until_coded(site, "/static/plain.txt", "gzip")) == TEXT
