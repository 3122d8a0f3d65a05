"""Faults of the system on order: system calls that fail, by strace, and a disk that is soon full."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.log import Log


@contextmanager
def injecting(pid: int, *faults: str) -> Iterator[None]:
    """While the context lasts, system calls of the process fail: `accept4:error=EMFILE:when=1+2`, as strace has it."""
    names = ",".join(fault.split(":")[0] for fault in faults)
    expressions = [part for fault in faults for part in ("-e", f"inject={fault}")]
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), "-o", "/dev/null", "-e", f"trace={names}", *expressions],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert tracer.stderr is not None
    log = Log(tracer.stderr)
    try:
        log.wait_for("attached")
    except AssertionError as failure:
        tracer.kill()
        tracer.wait()
        if re.search("not permitted|not implemented", log.text):
            pytest.skip(f"strace may not attach to a process here: {log.text}")
        raise failure
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
        log.join()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of this size, such as "1m"."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode(errors='replace').strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
