"""Keeps the main thread from being woken: upon SIGUSR1 it fills the pipe that wakes it, and waits at a gate."""

import contextlib
import os
import signal

from contract import PLAIN, query, wait_at_gate


def fill(descriptor):
    for size in (4096, 1):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(descriptor, b"\0" * size)


def handle(_number, _frame):
    descriptor = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
    fill(descriptor)
    with open(os.environ["GATE"], "rb") as gate:
        gate.read()


signal.signal(signal.SIGUSR1, handle)


def application(environ, start_response):
    if query(environ, "gate"):
        wait_at_gate(environ)
    start_response("200 OK", PLAIN)
    return [b"alive\n"]
