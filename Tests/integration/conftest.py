"""Which interpreters and shapes a run covers, and the server fixtures that tests share."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import Environment, Gate, Runtime, Server
from harness.interpreters import environments, real, select


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("martlet")
    group.addoption("--interpreters", default="primary", help="all, primary, or versions such as 3.9,3.13")
    group.addoption("--shapes", default="embedded,hosted", help="embedded, hosted, or both with a comma")
    group.addoption("--streamed", action="store_true", help="start every server with --stream-requests")
    group.addoption("--soak-requests", type=int, default=100_000, help="requests of the soak test")
    group.addoption("--attack-connections", type=int, default=500, help="slow connections at once")
    group.addoption("--attack-seconds", type=int, default=20, help="how long they go on at most")


def pytest_configure(config: pytest.Config) -> None:
    # A run under nohup: what is ignored here is ignored by the servers as well, what is handled is not.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)
    config.addinivalue_line("markers", "whole_bodies: of servers that call the application when the body is whole")
    if config.getoption("--streamed"):
        Server.common_options = ("--stream-requests",)


def _environments(config: pytest.Config) -> list[Environment]:
    return select(config.getoption("--interpreters"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = _environments(metafunc.config)
    if "runtime" in metafunc.fixturenames:
        shapes = metafunc.config.getoption("--shapes").split(",")
        runtimes = [Runtime(environment, shape) for environment in chosen for shape in shapes]
        metafunc.parametrize("runtime", runtimes, ids=str, indirect=True, scope="session")
    if "embedded" in metafunc.fixturenames:
        runtimes = [Runtime(environment, "embedded") for environment in chosen]
        metafunc.parametrize("embedded", runtimes, ids=str, indirect=True, scope="session")
    if "real_runtime" in metafunc.fixturenames:
        shapes = metafunc.config.getoption("--shapes").split(",")
        runtimes = [Runtime(real(chosen), shape) for shape in shapes]
        metafunc.parametrize("real_runtime", runtimes, ids=str, indirect=True, scope="session")
    if "environment" in metafunc.fixturenames:
        metafunc.parametrize("environment", chosen, ids=lambda environment: environment.name, scope="session")


# Files whose tests take long, most of it waiting, or are many and about little of Python's. Of all runtimes they take
# the first interpreter in both shapes, and the oldest and newest ones embedded.
SLOW = (
    "test_client_limits.py",
    "test_disconnects.py",
    "test_fault_injection.py",
    "test_httpbin.py",
    "test_internal_files.py",
    "test_lifecycle.py",
    "test_switch_interval.py",
    "test_overload.py",
    "test_proxies.py",
    "test_slow_attacks.py",
    "test_slow_clients.py",
    "test_soak.py",
    "test_streamed_requests.py",
    "test_switch_interval.py",
    "test_threads.py",
    "test_time_limits.py",
)

# Files about what Python has no part in: they take the first interpreter, in both shapes.
WITHOUT_PYTHON = (
    "test_header_map.py",
    "test_http_protocol.py",
    "test_listings.py",
    "test_proxy_protocol.py",
    "test_rejection_log.py",
    "test_static_cache.py",
    "test_static_codings.py",
    "test_static_files.py",
)


def _runs(item: pytest.Item, runtime: Runtime, chosen: list[Environment]) -> bool:
    if item.path.name in WITHOUT_PYTHON:
        return runtime.environment == chosen[0]
    return item.path.name not in SLOW or _runs_slow_tests(runtime, chosen)


def _runs_slow_tests(runtime: Runtime, chosen: list[Environment]) -> bool:
    if runtime.environment == chosen[0]:
        return True
    ends = (min(chosen, key=lambda e: e.version), max(chosen, key=lambda e: e.version))
    return runtime.shape == "embedded" and runtime.environment in ends


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = _environments(config)
    left_out = []
    for item in items:
        runtime = getattr(item, "callspec", None) and item.callspec.params.get("runtime")
        if runtime and not _runs(item, runtime, chosen):
            left_out.append(item)
    if config.getoption("--streamed"):
        for item in items:
            if item.get_closest_marker("whole_bodies"):
                item.add_marker(pytest.mark.skip(reason="it is about bodies that are whole before the call"))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        dropped = set(left_out)
        items[:] = [item for item in items if item not in dropped]
        print(f"\n{len(left_out)} tests are left out: conftest.py says which run on some Pythons only")


def pytest_report_header(config: pytest.Config) -> list[str]:
    chosen = ", ".join(environment.name for environment in _environments(config))
    found = ", ".join(environment.name for environment in environments())
    return [f"interpreters: {chosen} (here: {found})"]


@pytest.fixture(scope="session")
def runtime(request: pytest.FixtureRequest) -> Runtime:
    request.param.environment.ensure()
    return request.param


@pytest.fixture(scope="session")
def embedded(request: pytest.FixtureRequest) -> Runtime:
    """For what only the embedded shape does: finding an interpreter."""
    request.param.environment.ensure()
    return request.param


@pytest.fixture(scope="session")
def real_runtime(request: pytest.FixtureRequest) -> Runtime:
    """For real applications: one interpreter, with the environment that has them."""
    request.param.environment.ensure()
    return request.param


@pytest.fixture
def serve(runtime: Runtime) -> Iterator[Callable[..., Server]]:
    """Start a server for one test: `serve("contract:app", "--threads", "2")`."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(Server(runtime, *arguments, **options))


@pytest.fixture(scope="module")
def contract(runtime: Runtime) -> Iterator[Server]:
    """The contract application with one Python thread, shared by the tests of a module."""
    with Server(runtime, "contract:application", "--threads", "1") as server:
        yield server


@pytest.fixture(scope="module")
def threaded(runtime: Runtime) -> Iterator[Server]:
    """The contract application with four Python threads."""
    with Server(runtime, "contract:application", "--threads", "4") as server:
        yield server


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)
