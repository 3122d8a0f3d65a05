"""Very many slow connections at once, by slowhttptest: others are served as before, and all of the slow ones are ended.

`scripts/abuse` is the full run, with 4,000 connections and its figures.
"""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest

from harness import Server, proc
from harness.waiting import wait_until

# A third of the attack, in seconds, is how long the server puts up with a client.
LIMITS = ("--header-timeout", "--body-timeout", "--send-timeout", "--keep-alive")

MODES = {
    "headers": ("-H", "-i", "2", "-x", "24", "-u", "{url}/list"),
    "body": ("-B", "-i", "2", "-x", "24", "-s", "100000", "-t", "POST", "-u", "{url}/echo"),
    "read": ("-X", "-w", "512", "-y", "1024", "-n", "2", "-z", "32", "-k", "1", "-u", "{url}/static/large"),
}


class Visitor(threading.Thread):
    """Asks again and again, on a new connection each time, and notes how long that takes."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server, self.ended = server, threading.Event()
        self.times: list[float] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.ended.wait(0.02):
                began = time.perf_counter()
                assert self.server.get("/list").body == b"hello\n"
                self.times.append(time.perf_counter() - began)
        except BaseException as failure:
            self.failure = failure

    def stop(self) -> None:
        self.ended.set()
        self.join()
        if self.failure:
            raise self.failure

    def percentile(self, share: float) -> float:
        return sorted(self.times)[int(len(self.times) * share)]


class Sampler(threading.Thread):
    """The most memory, in KiB, and the most open descriptors that the server has had."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self.pid, self.ended = pid, threading.Event()
        self.memory = self.descriptors = 0

    def run(self) -> None:
        while not self.ended.wait(0.5):
            self.memory = max(self.memory, proc.proportional_kib(self.pid))
            self.descriptors = max(self.descriptors, proc.descriptor_count(self.pid))

    def stop(self) -> None:
        self.ended.set()
        self.join()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", MODES)
def test_slow_clients_by_the_thousand_hold_up_nobody(serve, request, tmp_path: Path, mode):
    number = request.config.getoption("--attack-connections")
    seconds = request.config.getoption("--attack-seconds")
    (tmp_path / "large").write_bytes(b"l" * (16 << 20))
    limits = [part for limit in LIMITS for part in (limit, str(seconds // 3))]
    server = serve("contract:application", "--threads", "2", "--static", f"/static={tmp_path}", *limits)
    assert server.get("/list").body == b"hello\n"
    memory, descriptors = proc.proportional_kib(server.pid), proc.descriptor_count(server.pid)

    visitor, sampler = Visitor(server), Sampler(server.pid)
    options = [option.format(url=server.address.url) for option in MODES[mode]]
    report = tmp_path / "attack.log"
    with report.open("wb") as output:
        attack = subprocess.Popen(
            ["slowhttptest", *options, "-c", str(number), "-r", str(max(number // 3, 100)), "-l", str(seconds)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    visitor.start()
    sampler.start()
    try:
        # It has come about, and the server has ended all of it while the attacker goes on.
        wait_until(lambda: sampler.descriptors > descriptors + number // 2, 30)
        wait_until(lambda: proc.descriptor_count(server.pid) <= descriptors + 2, seconds)
        went_on = attack.poll() is None or b"No open connections left" in report.read_bytes()
    finally:
        attack.kill()
        attack.wait()
        visitor.stop()
        sampler.stop()

    # Who reads a file has that open as well.
    opened = (sampler.descriptors - descriptors) // (2 if mode == "read" else 1)
    each = (sampler.memory - memory) / opened
    p50, p99, worst = (1e3 * visitor.percentile(share) for share in (0.5, 0.99, 0.9999))
    print(
        f"\n{mode}: {opened} connections at once, {len(visitor.times)} other requests: p50 {p50:.1f} ms, "
        f"p99 {p99:.1f} ms, worst {worst:.1f} ms; memory {memory / 1024:.1f} MiB, at most "
        f"{sampler.memory / 1024:.1f} MiB, {each:.1f} KiB for each"
    )
    assert went_on, "the attacker gave up first"
    assert p99 < 50, f"p99 of the others was {p99:.1f} ms"
    assert each < 64, f"{each:.1f} KiB for each slow connection"
    wait_until(lambda: proc.descriptor_count(server.pid) <= descriptors, 10)
    assert server.get("/list").body == b"hello\n"
