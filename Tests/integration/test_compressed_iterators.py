"""`--compress` with what frameworks return: an iterator around one block, whose length they have said."""

from __future__ import annotations

import gzip

import pytest
from apps import iterated

from harness import Server

CODED = [("Accept-Encoding", "gzip")]


@pytest.fixture
def server(serve) -> Server:
    return serve("iterated:application", "--compress", "gzip")


def test_one_block_of_known_length_is_coded_as_a_whole(server):
    response = server.get("/", headers=CODED)
    assert response.header("Content-Encoding") == "gzip"
    assert response.header("Content-Length") == str(len(response.body))
    assert gzip.decompress(response.body) == iterated.TEXT


def test_what_would_not_become_smaller_goes_out_as_it_is(server):
    response = server.get("/noise", headers=CODED)
    assert response.header("Content-Encoding") is None
    assert response.header("Vary") == "Accept-Encoding"
    assert len(response.body) == 2000


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_not_modified_and_head_say_what_get_says(server, method):
    coded = server.get("/", headers=CODED)
    unchanged = server.get("/unchanged", headers=CODED, method=method)
    assert (unchanged.status, coded.header("ETag")) == (304, 'W/"v1"')
    head = server.get("/", headers=CODED, method="HEAD")
    for answer in (unchanged, head):
        assert answer.header("Vary") == "Accept-Encoding"
        assert answer.header("ETag") == 'W/"v1"'


def test_what_goes_on_beyond_its_length_is_cut_once_and_the_connection_stays(serve):
    server = serve("iterated:application")
    with server.connect() as connection:
        for _ in range(2):
            connection.request("/longer")
            assert connection.read_response().body == iterated.TEXT
    server.log.wait_for("the response is longer than its Content-Length; the excess was cut", count=2)
