"""One server process under test: started, announced, stopped by its pid."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from harness import proc
from harness.address import Address
from harness.client import Connection, Response, fetch
from harness.log import Log
from harness.runtime import APPS, Runtime


class ExitedEarly(AssertionError):
    """The process ended before it listened."""


class Server:
    """A started server. `with Server(...)` stops it with SIGTERM and requires exit code 0."""

    # Of every server of a run, before those that a test gives.
    common_options: tuple[str, ...] = ()

    def __init__(
        self,
        runtime: Runtime,
        app: str,
        *options: str,
        binds: Sequence[str] = ("127.0.0.1:0",),
        folder: Path = APPS,
        variables: dict[str, str] | None = None,
        prefix: Sequence[str] = (),
        inherit: Sequence[int] = (),
        timeout: float = 60.0,
    ) -> None:
        arguments = [app]
        for bind in binds:
            arguments += ["--bind", bind]
        self.command = [*prefix, *runtime.command([*arguments, *self.common_options, *options])]
        self._prefixed = bool(prefix)
        self._awaited = False
        self.process = subprocess.Popen(
            self.command,
            cwd=folder,
            env={**runtime.variables(), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=tuple(inherit),
            start_new_session=True,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.out = Log(self.process.stdout)
        self.log = Log(self.process.stderr)
        try:
            announced = self.log.wait_for(r"Listening at: (.*)", count=max(1, len(binds)), timeout=timeout)
        except AssertionError as failure:
            self.kill()
            raise ExitedEarly(f"{' '.join(self.command)}\n{failure}") from None
        self.addresses = [address for match in announced for address in Address.all_in(match[1])]

    @property
    def pid(self) -> int:
        """Of the server itself, also when a prefix command started it."""
        return proc.children(self.process.pid)[0] if self._prefixed else self.process.pid

    @property
    def address(self) -> Address:
        return self.addresses[0]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.process.poll() is not None:
            # A test that ends its server says so by `wait`; any other end is a crash.
            assert self._awaited, f"the server died with {self.process.returncode}:\n{self.log.text}"
            return
        if kind is None:
            self.stop()
        else:
            self.kill()

    # Talking to it

    def connect(self, **options: object) -> Connection:
        return Connection(self.address, **options)  # type: ignore[arg-type]

    def get(self, target: str = "/", **options: object) -> Response:
        return fetch(self.address, target, **options)

    # Ending it

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait(self, timeout: float = 30.0) -> int:
        """The exit code, once the process has ended by itself."""
        code = self.process.wait(timeout)
        self.log.join()
        self.out.join()
        self._awaited = True
        return code

    def stop(self, number: signal.Signals = signal.SIGTERM, timeout: float = 40.0) -> None:
        """End it in good order: a signal to its pid, exit code 0."""
        self.send_signal(number)
        try:
            code = self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there {timeout} s after {number.name}:\n{self.log.text}") from None
        assert code == 0, f"exit code {code} after {number.name}:\n{self.log.text}"

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.join()
        self._awaited = True
