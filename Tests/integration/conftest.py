"""Which interpreters and shapes a run covers, and the server fixtures that tests share."""

from __future__ import annotations

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
    group.addoption("--soak-requests", type=int, default=100_000, help="requests of the soak test")


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
