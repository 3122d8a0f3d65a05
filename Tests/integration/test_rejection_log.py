"""What the log says of requests that are refused, and how often."""

from __future__ import annotations

import pytest

from harness import Server

WITHOUT_HOST = b"GET / HTTP/1.1\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def refused(server: Server, data: bytes) -> int:
    with server.connect() as connection:
        connection.send(data)
        return connection.read_response().status


def test_why_a_request_was_refused_is_in_the_log(serve):
    server = serve("contract:application")
    assert refused(server, WITHOUT_HOST) == 400
    server.log.wait_for(r"\[INFO\] rejected a request from 127\.0\.0\.1: 400: no Host$")
    assert refused(server, CHUNKED + b"x") == 400
    server.log.wait_for(r"\[INFO\] rejected a request from 127\.0\.0\.1: 400: invalid chunk size$")


def test_why_a_path_was_refused_is_in_the_log(serve, tmp_path):
    server = serve("contract:application", "--static", f"/static={tmp_path}")
    assert refused(server, b"GET /static/../../x HTTP/1.1\r\nHost: x\r\n\r\n") == 400
    server.log.wait_for(r"\[INFO\] rejected a request from 127\.0\.0\.1: 400: the path climbs above the root$")


def test_a_client_on_a_unix_socket_has_a_name_in_the_log(serve, tmp_path):
    server = serve("contract:application", binds=[f"unix:{tmp_path}/s"])
    assert refused(server, WITHOUT_HOST) == 400
    server.log.wait_for(r"rejected a request from a client on a Unix socket: 400: no Host$")


@pytest.mark.parametrize("level, lines", [("info", 10), ("debug", 200)])
@pytest.mark.timeout(60)
def test_a_flood_of_malformed_requests_does_not_flood_the_log(serve, level, lines):
    server = serve("contract:application", "--log-level", level)
    for _ in range(200):
        assert refused(server, WITHOUT_HOST) == 400
    server.log.wait_for("rejected a request from", count=lines)
    (summary,) = server.log.wait_for(r"\[INFO\] rejected (\d+) more requests: --log-level debug tells why")
    server.stop()
    told = [line for line in server.log.lines if "[INFO] rejected a request from" in line]
    # A second window may have begun where this takes longer than one.
    assert len(told) + int(summary[1]) == 200 or len(told) > 10, server.log.text
    assert len(told) <= 20
    assert len([line for line in server.log.lines if "rejected a request from" in line]) >= lines


def test_a_connection_that_breaks_is_told_in_words(serve):
    server = serve("contract:application", "--log-level", "debug")
    with server.connect() as connection:
        connection.get("/list")
        connection.reset()
    server.log.wait_for(r"\[DEBUG\] the connection of 127\.0\.0\.1 has ended: Connection reset by peer$")
