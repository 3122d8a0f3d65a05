"""What applications raise, wherever it is: the client sees a fault, the log has all of it, and the server goes on."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest

from harness import Response, Server, Truncated

# What the last line of the traceback says.
LAST_LINES = {
    "SystemExit": "SystemExit: 3",
    "SystemExit-text": "SystemExit: bye",
    "KeyboardInterrupt": "KeyboardInterrupt",
    "MemoryError": "MemoryError: a test's",
    "MemoryError-real": "MemoryError",
    "RecursionError": "RecursionError: maximum recursion depth exceeded",
    "GeneratorExit": "GeneratorExit: out of place",
    "OSError": "OSError: [Errno 28] No space left on device",
    "BrokenPipeError": "BrokenPipeError: another pipe",
    "SyntaxError": "SyntaxError: invalid syntax",
    "UnicodeDecodeError": "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff",
    "Own": "raising.Own: our own",
    "cause": "ValueError: the effect",
    "notes": "ValueError: with a note",
    "circle": "ValueError: round",
    "unprintable": "raising.Unprintable",
    "misnamed": "raising.Misnamed: but printable",
    "lines": "ValueError: one",
    "null": "ValueError: a ",
    "unicode": "ValueError: \u00e9\u2713\U0001f600",
    "long": "ValueError: xxxxxxxxxx",
    "surrogate-name": "FileNotFoundError: [Errno 2] No such file: ",
}
# Those that have a way of their own through Python.
GRAVE = ["SystemExit", "KeyboardInterrupt", "MemoryError", "MemoryError-real", "RecursionError", "GeneratorExit", "Own"]

BEFORE = {
    "/call": "in_the_call",
    "/started": "after_start_response",
    "/next": "__next__",
    "/empty": "__next__",
    "/iter": "__iter__",
}
MIDWAY = {
    "/later": ("__next__", b"ab"),
    "/write": ("after_write", b"a"),
    "/write-length": ("after_a_written_part", b"a"),
}


@pytest.fixture(scope="module")
def raising(runtime) -> Iterator[Server]:
    with Server(runtime, "raising:application", "--threads", "2") as server:
        yield server


@pytest.fixture(autouse=True)
def _still_serving(raising: Server):
    raising.get("/closed")
    yield
    assert raising.process.poll() is None
    with raising.connect() as connection:
        for _ in range(4):
            assert connection.get("/alive").body == b"alive\n"


def assert_closed(server: Server, count: int) -> None:
    """So many iterables have been closed: what the client has all of may be closed a moment later."""
    deadline = time.monotonic() + 10
    while (seen := json.loads(server.get("/closed?keep=1").text)) != count and time.monotonic() < deadline:
        pass
    assert json.loads(server.get("/closed").text) == seen == count


def assert_logged(server: Server, mark: int, target: str, last_line: str, function: str, identifier: str = "") -> str:
    """Id, method, target, application; then the whole traceback, which the text gives back."""
    title = rf"\[ERROR\] (\S+): .*GET {re.escape(target)} in raising:application"
    found = server.log.wait_for(title, after=mark, timeout=5)[0]
    if identifier:
        assert found[1] == identifier
    server.log.wait_for("^" + re.escape(last_line), after=mark, timeout=5)
    lines = server.log.lines[mark:]
    first = next(index for index, line in enumerate(lines) if re.search(title, line))
    last = max(index for index, line in enumerate(lines) if line.startswith(last_line))
    shown = "\n".join(lines[first : last + 1])
    assert "Traceback (most recent call last):" in shown, shown
    assert re.search(rf'File ".*raising\.py", line \d+, in {function}$', shown, re.M), shown
    assert "<martlet>" not in shown and "bootstrap.py" not in shown, shown
    return shown


def request_id(response: Response) -> str:
    return re.search(r"\b[0-9a-z]+-[0-9a-z]+\b", response.text)[0]


# Before anything was sent


@pytest.mark.parametrize("path", BEFORE)
@pytest.mark.parametrize("kind", LAST_LINES)
def test_before_the_first_byte_it_is_a_500_with_the_traceback_in_the_log(raising, path, kind):
    mark = raising.log.mark()
    with raising.connect() as connection:
        response = connection.get(f"{path}?kind={kind}")
        assert response.status == 500
        assert LAST_LINES[kind] not in response.text and "raising" not in response.text
        assert connection.get("/alive").body == b"alive\n"
    assert_logged(raising, mark, f"{path}?kind={kind}", LAST_LINES[kind], BEFORE[path], request_id(response))
    assert_closed(raising, 1 if path in ("/next", "/empty", "/iter") else 0)


# Midway


@pytest.mark.parametrize("path", MIDWAY)
@pytest.mark.parametrize("kind", LAST_LINES)
def test_midway_the_response_is_cut_after_what_was_sent(raising, path, kind):
    function, sent = MIDWAY[path]
    mark = raising.log.mark()
    with raising.connect() as connection:
        with pytest.raises(Truncated) as cut:
            connection.get(f"{path}?kind={kind}")
        assert cut.value.partial.status == 200
        assert cut.value.partial.body == sent
    assert_logged(raising, mark, f"{path}?kind={kind}", LAST_LINES[kind], function)
    assert_closed(raising, 1 if path == "/later" else 0)


@pytest.mark.parametrize("kind", ["OSError", *GRAVE])
def test_after_its_whole_length_a_response_stands(raising, kind):
    """The client has all of it, and its connection goes on; the log has the fault."""
    target = f"/satisfied?kind={kind}"
    mark = raising.log.mark()
    with raising.connect() as connection:
        for _ in range(3):
            assert connection.get(target).body == b"whole\n"
        assert connection.get("/alive").body == b"alive\n"
    assert_logged(raising, mark, target, LAST_LINES[kind], "__next__")
    assert_closed(raising, 3)


# In close()


@pytest.mark.parametrize("path, function", [("/close", "close"), ("/close-of-file", "failing")])
@pytest.mark.parametrize("kind", LAST_LINES)
def test_in_close_the_response_stands_and_the_log_has_the_fault(raising, path, function, kind):
    target = f"{path}?kind={kind}"
    mark = raising.log.mark()
    with raising.connect() as connection:
        assert connection.get(target).status == 200
        assert connection.get("/alive").body == b"alive\n"
    raising.log.wait_for(r"\[ERROR\] .*close\(\) of the response", after=mark)
    raising.log.wait_for("^" + re.escape(LAST_LINES[kind]), after=mark, timeout=5)
    shown = "\n".join(raising.log.lines[mark:])
    assert "Traceback (most recent call last):" in shown
    assert re.search(rf'File ".*raising\.py", line \d+, in {function}$', shown, re.M), shown


@pytest.mark.parametrize("path", ["/close", "/close-of-file"])
def test_in_close_the_log_says_which_request_it_was(raising, path):
    target = f"{path}?kind=OSError"
    mark = raising.log.mark()
    assert raising.get(target).status == 200
    raising.log.wait_for("^" + re.escape(LAST_LINES["OSError"]), after=mark)
    title = rf"\[ERROR\] (\S+): .*GET {re.escape(target)} in raising:application"
    raising.log.wait_for(title, after=mark, timeout=3)


def test_a_fault_in_close_does_not_hide_the_one_before(raising):
    mark = raising.log.mark()
    with pytest.raises(Truncated):
        raising.get("/both?kind=OSError")
    assert_logged(raising, mark, "/both?kind=OSError", LAST_LINES["OSError"], "__next__")
    raising.log.wait_for("LookupError: the second fault", after=mark)
    assert_closed(raising, 1)


# What else a traceback has


def test_the_cause_is_shown(raising):
    mark = raising.log.mark()
    assert raising.get("/call?kind=cause").status == 500
    shown = assert_logged(raising, mark, "/call?kind=cause", "ValueError: the effect", "cause")
    assert "KeyError: 'the cause'" in shown and "The above exception was the direct cause" in shown


def test_notes_are_shown(raising, runtime):
    if runtime.environment.version < (3, 11):
        pytest.skip("notes came with Python 3.11")
    mark = raising.log.mark()
    assert raising.get("/call?kind=notes").status == 500
    raising.log.wait_for("^the note$", after=mark)


def test_the_exceptions_of_a_group_are_shown(raising, runtime):
    if runtime.environment.version < (3, 11):
        pytest.skip("exception groups came with Python 3.11")
    mark = raising.log.mark()
    assert raising.get("/call?kind=group").status == 500
    for line in (r"ExceptionGroup: several \(2 sub-exceptions\)", "ValueError: one of them", "TypeError: another"):
        raising.log.wait_for(line, after=mark)


@pytest.mark.parametrize(
    "kind, shown",
    [
        ("surrogate", r"ValueError: lone \\+udcff surrogate"),
        ("surrogate-name", r"No such file: 'caf\\+udce9\.txt'"),
        ("long", "x{1000} the end$"),
        ("unicode", "\u00e9\u2713\U0001f600"),
    ],
)
def test_unusual_text_is_shown_whole(raising, kind, shown):
    mark = raising.log.mark()
    assert raising.get(f"/call?kind={kind}").status == 500
    raising.log.wait_for(shown, after=mark, timeout=5)


@pytest.mark.parametrize("kind", ["RecursionError", "MemoryError-real"])
def test_a_hundred_grave_faults_leave_a_server_like_any_other(raising, kind):
    with raising.connect() as connection:
        for _ in range(100):
            assert connection.get(f"/call?kind={kind}").status == 500
        assert connection.get("/alive").body == b"alive\n"


def test_another_application_is_named_by_its_own_name(serve):
    server = serve("contract:application", "--mount", "/raising=raising:application")
    assert server.get("/raising/call?kind=OSError").status == 500
    server.log.wait_for(r"GET /raising/call\?kind=OSError in raising:application$")
