"""Start, listen, drain, end: what a process manager and an administrator see."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import pytest

from harness import APPS, Address, Connection, Gate, Runtime, Server, fetch, proc
from harness.log import Log
from harness.runtime import build_folder
from harness.waiting import let_the_loop_see

SIGNALS = [signal.SIGTERM, signal.SIGINT]


# The end


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_an_idle_server_with_exit_code_0(serve, number):
    server = serve("contract:application")
    assert server.get("/list").status == 200
    server.stop(number)
    assert "Traceback" not in server.log.text and "KeyboardInterrupt" not in server.log.text


def test_a_server_ends_before_its_first_request(serve):
    serve("contract:application").stop()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_requests_in_flight_are_finished_before_the_end(serve, gate: Gate, number):
    server = serve("contract:application", "--graceful-timeout", "30")
    # Each loop closes its idle connections when it begins to drain: with several, every loop has told us.
    idle = [server.connect() for _ in range(8)]
    assert all(connection.get("/list").status == 200 for connection in idle)
    with server.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        server.send_signal(number)
        for waiting in idle:
            waiting.expect_closed()
            waiting.close()
        gate.open()
        response = connection.read_response()
        assert (response.status, response.body) == (200, b"opened\n")
        assert response.header("Connection") == "close"
        connection.expect_closed()
    assert server.wait() == 0


def test_a_stream_in_flight_is_finished_before_the_end(serve, gate: Gate):
    server = serve("contract:application")
    with server.connect() as connection:
        connection.request(f"/stream-at-gate?gate={gate.path}")
        connection.read_head()
        assert connection.read_chunk() == b"early\n"
        server.send_signal(signal.SIGTERM)
        gate.open()
        assert connection.read_chunk() == b"late\n"
        assert connection.read_chunk() == b""
    assert server.wait() == 0


def test_requests_already_received_are_answered_before_the_end(serve, gate: Gate):
    server = serve("contract:application", "--threads", "1")
    with server.connect() as first, server.connect() as second:
        first.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        second.request("/list")
        # The answer to a later request on another connection proves that the loop has read the second one.
        bystander = server.connect()
        bystander.send(b"BAD\r\n\r\n")
        assert bystander.read_response().status == 400
        bystander.close()
        server.send_signal(signal.SIGTERM)
        gate.open()
        assert first.read_response().body == b"opened\n"
        assert second.read_response().body == b"hello\n"
    assert server.wait() == 0


@pytest.fixture
def stopped(serve):
    """A server that sleeps while clients send, and hears of all of it and of the signal to end at once."""
    return serve("contract:application", "--graceful-timeout", "30")


def end_after(server: Server, send) -> None:
    server.send_signal(signal.SIGSTOP)
    send()
    server.send_signal(signal.SIGTERM)
    server.send_signal(signal.SIGCONT)


def test_requests_not_yet_received_are_answered_before_the_end(stopped):
    """More than a loop hears of at once: the signal comes between the first ones and the rest."""
    connections = [stopped.connect() for _ in range(150)]
    assert all(connection.get("/list").status == 200 for connection in connections)
    end_after(stopped, lambda: [connection.request("/list") for connection in connections])
    for connection in connections:
        assert connection.read_response().status == 200
        connection.close()
    assert stopped.wait() == 0


@pytest.mark.parametrize("requests", [0, 1], ids=["fresh", "kept"])
def test_a_head_not_yet_received_may_be_finished_at_the_end(stopped, requests):
    connections = [stopped.connect() for _ in range(100)]
    for connection in connections:
        for _ in range(requests):
            assert connection.get("/list").status == 200
    let_the_loop_see(stopped)
    end_after(stopped, lambda: [connection.send(b"GET /list HTTP/1.1\r\n") for connection in connections])
    # Longer than connections are waited for on which nothing has been asked.
    with pytest.raises(subprocess.TimeoutExpired):
        stopped.process.wait(1.5)
    for connection in connections:
        connection.send(b"Host: a\r\n\r\n")
        response = connection.read_response()
        assert (response.status, response.header("Connection")) == (200, "close")
        connection.close()
    assert stopped.wait() == 0


def test_what_is_no_request_does_not_delay_the_end(stopped):
    connections = [stopped.connect() for _ in range(100)]
    assert all(connection.get("/list").status == 200 for connection in connections[::2])
    let_the_loop_see(stopped)
    end_after(stopped, lambda: [connection.send(b"\r\n") for connection in connections])
    assert stopped.wait(10) == 0
    for connection in connections:
        connection.close()


def test_idle_connections_do_not_delay_the_end(serve):
    server = serve("contract:application", "--graceful-timeout", "30", "--keep-alive", "60")
    with server.connect() as used, server.connect() as unused:
        assert used.get("/list").status == 200
        started = time.monotonic()
        server.send_signal(signal.SIGTERM)
        used.expect_closed()
        unused.expect_closed()
        assert server.wait() == 0
        assert time.monotonic() - started < 10


def test_no_new_connection_is_taken_while_draining(serve, gate: Gate):
    server = serve("contract:application")
    with server.connect() as busy, server.connect() as idle:
        idle.get("/status?line=200%20OK")
        busy.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        server.send_signal(signal.SIGTERM)
        # An idle connection is closed once draining has begun: then listeners are closed too.
        idle.expect_closed()
        with pytest.raises(OSError):
            server.connect(timeout=2).get("/list")
        gate.open()
        assert busy.read_response().status == 200
    assert server.wait() == 0


def test_what_the_graceful_timeout_cuts_is_closed_where_it_comes_back(serve):
    server = serve("endless:application", "--graceful-timeout", "1")
    with server.connect() as connection:
        connection.request("/")
        connection.read_head()
        server.send_signal(signal.SIGTERM)
        server.log.wait_for("1 request was cut")
        assert server.wait() == 0
    server.log.wait_for("the response was closed")
    assert "left behind" not in server.log.text


def test_the_graceful_timeout_ends_a_request_that_never_ends(serve, gate: Gate):
    server = serve("contract:application", "--graceful-timeout", "1")
    with server.connect() as connection:
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        started = time.monotonic()
        server.send_signal(signal.SIGTERM)
        connection.expect_closed()
        server.wait(timeout=15)
        assert 0.9 <= time.monotonic() - started < 12


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_second_signal_ends_at_once(serve, gate: Gate, number):
    server = serve("contract:application", "--graceful-timeout", "60")
    with server.connect() as connection, server.connect() as idle:
        idle.get("/list")
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        server.send_signal(number)
        idle.expect_closed()
        time.sleep(0.5)  # sooner, it would be taken for an echo of the first
        started = time.monotonic()
        server.send_signal(number)
        server.wait(timeout=15)
        assert time.monotonic() - started < 10


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_the_same_signal_twice_at_once_is_one_request_to_stop(serve, gate: Gate, number):
    """`timeout` and process managers signal the process and then its group."""
    server = serve("contract:application", "--graceful-timeout", "60")
    with server.connect() as connection, server.connect() as idle:
        idle.get("/list")
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        server.send_signal(number)
        idle.expect_closed()
        server.send_signal(number)
        gate.open()
        assert connection.read_response().status == 200
        assert server.wait(timeout=15) == 0


def test_close_and_atexit_run_and_output_is_flushed(serve):
    server = serve("lifecycle:application")
    assert server.get("/").body == b"alive\n"
    server.stop()
    assert "imported" in server.log.lines
    # Nothing is over before that.
    assert server.log.lines[-2] == "atexit ran" and server.log.lines[-1].endswith("[INFO] Stopped")
    assert "printed on import" in server.out.lines and "printed at exit" in server.out.lines


def test_a_client_in_the_middle_of_an_upload_does_not_hold_the_end_forever(serve):
    server = serve("contract:application", "--graceful-timeout", "1")
    with server.connect() as connection:
        connection.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert server.get("/list").status == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=15) == 0


# As PID 1


@pytest.fixture
def pid_namespace() -> list[str]:
    """A prefix that makes the command PID 1 of a namespace of its own."""
    prefix = ["unshare", "--pid", "--fork", "--mount-proc"]
    try:
        tried = subprocess.run([*prefix, "true"], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    if tried.returncode != 0:
        pytest.skip(f"no pid namespaces here: {tried.stderr.strip()}")
    return prefix


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_as_pid_1_it_serves_and_ends_on_a_signal(serve, pid_namespace, number):
    server = serve("contract:application", prefix=pid_namespace)
    assert proc.status_field(server.pid, "NSpid").split()[-1] == "1"
    assert json.loads(server.get("/subprocess").text) == [0, "42"]
    server.stop(number)


def test_as_pid_1_the_death_of_a_stranger_changes_nothing(serve, pid_namespace):
    server = serve("contract:application", prefix=pid_namespace)
    assert json.loads(server.get("/orphan").text) is True
    assert server.get("/list").body == b"hello\n"
    server.stop()


# Addresses


def test_port_0_is_announced_as_the_port_it_became(serve):
    server = serve("contract:application", binds=["127.0.0.1:0"])
    assert server.address.host == "127.0.0.1" and server.address.port > 0
    server.log.wait_for(r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\] \[INFO\] Listening at: http://127")


def test_log_lines_carry_the_pid(serve):
    server = serve("contract:application")
    assert server.log.wait_for(r"\[(\d+)\] \[INFO\] Listening")[0][1] == str(server.pid)


def test_several_addresses_serve_the_same(serve, tmp_path):
    path = tmp_path / "server.sock"
    server = serve("contract:application", binds=["127.0.0.1:0", "127.0.0.1:0", f"unix:{path}"])
    assert len(server.addresses) == 3
    assert server.addresses[0].port != server.addresses[1].port
    assert server.addresses[2] == Address(path=str(path))
    for address in server.addresses:
        assert fetch(address, "/list").body == b"hello\n"


def test_ipv6_is_served(serve):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"no IPv6 loopback here: {error}")
    server = serve("contract:application", binds=["[::1]:0"])
    values = json.loads(server.get("/environ").text)["values"]
    assert values["REMOTE_ADDR"] == "::1" and values["SERVER_PORT"] == str(server.address.port)


def test_a_unix_socket_serves_and_is_removed_at_the_end(serve, tmp_path):
    path = tmp_path / "server.sock"
    server = serve("contract:application", binds=[f"unix:{path}"])
    assert stat.S_ISSOCK(path.stat().st_mode)
    with server.connect() as connection:
        assert [connection.get("/list").status for _ in range(3)] == [200] * 3
        values = json.loads(connection.get("/environ").text)["values"]
        assert values["SERVER_NAME"] and isinstance(values["REMOTE_ADDR"], str)
    server.stop()
    assert not path.exists()


def test_the_file_of_a_unix_socket_has_its_mode_and_its_owner(serve, tmp_path):
    path = tmp_path / "server.sock"
    assert_mode(serve("contract:application", binds=[f"unix:{path}"]), path, 0o666)
    group = str(os.getgid())
    assert_mode(
        serve("contract:application", "--socket-mode", "640", "--socket-owner", f":{group}", binds=[f"unix:{path}"]),
        path,
        0o640,
    )
    if os.geteuid() != 0:
        pytest.skip("only root may give a file away")
    server = serve("contract:application", "--socket-owner", "nobody:12345", binds=[f"unix:{path}"])
    assert (path.owner(), path.stat().st_gid) == ("nobody", 12345)
    assert server.get("/list").status == 200


def assert_mode(server, path, mode):
    assert stat.S_IMODE(path.stat().st_mode) == mode
    server.stop()


def test_a_socket_file_left_by_a_dead_server_is_replaced(serve, tmp_path):
    path = tmp_path / "server.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    server = serve("contract:application", binds=[f"unix:{path}"])
    assert server.get("/list").status == 200


def test_an_inherited_descriptor_is_served(serve):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        number = listener.fileno()
        server = serve("contract:application", binds=[f"fd://{number}"], inherit=[number])
        address = Address("127.0.0.1", listener.getsockname()[1])
        assert server.address == address
        assert fetch(address, "/list").body == b"hello\n"
        server.stop()
        # It was ours to begin with: it still accepts.
        socket.create_connection(listener.getsockname(), timeout=5).close()


def test_an_inherited_unix_descriptor_is_served(serve, tmp_path):
    path = tmp_path / "inherited.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(16)
        serve("contract:application", binds=[f"fd://{listener.fileno()}"], inherit=[listener.fileno()])
        assert fetch(Address(path=str(path)), "/list").body == b"hello\n"


def test_the_address_is_free_again_after_the_end(serve):
    first = serve("contract:application")
    bind = f"127.0.0.1:{first.address.port}"
    with first.connect() as connection:
        connection.get("/list")
        first.stop()
    assert serve("contract:application", binds=[bind]).get("/list").status == 200


# The environment of the application


def test_variables_given_on_the_command_line_are_there(serve):
    server = serve("contract:application", "--env", "TEST_ONE=1", "-e", "TEST_TWO=a=b", variables={"TEST_KEPT": "k"})
    variables = json.loads(server.get("/process").text)["variables"]
    assert variables == {"TEST_ONE": "1", "TEST_TWO": "a=b", "TEST_KEPT": "k"}


def test_chdir_and_pythonpath_lead_to_the_application(serve, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "library").mkdir()
    (tmp_path / "here" / "site_app.py").write_text("from site_library import application\n")
    (tmp_path / "library" / "site_library.py").write_text("from contract import application\n")
    apps = Path(__file__).resolve().parent / "apps"
    server = serve(
        *["site_app:application", "--chdir", str(tmp_path / "here")],
        *["--pythonpath", f"{tmp_path / 'library'},{apps}"],
        folder=tmp_path,
    )
    process = json.loads(server.get("/process").text)
    assert process["cwd"] == str(tmp_path / "here")


def test_the_application_runs_in_the_chosen_environment(serve, runtime):
    process = json.loads(serve("contract:application").get("/process").text)
    assert process["prefix"] == str(runtime.environment.folder)
    assert tuple(process["version"]) == runtime.environment.version
    assert Path(process["executable"]).parent == runtime.environment.folder / "bin"


def test_the_libpython_of_the_chosen_interpreter_is_the_one_loaded(serve, runtime):
    server = serve("contract:application")
    libraries = {os.path.basename(path) for path in proc.mapped_files(server.pid) if "libpython" in path}
    own = ("libpython" + runtime.environment.minor, "libpython3.so")
    assert all(name.startswith(own) for name in libraries), libraries


@pytest.mark.parametrize(
    "app, expected",
    [
        ("contract", b"hello\n"),
        ("contract:app", b"hello\n"),
        ("contract.py", b"hello\n"),
        ("./contract.py:application", b"hello\n"),
        ("contract:create()", {"name": "factory", "number": 0, "flag": False}),
        ("contract:create('x', 1)", {"name": "x", "number": 1, "flag": False}),
        ('contract:create(name="y", flag=True)', {"name": "y", "number": 0, "flag": True}),
        ("contract:create(number=-5)", {"name": "factory", "number": -5, "flag": False}),
    ],
)
def test_the_forms_of_naming_an_application(serve, app, expected):
    body = serve(app).get("/list").body
    assert body == expected if isinstance(expected, bytes) else json.loads(body) == expected


# Logs


ACCESS = re.compile(
    r"(?P<host>\S+) - (?P<user>\S+) \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    r'"(?P<line>.*)" (?P<status>\d{3}) (?P<size>\d+|-) "(?P<referer>.*)" "(?P<agent>.*)"'
)


def test_the_access_log_has_gunicorns_default_format(serve, tmp_path):
    (tmp_path / "page.txt").write_text("static\n")
    server = serve("contract:application", "--access-logfile", "-", "--static", f"/static={tmp_path}")
    headers = [("Referer", "http://from.example/"), ("User-Agent", "agent/1.0")]
    server.get("/list?a=1", headers=headers)
    server.get("/static/page.txt")
    server.get("/generator", method="HEAD", version="1.0")
    server.get("/nowhere")
    lines = server.out.wait_for(ACCESS.pattern, count=4)
    assert lines[0]["host"] == "127.0.0.1"
    assert lines[0]["line"] == "GET /list?a=1 HTTP/1.1"
    assert (lines[0]["status"], lines[0]["size"]) == ("200", "6")
    assert (lines[0]["referer"], lines[0]["agent"]) == ("http://from.example/", "agent/1.0")
    assert (lines[1]["line"], lines[1]["status"], lines[1]["size"]) == ("GET /static/page.txt HTTP/1.1", "200", "7")
    assert (lines[1]["referer"], lines[1]["agent"]) == ("-", "-")
    assert (lines[2]["line"], lines[2]["size"]) == ("HEAD /generator HTTP/1.0", "0")
    assert lines[3]["status"] == "404"
    assert all(ACCESS.fullmatch(line) for line in server.out.lines)


def test_the_access_log_can_be_a_file(serve, tmp_path):
    path = tmp_path / "access.log"
    path.write_text("kept\n")
    server = serve("contract:application", "--access-logfile", str(path))
    server.get("/list")
    server.stop()
    kept, line = path.read_text().splitlines()
    assert kept == "kept" and ACCESS.fullmatch(line)


def test_no_access_log_is_written_unless_asked_for(serve):
    server = serve("contract:application")
    server.get("/list")
    server.stop()
    assert not [line for line in server.out.lines + server.log.lines if ACCESS.search(line)]


def test_a_client_cannot_forge_log_lines(serve):
    server = serve("contract:application", "--access-logfile", "-")
    agent = 'x" 200 6 "-" "forged\u00e9'
    server.get("/list?%0d%0aforged", headers=[("User-Agent", agent), ("Referer", "tab\there")])
    server.stop()
    (line,) = server.out.lines
    assert ACCESS.fullmatch(line)
    assert not re.search(r'(?<!\\)" 200 6 "-" "forged', line), "a quotation mark of the client's is not escaped"


def test_log_level_error_leaves_out_the_announcements(serve, runtime):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        arguments = ["contract:application", "--bind", f"fd://{listener.fileno()}", "--log-level", "error"]
        process = subprocess.Popen(
            runtime.command(arguments),
            cwd=Path(__file__).resolve().parent / "apps",
            env=runtime.variables(),
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
        )
        log = Log(process.stderr)
        address = Address("127.0.0.1", listener.getsockname()[1])
        with Connection(address, timeout=60) as connection:
            assert connection.get("/list").status == 200
            assert connection.get("/fail-in-call").status == 500
        log.wait_for("RuntimeError: secret detail")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        log.join()
        assert "[INFO]" not in log.text and "Listening" not in log.text


# The process


def test_threads_do_not_grow_with_connections(serve):
    server = serve("contract:application", "--threads", "2")
    server.get("/list")
    connections = [server.connect() for _ in range(200)]
    for connection in connections:
        assert connection.get("/list").status == 200
    assert proc.thread_count(server.pid) < 20
    for connection in connections:
        connection.close()


def test_an_unlinked_file_holds_a_big_body_and_is_gone_after_it(serve, tmp_path, gate: Gate):
    server = serve("contract:application", "--body-buffer", "1000", variables={"TMPDIR": str(tmp_path)})
    before = set(os.listdir(tmp_path))
    with server.connect() as connection:
        connection.request(f"/gate?gate={gate.path}", method="POST", body=b"x" * 1_000_000)
        gate.wait_until_reached()
        assert set(os.listdir(tmp_path)) == before, "the temporary file has a name"
        gate.open()
        assert connection.read_response().status == 200
    assert set(os.listdir(tmp_path)) == before


# An interpreter that has no shared libpython, as python.org's and many distributions' builds are

STATIC_PYTHON = """#!{python} -ISs
import builtins, os, sys, sysconfig

real = {python!r}
arguments = sys.argv[1:]
if "-c" not in arguments:
    os.execv(real, [real, *arguments])

# Asked about itself, it has mapped no libpython and was configured without one.
opened = builtins.open
builtins.open = lambda path, *rest, **named: opened(
    os.devnull if "maps" in str(path) else path, *rest, **named
)
sysconfig.get_config_vars = lambda *names: {{"INSTSONAME": "libpython.a", "LIBDIR": "/nowhere", "Py_ENABLE_SHARED": 0}}
sysconfig.get_config_var = lambda name: sysconfig.get_config_vars().get(name)
sys.executable = __file__
at = arguments.index("-c")
sys.argv = ["-c", *arguments[at + 2 :]]
exec(arguments[at + 1], {{"__name__": "__main__"}})
"""


def test_an_interpreter_without_a_shared_libpython_is_run_in_the_hosted_shape(embedded, tmp_path):
    fake = tmp_path / "python3"
    fake.write_text(STATIC_PYTHON.format(python=str(embedded.environment.python)))
    fake.chmod(0o755)
    with Server(embedded, "contract:application", "--shape", "auto", "--python", str(fake)) as server:
        assert server.get("/list").body == b"hello\n"
        libraries = {os.path.basename(path) for path in proc.mapped_files(server.pid)}
        assert "libMartletHost.so" in libraries


def test_a_server_that_the_interpreter_cannot_load_is_embedded_instead(embedded, tmp_path):
    """As after half an upgrade: the program is there, and what lies beside it is something else."""
    program = tmp_path / "martlet"
    shutil.copy(build_folder() / "martlet", program)
    # A relative --chdir: the second start is where the first one was.
    arguments = [str(program), "contract:application", "--python", str(embedded.environment.python), "--chdir", "apps"]
    arguments += ["--bind", "127.0.0.1:0"]
    where = {"cwd": APPS.parent, "env": embedded.variables()}

    whole = (build_folder() / "libMartletHost.so").read_bytes()
    # What is mapped of a copy that was broken off ends where the file does.
    for content, error in ((b"no library", "is not whole"), (whole[:100_000], "is not whole"), (b"", "is not whole")):
        (tmp_path / "libMartletHost.so").write_bytes(content)
        hosted = subprocess.run([*arguments, "--shape", "hosted"], **where, capture_output=True, text=True, timeout=60)
        assert hosted.returncode == 1
        assert hosted.stderr.startswith(f"Error: {tmp_path}/libMartletHost.so {error}")
    # Whole, and yet no extension module.
    shutil.copy(
        next(path for path in proc.mapped_files(os.getpid()) if "/libc.so" in path), tmp_path / "libMartletHost.so"
    )
    hosted = subprocess.run([*arguments, "--shape", "hosted"], **where, capture_output=True, text=True, timeout=60)
    assert hosted.returncode == 1
    assert hosted.stderr.startswith(f"Error: {tmp_path}/libMartletHost.so could not be loaded: ")

    process = subprocess.Popen(arguments, **where, stderr=subprocess.PIPE)
    try:
        log = Log(process.stderr)
        (listening,) = log.wait_for(r"Listening at: http://127\.0\.0\.1:(\d+)")
        assert fetch(Address("127.0.0.1", int(listening[1])), "/list").body == b"hello\n"
        libraries = {os.path.basename(path) for path in proc.mapped_files(process.pid)}
        assert any(name.startswith("libpython3.") for name in libraries)
    finally:
        process.terminate()
        assert process.wait(20) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_a_server_whose_shell_had_it_ignore_them(serve, number):
    """As a script's `martlet app:app &` has SIGINT. Gunicorn and nginx stop as well."""
    before = signal.signal(number, signal.SIG_IGN)
    try:
        server = serve("contract:application")
    finally:
        signal.signal(number, before)
    server.send_signal(number)
    assert server.wait() == 0


def test_python_m_martlet_is_the_same_server(embedded):
    with Server(Runtime(embedded.environment, "module"), "contract:application", "--threads", "2") as server:
        assert server.get("/list").body == b"hello\n"


def test_the_shape_is_the_faster_one_unless_one_is_asked_for(embedded):
    """Hosted where CPython is linked into the interpreter (Debian's), embedded where it has a library (pyenv's)."""
    python = str(embedded.environment.python)
    maps = "print(any('libpython3.' in line for line in open('/proc/self/maps')))"
    has_library = subprocess.run([python, "-c", maps], capture_output=True, text=True, check=True).stdout == "True\n"
    for shape in ("auto", "embedded", "hosted"):
        with Server(embedded, "contract:application", "--shape", shape) as server:
            assert server.get("/list").body == b"hello\n"
            libraries = {os.path.basename(path) for path in proc.mapped_files(server.pid)}
            is_hosted = shape == "hosted" or (shape == "auto" and not has_library)
            assert ("libMartletHost.so" in libraries) == is_hosted, shape
            # Whichever it is, it is martlet for whoever looks.
            process = Path(f"/proc/{server.pid}")
            words = (process / "cmdline").read_bytes().split(b"\0")
            assert os.path.basename(words[0]) == b"martlet", words
            assert b"contract:application" in words
            assert (process / "comm").read_text() == "martlet\n"
            assert f"({python}), from --python" in server.log.text
