"""PEP 3333, one behaviour a test: what applications may rely on, and what they must not get away with."""

from __future__ import annotations

import json
import re

import pytest

from harness import Connection, Gate, Response, Server, Truncated


def state(server: Server) -> dict:
    return json.loads(server.get("/state").text)


@pytest.fixture
def fresh(contract: Server) -> Server:
    """The shared server with its counters at zero; it must answer after the test as before."""
    contract.get("/reset")
    return contract


@pytest.fixture(autouse=True)
def _still_serving(contract: Server):
    yield
    assert contract.get("/list").body == b"hello\n", "the server no longer answers"


# environ


def environ(server: Server, target: str = "/environ", **options: object) -> dict:
    response = server.get(target, **options)
    assert response.status == 200, response
    return json.loads(response.text)


def test_environ_has_every_required_key_with_the_required_type(contract):
    seen = environ(contract)
    values, types = seen["values"], seen["types"]
    for key in (
        "REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING SERVER_NAME SERVER_PORT SERVER_PROTOCOL REMOTE_ADDR "
        "wsgi.url_scheme"
    ).split():
        assert types[key] == "str", key
    assert seen["version"] == [1, 0] and seen["version_type"] == "tuple"
    assert values["wsgi.url_scheme"] == "http"
    assert values["wsgi.run_once"] is False
    assert values["wsgi.multiprocess"] is False
    assert values["wsgi.input_terminated"] is True
    assert {"wsgi.input", "wsgi.errors", "wsgi.file_wrapper"} <= types.keys()
    assert seen["exact_dict"] and seen["key_types"] == ["str"]


def test_multithread_is_true_only_with_several_threads(contract, threaded):
    assert environ(contract)["values"]["wsgi.multithread"] is False
    assert environ(threaded)["values"]["wsgi.multithread"] is True


def test_server_name_port_and_remote_address(contract):
    values = environ(contract)["values"]
    assert values["SERVER_PORT"] == str(contract.address.port)
    assert values["SERVER_NAME"]
    assert values["REMOTE_ADDR"] == "127.0.0.1"
    assert values["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert environ(contract, version="1.0")["values"]["SERVER_PROTOCOL"] == "HTTP/1.0"


@pytest.mark.parametrize(
    "target, path, query",
    [
        ("/environ", "/environ", ""),
        ("/environ?", "/environ", ""),
        ("/environ?a=1&b=%20?", "/environ", "a=1&b=%20?"),
        ("/environ/a%20b", "/environ/a b", ""),
        ("/environ/a+b", "/environ/a+b", ""),
        ("/environ/%2f", "/environ//", ""),
        ("/environ//a", "/environ//a", ""),
        ("/environ/a/../b", "/environ/a/../b", ""),
        # Bytes come as Latin-1 code points: "bytes-as-unicode" in PEP 3333.
        ("/environ/caf%C3%A9", "/environ/caf\u00c3\u00a9", ""),
        ("/environ/%ff", "/environ/\u00ff", ""),
        ("/environ/%25C3", "/environ/%C3", ""),
        ("/environ/;a=b", "/environ/;a=b", ""),
    ],
)
def test_path_is_decoded_once_and_query_is_not(contract, target, path, query):
    values = environ(contract, target)["values"]
    assert (values["PATH_INFO"], values["QUERY_STRING"], values["SCRIPT_NAME"]) == (path, query, "")


def test_asterisk_form_reaches_the_application(contract):
    values = environ(contract, "*", method="OPTIONS")["values"]
    assert values["REQUEST_METHOD"] == "OPTIONS"
    assert values["PATH_INFO"] in ("*", "")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "BREW", "M-SEARCH", "get", "TRACE", "PROPFIND"])
def test_any_method_token_reaches_the_application(contract, method):
    assert environ(contract, method=method)["values"]["REQUEST_METHOD"] == method


def test_header_fields_become_http_variables(contract):
    headers = [("X-One", "1"), ("x-two", "  padded\t"), ("X-Empty", ""), ("User-Agent", "test/1.0")]
    values = environ(contract, headers=headers)["values"]
    assert values["HTTP_X_ONE"] == "1"
    assert values["HTTP_X_TWO"] == "padded"
    assert values["HTTP_X_EMPTY"] == ""
    assert values["HTTP_USER_AGENT"] == "test/1.0"
    assert values["HTTP_HOST"] == contract.address.authority


def test_header_bytes_come_as_latin_1(contract):
    headers = [("X-Bytes", "caf\u00e9 \u00ff")]
    assert environ(contract, headers=headers)["values"]["HTTP_X_BYTES"] == "caf\u00e9 \u00ff"


def test_repeated_fields_are_joined_in_order(contract):
    headers = [("X-Many", "a"), ("Cookie", "a=1"), ("x-many", "b"), ("X-MANY", "c"), ("Cookie", "b=2")]
    values = environ(contract, headers=headers)["values"]
    assert re.fullmatch("a, ?b, ?c", values["HTTP_X_MANY"])
    assert re.fullmatch("a=1; ?b=2", values["HTTP_COOKIE"])


def test_content_fields_have_no_http_prefix(contract):
    seen = environ(contract, method="POST", body=b"12345", headers=[("Content-Type", "text/x")])["values"]
    assert (seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"]) == ("5", "text/x")
    assert "HTTP_CONTENT_LENGTH" not in seen and "HTTP_CONTENT_TYPE" not in seen


def test_absent_content_fields_are_absent_or_empty(contract):
    values = environ(contract)["values"]
    assert values.get("CONTENT_LENGTH", "") == "" and values.get("CONTENT_TYPE", "") == ""


@pytest.mark.parametrize("name", ["X_Auth_User", "X-Auth_User", "Content_Length", "Content_Type", "Proxy", "proxy"])
def test_spoofable_names_never_become_variables(contract, name):
    values = environ(contract, headers=[(name, "forged")])["values"]
    assert "forged" not in values.values(), values


def test_underscored_twin_does_not_replace_the_real_field(contract):
    headers = [("X-Auth-User", "real"), ("X_Auth_User", "forged"), ("X-Auth_User", "forged")]
    assert environ(contract, headers=headers)["values"]["HTTP_X_AUTH_USER"] == "real"


def test_the_process_environment_is_not_in_environ(contract):
    assert "PATH" not in environ(contract)["types"]


def test_an_environ_is_one_requests_own(contract):
    with contract.connect() as connection:
        assert [connection.get("/mutate-environ").text for _ in range(3)] == ["false"] * 3


def test_errors_stream_goes_to_the_log(contract):
    mark = contract.log.mark()
    assert contract.get("/errors").status == 200
    for line in ("first line", "second line", "caf\u00e9 \u2713", "printed to it"):
        contract.log.wait_for(re.escape(line), after=mark)


# Shapes of a response


@pytest.mark.parametrize(
    "target, status, body",
    [
        ("/list", 200, b"hello\n"),
        ("/blocks", 200, b"one\ntwo\nthree\n"),
        ("/tuple", 200, b"one\ntwo\n"),
        ("/empty", 200, b""),
        ("/only-empty-blocks", 200, b""),
        ("/generator?n=3", 200, b"block 0\nblock 1\nblock 2\n"),
        ("/generator?n=0", 200, b""),
        ("/lazy", 201, b"lazy\n"),
        ("/sequence-protocol", 200, b"old protocol\n"),
        ("/list-subclass", 200, b"from __iter__\n"),
        ("/write", 200, b"written twice, then returned\n"),
        ("/write-with-length", 200, b"written end\n"),
        ("/exc-info-none", 200, b"None is no exc_info\n"),
        ("/keyword-exc-info", 200, b"ok\n"),
        ("/exc-info-first", 503, b"first call\n"),
    ],
)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_permitted_response_arrives_whole(contract, target, status, body, version):
    response = contract.get(target, version=version)
    assert (response.status, response.body) == (status, body)
    assert response.header("Date") and response.header("Server")
    if version == "1.0":
        assert not response.chunked


def test_one_block_is_answered_with_its_length(contract):
    response = contract.get("/list")
    assert response.header("Content-Length") == "6" and not response.chunked


def test_a_lazy_application_sets_status_and_headers_at_the_first_block(contract):
    response = contract.get("/lazy")
    assert (response.status, response.reason, response.header("X-Lazy")) == (201, "Created", "yes")


def test_headers_keep_their_order_and_repetitions(contract):
    cookies = contract.get("/many-headers").all("Set-Cookie")
    assert cookies == [f"c{number}={number}" for number in range(50)]


def test_date_and_server_of_the_application_win(contract):
    response = contract.get("/own-date-and-server")
    assert response.header("Date") == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert response.header("Server") == "mine"


def test_latin_1_header_values_are_sent_as_their_bytes(contract):
    assert contract.get("/header?name=X-Word&value=caf%C3%A9").header("X-Word") == "caf\u00e9"


@pytest.mark.parametrize("target", ["/stream-at-gate", "/write-at-gate"])
def test_a_block_is_sent_before_the_next_is_made(contract, gate: Gate, target):
    with contract.connect() as connection:
        connection.request(f"{target}?gate={gate.path}")
        head = connection.read_head()
        assert head.status == 200
        assert connection.read_chunk() == b"early\n"
        gate.open()
        assert connection.read_chunk() == b"late\n"
        assert connection.read_chunk() == b""


def test_a_big_block_arrives_whole(contract):
    response = contract.get("/big?size=8388608")
    assert response.body == b"0123456789abcdef" * (8388608 // 16)


@pytest.mark.parametrize("line", ["204 No Content", "304 Not Modified", "205 Reset Content"])
def test_statuses_without_a_body_send_none_and_close_the_iterable(fresh, line):
    with fresh.connect() as connection:
        connection.request("/status?line=" + line.replace(" ", "%20"))
        response = connection.read_response()
        assert response.status == int(line[:3])
        if response.status != 205:
            assert response.body == b""
        assert connection.get("/list").body == b"hello\n"
    assert state(fresh)["counts"]["close:status"] == 1


@pytest.mark.parametrize("line", ["200 OK", "299 Odd Reason", "404 Not Found", "418 I'm a teapot", "599 Last"])
def test_any_final_status_line_is_sent_as_given(contract, line):
    response = contract.get("/status?line=" + line.replace(" ", "%20").replace("'", "%27"))
    assert f"{response.status} {response.reason}" == line


# HEAD


@pytest.mark.parametrize("target", ["/list", "/generator", "/close", "/write", "/file", "/big?size=65536", "/lazy"])
def test_head_answers_like_get_without_the_body(contract, target):
    with contract.connect() as connection:
        got = connection.get(target)
        head = connection.get(target, method="HEAD")
        assert (head.status, head.body) == (got.status, b"")
        length = head.header("Content-Length")
        assert length in (None, str(len(got.body))), "a length that GET contradicts (RFC 9110, 8.6)"
        assert connection.get("/list").body == b"hello\n"


# start_response and exc_info


def test_exc_info_before_the_body_replaces_status_and_headers(contract):
    response = contract.get("/replace-with-exc-info")
    assert (response.status, response.body) == (502, b"replaced\n")
    assert response.header("X-First") is None and response.header("X-Second") == "2"


@pytest.mark.parametrize("target", ["/exc-info-too-late", "/exc-info-too-late?size=300000", "/exc-info-after-write"])
def test_exc_info_after_the_body_began_is_raised_and_the_connection_aborted(fresh, target):
    with pytest.raises(Truncated):
        fresh.get(target)
    assert state(fresh)["raised"] == ["the original" if "too-late" in target else "after write"]


def test_start_response_twice_without_exc_info_raises(fresh):
    assert fresh.get("/start-twice").status == 500
    assert state(fresh)["raised"], "start_response accepted a second call"


@pytest.mark.parametrize("target, closed", [("/never-start", "never-start"), ("/start-late", "start-late")])
def test_a_body_without_start_response_is_an_error(fresh, target, closed):
    response = fresh.get(target)
    assert response.status == 500 and b"too early" not in response.body
    assert state(fresh)["counts"][f"close:{closed}"] == 1


def test_wrong_arguments_of_start_response_raise_type_error(contract):
    assert json.loads(contract.get("/bad-arguments").text) == ["TypeError"] * 4


BAD_CALLS = """
status-bytes status-int status-none status-empty status-words status-two-digits status-four-digits status-signed
status-crlf status-lf status-control status-unicode status-interim headers-none headers-dict header-string
header-single header-triple name-bytes name-int name-empty name-space name-trailing-space name-colon name-crlf
name-unicode value-bytes value-int value-none value-crlf value-lf value-cr value-fold value-nul value-control
value-beyond-latin1 length-negative length-words length-signed length-huge length-twice
""".split()


@pytest.mark.parametrize("kind", BAD_CALLS)
def test_a_bad_start_response_call_is_a_500_and_nothing_of_it_goes_out(contract, kind):
    mark = contract.log.mark()
    with contract.connect() as connection:
        connection.request(f"/bad-call?kind={kind}", headers=[("Connection", "close")])
        raw = connection.read_until_closed()
    assert raw.startswith(b"HTTP/1.1 500 "), raw
    assert b"X-Injected" not in raw and b"hello" not in raw
    contract.log.wait_for("ERROR|Error", after=mark)


@pytest.mark.parametrize("kind", ["transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "te"])
def test_hop_by_hop_headers_of_an_application_never_go_out(contract, kind):
    with contract.connect() as connection:
        response = connection.get(f"/hop-by-hop?kind={kind}")
        assert response.status == 500
        assert response.header("Upgrade") is None and response.header("Trailer") is None
        assert "X-Secret" not in (response.header("Connection") or "")


@pytest.mark.parametrize(
    "kind", "none int str list-of-str list-of-none list-of-int object str-blocks none-blocks".split()
)
def test_a_result_of_the_wrong_type_is_a_500(fresh, kind):
    mark = fresh.log.mark()
    assert fresh.get(f"/wrong-result?kind={kind}").status == 500
    fresh.log.wait_for("ERROR|Error", after=mark)
    if kind.endswith("-blocks"):
        assert state(fresh)["counts"]["close:wrong-result"] == 1


def test_a_wrong_block_after_a_good_one_aborts(fresh):
    with pytest.raises(Truncated):
        fresh.get("/wrong-second-block")
    assert state(fresh)["counts"]["close:wrong-second-block"] == 1


def test_write_takes_bytes_only(fresh):
    response = fresh.get("/write-not-bytes")
    assert response.body == b"refused\n" and state(fresh)["raised"]


# Content-Length


def test_a_body_shorter_than_declared_is_not_passed_off_as_complete(fresh):
    with pytest.raises(Truncated):
        fresh.get("/length?declared=10&blocks=12345,678")
    assert state(fresh)["counts"]["close:length"] == 1


def test_a_body_longer_than_declared_never_runs_into_the_next_response(fresh):
    with fresh.connect() as connection:
        connection.request("/length?declared=3&blocks=12345,678")
        connection.request("/list")
        first = connection.read_response()
        assert first.status == 500 or first.body == b"123"
        rest = connection.read_until_closed() if first.header("Connection") == "close" else b""
        assert b"45" not in rest
    assert state(fresh)["counts"]["close:length"] == 1


def test_a_body_of_exactly_the_declared_length_keeps_the_connection(fresh):
    with fresh.connect() as connection:
        assert connection.get("/length?declared=8&blocks=12345,678").body == b"12345678"
        assert connection.get("/list").body == b"hello\n"


# Errors


def assert_clean_500(response: Response) -> None:
    assert response.status == 500
    for secret in (b"secret detail", b"Traceback", b".py", b"RuntimeError"):
        assert secret not in response.body, response


STAGES = ["/fail-in-call", "/fail-after-start", "/fail-in-iter", "/fail-in-first-block"]


@pytest.mark.parametrize("stage", STAGES)
def test_an_exception_before_the_body_is_a_500_with_the_traceback_in_the_log(fresh, stage):
    mark = fresh.log.mark()
    with fresh.connect() as connection:
        assert_clean_500(connection.get(stage))
    fresh.log.wait_for("Traceback", after=mark)
    fresh.log.wait_for(f"RuntimeError: secret detail of {stage}", after=mark)
    fresh.log.wait_for("contract.py", after=mark)
    closed = {"/fail-in-iter": "close:fail-in-iter", "/fail-in-first-block": "close:fail-in-first-block"}.get(stage)
    if closed:
        assert state(fresh)["counts"][closed] == 1


def test_the_500_page_shows_the_request_id_that_the_log_shows(contract):
    mark = contract.log.mark()
    pages = [set(re.findall(r"[0-9A-Za-z-]{3,}", contract.get("/fail-in-call").text)) for _ in range(2)]
    contract.log.wait_for("RuntimeError: secret detail", count=2, after=mark)
    log = "\n".join(contract.log.lines[mark:])
    for mine, other in (pages, pages[::-1]):
        identifiers = mine - other
        assert identifiers, f"no request id of its own on the page: {mine}"
        assert any(identifier in log for identifier in identifiers), (identifiers, log)


@pytest.mark.parametrize(
    "kind", "exit sys.exit keyboard base generator-exit stop-iteration recursion surrogate unprintable".split()
)
@pytest.mark.parametrize("stage", ["/fail-in-call", "/fail-in-first-block"])
def test_no_exception_of_any_kind_ends_the_server(contract, stage, kind):
    mark = contract.log.mark()
    response = contract.get(f"{stage}?kind={kind}")
    if stage == "/fail-in-first-block" and kind == "stop-iteration":
        # That is how an iterator says that it has no more blocks.
        assert (response.status, response.body) == (200, b"")
        return
    assert_clean_500(response)
    contract.log.wait_for("ERROR|Error", after=mark)


@pytest.mark.parametrize("target", ["/fail-midway", "/fail-midway?length=100", "/fail-after-write"])
def test_an_exception_midway_aborts_the_connection(fresh, target):
    mark = fresh.log.mark()
    with pytest.raises(Truncated) as cut:
        fresh.get(target)
    assert cut.value.partial is None or b"Traceback" not in cut.value.partial.body
    fresh.log.wait_for("RuntimeError: secret detail", after=mark)
    if "midway" in target:
        assert state(fresh)["counts"]["close:fail-midway"] == 1


def test_an_http_1_0_body_that_breaks_midway_ends_with_a_reset(contract):
    """Without chunks or a length only a reset can tell a broken body from a complete one."""
    with contract.connect() as connection:
        connection.request("/fail-midway", version="1.0")
        rest = connection.read_until_closed()
        assert connection.was_reset, rest


def test_an_exception_in_close_is_logged_and_the_response_stands(fresh):
    mark = fresh.log.mark()
    response = fresh.get("/fail-in-close")
    assert (response.status, response.body) == (200, b"body\n")
    fresh.log.wait_for("RuntimeError: secret detail of /fail-in-close", after=mark)
    assert state(fresh)["counts"]["close:fail-in-close"] == 1


# close()


@pytest.mark.parametrize(
    "target, name",
    [
        ("/close", "close"),
        ("/close-empty", "close-empty"),
        ("/close-single", "close-single"),
        ("/only-empty-blocks", "only-empty-blocks"),
        ("/list-subclass", "list-subclass"),
        ("/stream?n=3&size=100000", "stream"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_close_is_called_exactly_once(fresh, target, name, method):
    fresh.get(target, method=method)
    assert state(fresh)["counts"][f"close:{name}"] == 1


def test_a_generator_runs_to_its_end(fresh):
    fresh.get("/generator-close")
    assert state(fresh)["counts"] == {"generator:finished": 1, "generator:finally": 1}


@pytest.mark.parametrize("way", ["close", "reset"])
def test_close_is_called_when_the_client_goes_away(fresh, gate: Gate, way):
    with fresh.connect() as connection:
        connection.request(f"/notify-on-close?gate={gate.path}")
        assert connection.read_head().status == 200
        connection.read_chunk()
        getattr(connection, way)()
        assert gate.path.read_bytes() == b"closed\n"
    assert state(fresh)["counts"]["close:notify"] == 1


# wsgi.file_wrapper


def pattern(size: int) -> bytes:
    return b"".join((b"%08d" % start) * 8192 for start in range(0, size, 65536))[:size]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("size=200000", pattern(200000)),
        ("size=0", b""),
        ("size=1", b"0"),
        ("size=200000&block=1000", pattern(200000)),
        ("size=200000&offset=1000", pattern(200000)[1000:]),
        ("size=200000&offset=200000", b""),
        ("size=200000&length=200000", pattern(200000)),
        ("size=200000&length=5000", pattern(200000)[:5000]),
        ("size=200000&offset=100&length=5000", pattern(200000)[100:5100]),
        ("size=5000000", pattern(5000000)),
    ],
)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_wrapped_file_is_sent_from_its_position(contract, query, expected, version):
    with contract.connect() as connection:
        response = connection.get(f"/file?{query}", version=version)
        assert response.body == expected
        if version == "1.1":
            assert connection.get("/list").body == b"hello\n"


def test_what_python_has_read_of_a_wrapped_file_is_not_sent_again(contract):
    assert contract.get("/file-partly-read").body == pattern(200000)[10:]


def test_a_wrapped_file_shorter_than_declared_aborts(contract):
    with pytest.raises(Truncated):
        contract.get("/file?size=1000&length=2000")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("target, name", [("/file-counted", "file-counted"), ("/file-close", "file-real")])
def test_a_wrapped_file_is_closed_once(fresh, target, name, method):
    assert fresh.get(target, method=method).status == 200
    assert state(fresh)["counts"][f"close:{name}"] == 1


@pytest.mark.parametrize(
    "target, body",
    [
        ("/file-counted", pattern(200000)),
        ("/file-bytesio", b"in memory\n" * 1000),
        ("/file-no-close", b"one\ntwo\n"),
        ("/file-pipe", b"through a pipe\n"),
        ("/file-iterated", b"0123|4567|89"),
        ("/file-write-first", b"before the file\nthe file\n"),
    ],
)
def test_the_wrapper_takes_anything_with_read(contract, target, body):
    assert contract.get(target).body == body


def test_a_wrapped_text_file_is_an_error(contract):
    assert contract.get("/file-text").status == 500


# wsgi.input

BODY = b"ab\ncdefgh\n\nij"


@pytest.mark.parametrize(
    "way, expected",
    [
        ("read", ["ab\ncdefgh\n\nij"]),
        ("read-none", ["ab\ncdefgh\n\nij"]),
        ("read-minus", ["ab\ncdefgh\n\nij"]),
        ("read-zero", ["", "ab\ncdefgh\n\nij"]),
        ("read-five", ["ab\ncd", "efgh\n", "\nij"]),
        ("read-beyond", ["ab\ncdefgh\n\nij", "", ""]),
        ("readline", ["ab\n", "cdefgh\n", "\n", "ij"]),
        ("readline-three", ["ab\n", "cde", "fgh", "\n", "\n", "ij"]),
        ("readline-minus", ["ab\n", "cdefgh\n", "\n", "ij"]),
        ("readlines", ["ab\n", "cdefgh\n", "\n", "ij"]),
        ("iterate", ["ab\n", "cdefgh\n", "\n", "ij"]),
        ("mixed", ["ab", "\n", "cdefgh\n", "\nij"]),
        ("nothing", []),
    ],
)
@pytest.mark.parametrize("coding", ["length", "chunked"])
def test_input_is_read_in_every_way(contract, way, expected, coding):
    with contract.connect() as connection:
        send_body(connection, f"/input?way={way}", BODY, coding)
        response = connection.read_response()
        assert response.status == 200 and json.loads(response.text) == expected
        assert connection.get("/list").body == b"hello\n"


def test_readlines_stops_after_the_hint(contract):
    first, rest = json.loads(contract.get("/input?way=readlines-hint", method="POST", body=BODY).text)
    assert "".join(first + rest) == BODY.decode() and first[0] == "ab\n"


def send_body(connection: Connection, target: str, body: bytes, coding: str) -> None:
    if coding == "length":
        connection.request(target, method="POST", body=body)
    else:
        half = len(body) // 2
        parts = [part for part in (body[:half], body[half:]) if part]
        connection.request(target, method="POST", headers=[("Transfer-Encoding", "chunked")])
        connection.send(b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n")


def test_input_without_a_body_is_empty(contract):
    assert json.loads(contract.get("/input?way=read").text) == [""]


@pytest.mark.whole_bodies
def test_an_unread_body_does_not_disturb_the_next_request(contract):
    with contract.connect() as connection:
        for coding in ("length", "chunked"):
            send_body(connection, "/list", b"GET /smuggled HTTP/1.1\r\n\r\n" * 40_000, coding)
            assert connection.read_response().body == b"hello\n"
        assert connection.get("/list").body == b"hello\n"


def test_a_kept_input_never_shows_another_request(contract):
    with contract.connect() as connection:
        bodies = [b"first body", b"second body", b"third body"]
        outcomes = [json.loads(connection.get("/keep-input", method="POST", body=body).text) for body in bodies]
    assert outcomes[1] != "second body" and outcomes[2] not in ("third body", "first body"), outcomes


def test_a_kept_write_does_not_reach_a_later_response(contract):
    with contract.connect() as connection:
        for _ in range(3):
            response = connection.get("/keep-write")
            assert response.status == 200 and "late" not in response.text


# Threads


def test_as_many_requests_run_at_once_as_there_are_threads(threaded, tmp_path):
    gates = [Gate(tmp_path, f"gate-{number}") for number in range(4)]
    connections = [threaded.connect() for _ in gates]
    for connection, gate in zip(connections, gates):
        connection.request(f"/gate?gate={gate.path}")
    for gate in gates:
        gate.wait_until_reached()
    for connection, gate in zip(connections, gates):
        gate.open()
        assert connection.read_response().body == b"opened\n"
        connection.close()


def test_with_one_thread_requests_run_one_after_the_other(contract, gate: Gate):
    with contract.connect() as first, contract.connect() as second:
        first.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        second.request("/mark?name=second")
        gate.open()
        assert first.read_response().body == b"opened\n"
        assert second.read_response().body == b"marked\n"


def test_python_threads_live_on_between_requests(contract):
    seen = [json.loads(contract.get("/thread-local").text) for _ in range(3)]
    assert len({answer["thread"] for answer in seen}) == 1
    assert [answer["served"] - seen[0]["served"] for answer in seen] == [0, 1, 2]


def test_a_request_runs_on_a_real_python_thread(contract):
    process = json.loads(contract.get("/process").text)
    assert process["thread_class"] == "Thread" and not process["main_thread"]


@pytest.mark.whole_bodies
def test_a_slow_upload_holds_no_python_thread(contract):
    with contract.connect() as slow:
        slow.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert contract.get("/list").body == b"hello\n"
        slow.send(b"67890")
        assert slow.read_response().body == b"1234567890"


@pytest.mark.parametrize("target", ["/big?size=33554432", "/stream?n=15&size=65536", "/file?size=33554432"])
def test_a_client_that_does_not_read_holds_no_python_thread(contract, target):
    with contract.connect(receive_buffer=4096) as slow:
        slow.request(target)
        slow.read_head()
        assert contract.get("/list").body == b"hello\n"
        assert contract.get("/list").body == b"hello\n"


def test_a_stream_is_pulled_only_as_fast_as_it_is_read(threaded):
    """130 MB asked for and not read: the number of blocks made comes to rest far below the total."""
    threaded.get("/reset")
    with threaded.connect(receive_buffer=4096) as slow, threaded.connect() as watcher:
        slow.request("/stream?n=2000&size=65536")
        slow.read_head()
        made, unchanged = -1, 0
        while unchanged < 200:
            now = json.loads(watcher.get("/state").text)["counts"].get("stream:blocks", 0)
            made, unchanged = now, unchanged + 1 if now == made else 0
        assert made < 500, f"{made} blocks of 64 KiB were made for a client that reads nothing"


def test_an_application_waits_for_children_of_its_own(contract):
    assert json.loads(contract.get("/subprocess").text) == [0, "42"]


# What is said of the request and of a fault


def test_the_raw_target_and_the_servers_name_are_there(contract):
    values = environ(contract, "/environ?x=%20&y")["values"]
    assert values["RAW_URI"] == values["REQUEST_URI"] == "/environ?x=%20&y"
    assert re.fullmatch(r"martlet/\d+\.\d+\.\d+", values["SERVER_SOFTWARE"])


def test_the_clients_port_is_its_own(contract):
    with contract.connect() as connection:
        seen = json.loads(connection.get("/environ").text)["values"]
        assert (seen["REMOTE_ADDR"], seen["REMOTE_PORT"]) == tuple(map(str, connection.socket.getsockname()))


def test_an_iterable_of_one_block_has_its_length(contract):
    response = contract.get("/close-single")
    assert (response.header("Content-Length"), response.body) == ("4", b"one\n")


def test_start_response_may_come_after_an_empty_block(contract):
    response = contract.get("/start-after-empty-block")
    assert (response.status, response.body) == (200, b"body\n")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("name-space", r"X Name.*value"), ("value-crlf", r"X-Injected|\\r\\n"), ("status-words", r"'OK'")],
)
def test_the_log_names_the_application_the_field_and_the_value(contract, kind, shown):
    mark = contract.log.mark()
    assert contract.get(f"/bad-call?kind={kind}").status == 500
    contract.log.wait_for(rf"error handling GET /bad-call\?kind={kind} in contract:application", after=mark)
    contract.log.wait_for(rf"^(ValueError|TypeError): .*({shown})", after=mark)
