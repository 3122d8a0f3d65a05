"""Files that only the application can have sent: X-Accel-Redirect and X-Sendfile, and what stays out of reach."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from harness import Response, Server
from harness.command import run

SECRET = b"outside of the directory: never to be seen"
REPORT = b"0123456789" * 10


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """Two internal directories, and secrets beside them."""
    base = tmp_path_factory.mktemp("internal")
    root = base / "protected"
    (root / "sub").mkdir(parents=True)
    (root / "report.txt").write_bytes(REPORT)
    (root / ".draft.txt").write_bytes(b"draft\n")
    (root / "empty.txt").write_bytes(b"")
    (root / "big.bin").write_bytes(os.urandom(3_000_000))
    (root / "page.html").write_bytes(b"<p>page</p>")
    (root / "with space.txt").write_bytes(b"space\n")
    (root / "percent%41.txt").write_bytes(b"percent\n")
    (root / "question?.txt").write_bytes(b"question\n")
    (root / "caf\u00e9.txt").write_bytes(b"coffee\n")
    (root / "\u2713.txt").write_bytes(b"check\n")
    (root / "caf\u00c3\u00a9-2.txt").write_bytes(b"not this one\n")
    (root / "caf\u00e9-2.txt").write_bytes(b"second coffee\n")
    (root / os.fsdecode(b"caf\xe9-3.txt")).write_bytes(b"latin-1 coffee\n")
    (root / "sub" / "deep.txt").write_bytes(b"deep\n")
    (root / "sub" / "index.html").write_bytes(b"<p>index</p>")
    (root / "link-inside.txt").symlink_to("report.txt")
    (root / "link-out.txt").symlink_to("../secret.txt")
    (root / "link-absolute.txt").symlink_to(base / "secret.txt")
    (root / "link-folder").symlink_to("../protected-private")
    os.mkfifo(root / "pipe")
    (base / "secret.txt").write_bytes(SECRET)
    (base / "protected-private").mkdir()
    (base / "protected-private" / "secret.txt").write_bytes(SECRET)
    (base / "other").mkdir()
    (base / "other" / "report.txt").write_bytes(b"other\n")
    (base / "alias").symlink_to("other")
    return base


@pytest.fixture(scope="module")
def site(runtime, base):
    directories = [f"protected={base}/protected", f"/deep/er={base}/other", f"aliased={base}/alias/"]
    options = [word for directory in directories for word in ("--internal", directory)]
    with Server(runtime, "internal_files:application", *options) as server:
        server.get("/state")
        yield server


def target(*fields: tuple[str, str], **options: str) -> str:
    """Where the application answers with these fields."""
    return "/send?" + urlencode([("field", ":".join(field)) for field in fields] + list(options.items()))


def accel(path: str, *fields: tuple[str, str], **options: str) -> str:
    return target(("X-Accel-Redirect", path), *fields, **options)


def sendfile(path: object, *fields: tuple[str, str], **options: str) -> str:
    return target(("X-Sendfile", str(path)), *fields, **options)


def state(site: Server) -> dict:
    """What has happened since this was last asked."""
    return json.loads(site.get("/state").text)


# What is sent


@pytest.mark.parametrize(
    "path, body",
    [
        ("/protected/report.txt", REPORT),
        ("/protected/empty.txt", b""),
        ("/protected/sub/deep.txt", b"deep\n"),
        ("/protected/link-inside.txt", REPORT),
        # The application has named it: it need not be one that clients could ask for.
        ("/protected/.draft.txt", b"draft\n"),
        ("/deep/er/report.txt", b"other\n"),
        ("/aliased/report.txt", b"other\n"),
        # As a path in a request: percent-encoded, and a query is no part of it.
        ("/protected/with%20space.txt", b"space\n"),
        ("/protected/with space.txt", b"space\n"),
        ("/protected/percent%2541.txt", b"percent\n"),
        ("/protected/question%3F.txt", b"question\n"),
        ("/protected/report.txt?download=1", REPORT),
        ("/protected/caf%C3%A9.txt", b"coffee\n"),
        ("/protected/caf\u00e9.txt", b"coffee\n"),
        ("/%70rotected/report.txt", REPORT),
        ("/protected//sub///deep.txt", b"deep\n"),
        ("/protected/sub/../report.txt", REPORT),
    ],
)
def test_a_redirect_sends_the_file_beneath_the_directory(site, path, body):
    response = site.get(accel(path))
    assert (response.status, response.body) == (200, body)


@pytest.mark.parametrize(
    "name, body",
    [
        ("report.txt", REPORT),
        ("sub/deep.txt", b"deep\n"),
        ("link-inside.txt", REPORT),
        ("/report.txt", REPORT),
        # A file's own name, with nothing to decode.
        ("with space.txt", b"space\n"),
        ("percent%41.txt", b"percent\n"),
        ("question?.txt", b"question\n"),
        ("caf\u00e9.txt", b"coffee\n"),
        ("caf\u00e9-2.txt", b"second coffee\n"),
        # To the kernel these are the same names.
        ("sub//deep.txt", b"deep\n"),
        ("./report.txt", REPORT),
        ("/.//sub/././deep.txt", b"deep\n"),
    ],
)
def test_a_file_is_sent_by_its_own_path(site, base, name, body):
    response = site.get(sendfile(f"{base}/protected/{name}"))
    assert (response.status, response.body) == (200, body)


def test_slashes_and_dots_in_the_directorys_own_path_change_nothing(site, base):
    named = str(base / "protected").replace("/", "/./", 1).replace("/protected", "//protected")
    assert site.get(sendfile(f"{named}/report.txt")).body == REPORT


@pytest.mark.parametrize(
    "name, body",
    [
        ("report.txt", REPORT),
        ("caf\u00e9.txt", b"coffee\n"),
        ("\u2713.txt", b"check\n"),
        # As os.listdir() gives the name of a file that is not UTF-8.
        ("caf%E9-3.txt", b"latin-1 coffee\n"),
    ],
)
def test_a_file_is_sent_by_the_name_that_open_would_take(site, base, name, body):
    """What Flask writes, and whoever puts a path into the field as it is."""
    given = sendfile(f"{base}/protected/{name}", **{"as-text": "1"}).replace("%25E9", "%E9")
    response = site.get(given)
    assert (response.status, response.body) == (200, body)


def test_the_bytes_of_the_native_string_come_first(site, base):
    """A text that is both: by PEP 3333 it is the name that its bytes are."""
    response = site.get(sendfile(f"{base}/protected/caf\u00c3\u00a9-2.txt", **{"as-text": "1"}))
    assert response.body == b"second coffee\n"


@pytest.mark.parametrize(
    "name, body", [("report.txt", REPORT), ("caf%C3%A9.txt", b"coffee\n"), ("%E2%9C%93.txt", b"check\n")]
)
def test_flask_has_its_files_sent(serve, base, name, body):
    folder = f"{base}/protected"
    server = serve("sending_flask:app", "--internal", f"protected={folder}", variables={"FOLDER": folder})
    response = server.get(f"/{name}")
    assert (response.status, response.body) == (200, body)
    # Flask has no body for it: these are the server's.
    assert response.header("Content-Length") == str(len(body)) and response.header("Accept-Ranges") == "bytes"


@pytest.mark.parametrize("name", ["\u2713-missing.txt", "\u2713/../secret.txt", "../\u2713.txt"])
def test_a_name_beyond_latin_1_leads_nowhere_else(site, base, name):
    response = site.get(sendfile(f"{base}/protected/{name}", **{"as-text": "1"}))
    assert response.status == 404 and SECRET not in response.body
    site.log.wait_for(r"\[ERROR\] .*asked for X-Sendfile: .*\u2713")


@pytest.mark.parametrize("folder", ["other", "alias"])
def test_a_directory_is_known_by_its_given_and_its_real_path(site, base, folder):
    assert site.get(sendfile(base / folder / "report.txt")).body == b"other\n"


def test_a_directory_may_be_given_relative_to_the_working_directory(serve, base):
    server = serve(
        *("internal_files:application", "--pythonpath", str(Path(__file__).parent / "apps")),
        *("--chdir", str(base), "--internal", "protected=./protected"),
    )
    assert server.get(accel("/protected/report.txt")).body == REPORT
    assert server.get(sendfile(base / "protected" / "report.txt")).body == REPORT


@pytest.mark.parametrize(
    "name", ["X-Accel-Redirect", "x-accel-redirect", "X-ACCEL-REDIRECT", "X-Sendfile", "x-sendfile"]
)
def test_the_fields_name_counts_in_any_case_and_goes_to_nobody(site, base, name):
    value = f"{base}/protected/report.txt" if "send" in name.lower() else "/protected/report.txt"
    response = site.get(target((name, value)))
    assert response.body == REPORT
    assert not response.all("X-Accel-Redirect") and not response.all("X-Sendfile")
    assert "protected" not in str(response.headers)


def test_it_is_described_as_a_static_file_is(site, base):
    response = site.get(accel("/protected/page.html"))
    assert response.header("Content-Type") == "text/html; charset=utf-8"
    assert response.header("Content-Length") == "11" and response.header("Accept-Ranges") == "bytes"
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', response.header("ETag"))
    assert response.header("Last-Modified") and response.header("Date") and response.header("Server")


def test_a_big_file_arrives_whole_and_the_connection_goes_on(site, base):
    with site.connect() as connection:
        assert connection.get(accel("/protected/big.bin")).body == (base / "protected" / "big.bin").read_bytes()
        assert connection.get(accel("/protected/report.txt")).body == REPORT


def test_pipelined_requests_are_answered_in_order(site):
    targets = [accel("/protected/report.txt"), "/none", accel("/deep/er/report.txt"), accel("/protected/missing")]
    with site.connect() as connection:
        connection.send(b"".join(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % each.encode() for each in targets))
        answers = [connection.read_response() for _ in targets]
    assert [answer.status for answer in answers] == [200, 404, 200, 404]
    assert [answers[0].body, answers[2].body] == [REPORT, b"other\n"]


def test_http_1_0_gets_it_with_its_length(site):
    response = site.get(accel("/protected/report.txt"), version="1.0")
    assert response.body == REPORT and response.header("Content-Length") == "100"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "BREW"])
def test_whatever_the_method_the_file_is_the_answer(site, method):
    response = site.get(
        accel("/protected/report.txt"), method=method, body=b"asked for", headers=[("Range", "bytes=0-1")]
    )
    assert (response.status, response.body) == (200, REPORT)


@pytest.mark.parametrize("size", [5, 100_000])
@pytest.mark.parametrize("read", [True, False])
def test_a_body_that_is_still_arriving_does_not_disturb_it(serve, base, size, read):
    server = serve("internal_files:application", "--stream-requests", "--internal", f"protected={base}/protected")
    path = accel("/protected/report.txt")
    with server.connect() as connection:
        for _ in range(2):
            connection.request(path if read else path.replace("/send", "/send-unread"), method="POST", body=b"x" * size)
            assert connection.read_response().body == REPORT
        assert connection.get(accel("/protected/sub/deep.txt")).body == b"deep\n"


# What of the application's answer goes out


@pytest.mark.parametrize(
    "name, value",
    [
        ("Content-Type", "application/x-report"),
        ("Content-Language", "de"),
        ("Content-Disposition", 'attachment; filename="report.txt"'),
        ("Cache-Control", "private, max-age=60"),
        ("Expires", "Thu, 01 Jan 2099 00:00:00 GMT"),
        ("Set-Cookie", "a=1; Path=/"),
        ("Vary", "Cookie"),
        ("Link", "</style.css>; rel=preload"),
        ("content-type", "text/x-lower"),
    ],
)
@pytest.mark.parametrize("headers, status", [([], 200), ([("Range", "bytes=1-2")], 206)])
def test_fields_about_the_content_and_cookies_go_out(site, name, value, headers, status):
    response = site.get(accel("/protected/report.txt", (name, value)), headers=headers)
    assert (response.status, response.header(name)) == (status, value)


def test_repeated_fields_stay_repeated(site):
    cookies = [("Set-Cookie", f"c{number}=1") for number in range(5)]
    assert site.get(accel("/protected/report.txt", *cookies)).all("Set-Cookie") == [value for _, value in cookies]


@pytest.mark.parametrize(
    "name, value",
    [
        ("Content-Length", "5"),
        ("Content-Encoding", "gzip"),
        ("Content-Range", "bytes 0-1/2"),
        ("ETag", '"theirs"'),
        ("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("Accept-Ranges", "none"),
        ("Location", "/elsewhere"),
        ("WWW-Authenticate", "Basic"),
        ("X-Secret", "theirs"),
        ("Server", "theirs"),
        ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ],
)
def test_all_other_fields_stay_behind(site, name, value):
    response = site.get(accel("/protected/report.txt", (name, value)))
    assert (response.status, response.body) == (200, REPORT)
    assert value not in response.all(name)
    assert len(response.all(name)) <= 1


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Broken", "201 Created", "204 No Content", "304 Not Modified", "302 F"]
)
def test_the_status_and_the_body_stay_behind(site, status):
    response = site.get(accel("/protected/report.txt", status=status))
    assert (response.status, response.reason, response.body) == (200, "OK", REPORT)


# Ranges and validators


@pytest.mark.parametrize(
    "value, status, body",
    [
        ("bytes=0-4", 206, b"01234"),
        ("bytes=95-", 206, b"56789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=0-0", 206, b"0"),
        ("bytes=5-2", 200, REPORT),
        ("bytes=0-1,2-4", 206, b"01234"),
        ("bytes=-17208,-9223372036854758792", 206, REPORT),
    ],
)
def test_ranges_work(site, value, status, body):
    response = site.get(accel("/protected/report.txt"), headers=[("Range", value)])
    assert (response.status, response.body) == (status, body)


def test_several_ranges_come_as_parts_with_the_application_s_type(site):
    response = site.get(
        accel("/protected/report.txt", ("Content-Type", "text/x-report")), headers=[("Range", "bytes=0-1,5-6")]
    )
    boundary = response.header("Content-Type").rpartition("multipart/byteranges; boundary=")[2]
    parts = [part.split("\r\n") for part in response.text.split(f"\r\n--{boundary}")]
    assert response.status == 206 and len(parts) == 4
    assert parts[1] == ["", "Content-Type: text/x-report", "Content-Range: bytes 0-1/100", "", "01"]
    assert parts[2] == ["", "Content-Type: text/x-report", "Content-Range: bytes 5-6/100", "", "56"]


def test_a_range_beyond_the_end_is_416(site):
    response = site.get(accel("/protected/report.txt"), headers=[("Range", "bytes=100-")])
    assert (response.status, response.header("Content-Range")) == (416, "bytes */100")


def test_validators_work_and_are_the_files(site):
    path = accel("/protected/report.txt", ("Set-Cookie", "a=1"), ("Cache-Control", "private"))
    first = site.get(path)
    tag, modified = first.header("ETag"), first.header("Last-Modified")
    for condition in (("If-None-Match", tag), ("If-Modified-Since", modified)):
        fresh = site.get(path, headers=[condition])
        assert (fresh.status, fresh.body, fresh.header("ETag")) == (304, b"", tag)
        assert (fresh.header("Set-Cookie"), fresh.header("Cache-Control")) == ("a=1", "private")
    assert site.get(path, headers=[("If-Match", '"other"')]).status == 412
    assert site.get(path, headers=[("If-None-Match", '"other"')]).status == 200
    assert site.get(path, headers=[("If-Range", tag), ("Range", "bytes=0-1")]).status == 206
    assert site.get(path, headers=[("If-Range", '"other"'), ("Range", "bytes=0-1")]).status == 200
    # Whichever way it is asked for, it is one file.
    other = site.get(accel("/protected/sub/../report.txt"))
    assert other.header("ETag") == tag


@pytest.mark.parametrize("how", ["list", "empty list", "iterable", "generator", "write"])
def test_head_describes_without_sending(site, how):
    with site.connect() as connection:
        got = connection.get(accel("/protected/report.txt", ("Content-Type", "text/x-own"), how=how))
        head = connection.get(accel("/protected/report.txt", ("Content-Type", "text/x-own"), how=how), method="HEAD")
        assert (head.status, head.body) == (200, b"")
        for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges"):
            assert head.header(name) == got.header(name), name
        assert connection.get(accel("/protected/report.txt")).body == REPORT


# close()


@pytest.mark.parametrize("how", ["iterable", "empty iterable", "generator", "write", "wrapper", "wrapper of a file"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/protected/report.txt", "/protected/missing.txt"])
def test_the_iterable_is_closed_once(site, how, method, path):
    state(site)
    response = site.get(accel(path, how=how), method=method)
    assert response.status == (404 if "missing" in path else 200)
    counts = state(site)["counts"]
    assert counts == {"closed": 1}


def test_an_exception_after_the_redirect_is_logged_and_the_file_is_sent(site):
    mark = site.log.mark()
    assert site.get(accel("/protected/report.txt", how="write and fail")).body == REPORT
    site.log.wait_for("too late to matter", after=mark)


# What stays out of reach


@pytest.mark.parametrize(
    "path",
    [
        *("/protected/report.txt", "/%70rotected/report.txt", "//protected/report.txt", "/x/../protected/report.txt"),
        *("/deep/er/report.txt", "/aliased/report.txt", "/protected", "/protected/", "/protected/sub/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_no_client_reaches_the_directory_by_itself(site, path, method):
    response = site.get(path, method=method)
    assert response.status == 404
    assert response.body == (b"" if method == "HEAD" else b"the application's own 404\n")


def test_a_clients_own_fields_ask_for_nothing(site, base):
    headers = [("X-Accel-Redirect", "/protected/report.txt"), ("X-Sendfile", f"{base}/protected/report.txt")]
    assert site.get("/none", headers=headers).body == b"the application's own 404\n"


def refused(site: Server, response: Response, mark: int, field: str) -> None:
    assert (response.status, response.body) == (404, b"404 Not Found\n"), response
    line = site.log.wait_for(re.escape(field), after=mark)[0].string
    assert "[ERROR]" in line and re.search(r" \w+-\w+: GET /send", line), line


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/protected/../secret.txt",
            "/protected/%2e%2e/secret.txt",
            "/protected/..%2fsecret.txt",
            "/protected%2f../secret.txt",
        ),
        *(
            "/protected/sub/../../secret.txt",
            "/protected../secret.txt",
            "/protected-private/secret.txt",
            "/../protected/../x",
        ),
        *("/protected/link-out.txt", "/protected/link-absolute.txt", "/protected/link-folder/secret.txt"),
        *("/protected/missing.txt", "/protected/report.txt/", "/protected/report.txt/x", "/protected/pipe"),
        *("/protected", "/protected/", "/protected/sub", "/protected/sub/", "/protected/sub/."),
        *(
            "protected/report.txt",
            "report.txt",
            "",
            "/",
            "?",
            "/etc/passwd",
            "/Protected/report.txt",
            "/deep/report.txt",
        ),
        *("/protected/report.txt%00", "/protected/%zz", "/protected/report%2", "/protected/a%0ab"),
        *("http://127.0.0.1/protected/report.txt", "//protected.example/report.txt", "/protected/..\\secret.txt"),
        "/protected/" + "x" * 300,
        "/protected/" + "x/" * 1500,
    ],
)
def test_a_redirect_to_anything_else_is_404_and_an_error_in_the_log(site, path):
    mark = site.log.mark()
    refused(site, site.get(accel(path)), mark, f"X-Accel-Redirect: {path}"[:60])


@pytest.mark.parametrize(
    "path",
    [
        *("{0}/secret.txt", "{0}/protected/../secret.txt", "{0}/protected/sub/../../secret.txt", "/etc/passwd"),
        *("{0}/protected-private/secret.txt", "{0}/protected/link-out.txt", "{0}/protected/link-absolute.txt"),
        *("{0}/protected/link-folder/secret.txt", "{0}/protected/missing.txt", "{0}/protected", "{0}/protected/"),
        *(
            "{0}/protected/sub",
            "{0}/protected/pipe",
            "{0}/protected/report%2etxt",
            "protected/report.txt",
            "report.txt",
        ),
        *(
            "./protected/report.txt",
            "",
            "/",
            "/protected/report.txt",
            "file://{0}/protected/report.txt",
            "~/report.txt",
        ),
    ],
)
def test_a_file_that_lies_elsewhere_is_404_and_an_error_in_the_log(site, base, path):
    mark = site.log.mark()
    path = path.format(base)
    refused(site, site.get(sendfile(path)), mark, f"X-Sendfile: {path}"[:60])


@pytest.mark.parametrize("name", ["X-Accel-Redirect", "X-Sendfile"])
@pytest.mark.parametrize(
    "value", ["/protected/a\nforged", "/protected/a\r\nX-Injected: 1", "/protected/a\0b", "/protected/\x1b[2J"]
)
def test_a_control_character_is_refused_as_in_any_other_field(site, name, value):
    """It could come from a client by way of the application, and must not write a line of the log."""
    state(site)
    mark = site.log.mark()
    response = site.get(target((name, value)))
    assert response.status == 500 and not response.all("X-Injected")
    assert state(site)["raised"] == ["ValueError"]
    assert not [line for line in site.log.lines[mark:] if line.startswith(("forged", "X-Injected"))]


def test_a_missing_file_is_json_for_who_prefers_that(site):
    response = site.get(accel("/protected/missing.txt"), headers=[("Accept", "application/json")])
    assert response.status == 404
    assert json.loads(response.text) == {"status": 404, "title": "Not Found"}


# Without the option


@pytest.mark.parametrize("name, value", [("X-Accel-Redirect", "/protected/report.txt"), ("X-Sendfile", "/etc/passwd")])
def test_without_the_option_the_fields_are_like_any_other(serve, name, value):
    server = serve("internal_files:application")
    response = server.get(target((name, value), ("X-Other", "1")))
    assert (response.status, response.body, response.header(name)) == (200, b"never seen\n", value)
    assert response.header("X-Other") == "1"


def test_static_files_and_internal_ones_stand_side_by_side(serve, base):
    server = serve(
        *("internal_files:application", "--static", f"/protected={base}/other"),
        *("--internal", f"protected={base}/protected"),
    )
    assert server.get("/protected/report.txt").body == b"other\n"
    assert server.get(accel("/protected/report.txt")).body == REPORT


def test_mounted_applications_can_have_them_sent_too(serve, base):
    server = serve("--mount=/shop=internal_files:application", "--internal", f"protected={base}/protected")
    assert server.get("/shop" + accel("/protected/report.txt")).body == REPORT


@pytest.mark.parametrize(
    "value, code, words",
    [
        ("protected", 2, "NAME=DIR"),
        ("=/srv", 2, "NAME=DIR"),
        ("/=/srv", 2, "NAME=DIR"),
        ("protected=", 2, "directory"),
        ("a/../b=/srv", 2, "no . or .."),
        ("protected=/nowhere/at/all", 1, "--internal NAME=DIR"),
        (f"protected={__file__}", 1, "--internal NAME=DIR"),
    ],
)
def test_a_directory_that_cannot_be_is_refused(runtime, value, code, words):
    outcome = run(runtime, "internal_files:application", "--bind", "127.0.0.1:0", "--internal", value)
    assert outcome.code == code and words in outcome.err, outcome
