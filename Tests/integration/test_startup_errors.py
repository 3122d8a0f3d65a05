"""What cannot start says what failed, where, and what to do; nothing is left half-started."""

from __future__ import annotations

import os
import re
import socket
import subprocess

import pytest

from harness import APPS, Runtime, Server
from harness.command import Outcome, run
from harness.interpreters import OLDEST

SWIFT = re.compile(
    r"\bSwift\b|\bNIO\w|Optional\(|IOError|SocketAddressError|ChannelError|Error Domain|errno\b|Fatal error|"
    r"\.swift\b|UnsafePointer|\w+Error\.\w+\(|\bnil\b"
)


def failure(outcome: Outcome) -> str:
    """The message of a run that must have failed in good order."""
    assert outcome.code > 0, f"exit code {outcome.code} (negative: a signal)\n{outcome.text}"
    assert outcome.code < 128, outcome.text
    assert "Listening at" not in outcome.text
    assert not SWIFT.search(outcome.text), f"words of the implementation: {SWIFT.search(outcome.text)}\n{outcome.text}"
    assert outcome.err.strip(), "no message"
    return outcome.err


def fails(runtime: Runtime, *arguments: str, **options: object) -> str:
    bound = () if any(word in ("-b", "--bind") for word in arguments) else ("--bind", "127.0.0.1:0")
    return failure(run(runtime, *arguments, *bound, **options))  # type: ignore[arg-type]


def assert_says(message: str, *words: str) -> None:
    missing = [word for word in words if not re.search(word, message, re.IGNORECASE)]
    assert not missing, f"{missing} not in:\n{message}"


def assert_only_the_applications_frames(message: str) -> None:
    frames = re.findall(r'File "([^"]+)"', message)
    assert frames, message
    strangers = [f for f in frames if "martlet" in os.path.basename(os.path.dirname(f)) or f.startswith("<")]
    assert not strangers, f"frames that are not the application's: {strangers}\n{message}"


# The application


def test_a_missing_module_names_the_path_that_was_searched(runtime):
    message = fails(runtime, "no_such_module:app")
    assert_says(message, "no_such_module", re.escape(str(APPS)))
    assert "Traceback" not in message


def test_a_missing_submodule_is_named(runtime):
    assert_says(fails(runtime, "shopsite.nothing:app"), r"shopsite\.nothing")


def test_a_missing_file_is_named(runtime):
    assert_says(fails(runtime, "./nowhere.py"), r"nowhere\.py")


def test_an_import_error_of_the_application_is_its_own_traceback(runtime):
    message = fails(runtime, "broken_import:application")
    assert_says(message, "a_package_that_is_not_installed", r"broken_import\.py", r"broken_dependency\.py", "line 1")
    assert_says(message, "ModuleNotFoundError")
    assert_only_the_applications_frames(message)


def test_a_syntax_error_shows_its_place(runtime, tmp_path):
    (tmp_path / "broken_syntax.py").write_text("def application(environ, start_response)\n    return []\n")
    message = fails(runtime, "broken_syntax:application", folder=tmp_path)
    assert_says(message, r"broken_syntax\.py", "line 1", "SyntaxError", r"def application")
    assert_only_the_applications_frames(message)


def test_an_application_that_exits_on_import_does_not_start(runtime):
    assert_says(fails(runtime, "broken_exit:application"), "refuses to start|broken_exit")


def test_a_missing_attribute_is_named_with_its_module(runtime):
    assert_says(fails(runtime, "contract:applicaton"), "contract", "applicaton")


def test_a_missing_attribute_suggests_the_nearest(runtime):
    assert_says(fails(runtime, "contract:applicaton"), r"\bapplication\b")


def test_a_module_without_an_application_says_what_was_looked_for(runtime):
    assert_says(fails(runtime, "no_application"), "no_application", r"\bapplication\b", r"\bapp\b")


def test_an_attribute_that_is_not_callable_says_what_it_is(runtime):
    assert_says(fails(runtime, "contract:not_callable"), "not_callable", "callable", r"\bint\b")


def test_a_factory_that_raises_is_its_own_traceback(runtime):
    message = fails(runtime, "contract:failing_factory()")
    assert_says(message, "RuntimeError: the factory failed on purpose", r"contract\.py")
    assert_only_the_applications_frames(message)


def test_a_factory_that_returns_nothing_is_told_so(runtime):
    assert_says(fails(runtime, "contract:none_factory()"), "none_factory", "None", "callable")


@pytest.mark.parametrize("call", ["create(1", "create(print(1))", "create(__import__('os'))", "create(x for x in y)"])
def test_only_literal_arguments_are_evaluated(runtime, call):
    assert_says(fails(runtime, f"contract:{call}"), "create|literal|argument|syntax")


def test_a_factory_called_wrongly_says_so(runtime):
    assert_says(fails(runtime, "contract:create(nonsense=1)"), "create", "nonsense")


@pytest.mark.parametrize("app", ["", ":app", "contract:", "contract:a b", "con tract:app", "contract:1app"])
def test_a_malformed_application_is_refused(runtime, app):
    fails(runtime, app)


def test_an_asgi_application_is_told_so(runtime, tmp_path):
    (tmp_path / "asgi.py").write_text("async def application(scope, receive, send): ...\n")
    assert_says(fails(runtime, "asgi:application", folder=tmp_path), "is an ASGI application", "WSGI")


@pytest.mark.parametrize("signature", ["", "config=None"])
def test_a_factory_without_its_parentheses_is_told_so(runtime, tmp_path, signature):
    (tmp_path / "factory.py").write_text(f"def create_app({signature}):\n    return None\n")
    message = fails(runtime, "factory:create_app", folder=tmp_path)
    assert_says(message, r"can't be called with \(environ, start_response\)", r"factory:create_app\(\)")


def test_a_modules_own_getattr_is_the_applications_fault(runtime, tmp_path):
    (tmp_path / "lazy.py").write_text("def __getattr__(name):\n    raise RuntimeError('not today')\n")
    message = fails(runtime, "lazy:application", folder=tmp_path)
    assert_says(message, "RuntimeError: not today", r"lazy\.py")
    assert_only_the_applications_frames(message)


def test_a_socket_that_does_not_listen_is_refused(runtime):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        number = os.dup(bound.fileno())
        try:
            os.set_inheritable(number, True)
            command = runtime.command(["contract:application", "--bind", f"fd://{number}"])
            done = subprocess.run(
                command,
                cwd=APPS,
                env=runtime.variables(),
                pass_fds=[number],
                capture_output=True,
                text=True,
                timeout=60,
            )
        finally:
            os.close(number)
    assert done.returncode == 1
    assert f"cannot listen on fd://{number}: that socket does not listen" in done.stderr


def test_too_few_descriptors_are_told(embedded):
    command = ["prlimit", "--nofile=20:20", *embedded.command(["contract:application", "--bind", "127.0.0.1:0"])]
    done = subprocess.run(command, cwd=APPS, env=embedded.variables(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "only 20 files may be open at once (ulimit -n)" in done.stderr


def test_an_application_that_replaces_threads_is_told_so(runtime):
    message = fails(runtime, "patched_threads:application")
    assert_says(message, "replaced Python's threads", "monkey", "--threads")
    assert "Traceback" not in message


def test_names_that_an_application_replaces_are_its_own_business(serve):
    server = serve("replaced_names:application")
    assert server.get("/").body == b"alive\n"


# Addresses


def test_an_address_in_use_is_named(runtime):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        assert_says(fails(runtime, "contract:application", "--bind", bind), re.escape(bind), "in use")


def test_nothing_is_left_when_a_later_address_fails(runtime, tmp_path):
    path = tmp_path / "first.sock"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        fails(runtime, "contract:application", "--bind", f"unix:{path}", "--bind", bind)
    assert not path.exists()


def test_an_address_of_another_machine_is_named(runtime):
    assert_says(fails(runtime, "contract:application", "-b", "192.0.2.1:0"), r"192\.0\.2\.1")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a privilege up")
def test_a_port_without_permission_says_what_to_do(runtime):
    if int(open("/proc/sys/net/ipv4/ip_unprivileged_port_start").read()) <= 1:
        pytest.skip("every port is unprivileged here")
    drop = ["setpriv", "--bounding-set", "-net_bind_service", "--inh-caps", "-net_bind_service"]
    if subprocess.run([*drop, "true"], capture_output=True).returncode != 0:
        pytest.skip("setpriv cannot drop a capability here")
    command = [*drop, *runtime.command(["contract:application", "--bind", "127.0.0.1:81"])]
    assert_says(failure(run(runtime, command=command)), r"127\.0\.0\.1:81", "permi")


def test_a_unix_socket_in_a_missing_folder_is_named(runtime, tmp_path):
    path = tmp_path / "missing" / "server.sock"
    assert_says(fails(runtime, "contract:application", "--bind", f"unix:{path}"), re.escape(str(path)))


def test_a_unix_path_that_is_too_long_says_so(runtime, tmp_path):
    path = tmp_path / ("x" * 150)
    assert_says(fails(runtime, "contract:application", "--bind", f"unix:{path}"), "long|107")


def test_a_file_in_the_place_of_a_unix_socket_is_not_removed(runtime, tmp_path):
    path = tmp_path / "precious.txt"
    path.write_text("precious")
    assert_says(fails(runtime, "contract:application", "--bind", f"unix:{path}"), re.escape(str(path)))
    assert path.read_text() == "precious"


def test_the_socket_of_a_running_server_is_not_taken(runtime, tmp_path):
    path = tmp_path / "server.sock"
    with Server(runtime, "contract:application", binds=[f"unix:{path}"]) as server:
        assert_says(
            fails(runtime, "contract:application", "--bind", f"unix:{path}"),
            re.escape(str(path)),
            "in use|another server",
        )
        assert server.get("/list").body == b"hello\n"


@pytest.mark.parametrize(
    "bind", ["127.0.0.1:port", "127.0.0.1:70000", "127.0.0.1:-1", "[::1:80", "unix:", "fd://x", "fd://-1", ""]
)
def test_a_malformed_address_is_named(runtime, bind):
    assert_says(fails(runtime, "contract:application", "--bind", bind), re.escape(bind), "bind|address")


def test_a_descriptor_that_is_not_open_is_named(runtime):
    assert_says(fails(runtime, "contract:application", "--bind", "fd://987"), "987")


def test_a_descriptor_that_is_no_socket_is_named(runtime):
    assert_says(fails(runtime, "contract:application", "--bind", "fd://0"), "fd://0|descriptor 0")


# Static files


def test_a_missing_static_directory_is_named(runtime, tmp_path):
    path = tmp_path / "nothing"
    assert_says(fails(runtime, "contract:application", "--static", f"/static={path}"), re.escape(str(path)))


def test_what_is_neither_a_directory_nor_a_file_is_named(runtime):
    message = fails(runtime, "contract:application", "--static", "/static=/dev/null")
    assert_says(message, "/dev/null", "directory", "regular file")


def test_a_file_cannot_stand_for_a_whole_site_nor_be_internal(runtime, tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    for option, value in (("--static", f"/={path}"), ("--internal", f"name={path}")):
        message = fails(runtime, "contract:application", option, value)
        assert_says(message, re.escape(str(path)), "directory")


def test_an_unknown_option_of_a_static_route_names_the_known_ones(runtime, tmp_path):
    message = fails(runtime, "contract:application", "--static", f"/static={tmp_path},immutabel")
    assert_says(message, "immutabel", "immutable", "autoindex", "spa", "expires")


def test_a_header_that_cannot_be_sent_is_refused_at_the_start(runtime, tmp_path):
    message = fails(runtime, "contract:application", "--static", f"/static={tmp_path},header=X Y: 1")
    assert_says(message, "X Y", "token", "--static")


@pytest.mark.parametrize(
    ("options", "more", "words"),
    [
        ("warm", ("--static-cache", "0"), ["warm", "--static-cache 0"]),
        ("warm,symlinks=owner", (), ["warm", "symlinks=owner"]),
        ("header=Cache-Control: no-store,immutable", (), ["header=Cache-Control", "immutable", "both"]),
        ("header=no-store", (), ["header=NAME: VALUE"]),
    ],
)
def test_options_of_a_static_route_that_undo_each_other_are_refused(runtime, tmp_path, options, more, words):
    message = fails(runtime, "contract:application", "--static", f"/static={tmp_path},{options}", *more)
    assert_says(message, "--static", *words)


@pytest.mark.parametrize("option", ["spa", "autoindex", "try=$uri $uri.html"])
def test_an_option_for_directories_is_refused_for_a_file(runtime, tmp_path, option):
    (tmp_path / "a.html").write_text("a")
    message = fails(runtime, "contract:application", "--static", f"/a={tmp_path}/a.html,{option}")
    assert_says(message, "a.html' is a file", option.split("=")[0], "directories", "--static")


@pytest.mark.parametrize("value", ["/static", "static=.", "=.", "/static="])
def test_a_malformed_static_option_shows_the_form(runtime, value):
    assert_says(fails(runtime, "contract:application", "--static", value), "static", "=")


# Options


@pytest.mark.parametrize(
    "given, meant",
    [("--thread", "--threads"), ("--treads", "--threads"), ("--statics", "--static"), ("--log-leve", "--log-level")],
)
def test_an_unknown_option_names_the_nearest(runtime, given, meant):
    message = fails(runtime, "contract:application", given, "1")
    assert_says(message, re.escape(given), rf"{re.escape(meant)}\b")


@pytest.mark.parametrize(
    "option, value",
    [
        ("--threads", "0"),
        ("--threads", "-1"),
        ("--threads", "many"),
        ("--log-level", "loud"),
        ("--keep-alive", "soon"),
        ("--graceful-timeout", "-1"),
        ("--env", "NOVALUE"),
        ("--limit-request-line", "x"),
        ("--max-request-body", "-5"),
        ("--pipeline-buffer", "1"),
        ("--header-map", "allow"),
    ],
)
def test_a_bad_value_names_the_option_and_the_value(runtime, option, value):
    assert_says(fails(runtime, "contract:application", f"{option}={value}"), re.escape(option), re.escape(value))


def test_a_variable_that_names_no_proxy_is_named(runtime):
    message = fails(runtime, "contract:application", variables={"FORWARDED_ALLOW_IPS": "127.0.0.1,junk"})
    assert_says(message, "FORWARDED_ALLOW_IPS", "'junk' must be an address")


@pytest.mark.parametrize(
    "options, missing",
    [
        (("--rate-limit-by", "X-Key"), "--rate-limit "),
        (("--rate-limit", "5/s", "--rate-limit-by", "X Y"), "the name of a header field"),
        (("--proxy-allow-from", "10.0.0.1"), "--proxy-protocol "),
        (("--compress-types", "text/html"), "--compress,"),
        (("--compress-min-size", "2k"), "--compress,"),
    ],
)
def test_an_option_that_does_nothing_alone_names_the_other(runtime, options, missing):
    assert_says(fails(runtime, "contract:application", *options), options[0], missing)


def test_a_number_below_zero_is_named_as_one(runtime):
    assert_says(fails(runtime, "contract:application", "--timeout", "-1"), "'-1'", "--timeout", "number of seconds")


def test_a_missing_working_folder_is_named(runtime, tmp_path):
    assert_says(fails(runtime, "contract:application", "--chdir", str(tmp_path / "none")), "none")


def test_an_access_log_that_cannot_be_written_is_named(runtime, tmp_path):
    path = tmp_path / "none" / "access.log"
    assert_says(fails(runtime, "contract:application", "--access-logfile", str(path)), re.escape(str(path)))


def test_no_application_says_what_to_give(runtime):
    assert_says(failure(run(runtime)), "APP|application", "--help|usage")


def test_help_names_every_option_and_exits_0(runtime):
    outcome = run(runtime, "--help")
    assert outcome.code == 0
    options = """--bind --threads --static --chdir --pythonpath --python --env --access-logfile --log-level
        --graceful-timeout --keep-alive --version --help --limit-request-line --limit-request-fields
        --limit-request-field_size --max-request-body --body-buffer"""
    assert_says(outcome.out, *[rf"{option}\b" for option in options.split()])


def test_version_exits_0(runtime):
    outcome = run(runtime, "--version")
    assert outcome.code == 0 and re.search(r"\d+\.\d+", outcome.out)


# The interpreter: found by the embedded shape only


def without_python(runtime: Runtime, *arguments: str) -> list[str]:
    """The command with no `--python` of the harness's own."""
    command = runtime.command(["contract:application", "--bind", "127.0.0.1:0", *arguments])
    at = command.index("--python")
    return command[:at] + command[at + 2 :]


def test_a_missing_interpreter_is_named(embedded, tmp_path):
    path = tmp_path / "no-python"
    message = failure(run(embedded, command=without_python(embedded, "--python", str(path))))
    assert_says(message, re.escape(str(path)))


def test_a_program_that_is_no_python_is_named(embedded):
    message = failure(run(embedded, command=without_python(embedded, "--python", "/bin/true")))
    assert_says(message, "/bin/true", "python")


def test_a_folder_without_a_python_is_named(embedded, tmp_path):
    message = failure(run(embedded, command=without_python(embedded, "--python", str(tmp_path))))
    assert_says(message, re.escape(str(tmp_path)), "python")


def test_no_python_anywhere_says_what_to_do(embedded, tmp_path):
    contract = str(APPS / "contract.py")
    command = [contract if word == "contract:application" else word for word in without_python(embedded)]
    message = failure(run(embedded, command=command, folder=tmp_path, variables={"PATH": str(tmp_path)}))
    assert_says(message, "python", "--python")


def test_a_broken_virtual_environment_is_named(embedded, tmp_path):
    broken = tmp_path / "broken-environment"
    message = failure(run(embedded, command=without_python(embedded), variables={"VIRTUAL_ENV": str(broken)}))
    assert_says(message, "broken-environment")


def test_a_python_that_is_too_old_is_told_so(embedded, tmp_path):
    """An interpreter that says 3.8 of itself, whatever the machine has."""
    real = embedded.environment.python
    fake = tmp_path / "python3"
    fake.write_text(
        f"""#!{real}
import os, sys
hook = "import sys; sys.version_info = (3, 8, 18, 'final', 0); sys.hexversion = 0x030812f0; sys.version = '3.8.18 (x)'"
folder = os.path.dirname(os.path.abspath(__file__))
open(os.path.join(folder, "sitecustomize.py"), "w").write(hook)
os.environ["PYTHONPATH"] = folder
arguments = [word for word in sys.argv[1:] if word not in ("-I", "-E", "-S", "-s")]
os.execv({str(real)!r}, [{str(real)!r}, *arguments])
"""
    )
    fake.chmod(0o755)
    outcome = run(embedded, command=without_python(embedded, "--python", str(fake)))
    message = failure(outcome)
    assert_says(message, r"3\.8", rf"{OLDEST[0]}\.{OLDEST[1]}")


def probe_application(folder) -> None:
    (folder / "probe.py").write_text("import sys\nsys.exit('prefix: ' + sys.prefix)\n")


@pytest.mark.parametrize("way", ["option", "option-folder", "variable", "folder", "path"])
def test_the_interpreter_is_found_in_the_documented_order(embedded, tmp_path, way):
    """The application ends the start with the prefix that it sees."""
    probe_application(tmp_path)
    environment = embedded.environment.folder
    command = without_python(embedded)
    command[command.index("contract:application")] = "probe:application"
    variables = {"PATH": "/nowhere"}
    if way == "option":
        command += ["--python", str(environment / "bin" / "python")]
        variables["VIRTUAL_ENV"] = str(tmp_path / "ignored")
    elif way == "option-folder":
        command += ["--python", str(environment)]
    elif way == "variable":
        variables["VIRTUAL_ENV"] = str(environment)
        (tmp_path / ".venv").mkdir()
    elif way == "folder":
        (tmp_path / ".venv").symlink_to(environment)
    else:
        variables["PATH"] = str(environment / "bin")
    outcome = run(embedded, command=command, folder=tmp_path, variables=variables)
    seen = re.search(r"prefix: (/.*)", outcome.err)
    assert seen, outcome.text
    assert os.path.realpath(seen[1].strip()) == str(environment)
