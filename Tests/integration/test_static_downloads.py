"""Large files and many readers: every byte arrives, and the server holds next to none of them."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness import Connection, Runtime, Server, Truncated, proc
from harness.interpreters import environments

MIB = 1 << 20
LARGE = 200 * MIB
# Beyond what 32 bits can say, with something to find on both sides.
HUGE = 5 << 30
MARKS = {0: b"at the start", (4 << 30) - 4: b"across 4 GiB", HUGE - 10: b"at the end"}
READERS = 20


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("downloads")
    with (root / "large.bin").open("wb") as file:
        for _ in range(LARGE // MIB):
            file.write(os.urandom(MIB))
    with (root / "huge.bin").open("wb") as file:
        file.truncate(HUGE)
        for offset, mark in MARKS.items():
            file.seek(offset)
            file.write(mark)
    (root / "slow.bin").write_bytes(os.urandom(60_000))
    yield root
    (root / "large.bin").unlink()


@pytest.fixture(scope="module")
def site(root) -> Iterator[Server]:
    """Answered before Python has any part in it: one runtime will do."""
    runtime = Runtime(environments()[0], "embedded")
    runtime.environment.ensure()
    routes = [f"/files={root},404", f"/slow={root},404,limit-rate=20000"]
    with Server(runtime, "contract:application", *(word for route in routes for word in ("--static", route))) as server:
        yield server


def digest_of_file(path: Path) -> bytes:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(MIB):
            hashed.update(block)
    return hashed.digest()


def digest_of_body(connection: Connection, piece: int) -> bytes:
    """The SHA-256 of LARGE bytes, as they come."""
    buffered = bytes(connection._buffer)
    hashed = hashlib.sha256(buffered)
    left = LARGE - len(buffered)
    while left > 0:
        received = connection.socket.recv(min(piece, left))
        assert received, f"the connection ended {left} bytes early"
        hashed.update(received)
        left -= len(received)
    return hashed.digest()


def test_slow_and_fast_readers_get_the_same_bytes_and_memory_stays_flat(site, root):
    """The slow ones take a little, stand still until the fast ones are done, and then read on in small pieces."""
    expected = digest_of_file(root / "large.bin")
    site.get("/files/slow.bin")
    before = proc.resident_kib(site.pid)
    descriptors = proc.descriptor_count(site.pid)
    fast_are_done = threading.Event()
    standing = threading.Barrier(READERS + 1)

    def read(slowly: bool) -> bytes:
        with Connection(site.address, timeout=120, receive_buffer=32 << 10 if slowly else None) as connection:
            connection.request("/files/large.bin")
            head = connection.read_head()
            assert (head.status, head.header("Content-Length")) == (200, str(LARGE))
            if not slowly:
                return digest_of_body(connection, MIB)
            standing.wait(60)
            assert fast_are_done.wait(120)
            return digest_of_body(connection, 16 << 10)

    with ThreadPoolExecutor(2 * READERS) as pool:
        slow = [pool.submit(read, True) for _ in range(READERS)]
        standing.wait(60)
        fast = [pool.submit(read, False) for _ in range(READERS)]
        try:
            assert {reader.result(120) for reader in fast} == {expected}
            while_standing = proc.resident_kib(site.pid)
        finally:
            fast_are_done.set()
        assert {reader.result(120) for reader in slow} == {expected}
    peak = int(proc.status_field(site.pid, "VmHWM").split()[0])
    assert while_standing - before < 16 << 10, f"{before} KiB before, {while_standing} while 20 clients stood still"
    assert peak - before < 24 << 10, f"{before} KiB before, {peak} at most"
    assert site.get("/files/slow.bin").status == 200
    assert proc.descriptor_count(site.pid) <= descriptors + 2


def test_a_file_beyond_4_gib_has_its_whole_length(site):
    response = site.get("/files/huge.bin", method="HEAD")
    assert response.header("Content-Length") == str(HUGE)


@pytest.mark.parametrize("offset", MARKS)
def test_each_place_of_a_file_beyond_4_gib_can_be_had(site, offset):
    mark = MARKS[offset]
    last = offset + len(mark) - 1
    response = site.get("/files/huge.bin", headers=[("Range", f"bytes={offset}-{last}")])
    assert (response.status, response.body) == (206, mark)
    assert response.header("Content-Range") == f"bytes {offset}-{last}/{HUGE}"


def test_parts_of_a_file_beyond_4_gib(site):
    ranges = ",".join(f"{offset}-{offset + len(mark) - 1}" for offset, mark in MARKS.items())
    response = site.get("/files/huge.bin", headers=[("Range", f"bytes={ranges}")])
    assert response.status == 206
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", response.header("Content-Type"))[1]
    parts = response.body.split(b"\r\n--" + boundary.encode())
    assert [part.partition(b"\r\n\r\n")[2] for part in parts[1:-1]] == list(MARKS.values())


def test_boundaries_cannot_be_foreseen(site):
    seen = {site.get("/files/slow.bin", headers=[("Range", "bytes=0-1,5-6")]).header("Content-Type") for _ in range(20)}
    assert len(seen) == 20


def test_large_parts_arrive_whole(site, root):
    content = (root / "large.bin").read_bytes()
    ranges = [(5 * MIB, 9 * MIB - 1), (100 * MIB, 103 * MIB), (0, 0)]
    spec = ",".join(f"{first}-{last}" for first, last in ranges)
    with site.connect() as connection:
        for _ in range(2):
            connection.request("/files/large.bin", headers=[("Range", f"bytes={spec}")])
            response = connection.read_response()
            boundary = response.header("Content-Type").rpartition("=")[2].encode()
            parts = response.body.split(b"\r\n--" + boundary)[1:-1]
            bodies = [part.partition(b"\r\n\r\n")[2] for part in parts]
            assert bodies == [content[first : last + 1] for first, last in ranges]


@pytest.mark.parametrize("range", [None, "bytes=0-99,1000000-", "bytes=30000000-30000010,0-20000000"])
def test_a_file_that_shrinks_while_it_is_sent_cuts_the_connection(site, root, range):
    path = root / "shrinking.bin"
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.truncate(60_000_000)
    headers = [] if range is None else [("Range", range)]
    with site.connect(receive_buffer=4096) as connection:
        connection.request("/files/shrinking.bin", headers=headers)
        head = connection.read_head()
        os.truncate(path, 1000)
        with pytest.raises(Truncated):
            connection.read_exactly(int(head.header("Content-Length")))
    assert site.get("/files/slow.bin").status == 200


def test_a_file_that_is_removed_while_it_is_sent_is_sent_to_its_end(site, root):
    path = root / "leaving.bin"
    path.write_bytes(os.urandom(8 * MIB))
    content = path.read_bytes()
    with site.connect(receive_buffer=4096) as connection:
        connection.request("/files/leaving.bin")
        head = connection.read_head()
        path.unlink()
        assert connection.read_exactly(int(head.header("Content-Length"))) == content
    assert site.get("/files/leaving.bin").status == 404


def test_a_limit_of_speed_is_kept_and_leaves_nothing_out(site, root):
    content = (root / "slow.bin").read_bytes()
    started = time.monotonic()
    with site.connect() as connection:
        response = connection.get("/slow/slow.bin")
        assert response.body == content
        # A quarter of a second's bytes are free: they go out at once.
        assert time.monotonic() - started >= 2.5
        # Others are not held up meanwhile, and the connection goes on.
        assert connection.get("/slow/slow.bin", headers=[("Range", "bytes=0-9,20-29")]).status == 206
    assert site.get("/files/slow.bin").body == content


def test_a_client_that_leaves_a_limited_response_leaves_nothing_behind(site):
    before = proc.descriptor_count(site.pid)
    for _ in range(20):
        connection = site.connect()
        connection.request("/slow/slow.bin")
        connection.read_head()
        connection.reset()
    # Requests on other connections are the clock: each is answered after the resets before it were seen.
    for _ in range(1000):
        site.get("/files/slow.bin", method="HEAD")
        if proc.descriptor_count(site.pid) <= before + 1:
            return
    raise AssertionError(f"{before} descriptors before, now {proc.descriptors(site.pid)}")
