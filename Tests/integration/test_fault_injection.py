"""The system fails: full disks, system calls with errors, memory and threads that run out, clients that reset.

In each case somebody may get an error, but nobody a wrong answer; the process lives, and when the fault is over, it
serves as before and has kept nothing.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest

from harness import ProtocolViolation, Response, Server, Truncated, proc
from harness.faults import injecting, small_disk
from harness.waiting import wait_until

FILE = bytes(range(256)) * 4096
BLOCK = b"b" * 1000
POST = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"


@pytest.fixture
def served(serve, tmp_path: Path) -> Server:
    """An application and a directory of files, of which every kind of request has been made."""
    (tmp_path / "file").write_bytes(FILE)
    server = serve("contract:application", "--threads", "2", "--static", f"/static={tmp_path}", "--keep-alive", "2")
    for _ in range(3):
        assert_serving(server)
    return server


def assert_serving(server: Server) -> None:
    assert server.get("/list").body == b"hello\n"
    assert server.get("/echo", method="POST", body=BLOCK * 600).body == BLOCK * 600
    assert server.get("/static/file").body == FILE
    assert server.get("/generator?n=3").body == b"block 0\nblock 1\nblock 2\n"


class Unchanged:
    """Descriptors and threads of a server: the same at the end of the context as at its beginning.

    But for the second Python thread, which is started when it is needed.
    """

    def __init__(self, server: Server) -> None:
        self.server = server

    def __enter__(self) -> None:
        self.descriptors = self.settled()
        self.threads = proc.thread_count(self.server.pid)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        assert self.server.process.poll() is None, self.server.log.text
        for _ in range(5):
            assert_serving(self.server)
        assert self.settled() == self.descriptors, sorted(proc.descriptors(self.server.pid).values())
        assert proc.thread_count(self.server.pid) <= self.threads + 1
        assert "Fatal error" not in self.server.log.text

    def settled(self) -> int:
        """Descriptors that are open when nobody is connected any more: once the last has been waited for."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            open_now = proc.descriptors(self.server.pid)
            listeners = 1
            if sum(target.startswith("socket:") for target in open_now.values()) <= listeners:
                return len(open_now)
            time.sleep(0.05)
        raise AssertionError(f"connections are left: {open_now}")


def attempt(server: Server, target: str, expected: bytes, **options: object) -> bool:
    """One request while something fails: it may go wrong, if the client can tell. Whether it went right."""
    try:
        with server.connect(timeout=15) as connection:
            response: Response = connection.get(target, **options)
    except TimeoutError:
        raise AssertionError(f"{target}: no answer, and no end") from None
    except (OSError, Truncated):
        return False
    except ProtocolViolation as failure:
        raise AssertionError(f"{target}: {failure}") from None
    if response.status == 200:
        assert response.body == expected, f"{target}: a wrong answer with 200"
    else:
        assert response.status >= 400, f"{target}: {response}"
    return response.status == 200


def attempt_all(server: Server, rounds: int = 4) -> int:
    """How many of some requests of each kind went right."""
    done = 0
    for _ in range(rounds):
        done += attempt(server, "/list", b"hello\n")
        done += attempt(server, "/echo", BLOCK * 600, method="POST", body=BLOCK * 600)
        done += attempt(server, "/static/file", FILE)
        done += attempt(server, "/generator?n=3", b"block 0\nblock 1\nblock 2\n")
    return done


# System calls that fail

CALLS = [
    "accept4:error=EMFILE:when=1+3",
    "accept4:error=ECONNABORTED:when=1+2",
    "accept4:error=ENOMEM:when=2+3",
    "accept4:error=EINTR:when=1+2",
    "setsockopt:error=ENOBUFS:when=2+3",
    "setsockopt:error=EINVAL:when=2+3",
    "getpeername,getsockname:error=ENOTCONN:when=1+3",
    "writev:error=ECONNRESET:when=1+2",
    "writev:error=ENOBUFS:when=2+3",
    "writev:error=EINTR:when=1+2",
    "sendfile:error=EIO:when=1+2",
    "sendfile:error=EAGAIN:when=1+2",
    "sendfile:error=ECONNRESET:when=2+2",
    "openat2:error=EMFILE:when=1+2",
    "openat2:error=EIO:when=1+2",
    "openat2:error=ENOSYS:when=1+2",
    "openat2:error=EAGAIN:when=1+2",
    "fstat,newfstatat,statx:error=EIO:when=2+3",
    "preadv2:error=EIO:when=1+2",
    "preadv2:error=EOPNOTSUPP:when=1+2",
    "pwrite64:error=ENOSPC:when=1+2",
    "pwrite64:error=EINTR:when=1+2",
    "openat:error=ENOSPC:when=1+2",
    "epoll_wait:error=EINTR:when=1+2",
    "epoll_ctl:error=ENOMEM:when=2+5",
    "shutdown:error=ENOTCONN:when=1+2",
    "fcntl:error=EBADF:when=2+4",
    "ioctl:error=EINVAL:when=1+2",
]


@pytest.mark.parametrize("fault", CALLS)
def test_a_system_call_that_fails_costs_its_own_request_at_most(served, fault):
    with Unchanged(served), injecting(served.pid, fault):
        done = attempt_all(served)
    assert done > 0, f"nothing at all was served\n{served.log.text}"


def test_threads_that_can_not_be_started_leave_the_work_to_those_that_are_there(serve, gate):
    server = serve("contract:application", "--threads", "4")
    assert server.get("/list").body == b"hello\n"
    with injecting(server.pid, "clone,clone3:error=EAGAIN"), server.connect() as first, server.connect() as second:
        first.request(f"/gate?gate={gate.path}")
        second.request("/list")
        gate.open()
        assert first.read_response().status == 200
        assert second.read_response().body == b"hello\n"
    assert server.get("/list").body == b"hello\n"


# Memory


def test_an_application_that_gets_no_memory_is_an_error_of_that_request(serve):
    server = serve("starved:application", "--threads", "2")
    assert server.get("/").body == b"fed\n"
    used = int(proc.status_field(server.pid, "VmSize").split()[0]) << 10
    resource.prlimit(server.pid, resource.RLIMIT_AS, (used + (64 << 20), used + (64 << 20)))
    for _ in range(10):
        assert server.get("/?mib=500").status == 500
        assert server.get("/?mib=1").body == b"fed\n"
    server.log.wait_for("MemoryError")


# Disks


def test_a_body_that_does_not_fit_on_the_disk_is_507_and_leaves_nothing_there(serve, tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        server = serve("contract:application", variables={"TMPDIR": str(disk)})
        try:
            free = os.statvfs(disk).f_bfree
            for _ in range(5):
                response = server.get("/echo", method="POST", body=BLOCK * 4000)
                assert response.status == 507
                assert server.get("/echo", method="POST", body=BLOCK * 500).body == BLOCK * 500
            assert server.get("/list").body == b"hello\n"
            # The last body is given up behind its response.
            wait_until(lambda: os.statvfs(disk).f_bfree == free, 5)
            server.log.wait_for("No space left on device")
        finally:
            server.stop()


# Clients that reset


def test_a_reset_after_each_byte_of_a_request_leaves_nothing_behind(served):
    with Unchanged(served):
        for length in range(len(POST) + 1):
            with served.connect() as connection:
                connection.send(POST[:length])
                connection.reset()


LARGE = ["/static/file", "/big?size=3000000", "/stream?n=20000", "/file?size=3000000"]


@pytest.mark.parametrize("target", [*LARGE, "/list"])
@pytest.mark.parametrize("count", [1, 200, 5000, 400_000])
def test_a_reset_within_a_response_leaves_nothing_behind(served, target, count):
    with Unchanged(served):
        for _ in range(4):
            with served.connect() as connection:
                connection.request(target)
                received = 0
                while received < count and (data := connection.socket.recv(count - received)):
                    received += len(data)
                    if target == "/list" and received > 100:
                        break
                connection.reset()


@pytest.mark.parametrize("size", [100, 300_000, 2_000_000])
def test_a_reset_within_a_body_leaves_nothing_behind(served, size):
    head = f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()
    with Unchanged(served):
        for sent in (0, 1, size // 2, size - 1, size):
            with served.connect() as connection:
                connection.send(head + b"u" * sent)
                connection.reset()
