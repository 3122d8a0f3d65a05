"""Processes that the application forks are not the server: they keep none of its sockets, and they end."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import pytest

from harness import Server, proc


@pytest.fixture(scope="module")
def forks(runtime) -> Iterator[Server]:
    with Server(runtime, "forks:application") as server:
        yield server


@pytest.mark.parametrize(
    ("way", "status"),
    [
        ("returns-nothing", 0),
        ("exits", 0),
        ("exits-7", 7),
        ("exits-with-text", 1),
        ("raises", 1),
        ("answers", 1),
        ("generates", 0),
    ],
)
def test_a_child_that_comes_out_of_the_application_ends(forks, way, status):
    response = forks.get(f"/{way}")
    assert (response.status, response.text) == (200, str(status))
    assert forks.get("/").body == b"alive\n"


def test_what_ended_the_child_is_in_the_log(forks):
    forks.get("/raises")
    forks.log.wait_for("ValueError: raised in the child")
    forks.get("/exits-with-text")
    forks.log.wait_for("a last word")
    forks.get("/answers")
    forks.log.wait_for("RuntimeError: this process was forked from the server's")


def test_a_child_keeps_no_socket_of_the_server(serve):
    server = serve("forks:application")
    with server.connect() as connection:
        connection.request("/daemon")
        child = int(connection.read_response().text)
        try:
            held = [target for target in proc.descriptors(child).values() if target.startswith("socket:")]
            assert held == []
            server.stop()
            # Neither the port nor the client's connection is held by what is still running.
            connection.expect_closed()
            with socket.socket() as free:
                free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                free.bind((server.address.host, server.address.port))
                free.listen()
        finally:
            os.kill(child, signal.SIGTERM)


def test_a_child_that_comes_out_of_an_iterator_ends(forks):
    response = forks.get("/in-next")
    assert (response.status, response.text) == (200, "0 0 ")


def test_a_child_that_comes_out_of_close_ends(forks):
    assert forks.get("/in-close").body == b"closing"
    # One thread: it has come back from close() before it answers this.
    assert forks.get("/seen").text == "[0]"
    assert forks.get("/").body == b"alive\n"
