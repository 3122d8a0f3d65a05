"""`--compress`: what the application answers, coded for clients that ask for it, and everything that stays as it is."""

from __future__ import annotations

import subprocess
from urllib.parse import quote, urlencode

import pytest
from apps.compressed import text

from harness import APPS, Gate, Server, Truncated
from harness.codings import CODINGS, decode, decoded, decoder, tokens

ALL = "br, zstd, gzip"
SHAPES = ("/whole", "/several", "/stream", "/pushed", "/file")


@pytest.fixture(scope="module")
def site(runtime):
    with Server(runtime, "compressed:application", "--threads", "4", "--compress", "br,zstd,gzip") as server:
        yield server


@pytest.fixture(scope="module")
def plain(runtime):
    with Server(runtime, "compressed:application") as server:
        yield server


def get(site: Server, path: str, accept: str | None = ALL, method: str = "GET", version: str = "1.1", **query):
    target = path + "?" + urlencode(query, doseq=True)
    headers = [] if accept is None else [("Accept-Encoding", accept)]
    return site.get(target, headers=headers, method=method, version=version)


# What is coded


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("coding", CODINGS)
def test_text_is_coded_in_each_shape_of_a_response(site, coding, shape):
    response = get(site, shape, coding)
    assert response.header("Content-Encoding") == coding
    assert decoded(response) == text(50_000)
    assert len(response.body) < 25_000
    assert tokens(response) == ["accept-encoding"]


@pytest.mark.parametrize("coding", CODINGS)
def test_content_that_is_known_as_a_whole_keeps_a_length(site, coding):
    for shape in ("/whole", "/several", "/file"):
        response = get(site, shape, coding, size=200_000)
        assert response.header("Content-Length") == str(len(response.body)), shape
    assert get(site, "/stream", coding).chunked


@pytest.mark.parametrize("shape", SHAPES)
def test_who_asks_for_nothing_gets_it_as_it_is_and_is_told_that_it_varies(site, shape):
    for accept in (None, "", "identity", "deflate", "gzip;q=0", "*;q=0", "identity, gzip;q=0.5"):
        response = get(site, shape, accept)
        assert (response.header("Content-Encoding"), response.body) == (None, text(50_000))
        assert tokens(response) == ["accept-encoding"]


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5, zstd;q=0.8", "gzip"),
        ("br;q=0, *", "zstd"),
        ("X-GZIP", "gzip"),
        ("*", "br"),
    ],
)
def test_the_weights_choose_and_then_the_servers_order(site, accept, coding):
    assert get(site, "/whole", accept).header("Content-Encoding") == coding


def test_large_content_is_coded_whole(site):
    for shape in SHAPES:
        response = get(site, shape, "zstd", size=20_000_000)
        assert decoded(response) == text(20_000_000), shape


def test_a_file_that_is_large_is_the_kernels_to_send_as_it_is(site):
    response = get(site, "/file", size=1_048_577)
    assert (response.header("Content-Encoding"), response.body) == (None, text(1_048_577))
    response = get(site, "/file", size=1_048_576, seek=1000)
    assert decoded(response) == text(1_048_576)[1000:]


def test_http_1_0_gets_codings_too(site):
    for shape in SHAPES:
        assert decoded(get(site, shape, version="1.0")) == text(50_000), shape


def test_curl_and_requests_decode_it(site):
    url = f"http://{site.address.authority}/stream?size=70000"
    run = subprocess.run(["curl", "-sS", "--compressed", url], capture_output=True, check=True, timeout=30)
    assert run.stdout == text(70_000)
    run = subprocess.run(["curl", "-sS", url], capture_output=True, check=True, timeout=30)
    assert run.stdout == text(70_000)


# What is left alone


@pytest.mark.parametrize(
    "fields",
    [
        ["Content-Encoding:br"],
        ["Content-Encoding:identity"],
        ["Cache-Control:no-transform"],
        ["Cache-Control:public, No-Transform, max-age=3"],
        ["Content-Range:bytes 0-4/10"],
        ["Digest:sha-256=x"],
        ["Repr-Digest:sha-256=:x:"],
        ["Content-Digest:sha-256=:x:"],
        ["Content-MD5:x"],
    ],
)
def test_what_the_application_has_said_about_the_bytes_is_respected(site, fields):
    for shape in SHAPES:
        response = get(site, shape, h=[*fields, 'ETag:"a"'])
        assert response.body == text(50_000)
        assert response.header("ETag") == '"a"'
        assert response.header("Vary") is None
        assert response.header("Content-Encoding") == (fields[0].partition(":")[2] if "Encoding" in fields[0] else None)


@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream", "video/mp4", "font/woff2"])
def test_other_types_are_left_alone(site, media_type):
    response = get(site, "/whole", type=media_type)
    assert (response.body, response.header("Vary")) == (text(50_000), None)


def test_a_part_is_left_alone(site):
    response = get(site, "/whole", status="206 Partial Content", h="Content-Range:bytes 0-49999/100000")
    assert (response.status, response.body, response.header("Vary")) == (206, text(50_000), None)


def test_small_content_is_left_alone_unless_identity_is_refused(site):
    response = get(site, "/whole", size=1023)
    assert (response.body, tokens(response)) == (text(1023), ["accept-encoding"])
    assert get(site, "/whole", size=1024).header("Content-Encoding") == "br"
    assert get(site, "/stream", h="Content-Length:1000", size=1000).header("Content-Encoding") is None
    assert decoded(get(site, "/whole", "gzip, identity;q=0", size=1023)) == text(1023)
    assert get(site, "/whole", "gzip, identity;q=0", size=1023).header("Content-Encoding") == "gzip"


@pytest.mark.parametrize("coding", CODINGS)
def test_what_would_not_become_smaller_goes_out_as_it_is(site, coding):
    response = get(site, "/noise", coding)
    assert response.header("Content-Encoding") is None
    assert (len(response.body), tokens(response)) == (50_000, ["accept-encoding"])


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "500 Internal Server Error"])
def test_any_status_with_content_may_be_coded(site, status):
    response = get(site, "/whole", status=status)
    assert (response.status, decoded(response)) == (int(status[:3]), text(50_000))
    assert response.header("Content-Encoding") == "br"


def test_without_the_option_nothing_changes(plain):
    response = get(plain, "/whole", h=['ETag:"a"', "Accept-Ranges:bytes"])
    assert response.body == text(50_000)
    assert (response.header("Vary"), response.header("ETag")) == (None, '"a"')


# Fields


def test_strong_tags_become_weak_and_ranges_are_not_promised(site):
    fields = ['ETag:"a"', "Accept-Ranges:bytes", "Vary:Cookie"]
    response = get(site, "/whole", h=fields)
    assert response.header("ETag") == 'W/"a"'
    assert response.header("Accept-Ranges") is None
    assert tokens(response) == ["cookie", "accept-encoding"]
    response = get(site, "/whole", "identity", h=fields)
    assert (response.header("ETag"), response.header("Accept-Ranges")) == ('"a"', "bytes")
    assert tokens(response) == ["cookie", "accept-encoding"]


@pytest.mark.parametrize("vary", ["*", "Accept-Encoding", "Cookie, accept-encoding"])
def test_vary_is_not_said_twice(site, vary):
    assert get(site, "/whole", h=f"Vary:{vary}").header("Vary") == vary


def test_a_304_is_described_like_the_200(site):
    response = get(site, "/empty", status="304 Not Modified", h='ETag:"a"')
    assert (response.status, response.header("ETag"), tokens(response)) == (304, 'W/"a"', ["accept-encoding"])
    assert response.header("Content-Encoding") is None
    response = get(site, "/empty", "identity", status="304 Not Modified", h='ETag:"a"')
    assert (response.header("ETag"), tokens(response)) == ('"a"', ["accept-encoding"])


@pytest.mark.parametrize(
    ("named", "tag"),
    [('"a"', '"a"'), ('"b", "a"', '"a"'), ('W/"a"', 'W/"a"'), ('"b"', 'W/"a"'), ("*", 'W/"a"')],
)
def test_a_304_has_the_strong_tag_that_a_client_has(site, named, tag):
    """It has got that with content that is never coded, a picture's: what is coded has a weak one."""
    target = "/empty?" + urlencode({"status": "304 Not Modified", "h": 'ETag:"a"'})
    response = site.get(target, headers=[("Accept-Encoding", ALL), ("If-None-Match", named)])
    assert (response.status, response.header("ETag"), tokens(response)) == (304, tag, ["accept-encoding"])


def test_a_head_that_may_be_of_coded_content_has_a_weak_tag(site):
    for accept, tag in [(ALL, 'W/"a"'), ("identity", '"a"')]:
        response = get(site, "/empty", accept, method="HEAD", h='ETag:"a"')
        assert (response.header("ETag"), response.header("Content-Encoding")) == (tag, None)


def test_a_204_has_neither_content_nor_coding(site):
    response = get(site, "/empty", status="204 No Content")
    assert (response.status, response.header("Content-Encoding"), response.body) == (204, None, b"")


def test_head_is_described_like_get(site):
    for shape in ("/whole", "/stream"):
        response = get(site, shape, method="HEAD", h=['ETag:"a"', "Content-Length:50000"])
        assert (response.status, response.body) == (200, b"")
        assert response.header("Content-Encoding") == "br"
        assert response.header("Content-Length") is None
        assert (response.header("ETag"), tokens(response)) == ('W/"a"', ["accept-encoding"])
    response = get(site, "/whole", method="HEAD", h="Content-Length:500", size=500)
    assert (response.header("Content-Encoding"), response.header("Content-Length")) == (None, "500")
    # How large the answer to GET is, this one doesn't say.
    response = get(site, "/empty", method="HEAD")
    assert (response.header("Content-Encoding"), tokens(response)) == (None, ["accept-encoding"])


# Streams


@pytest.mark.parametrize("coding", CODINGS)
def test_each_block_can_be_decoded_before_the_next_is_made(site, tmp_path, coding):
    gates = [Gate(tmp_path, f"gate{number}") for number in range(3)]
    query = "&".join(f"gate={quote(str(gate.path))}" for gate in gates)
    with site.connect() as connection:
        connection.request(f"/gated?type=text/event-stream&{query}", headers=[("Accept-Encoding", coding)])
        response = connection.read_head()
        assert response.header("Content-Encoding") == coding
        decode_more = decoder(coding)

        def read(expected: bytes) -> None:
            got = b""
            while len(got) < len(expected):
                got += decode_more(connection.read_chunk())
            assert got == expected

        read(b"data: first\n\n")
        for number, gate in enumerate(gates):
            gate.open()
            read(b"data: %d\n\n" % number)
        while chunk := connection.read_chunk():
            assert decode_more(chunk) == b""


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_that_breaks_never_looks_complete(site, coding):
    with pytest.raises(Truncated) as cut:
        get(site, "/broken", coding)
    with pytest.raises(Exception):  # each decoder has its own
        decode(coding, cut.value.partial.body)


@pytest.mark.parametrize("shape", ["/stream", "/pushed"])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_length_of_the_applications_is_held_to(site, shape, coding):
    response = get(site, shape, coding, h="Content-Length:50000")
    assert decoded(response) == text(50_000)
    assert (response.header("Content-Encoding"), response.header("Content-Length")) == (coding, None)
    # What goes beyond it is cut, and what is missing is no end.
    assert decoded(get(site, shape, coding, h="Content-Length:40500")) == text(50_000)[:40_500]
    with pytest.raises(Truncated):
        get(site, shape, coding, h="Content-Length:50001")


def test_a_list_that_is_longer_than_it_said_is_cut_as_it_is(site):
    response = get(site, "/whole", h="Content-Length:40000")
    assert (response.header("Content-Encoding"), response.body) == (None, text(50_000)[:40_000])


def test_a_client_that_goes_away_leaves_the_others_alone(site):
    for _ in range(20):
        with site.connect() as connection:
            connection.request("/stream?size=20000000", headers=[("Accept-Encoding", "gzip")])
            connection.read_head()
            connection.reset()
    assert decoded(get(site, "/stream", "gzip")) == text(50_000)


# Options


def test_types_sizes_and_levels_can_be_chosen(serve):
    server = serve(
        "compressed:application",
        *("--compress", "gzip:9,zstd:19", "--compress-types", "image/x-*,application/json"),
        *("--compress-min-size", "0"),
    )
    assert get(server, "/whole").header("Content-Encoding") is None
    assert get(server, "/whole", type="application/JSON ; a=b").header("Content-Encoding") == "gzip"
    response = get(server, "/whole", "zstd", type="image/x-icon", size=200)
    assert (response.header("Content-Encoding"), decoded(response)) == ("zstd", text(200))


def test_a_coding_that_there_is_not_is_refused_at_the_start(embedded):
    run = subprocess.run(
        embedded.command(["compressed:application", "--compress", "deflate"]),
        cwd=APPS,
        env=embedded.variables(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert run.returncode == 2
    assert "br,zstd,gzip" in run.stderr
