"""Static files: what is served, how it is described, and everything that must stay out of reach."""

from __future__ import annotations

import email.utils
import os
import re
import socket
import stat
from pathlib import Path

import pytest

from harness import Connection, Gate, Runtime, Server, Truncated
from harness.interpreters import environments

SECRET = b"outside the root: never to be seen"
DIGITS = b"0123456789" * 10


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A tree with everything in it that a static root can hold; the secret lies beside it."""
    base = tmp_path_factory.mktemp("site")
    root = base / "static"
    root.mkdir()
    (base / "secret.txt").write_bytes(SECRET)
    (base / "outside").mkdir()
    (base / "outside" / "secret.txt").write_bytes(SECRET)
    (base / "static.py").write_bytes(SECRET)
    (base / "static-private").mkdir()
    (base / "static-private" / "secret.txt").write_bytes(SECRET)

    (root / "digits.txt").write_bytes(DIGITS)
    (root / "empty.txt").write_bytes(b"")
    (root / "big.bin").write_bytes(os.urandom(5_000_000))
    (root / "with space.txt").write_bytes(b"space\n")
    (root / "plus+sign.txt").write_bytes(b"plus\n")
    (root / "percent%41.txt").write_bytes(b"percent\n")
    (root / "question?.txt").write_bytes(b"question\n")
    (root / "semi;colon.txt").write_bytes(b"semicolon\n")
    (root / "caf\u00e9.txt").write_bytes(b"coffee\n")
    (root / "back\\slash.txt").write_bytes(b"backslash\n")
    (root / "noextension").write_bytes(b"plain\n")
    for name in TYPES:
        (root / name).write_bytes(b"content of " + name.encode())

    (root / "sub").mkdir()
    (root / "sub" / "index.html").write_bytes(b"<p>index</p>")
    (root / "sub" / "deep.txt").write_bytes(b"deep\n")
    (root / "bare").mkdir()
    (root / "bare" / "page.html").write_bytes(b"<p>page</p>")

    (root / ".env").write_bytes(SECRET)
    (root / ".git").mkdir()
    (root / ".git" / "config").write_bytes(SECRET)
    (root / "sub" / ".hidden.txt").write_bytes(SECRET)

    (root / "inside-link.txt").symlink_to("digits.txt")
    (root / "link-out.txt").symlink_to("../secret.txt")
    (root / "link-absolute.txt").symlink_to(base / "secret.txt")
    (root / "link-folder").symlink_to("../outside")
    (root / "link-dangling.txt").symlink_to("nowhere")
    (root / "link-loop").symlink_to("link-loop")
    (root / "digits.txt.gz").symlink_to("../secret.txt")
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(root)
        try:
            bound.bind("socket")
        finally:
            os.chdir(here)
    return root


TYPES = {
    "style.css": "text/css; charset=utf-8",
    "page.html": "text/html; charset=utf-8",
    "script.js": "text/javascript; charset=utf-8",
    "module.mjs": "text/javascript; charset=utf-8",
    "data.json": "application/json",
    "notes.txt": "text/plain; charset=utf-8",
    "picture.png": "image/png",
    "picture.jpg": "image/jpeg",
    "picture.webp": "image/webp",
    "picture.svg": "image/svg+xml",
    "favicon.ico": "image/x-icon|image/vnd.microsoft.icon",
    "font.woff2": "font/woff2",
    "film.mp4": "video/mp4",
    "paper.pdf": "application/pdf",
    "program.wasm": "application/wasm",
    "UPPER.CSS": "text/css; charset=utf-8",
    "unknown.zzz": "application/octet-stream",
}


@pytest.fixture(scope="module")
def site(runtime, root):
    with Server(runtime, "contract:application", "--static", f"/static={root}") as server:
        yield server


def get(site: Server, path: str, *headers: tuple[str, str], method: str = "GET"):
    return site.get(path, headers=headers, method=method)


# What is served


def test_a_file_is_served_with_its_description(site, root):
    response = get(site, "/static/digits.txt")
    assert (response.status, response.body) == (200, DIGITS)
    assert response.header("Content-Length") == "100"
    assert response.header("Accept-Ranges") == "bytes"
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', response.header("ETag"))
    modified = email.utils.parsedate_to_datetime(response.header("Last-Modified")).timestamp()
    assert modified == int((root / "digits.txt").stat().st_mtime)
    assert response.header("Date") and response.header("Server")


@pytest.mark.parametrize("name", TYPES)
def test_the_media_type_follows_the_extension(site, name):
    response = get(site, f"/static/{name}")
    assert response.status == 200
    given = response.header("Content-Type").lower()
    if TYPES[name] == "image/svg+xml" or TYPES[name] == "application/json":
        given = given.replace("; charset=utf-8", "")
    assert given in TYPES[name].split("|")


def test_head_describes_without_sending(site):
    with site.connect() as connection:
        got = connection.get("/static/digits.txt")
        head = connection.get("/static/digits.txt", method="HEAD")
        assert head.status == 200 and head.body == b""
        for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges"):
            assert head.header(name) == got.header(name), name
        assert connection.get("/static/digits.txt").body == DIGITS


def test_an_empty_file_is_a_file(site):
    response = get(site, "/static/empty.txt")
    assert (response.status, response.body, response.header("Content-Length")) == (200, b"", "0")


def test_a_big_file_arrives_whole(site, root):
    assert get(site, "/static/big.bin").body == (root / "big.bin").read_bytes()


def test_a_big_file_arrives_whole_at_a_slow_reader(site, root):
    with site.connect(receive_buffer=4096) as connection:
        connection.request("/static/big.bin")
        assert connection.read_response().body == (root / "big.bin").read_bytes()


@pytest.mark.parametrize(
    "path, body",
    [
        ("/static/with%20space.txt", b"space\n"),
        ("/static/plus+sign.txt", b"plus\n"),
        ("/static/plus%2Bsign.txt", b"plus\n"),
        ("/static/percent%2541.txt", b"percent\n"),
        ("/static/question%3F.txt", b"question\n"),
        ("/static/semi;colon.txt", b"semicolon\n"),
        ("/static/caf%C3%A9.txt", b"coffee\n"),
        ("/static/digits.txt?version=1", DIGITS),
        ("/static/%64igits.txt", DIGITS),
        ("/static/sub/deep.txt", b"deep\n"),
        ("/static/sub/../sub/deep.txt", b"deep\n"),
        ("/static/./digits.txt", DIGITS),
        ("/static/inside-link.txt", DIGITS),
        ("/static/noextension", b"plain\n"),
    ],
)
def test_names_are_decoded_once(site, path, body):
    response = get(site, path)
    if "/./" in path or "/../" in path:
        # Either resolved beneath the root, or refused: never anything else.
        assert response.status in (200, 400, 404) and (response.status != 200 or response.body == body)
    else:
        assert (response.status, response.body) == (200, body)


def test_absolute_form_reaches_files_too(site):
    assert get(site, "http://shop.example/static/digits.txt").body == DIGITS


def test_http_1_0_gets_files(site):
    response = site.get("/static/digits.txt", version="1.0", host=False)
    assert (response.status, response.body) == (200, DIGITS)


def test_many_files_on_one_connection(site):
    with site.connect() as connection:
        for _ in range(100):
            connection.request("/static/digits.txt")
        assert all(connection.read_response().body == DIGITS for _ in range(100))


def test_files_and_application_keep_their_order_in_a_pipeline(site, gate: Gate):
    with site.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        connection.request("/static/digits.txt")
        connection.request("/list")
        connection.request("/static/sub/deep.txt")
        gate.open()
        bodies = [connection.read_response().body for _ in range(4)]
        assert bodies == [b"opened\n", DIGITS, b"hello\n", b"deep\n"]


def test_a_file_is_served_while_python_is_busy(site, gate: Gate):
    with site.connect() as busy:
        busy.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        assert get(site, "/static/digits.txt").body == DIGITS
        gate.open()
        assert busy.read_response().body == b"opened\n"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_on_a_file_are_not_allowed(site, method):
    response = site.get("/static/digits.txt", method=method, body=b"x")
    assert response.status == 405
    assert {word.strip() for word in response.header("Allow").split(",")} >= {"GET", "HEAD"}


# Directories


def test_a_directory_answers_with_its_index(site):
    response = get(site, "/static/sub/")
    assert (response.status, response.body) == (200, b"<p>index</p>")
    assert response.header("Content-Type") == "text/html; charset=utf-8"


def test_a_directory_without_a_slash_redirects_to_the_one_with(site):
    response = get(site, "/static/sub?a=1&b=%20")
    assert response.status in (301, 302, 307, 308)
    location = re.sub(r"^http://[^/]+", "", response.header("Location"))
    assert location == "/static/sub/?a=1&b=%20"


def test_a_directory_without_an_index_is_not_listed(site):
    response = get(site, "/static/bare/")
    assert response.status == 404 and b"page.html" not in response.body


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/..",
        "//evil.example/%2e%2e",
        "//evil.example",
        "/static//evil.example/..",
        "/static//evil.example/%2e%2e/sub",
        "/static///evil.example/../sub",
        "/static/%2f%2fevil.example/../sub",
        "/static/..//evil.example",
        "/%5c%5cevil.example/..",
    ],
)
def test_a_redirect_never_leaves_the_site(site, path):
    with site.connect() as connection:
        connection.request(path)
        location = connection.read_response().header("Location")
        assert location is None or not re.match(r"^(//|/\\|\\|https?://(?!127\.0\.0\.1))", location), location


def test_no_redirect_can_be_split(site):
    for path in ("/static/sub%0d%0aX-Injected:%201", "/static/%0d%0aX-Injected:%201/../sub"):
        response = get(site, path)
        assert response.header("X-Injected") is None


# Fall-through


@pytest.mark.parametrize("path", ["/static/nothing.txt", "/static/bare/nothing", "/static/digits.txt/more"])
def test_a_path_without_a_file_goes_on_to_the_application(site, path):
    response = get(site, path)
    assert (response.status, response.body) == (404, b"no such route\n")


def test_a_root_route_serves_files_first_and_the_application_otherwise(runtime, root):
    with Server(runtime, "contract:application", "--static", f"/={root}") as server:
        assert server.get("/digits.txt").body == DIGITS
        assert server.get("/list").body == b"hello\n"
        assert server.get("/sub/").body == b"<p>index</p>"
        assert SECRET not in server.get("/.env").body
        assert SECRET not in server.get("/../secret.txt").body


def test_the_longest_prefix_wins(runtime, root, tmp_path):
    (tmp_path / "digits.txt").write_bytes(b"special\n")
    options = ["--static", f"/files={root}", "--static", f"/files/special={tmp_path}"]
    with Server(runtime, "contract:application", *options) as server:
        assert server.get("/files/digits.txt").body == DIGITS
        assert server.get("/files/special/digits.txt").body == b"special\n"
        assert server.get("/files/specialist/digits.txt").body == b"no such route\n"


def test_a_relative_directory_is_taken_from_the_working_folder(runtime, root):
    app = f"{Path(__file__).resolve().parent / 'apps' / 'contract.py'}:application"
    with Server(runtime, app, "--static", "/s=./static", folder=root.parent) as server:
        assert server.get("/s/digits.txt").body == DIGITS


# Preconditions (RFC 9110, 13)


@pytest.fixture
def described(site):
    return get(site, "/static/digits.txt")


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '{}, "other"', "*", '"a,b", {}', " {} ,"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match_with_the_tag_is_304(site, described, form, method):
    tag = described.header("ETag").removeprefix("W/")
    response = get(site, "/static/digits.txt", ("If-None-Match", form.format(tag)), method=method)
    assert response.status == 304 and response.body == b""
    assert response.header("ETag") == described.header("ETag")
    assert response.header("Date")


@pytest.mark.parametrize("value", ['"other"', 'W/"other"', '"other", "another"', "unquoted", '""', '"'])
def test_if_none_match_without_the_tag_is_200(site, value):
    assert get(site, "/static/digits.txt", ("If-None-Match", value)).body == DIGITS


def test_if_modified_since_the_last_change_is_304(site, described):
    assert get(site, "/static/digits.txt", ("If-Modified-Since", described.header("Last-Modified"))).status == 304
    later = "Fri, 31 Dec 2100 23:59:59 GMT"
    assert get(site, "/static/digits.txt", ("If-Modified-Since", later)).status in (200, 304)


@pytest.mark.parametrize(
    "value",
    [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "yesterday",
        "",
        "Thu, 99 Jan 1970 99:99:99 GMT",
        "Thu, 01 Jan 99999999999999999999 00:00:00 GMT",
        "9" * 400,
    ],
)
def test_if_modified_since_before_the_change_or_nonsense_is_200(site, value):
    assert get(site, "/static/digits.txt", ("If-Modified-Since", value)).body == DIGITS


@pytest.mark.parametrize("style", ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"])
def test_the_obsolete_date_forms_are_understood(site, described, style):
    """RFC 9110, 5.6.7: a recipient must accept all three."""
    when = email.utils.parsedate_to_datetime(described.header("Last-Modified"))
    assert get(site, "/static/digits.txt", ("If-Modified-Since", when.strftime(style))).status == 304


def test_if_none_match_outranks_if_modified_since(site, described):
    modified = ("If-Modified-Since", described.header("Last-Modified"))
    assert get(site, "/static/digits.txt", ("If-None-Match", '"other"'), modified).status == 200


# Ranges (RFC 9110, 14)


@pytest.mark.parametrize(
    "value, first, last",
    [
        ("bytes=0-4", 0, 4),
        ("bytes=0-0", 0, 0),
        ("bytes=5-", 5, 99),
        ("bytes=99-", 99, 99),
        ("bytes=99-99", 99, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-100", 0, 99),
        ("bytes=-1000", 0, 99),
        ("bytes=90-1000", 90, 99),
        ("bytes=0-99", 0, 99),
        ("bytes=0-9223372036854775807", 0, 99),
        ("Bytes=10-19", 10, 19),
    ],
)
def test_a_single_range_is_served(site, value, first, last):
    response = get(site, "/static/digits.txt", ("Range", value))
    assert response.status == 206
    assert response.body == DIGITS[first : last + 1]
    assert response.header("Content-Range") == f"bytes {first}-{last}/100"
    assert response.header("Content-Length") == str(last - first + 1)
    assert response.header("ETag")


@pytest.mark.parametrize("value", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=9223372036854775807-"])
def test_a_range_beyond_the_end_is_416(site, value):
    response = get(site, "/static/digits.txt", ("Range", value))
    assert response.status == 416
    assert response.header("Content-Range") == "bytes */100"


@pytest.mark.parametrize(
    "value",
    [
        "bytes=5-2",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1-2x",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes 0-4",
        "items=0-4",
        "0-4",
        "bytes=0x0-0x4",
        "bytes=1_0-2_0",
        "bytes=-17208,-9223372036854758792",
        "bytes=99999999999999999999999-",
        "bytes=-99999999999999999999999",
        "bytes=0-99999999999999999999999",
        "bytes=18446744073709551615-18446744073709551616",
        "bytes=" + ",".join(["0-"] * 1300),
        "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 90, 2)),
        "bytes=0-1,2-3",
    ],
)
def test_a_range_that_is_no_single_range_never_harms(site, value):
    """Malformed ones are ignored (14.2); for others the whole file or an honest answer will do."""
    response = get(site, "/static/digits.txt", ("Range", value))
    if response.status == 200:
        assert response.body == DIGITS
    elif response.status == 206:
        assert "multipart/byteranges" in response.header("Content-Type") or response.header("Content-Range")
        assert len(response.body) <= 10_000
    else:
        assert response.status == 416 and response.header("Content-Range") == "bytes */100"
    if re.fullmatch(r"bytes=(5-2|a-b|-|1-2x|\+1-2|)|items.*|0-4", value):
        assert response.status == 200, "an invalid range is to be ignored"
    assert get(site, "/static/digits.txt").body == DIGITS


def test_a_range_of_an_empty_file_is_harmless(site):
    for value in ("bytes=0-", "bytes=-1", "bytes=0-0"):
        assert get(site, "/static/empty.txt", ("Range", value)).status in (200, 416)


def test_a_range_of_a_big_file(site, root):
    whole = (root / "big.bin").read_bytes()
    response = get(site, "/static/big.bin", ("Range", "bytes=1000000-4999998"))
    assert response.status == 206 and response.body == whole[1000000:4999999]


def test_if_range_decides_between_part_and_whole(site, described):
    part = ("Range", "bytes=0-4")
    tag, modified = described.header("ETag"), described.header("Last-Modified")
    assert get(site, "/static/digits.txt", part, ("If-Range", '"other"')).status == 200
    assert get(site, "/static/digits.txt", part, ("If-Range", "Thu, 01 Jan 1970 00:00:00 GMT")).status == 200
    if not tag.startswith("W/"):
        assert get(site, "/static/digits.txt", part, ("If-Range", tag)).status == 206
        assert get(site, "/static/digits.txt", part, ("If-Range", "W/" + tag)).status == 200
    assert get(site, "/static/digits.txt", part, ("If-Range", modified)).status in (200, 206)


def test_a_precondition_comes_before_a_range(site, described):
    headers = [("Range", "bytes=0-4"), ("If-None-Match", described.header("ETag"))]
    assert get(site, "/static/digits.txt", *headers).status == 304


def test_head_ignores_ranges(site):
    response = get(site, "/static/digits.txt", ("Range", "bytes=0-4"), method="HEAD")
    assert response.status in (200, 206) and response.body == b""
    assert response.status == 206 or response.header("Content-Length") == "100"


# Redirects


@pytest.mark.parametrize(
    "prefix, location",
    [
        ("/shop", "/shop/static/sub/"),
        ("/shop/", "/shop/static/sub/"),
        ("//evil.example", "/static/sub/"),
        ("https://evil.example", "/static/sub/"),
        ("/\\evil.example", "/static/sub/"),
    ],
)
def test_a_prefix_that_a_trusted_proxy_took_off_is_put_in_front(site, prefix, location):
    response = get(site, "/static/sub", ("X-Forwarded-Prefix", prefix))
    assert (response.status, response.header("Location")) == (301, location)


# Changes


def test_a_change_is_seen_on_the_very_next_request(site, root):
    path = root / "changing.txt"
    tags = set()
    with site.connect() as connection:
        assert connection.get("/static/changing.txt").status == 404
        for number in range(20):
            # Same size each time, within one second: only a precise validator tells them apart.
            path.write_bytes(b"version %02d" % number)
            os.utime(path, ns=(10**18, 10**18 + number))
            response = connection.get("/static/changing.txt")
            assert response.body == b"version %02d" % number
            tags.add(response.header("ETag"))
        replacement = root / "replacement.tmp"
        replacement.write_bytes(b"renamed over")
        replacement.rename(path)
        assert connection.get("/static/changing.txt").body == b"renamed over"
        path.unlink()
        assert connection.get("/static/changing.txt").status == 404
    assert len(tags) == 20


def test_a_file_that_shrinks_while_it_is_sent_aborts_the_connection(site, root):
    path = root / "shrinking.bin"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with site.connect(receive_buffer=4096) as connection:
        connection.request("/static/shrinking.bin")
        connection.read_head()
        os.truncate(path, 1000)
        with pytest.raises(Truncated):
            connection.read_exactly(60_000_000)
    assert get(site, "/static/digits.txt").status == 200


# Out of reach

ESCAPES = [
    "/static/../secret.txt",
    "/static/../../secret.txt",
    "/static/sub/../../secret.txt",
    "/static/sub/../../outside/secret.txt",
    "/static/%2e%2e/secret.txt",
    "/static/%2E%2E/secret.txt",
    "/static/.%2e/secret.txt",
    "/static/..%2fsecret.txt",
    "/static/%2e%2e%2fsecret.txt",
    "/static/%252e%252e/secret.txt",
    "/static/..%252fsecret.txt",
    "/static/..%5csecret.txt",
    "/static/..\\secret.txt",
    "/static/%c0%ae%c0%ae/secret.txt",
    "/static/..%c0%afsecret.txt",
    "/static/....//secret.txt",
    "/static/..;/secret.txt",
    "/static/..%00/secret.txt",
    "/static//../secret.txt",
    "/static/%2f..%2fsecret.txt",
    "/static../secret.txt",
    "/static..%2fsecret.txt",
    "/static.py",
    "/static-private/secret.txt",
    "/static/../static-private/secret.txt",
    "/static/link-out.txt",
    "/static/link-absolute.txt",
    "/static/link-folder/secret.txt",
    "/static/link-folder/",
    "/static/link-folder/../secret.txt",
    "/static/sub/../link-out.txt",
    "/static/.env",
    "/static/%2eenv",
    "/static/.git/config",
    "/static/.git/",
    "/static/sub/.hidden.txt",
    "/static/sub/%2ehidden.txt",
    "/static/digits.txt.gz",
    "//static/../secret.txt",
    "http://x/static/../secret.txt",
    "http://x/static/%2e%2e/secret.txt",
    "/static{base}/secret.txt",
    "/static/{base}/secret.txt",
    "/static/%2f{base}/secret.txt",
    "/static//proc/self/environ",
    "/static/%2fetc/passwd",
    "/static//etc/passwd",
    "/etc/passwd",
]


@pytest.mark.parametrize("path", ESCAPES)
@pytest.mark.parametrize("headers", [(), (("Accept-Encoding", "gzip"),), (("Range", "bytes=0-20"),)])
def test_no_path_leads_out_of_the_root(site, root, path, headers):
    response = get(site, path.format(base=root.parent), *headers)
    assert response.status in (301, 308, 400, 403, 404), response
    assert SECRET[:20] not in response.body and b"root:" not in response.body


def test_a_precompressed_sidecar_that_leads_out_is_never_used(site):
    response = get(site, "/static/digits.txt", ("Accept-Encoding", "gzip"))
    assert response.body == DIGITS and response.header("Content-Encoding") is None


@pytest.mark.parametrize(
    "path",
    ["/static/digits.txt%00", "/static/digits.txt%00.png", "/static/%00", "/static/%0adigits.txt", "/static/a%7fb"],
)
def test_encoded_control_characters_never_name_a_file(site, path):
    assert get(site, path).status in (400, 404)


def test_raw_spaces_and_controls_are_refused(site):
    for target in (b"/static/digits.txt \x00.png", b"/static/digits.txt\x00", b"/static/digits .txt"):
        with site.connect() as connection:
            connection.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.read_response().status == 400


@pytest.mark.parametrize("path", ["/static/pipe", "/static/socket", "/static/link-dangling.txt", "/static/link-loop"])
def test_what_is_no_regular_file_is_not_opened(site, path):
    assert get(site, path).status in (403, 404)


def test_a_device_is_not_opened(site, root):
    path = root / "device"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root may make devices, and not everywhere")
    assert get(site, "/static/device").status in (403, 404)


def test_a_page_that_a_route_names_and_that_is_not_there_is_told_at_the_start(runtime, tmp_path):
    (tmp_path / "index.html").write_bytes(b"shell")
    route = f"/={tmp_path},spa,404=errors/404.html"
    with Server(runtime, "contract:application", "--static", route) as server:
        assert "no file 'errors/404.html' in" in server.log.text and "index.html" not in server.log.text
        assert server.get("/nothing").status == 404
        (tmp_path / "errors").mkdir()
        (tmp_path / "errors" / "404.html").write_bytes(b"not here")
        assert server.get("/nothing").body == b"not here"


def test_what_the_server_may_not_read_is_403(tmp_path):
    """As nobody, where the tests run as root: root may read everything."""
    runtime = Runtime(environments()[0], "embedded")
    runtime.environment.ensure()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o711)
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "file.txt").write_bytes(SECRET)
    (tmp_path / "file.txt").write_bytes(SECRET)
    (tmp_path / "open.txt").write_bytes(b"open")
    for path in ("file.txt", "closed"):
        (tmp_path / path).chmod(0)
    nobody = (
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", '"$@"; exit $?', "sh"]
        if os.geteuid() == 0
        else []
    )
    options = ["--static", f"/a={tmp_path}", "--static", f"/b={tmp_path},404,autoindex"]
    try:
        with Server(runtime, "contract:application", *options, prefix=nobody) as server:
            assert server.get("/a/open.txt").body == b"open"
            for path in ("/a/file.txt", "/a/closed/file.txt", "/b/closed/", "/b/closed/file.txt", "/b/file.txt"):
                response = server.get(path)
                assert response.status == 403 and SECRET not in response.body, path
    finally:
        (tmp_path / "closed").chmod(0o700)


@pytest.mark.parametrize(
    "path", ["/static/%zz.txt", "/static/%", "/static/%1", "/static/%e9.txt", "/static/" + "a" * 3000]
)
def test_names_that_cannot_exist_are_not_found(site, path):
    assert get(site, path).status in (400, 404, 414)


def test_a_very_deep_path_is_not_found(site):
    assert get(site, "/static" + "/a" * 1500).status in (400, 404, 414)


def test_the_order_in_which_clients_leave_leaks_no_descriptor(site):
    from harness import proc

    get(site, "/static/big.bin")
    before = proc.descriptor_count(site.pid)
    for _ in range(50):
        connection = Connection(site.address, receive_buffer=4096)
        connection.request("/static/big.bin")
        connection.read_head()
        connection.reset()
    # Requests on other connections are the clock: each is answered after the resets before it were seen.
    for _ in range(1000):
        get(site, "/static/digits.txt")
        if proc.descriptor_count(site.pid) <= before + 2:
            return
    raise AssertionError(f"{before} descriptors before, now {proc.descriptors(site.pid)}")
