"""What every integration test needs: interpreters, a running server, and a strict HTTP client."""

from harness.address import Address
from harness.client import Connection, ProtocolViolation, Response, Truncated, fetch
from harness.gate import Gate
from harness.interpreters import Environment
from harness.runtime import APPS, REPOSITORY, Runtime
from harness.server import ExitedEarly, Server

__all__ = [
    "APPS",
    "REPOSITORY",
    "Address",
    "Connection",
    "Environment",
    "ExitedEarly",
    "Gate",
    "ProtocolViolation",
    "Response",
    "Runtime",
    "Server",
    "Truncated",
    "fetch",
]
