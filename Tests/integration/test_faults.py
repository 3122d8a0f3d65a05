"""What must not bring the server down or mislead its clients: faults of applications, clients, and the system."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import APPS, Address, Connection, Gate, Server, Truncated, fetch, proc
from harness.command import run


@pytest.fixture(scope="module")
def faults(runtime) -> Iterator[Server]:
    with Server(runtime, "faults:application") as server:
        yield server


@pytest.fixture(scope="module")
def site(runtime, tmp_path_factory) -> Iterator[Server]:
    """A folder of files in front of the application; a body may pause for a second."""
    root = tmp_path_factory.mktemp("site")
    (root / "page.txt").write_text("static\n")
    with Server(runtime, "contract:application", "--static", f"/static={root}", "--body-timeout", "1") as server:
        yield server


def state(server: Server) -> dict:
    return json.loads(server.get("/state").text)


def assert_alive(server: Server) -> None:
    response = server.get("/")
    assert (response.status, response.body) == (200, b"alive\n")


# Uploads and half-closed connections


@pytest.mark.parametrize("size", [700_000, 5_000_000])
def test_an_upload_before_a_half_close_is_answered(faults, size):
    body = b"u" * size
    for _ in range(10):
        with faults.connect() as connection:
            connection.request("/upload", method="POST", body=body)
            connection.half_close()
            response = connection.read_response()
            assert (response.status, response.text) == (200, str(size))
            connection.expect_closed()


@pytest.mark.parametrize("sent", [0, 500, 300_000])
def test_an_upload_that_a_half_close_cuts_short_is_a_bad_request(faults, sent):
    with faults.connect() as connection:
        connection.send(b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n" + b"u" * sent)
        connection.half_close()
        assert connection.read_response().status == 400
        connection.expect_closed()


@pytest.mark.parametrize("requests", [1, 400])
def test_what_was_pipelined_before_a_half_close_is_answered_however_slowly_it_is_read(serve, tmp_path, requests):
    (tmp_path / "file").write_bytes(bytes(range(256)) * 128)
    server = serve("faults:application", "--static", f"/static={tmp_path}")
    with server.connect(receive_buffer=16384) as connection:
        connection.send(b"GET /static/file HTTP/1.1\r\nHost: x\r\n\r\n" * requests)
        connection.half_close()
        # The server knows of it by now, and has more to send than the kernel takes.
        for _ in range(3):
            assert_alive(server)
        for _ in range(requests):
            response = connection.read_response()
            assert (response.status, len(response.body)) == (200, 32 << 10)
        connection.expect_closed()


# One request, one response


def post_to_a_file(connection: Connection, length: int) -> None:
    """Only ten bytes of the body are sent."""
    head = f"POST /static/page.txt HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
    connection.send(head.encode() + b"0123456789")
    assert connection.read_response().status == 405


@pytest.mark.parametrize("length", [1000, 10_000_000])
def test_a_body_that_nobody_wants_and_that_a_half_close_cuts_short_gets_no_second_response(site, length):
    with site.connect() as connection:
        post_to_a_file(connection, length)
        connection.half_close()
        connection.expect_closed()


@pytest.mark.parametrize("length", [1000, 10_000_000])
def test_a_body_that_nobody_wants_and_that_stalls_gets_no_second_response(site, length):
    with site.connect(timeout=8) as connection:
        post_to_a_file(connection, length)
        connection.expect_closed()


def test_a_body_that_nobody_wants_leaves_the_connection_to_the_next_request(site):
    with site.connect() as connection:
        connection.request("/static/page.txt", method="POST", body=b"b" * 1000)
        assert connection.read_response().status == 405
        assert connection.get("/static/page.txt").body == b"static\n"


# exc_info that holds no exception

NO_EXCEPTIONS = ["strings", "nones", "class", "short", "number"]


@pytest.mark.parametrize("kind", NO_EXCEPTIONS)
def test_exc_info_without_an_exception_is_a_type_error_once_output_has_begun(faults, kind):
    before = state(faults)["raised"]
    with faults.connect() as connection, pytest.raises(Truncated):
        connection.get(f"/exc-info?kind={kind}&output=begun")
    assert_alive(faults)
    assert state(faults)["raised"] == [*before, "TypeError"]


@pytest.mark.parametrize("kind", NO_EXCEPTIONS)
def test_exc_info_without_an_exception_does_no_harm_before_any_output(faults, kind):
    assert faults.get(f"/exc-info?kind={kind}").status == 500
    assert_alive(faults)


# Responses that cannot be what they say


def test_a_file_wrapper_whose_file_is_detached_is_closed_and_reported(faults):
    before = state(faults)["counts"].get("close:detached-file", 0)
    mark = faults.log.mark()
    assert faults.get("/detached-file").status == 500
    faults.log.wait_for("ValueError: raw stream has been detached", after=mark)
    assert state(faults)["counts"]["close:detached-file"] == before + 1
    assert_alive(faults)


def test_a_list_shorter_than_its_content_length_is_an_error_that_the_client_sees(faults):
    mark = faults.log.mark()
    with faults.connect() as connection:
        assert connection.get("/short-list").status == 500
    faults.log.wait_for("4 bytes shorter than its Content-Length of 10", after=mark)
    assert_alive(faults)


def test_head_of_a_list_shorter_than_its_content_length_has_that_length(faults):
    with faults.connect() as connection:
        response = connection.get("/short-list", method="HEAD")
        assert (response.status, response.header("Content-Length")) == (200, "10")
        assert connection.get("/").body == b"alive\n"


def test_an_application_that_returns_bytes_is_told_to_return_a_list(serve):
    server = serve("faults:returns_bytes")
    for _ in range(2):
        assert server.get("/").status == 500
    server.log.wait_for(r"TypeError: .*return \[body\]")


@pytest.mark.parametrize(
    "name, value", [("Proxy-Status", "cache.example; hit"), ("Proxy-Features", "none"), ("X-Proxy-Cache", "HIT")]
)
def test_fields_about_proxies_that_are_meant_for_the_client_pass_through(contract, name, value):
    response = contract.get(f"/header?name={name}&value={value.replace('; ', '%3B%20')}")
    assert (response.status, response.header(name)) == (200, value)


@pytest.mark.parametrize(
    "name", ["Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info", "Proxy-Connection"]
)
def test_fields_between_a_proxy_and_its_client_are_refused(contract, name):
    response = contract.get(f"/header?name={name}&value=Basic")
    assert response.status == 500 and response.header(name) is None


# Tunnels


def test_connect_is_not_allowed_and_makes_no_tunnel(contract):
    with contract.connect() as connection:
        # What comes after the head is a request to this server, and not the other end's business.
        connection.send(
            b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"
            b"GET /list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        refused = connection.read_response()
        assert refused.status == 405 and "GET" in refused.header("Allow")
        assert connection.read_response().body == b"hello\n"
        connection.expect_closed()


# Processes that the application starts


@contextlib.contextmanager
def ending(pid: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)


def assert_not_the_servers(links: list[str]) -> None:
    assert links
    strangers = [link for link in links if "socket:" in link or "eventpoll" in link or "eventfd" in link]
    assert not strangers, f"inherited from the server: {strangers}"


def test_a_child_that_inherits_descriptors_gets_none_of_the_servers(faults):
    with faults.connect() as connection:
        pid = int(connection.get("/spawn").text)
        with ending(pid):
            assert_not_the_servers(list(proc.descriptors(pid).values()))


def test_a_shell_command_gets_no_descriptor_of_the_servers(faults, tmp_path):
    listing = tmp_path / "descriptors"
    assert faults.get(f"/system?to={listing}").text == "0"
    assert_not_the_servers(listing.read_text().splitlines()[1:])


def test_a_response_that_fails_ends_its_connection_while_a_child_lives_on(faults, gate: Gate):
    with faults.connect(timeout=5) as connection:
        connection.request(f"/spawn-and-fail?gate={gate.path}")
        connection.read_head()
        pid = int(connection.read_chunk())
        with ending(pid):
            gate.open()
            connection.expect_closed()
            assert Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep"), "the child has ended"


def test_a_forked_worker_ends_when_it_is_told_to(faults):
    assert json.loads(faults.get("/fork").text) == -signal.SIGTERM
    assert_alive(faults)


# Descriptors run out


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_without_descriptors_the_server_waits_idly_and_recovers(serve):
    server = serve("faults:application")
    assert_alive(server)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (64, 64))
    connections = [server.connect() for _ in range(80)]
    warning = "no connection can be accepted"
    server.log.wait_for(warning)
    before = processor_seconds(server.pid)
    time.sleep(2)  # what the process does in that time is the matter
    used = processor_seconds(server.pid) - before
    assert used < 0.5, f"{used} s of processor time in 2 s"
    assert len([line for line in server.log.lines if warning in line]) == 1
    for connection in connections:
        connection.close()
    assert_alive(server)


# Signals besides those that stop


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGUSR2], ids=lambda number: number.name)
def test_a_signal_of_other_servers_is_named_in_the_log_and_does_nothing(serve, number):
    server = serve("faults:application")
    server.send_signal(number)
    server.log.wait_for(f"{number.name} has no effect")
    assert_alive(server)


def test_sigusr1_opens_the_access_log_anew(serve, tmp_path):
    path, moved = tmp_path / "access.log", tmp_path / "access.log.1"
    server = serve("faults:application", "--access-logfile", str(path))
    server.get("/?first")
    path.rename(moved)
    server.send_signal(signal.SIGUSR1)
    server.log.wait_for("Log files reopened")
    server.get("/?second")
    server.stop()
    (old,) = moved.read_text().splitlines()
    (new,) = path.read_text().splitlines()
    assert "GET /?first HTTP/1.1" in old and "GET /?second HTTP/1.1" in new


def test_sigusr1_opens_the_error_log_anew(serve, runtime, tmp_path):
    path, moved = tmp_path / "error.log", tmp_path / "error.log.1"
    with quiet(runtime, tmp_path, "--error-logfile", str(path)) as (process, address):
        assert fetch(address).status == 200
        path.rename(moved)
        process.send_signal(signal.SIGUSR1)
        # The end of the process is the end of its log, too.
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert "Listening at" in moved.read_text() and "Stopped" not in moved.read_text()
    assert "Stopped" in path.read_text()


def test_sigquit_finishes_what_is_under_way(serve, gate: Gate):
    server = serve("contract:application", "--graceful-timeout", "30")
    with server.connect() as connection, server.connect() as idle:
        assert idle.get("/list").status == 200
        connection.request(f"/gate?gate={gate.path}")
        gate.wait_until_reached()
        server.send_signal(signal.SIGQUIT)
        idle.expect_closed()
        gate.open()
        assert connection.read_response().body == b"opened\n"
    assert server.wait() == 0


def test_a_thread_of_the_application_that_never_ends_does_not_hold_the_end(serve):
    server = serve("faults:application", "--graceful-timeout", "1")
    assert server.get("/endless-thread").status == 200
    started = time.monotonic()
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=15) == 0
    assert time.monotonic() - started < 4


# Starts


@contextlib.contextmanager
def quiet(runtime, folder: Path, *options: str, prefix: tuple[str, ...] = ()) -> Iterator[tuple]:
    """A server on a unix socket whose standard error nobody reads, once it has imported the application."""
    marker, path = folder / "imported", folder / "server.sock"
    os.mkfifo(marker)
    reading = os.open(marker, os.O_RDONLY | os.O_NONBLOCK)
    process = subprocess.Popen(
        [*prefix, *runtime.command(["faults:application", "--bind", f"unix:{path}", *options])],
        cwd=APPS,
        env={**runtime.variables(), "TEST_IMPORT_MARKER": str(marker)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        poll = select.poll()
        poll.register(reading, select.POLLIN)
        assert poll.poll(20_000), "the application was not imported"
        yield process, Address(path=str(path))
    finally:
        os.close(reading)
        if process.poll() is None:
            process.kill()
            process.wait()


def test_an_address_given_twice_ends_the_start_before_the_application_is_imported(runtime, tmp_path):
    marker = tmp_path / "imported"
    # A socket that is bound and does not listen keeps the port for those that allow sharing it.
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{holder.getsockname()[1]}"
        variables = {"TEST_IMPORT_MARKER": str(marker)}
        outcome = run(runtime, "faults:application", "-b", bind, "-b", bind, variables=variables)
    assert outcome.code == 1, outcome.text
    assert f"cannot listen on {bind}: the address is in use" in outcome.err
    assert not marker.exists(), "the application was imported"


@pytest.mark.parametrize(
    "app, options, message",
    [
        ("no_such_module:app", (), "there is no module 'no_such_module'"),
        ("broken_import:application", (), "a_package_that_is_not_installed"),
        ("faults:application", ("--bind", "unix:/no/such/folder/server.sock"), "cannot listen on unix:/no/such/"),
    ],
    ids=["module", "import", "address"],
)
def test_an_error_of_the_start_is_in_the_error_log_and_on_standard_error(runtime, tmp_path, app, options, message):
    path = tmp_path / "error.log"
    bind = options or ("--bind", "127.0.0.1:0")
    outcome = run(runtime, app, "--error-logfile", str(path), *bind)
    assert outcome.code == 1, outcome.text
    assert message in outcome.err
    assert message in path.read_text()


def test_chdir_leaves_nothing_of_the_starting_folder_on_the_search_path(runtime, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "only_here.py").write_text("from contract import application\n")
    outcome = run(runtime, "only_here:application", "--chdir", "other", "--bind", "127.0.0.1:0", folder=tmp_path)
    assert outcome.code == 1, outcome.text
    assert "there is no module 'only_here'" in outcome.err
    searched = re.findall(r"^  (/.*)$", outcome.err, re.MULTILINE)
    assert str(tmp_path / "other") in searched and str(tmp_path) not in searched


def test_a_relative_chdir_leads_to_the_application(serve, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "site_app.py").write_text("from contract import application\n")
    server = serve("site_app:application", "--chdir", "other", "--pythonpath", str(APPS), folder=tmp_path)
    assert json.loads(server.get("/process").text)["cwd"] == str(tmp_path / "other")


def test_without_standard_descriptors_it_serves(runtime, tmp_path):
    path = tmp_path / "error.log"
    closing = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    with quiet(runtime, tmp_path, "--error-logfile", str(path), prefix=closing) as (process, address):
        for _ in range(3):
            assert fetch(address).body == b"alive\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert f"Listening at: unix:{address.path}" in path.read_text()


def test_work_that_a_request_has_left_to_a_thread_is_waited_for(serve, gate: Gate):
    """As under other servers, it is no daemon; and the log says what the end waits for."""
    server = serve("faults:application")
    assert server.get(f"/background?gate={gate.path}").status == 200
    gate.wait_until_reached()
    server.send_signal(signal.SIGTERM)
    server.log.wait_for("Waiting for the application's own threads: background-work")
    gate.open()
    assert server.wait() == 0
    assert "the work is done" in server.out.lines
    # Nothing is over before that.
    assert server.log.lines[-2] == "its last words" and server.log.lines[-1].endswith("[INFO] Stopped")


def test_work_that_does_not_end_is_left_behind_in_the_end(serve, gate: Gate):
    server = serve("faults:application", "--graceful-timeout", "1")
    assert server.get(f"/background?gate={gate.path}").status == 200
    gate.wait_until_reached()
    server.send_signal(signal.SIGTERM)
    assert server.wait() == 0
    assert "[WARNING] Still running: background-work. The graceful timeout has passed" in server.log.lines[-2]
    assert server.log.lines[-1].endswith("[INFO] Stopped")


def test_what_goes_on_beyond_its_length_is_not_read_for_ever(faults):
    before = state(faults)["counts"].get("close:endless", 0)
    assert faults.get("/endless-beyond-its-length").body == b"x" * 10
    # One thread: it answers this once it has let go of the generator.
    assert state(faults)["counts"]["close:endless"] == before + 1


def test_no_application_takes_the_error_log_away(faults):
    mark = faults.log.mark()
    unsupported = "UnsupportedOperation"
    seen = json.loads(faults.get("/take-errors-away").text)
    assert seen == ["allowed", "allowed", unsupported, unsupported, unsupported]
    faults.log.wait_for("still there", after=mark)
    assert_alive(faults)


def test_after_its_request_nobody_is_connected(faults):
    first = json.loads(faults.get("/keep-disconnected").text)
    second = json.loads(faults.get("/keep-disconnected").text)
    assert (first[-1], second[-2:]) == (False, [True, False])
