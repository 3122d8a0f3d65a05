"""Very many requests of every kind leave memory, objects, descriptors and threads as they were."""

from __future__ import annotations

import json
import random
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import Connection, Runtime, Server, Truncated, proc
from harness.interpreters import debug_build, select

CLIENTS = 4
BATCH = 50
BODY = bytes(range(256)) * 8
UPLOAD = b"u" * 200_000


# The allocator gives memory back as soon as it is free, so that what stays resident is what is still held.
FRUGAL_MALLOC = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_TOP_PAD_": "0",
}


@dataclass(frozen=True)
class Kind:
    """One sort of request: its bytes, its method, and what must come back."""

    request: bytes
    status: int
    body: bytes | None
    method: str = "GET"


def ask(target: str, method: str = "GET", fields: str = "", body: bytes = b"") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\nHost: x\r\n{fields}{length}\r\n".encode() + body


def chunked(target: str, body: bytes) -> bytes:
    head = f"POST {target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    half = len(body) // 2
    parts = (body[:half], body[half:])
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


# (how many of a hundred, kind): these keep their connection.
KEEPING = [
    (22, Kind(ask("/list"), 200, b"hello\n")),
    (8, Kind(ask("/list", "HEAD"), 200, b"", "HEAD")),
    (4, Kind(ask("/nowhere"), 404, b"no such route\n")),
    (5, Kind(ask("/fail-in-call"), 500, None)),
    (2, Kind(ask("/bad-call?kind=value-crlf"), 500, None)),
    (2, Kind(ask("/wrong-result?kind=list-of-str"), 500, None)),
    (8, Kind(ask("/generator?n=5"), 200, b"".join(b"block %d\n" % n for n in range(5)))),
    (4, Kind(ask("/close"), 200, b"one\ntwo\n")),
    (4, Kind(ask("/write"), 200, b"written twice, then returned\n")),
    (2, Kind(ask("/replace-with-exc-info"), 502, b"replaced\n")),
    (4, Kind(ask("/file?size=70000"), 200, None)),
    (2, Kind(ask("/file-bytesio"), 200, b"in memory\n" * 1000)),
    (8, Kind(ask("/echo", "POST", body=BODY), 200, BODY)),
    (4, Kind(chunked("/echo", BODY), 200, BODY)),
    (1, Kind(ask("/echo", "POST", body=UPLOAD), 200, UPLOAD)),
    (3, Kind(ask("/list", "POST", body=BODY), 200, b"hello\n")),
    (2, Kind(ask("/status?line=204%20No%20Content"), 204, b"")),
    (8, Kind(ask("/static/file.txt"), 200, b"x" * 1024)),
    (3, Kind(ask("/static/file.txt", fields="Range: bytes=10-19\r\n"), 206, b"x" * 10)),
    (2, Kind(ask("/static/file.txt", fields="If-None-Match: *\r\n"), 304, b"")),
    (2, Kind(ask("/static/nowhere.txt"), 404, b"no such route\n")),
]

# Ways in which a connection ends, one after each batch.
ENDINGS = [
    "close",
    "reset",
    "abort",
    "abort-file",
    "malformed",
    "leave-stream",
    "leave-big",
    "leave-file",
    "leave-upload",
    "half-close",
]


class Client(threading.Thread):
    def __init__(self, server: Server, requests: int, seed: int) -> None:
        super().__init__()
        self.server, self.requests = server, requests
        self.random = random.Random(seed)
        self.failure: BaseException | None = None
        self.kinds = [kind for _, kind in KEEPING]
        self.weights = [weight for weight, _ in KEEPING]

    def run(self) -> None:
        try:
            while self.requests > 0:
                with self.server.connect() as connection:
                    self.batch(connection)
                    self.end(connection, self.random.choice(ENDINGS))
        except BaseException as failure:
            self.failure = failure

    def batch(self, connection: Connection) -> None:
        kinds = self.random.choices(self.kinds, self.weights, k=min(BATCH, self.requests))
        self.requests -= len(kinds) + 1
        # All but the big bodies are pipelined; those go alone, so that neither side waits for the other to read.
        waiting: list[Kind] = []
        for kind in kinds:
            if len(kind.request) > 100_000:
                self.exchange(connection, waiting)
                self.exchange(connection, [kind])
                waiting = []
            else:
                waiting.append(kind)
        self.exchange(connection, waiting)

    def exchange(self, connection: Connection, kinds: list[Kind]) -> None:
        if kinds:
            connection.send(b"".join(kind.request for kind in kinds))
        for kind in kinds:
            response = connection.read_response(kind.method)
            assert response.status == kind.status, (kind.request[:200], response)
            assert kind.body is None or response.body == kind.body, (kind.request[:200], response)

    def end(self, connection: Connection, way: str) -> None:
        if way == "reset":
            connection.reset()
        elif way in ("abort", "abort-file"):
            connection.send(ask("/fail-midway" if way == "abort" else "/file?size=1000&length=2000"))
            with pytest.raises(Truncated):
                connection.read_response()
        elif way == "malformed":
            connection.send(b"GET / HTTP/1.1\r\nHost : x\r\n\r\n")
            assert connection.read_response().status == 400
            connection.expect_closed()
        elif way == "half-close":
            connection.send(ask("/list") * 3)
            connection.half_close()
            assert [connection.read_response().status for _ in range(3)] == [200] * 3
            connection.expect_closed()
        elif way.startswith("leave-"):
            requests = {
                "leave-stream": ask("/generator-close?n=10000&size=10000"),
                "leave-big": ask("/big?size=4194304"),
                "leave-file": ask("/file?size=4194304"),
                "leave-upload": ask("/echo", "POST", body=UPLOAD)[:-1000],
            }
            connection.send(requests[way])
            if way != "leave-upload":
                connection.read_head()
            connection.reset()


@dataclass(frozen=True)
class Sample:
    objects: int
    references: int | None
    resident_kib: int
    descriptors: int
    threads: int

    @classmethod
    def of(cls, server: Server) -> Sample:
        seen = json.loads(server.get("/process").text)
        pid = server.pid
        counts = proc.resident_kib(pid), proc.descriptor_count(pid), proc.thread_count(pid)
        return cls(seen["objects"], seen["references"], *counts)


def play(server: Server, requests: int, seed: int) -> None:
    clients = [Client(server, requests // CLIENTS, seed * CLIENTS + number) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for client in clients:
        if client.failure is not None:
            raise client.failure


def soak(server: Server, total: int) -> list[Sample]:
    samples = []
    for seed in range(5):
        play(server, total // 5, seed)
        samples.append(Sample.of(server))
        print(f"after {(seed + 1) * total // 5} requests: {samples[-1]}")
    return samples


def start(serve, folder: Path) -> Server:
    (folder / "file.txt").write_bytes(b"x" * 1024)
    return serve(
        *["contract:application", "--threads", "4", "--body-buffer", "65536"],
        *["--static", f"/static={folder}", "--access-logfile", str(folder / "access.log")],
        variables=FRUGAL_MALLOC,
    )


@pytest.mark.timeout(1200)
def test_references_stay_flat_on_a_debug_build(request, tmp_path: Path):
    """A debug build of CPython counts every reference that there is."""
    environment = debug_build()
    assert environment is not None, "Debian's python3-dbg is missing: scripts/test installs it"
    environment.ensure()
    runtime = Runtime(environment, "embedded")
    with ExitStack() as stack:
        server = start(lambda *words, **options: stack.enter_context(Server(runtime, *words, **options)), tmp_path)
        samples = soak(server, request.config.getoption("--soak-requests"))
    settled, last = samples[0], samples[-1]
    assert settled.references is not None and last.references is not None, "this build does not count references"
    # A reference lost per thousand requests would show.
    assert last.references - settled.references <= 80, samples
    assert last.objects - settled.objects <= 20, samples
    assert last.threads <= settled.threads, samples


@pytest.mark.timeout(1200)
def test_memory_and_objects_stay_flat(request, serve, runtime, tmp_path: Path):
    """The first two fifths fill caches and pools; from there on nothing may grow.

    Resident memory moves a little with the buffers that happened to be in use, so the lower of the last two samples
    is held against the higher of the first two: 40 bytes lost per request would show.
    """
    total = request.config.getoption("--soak-requests")
    primary = select(request.config.getoption("--interpreters"))[0]
    if runtime != Runtime(primary, "embedded"):
        total //= 3
    samples = soak(start(serve, tmp_path), total)
    settled, last = samples[0], samples[-1]
    assert last.objects - settled.objects <= 100, samples
    if last.references is not None and settled.references is not None:
        assert last.references - settled.references <= 1000, samples
    memory = [sample.resident_kib for sample in samples]
    assert min(memory[3:]) - max(memory[:2]) <= 2 * 1024, samples
    assert last.descriptors - settled.descriptors <= 5, samples
    assert last.threads <= settled.threads + 1, samples
