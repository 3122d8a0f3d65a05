"""The Python half of a Martlet process: it loads the application and keeps the main thread.

The front end is the extension module ``_martlet``. Its event loops do all network I/O; the Python threads
started here call the application; and the main thread stays here and waits, so that signals are handled
where Python wants them handled.

This file is compiled into the program. It has to run on every CPython from 3.9 on, with nothing but the
standard library.
"""

import _thread
import ast
import atexit
import contextlib
import faulthandler
import importlib
import importlib.util
import inspect
import io
import os
import select
import signal
import sys
import threading
import time
import traceback
import types

import _martlet

# An application may replace these in their modules (gevent.monkey.patch_all() does): the server keeps the real ones.
poll = select.poll
Thread = threading.Thread
monotonic = time.monotonic
sleep = time.sleep


# What the front end wants of the main thread.
WANTS_THREAD = 1
HAS_DRAINED = 2
HAS_REPORTS = 3

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

# Seconds within which the same signal again is the same request to stop.
ECHO = 0.25


def request_timeout():
    """The class martlet.RequestTimeout: the package's, where that has been imported already."""
    package = sys.modules.get("martlet")
    if hasattr(package, "RequestTimeout"):
        return package.RequestTimeout
    meaning = "The request was silent for longer than --timeout allows: nobody waits for it any more."
    return type("RequestTimeout", (Exception,), {"__doc__": meaning, "__module__": "martlet"})


RequestTimeout = request_timeout()
# Where the package finds it that is imported later.
_martlet.RequestTimeout = RequestTimeout


class StartError(Exception):
    """Why the application can't be served: what failed, where, and what to do about it."""


# --- Finding the application ---------------------------------------------------------------------------


def load_application(spec):
    """Return the WSGI callable that `spec` names.

    `spec` is ``package.module:callable``, ``package.module:factory(...)`` with literal arguments,
    ``package.module`` (then ``application``, then ``app``), or the path of a ``.py`` file with or without
    ``:name``. Raises StartError.
    """
    target, separator, expression = spec.partition(":")
    if not target:
        raise StartError(f"'{spec}' names no module: it must be package.module:callable")
    is_file = target.endswith(".py") or os.sep in target
    module = import_file(target) if is_file else import_module(target)
    try:
        application = evaluate(module, target, expression) if separator else find_default(module, target)
        return require_wsgi(application, spec)
    except (KeyboardInterrupt, StartError):
        raise
    except BaseException as error:
        # A module's own __getattr__ (PEP 562), for one.
        raise StartError(f"looking for '{spec}' failed:\n{format_exception(error)}") from None


def import_module(name):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # Only if the module itself is missing; one that it imports is its own import error.
        if own_traceback(error.__traceback__) is None and is_parent(error.name, name):
            raise StartError(missing_module(name, error.name)) from None
        raise import_failure(name, error) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise import_failure(name, error) from None


def import_file(path):
    location = os.path.abspath(path)
    if not os.path.isfile(location):
        raise StartError(f"there is no file {location}")
    name = os.path.splitext(os.path.basename(location))[0]
    # As `python path` would have it: the file's folder is where its neighbours are found.
    sys.path.insert(0, os.path.dirname(location))
    spec = importlib.util.spec_from_file_location(name, location)
    if spec is None or spec.loader is None:
        raise StartError(f"{location} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise import_failure(path, error) from None
    return module


def is_parent(name, of):
    return name is not None and (of == name or of.startswith(name + "."))


def missing_module(wanted, missing):
    searched = "\n".join(f"  {entry or os.getcwd()}" for entry in sys.path)
    which = f"'{wanted}'" if wanted == missing else f"'{missing}' (for '{wanted}')"
    return (
        f"there is no module {which}. These places were searched:\n{searched}\n"
        "Check the spelling, start from the project's folder, or name it with --chdir or --pythonpath."
    )


def import_failure(name, error):
    return StartError(f"importing '{name}' failed:\n{format_exception(error)}")


def find_default(module, name):
    for attribute in ("application", "app"):
        if hasattr(module, attribute):
            return require_callable(getattr(module, attribute), f"{name}:{attribute}")
    raise StartError(
        f"module '{name}' has neither 'application' nor 'app'. Name the callable: {name}:NAME{candidates(module)}"
    )


def evaluate(module, module_name, expression):
    """The value of ``name``, ``name.attribute`` or ``name(literals)`` in the module; never any other code."""
    whole = f"{module_name}:{expression}"
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except SyntaxError:
        tree = None
    if isinstance(tree, ast.Call):
        try:
            arguments = [ast.literal_eval(argument) for argument in tree.args]
            keywords = {keyword.arg: ast.literal_eval(keyword.value) for keyword in tree.keywords}
        except ValueError:
            raise StartError(f"'{whole}': the arguments of a factory must be literals") from None
        if None in keywords:
            raise StartError(f"'{whole}': the arguments of a factory must be literals")
        factory = require_callable(attribute_at(tree.func, module, module_name, whole), whole.partition("(")[0])
        try:
            application = factory(*arguments, **keywords)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise StartError(f"'{whole}' failed:\n{format_exception(error)}") from None
        return require_callable(application, f"what '{whole}' returned")
    return require_callable(attribute_at(tree, module, module_name, whole), whole)


def attribute_at(tree, module, module_name, whole):
    names = []
    while isinstance(tree, ast.Attribute):
        names.append(tree.attr)
        tree = tree.value
    if not isinstance(tree, ast.Name):
        raise StartError(f"'{whole}': after the colon comes a name, such as app, or a call, such as create_app()")
    names.append(tree.id)
    value = module
    for name in reversed(names):
        try:
            value = getattr(value, name)
        except AttributeError:
            raise StartError(f"module '{module_name}' has no '{name}'{candidates(module, name)}") from None
    return value


def candidates(module, wanted=None):
    """A hint: the nearest name, or what the module has that could be meant."""
    names = [
        name
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", module.__name__) is not None
    ]
    if wanted is not None:
        import difflib

        near = difflib.get_close_matches(wanted, names, n=1)
        if near:
            return f". Did you mean '{near[0]}'?"
    return f". It has: {', '.join(sorted(names)[:12])}." if names else ". It has nothing that can be called."


def require_callable(value, what):
    if not callable(value):
        raise StartError(f"{what} is no WSGI application: it is of type {type(value).__name__}, and not callable")
    return value


def require_wsgi(application, spec):
    """Refuse what can be called, but not as a WSGI application."""
    if inspect.iscoroutinefunction(application) or inspect.iscoroutinefunction(type(application).__call__):
        raise StartError(f"'{spec}' is an ASGI application. This server speaks WSGI: wrap it, with a2wsgi for one.")
    try:
        signature = inspect.signature(application)
    except (TypeError, ValueError):
        return application
    try:
        signature.bind({}, None)
    except TypeError:
        message = f"'{spec}' can't be called with (environ, start_response): it takes {signature}."
        if can_be_called_without_arguments(signature):
            message += f" If it makes the application, say so with parentheses: {spec}()"
        raise StartError(message) from None
    return application


def can_be_called_without_arguments(signature):
    try:
        signature.bind()
    except TypeError:
        return False
    return True


# --- Tracebacks ----------------------------------------------------------------------------------------

OWN_CODE = load_application.__code__.co_filename


def own_traceback(tb):
    """The traceback from the application's first frame on; None if it has none."""
    while tb is not None:
        filename = tb.tb_frame.f_code.co_filename
        if filename != OWN_CODE and not filename.startswith("<frozen importlib") and filename != importlib.__file__:
            return tb
        tb = tb.tb_next
    return None


def format_exception(error):
    """The exception as Python would print it, without our frames and the last line feed."""
    lines = traceback.format_exception(type(error), error, own_traceback(error.__traceback__))
    # A text may have characters that no UTF-8 has (PEP 383): they are no reason to lose it.
    return "".join(lines).rstrip("\n").encode("utf-8", "backslashreplace").decode()


def application_stack(frame):
    """What a thread is doing, as Python would print it, without our frames."""
    stack = [entry for entry in traceback.extract_stack(frame) if entry.filename != OWN_CODE] if frame else []
    # Down from where the front end calls the application.
    while stack and stack[0].filename == threading.__file__:
        del stack[0]
    lines = traceback.format_list(stack)
    return "".join(["Stack (most recent call last):\n", *lines]).rstrip("\n") if lines else ""


# --- What an environ holds -----------------------------------------------------------------------------


class FileWrapper:
    """``wsgi.file_wrapper`` (PEP 3333): an iterable over a file-like object.

    Returned as it is, over a real file, it is sent by the kernel; otherwise, it is iterated.
    """

    def __init__(self, filelike, block_size=8192):
        self.filelike = filelike
        self.block_size = block_size
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self):
        return self

    def __next__(self):
        data = self.filelike.read(self.block_size)
        if data:
            return data
        raise StopIteration


def sendable(wrapper):
    """Where the kernel finds what is left of the wrapped file: (descriptor, offset, size); None if it can't.

    Only CPython's own file classes qualify: any other one may have a descriptor whose bytes are not what
    ``read()`` gives (gzip.GzipFile is one).
    """
    try:
        file = wrapper.filelike
        if type(file).__module__ == "tempfile":
            file = getattr(file, "file", file)
        raw = file.raw if type(file) in (io.BufferedReader, io.BufferedRandom) else file
        if type(raw) is not io.FileIO:
            return None
        if type(file) is io.BufferedRandom:
            file.flush()
        descriptor = raw.fileno()
        status = os.fstat(descriptor)
        offset = file.tell()
    except Exception:
        # Closed or detached: iterating it says so in the application's own words.
        return None
    # A file without a size may have contents all the same, as those of /proc have.
    if status.st_mode & 0o170000 != 0o100000 or status.st_size == 0:
        return None
    return descriptor, offset, max(status.st_size - offset, 0)


class RequestStream(io.RawIOBase):
    """A request's body while it arrives.

    `receive(count)` gives its next bytes, ``b""`` at the end, or raises OSError where the client broke it off;
    `receive(count, True)` waits for more of them than the first.
    """

    def __init__(self, receive):
        self.receive = receive
        # Something may have been read ahead: then what comes next is not what the application wants next.
        self.is_buffered = False

    def readable(self):
        return True

    def readinto(self, buffer):
        if not buffer:
            return 0
        self.is_buffered = True
        data = self.receive(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readall(self):
        return b"".join(iter(lambda: self.receive(STREAM_BUFFER, True), b""))


# Bytes that are asked of the front end at once.
STREAM_BUFFER = 65536

# So many bytes are passed on as they come: copying fewer costs less than asking for them, and more of them would need
# twice their memory for a while.
STREAM_DIRECT = range(8192, (1 << 20) + 1)


class RequestReader(io.BufferedReader):
    """``wsgi.input`` over a body that is still arriving.

    Who reads much at once gets the bytes as they come from the front end, for as long as nothing has been read ahead.
    """

    def read(self, size=-1, /):
        stream = self.raw
        if type(size) is not int or size not in STREAM_DIRECT or stream.is_buffered or self.closed:
            return super().read(size)
        pieces = []
        while size > 0 and (data := stream.receive(size, True)):
            pieces.append(data)
            size -= len(data)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def open_stream(receive):
    """``wsgi.input`` over a body that is still arriving."""
    return RequestReader(RequestStream(receive), STREAM_BUFFER)


class LogFile(io.FileIO):
    """The error log, which no application can close or empty for everybody else."""

    def close(self):
        pass

    def truncate(self, size=None):
        raise io.UnsupportedOperation("the error log can't be truncated")


class ErrorStream(io.TextIOWrapper):
    """The same as a text stream."""

    def close(self):
        self.flush()

    def detach(self):
        raise io.UnsupportedOperation("the error log can't be detached")

    def truncate(self, pos=None):
        raise io.UnsupportedOperation("the error log can't be truncated")


class SwitchInterval:
    """The interval that the front end asks for, as long as the application has not set one itself."""

    # As it is before the application is loaded.
    current = sys.getswitchinterval()

    def set(self, seconds):
        # It is kept in whole microseconds.
        if abs(sys.getswitchinterval() - self.current) < 1e-6:
            sys.setswitchinterval(seconds)
            self.current = seconds


def open_error_stream(descriptor):
    """``wsgi.errors``: a text stream into the error log."""
    raw = LogFile(descriptor, "wb", closefd=False)
    return ErrorStream(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True, write_through=True)


# --- The main thread -----------------------------------------------------------------------------------


class Server:
    """Runs the front end from start to stop. Everything here happens on the main thread."""

    def __init__(self, applications, settings, error_descriptor):
        self.applications = applications
        self.stack_signal = settings["stack_signal"]
        self.graceful_timeout = settings["graceful_timeout_ms"] / 1000
        self.errors = open_error_stream(error_descriptor)
        self.threads = []
        self.stop_signal = None
        self.stopped_at = None
        self.deadline = None
        self.is_over = False
        self.wake_up, self.wake_up_writer = os.pipe()
        os.set_blocking(self.wake_up, False)
        os.set_blocking(self.wake_up_writer, False)

    def run(self):
        """Serve until a signal says stop, and return when all is done."""
        support = types.SimpleNamespace(
            errors=self.errors,
            FileWrapper=FileWrapper,
            sendable=sendable,
            format_exception=format_exception,
            leave_forked=leave_forked,
            open_stream=open_stream,
            set_switch_interval=SwitchInterval().set,
            RequestTimeout=RequestTimeout,
        )
        signal.set_wakeup_fd(self.wake_up_writer, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            # Also where a shell has had us ignore Ctrl-C, as its background jobs do: whoever sends the signal means it.
            signal.signal(number, self.stop)
        # What Gunicorn and its users' logrotate send must not end the process; the application comes first.
        for number, handler in ((signal.SIGUSR1, self.reopen_logs), (signal.SIGUSR2, ignore), (signal.SIGHUP, ignore)):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, handler)
        os.register_at_fork(after_in_child=forget_server)
        faulthandler.register(self.stack_signal, self.errors.fileno(), all_threads=False)
        front_end(_martlet.serve, self.applications, support, self.wake_up_writer)
        events = poll()
        events.register(self.wake_up, select.POLLIN)
        while not self.is_over:
            # A signal interrupts the wait; its handler has run when this returns or goes on waiting.
            if events.poll(self.remaining_milliseconds()):
                self.handle_events()
            if self.deadline is not None and monotonic() >= self.deadline:
                self.is_over = True
        self.finish()

    def remaining_milliseconds(self):
        if self.deadline is None:
            return None
        return max(0, (self.deadline - monotonic()) * 1000 + 1)

    def handle_events(self):
        # The bytes say that there is something; those of signals, that their handlers have run.
        with contextlib.suppress(BlockingIOError):
            os.read(self.wake_up, 4096)
        while event := _martlet.take_event():
            if event == WANTS_THREAD:
                self.start_thread()
            elif event == HAS_DRAINED:
                self.is_over = True
            elif event == HAS_REPORTS:
                self.look_into_silence()

    def start_thread(self):
        name = f"martlet-{len(self.threads) + 1}"
        thread = Thread(target=serve_requests, name=name, daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError) as error:
            _martlet.thread_failed(str(error) or type(error).__name__)
            return
        self.threads.append(thread)

    def look_into_silence(self):
        """Log the stacks of requests that send nothing, and interrupt those whose time is over."""
        frames = sys._current_frames()
        for thread, message, interrupt in _martlet.take_reports():
            stack = application_stack(frames.get(thread))
            _martlet.log("error" if interrupt else "warning", f"{message}\n{stack}" if stack else message)
            if interrupt is not None:
                interrupt()

    def reopen_logs(self, _number, _frame):
        _martlet.reopen_logs()

    def stop(self, number, _frame):
        if self.stop_signal is not None:
            if number == self.stop_signal and monotonic() - self.stopped_at < ECHO:
                # Sent to the process and to its group, as `timeout` and process managers do.
                return
            # The second time, whoever sends it means now.
            give_up(number, _frame)
        self.stop_signal = number
        self.stopped_at = monotonic()
        self.deadline = monotonic() + self.graceful_timeout
        _martlet.drain(signal.Signals(number).name)

    def finish(self):
        # Whatever is still to come, a thread of the application's or an exit function, has what is left of the time.
        limit = max(self.deadline or 0, monotonic() + 1)
        Thread(target=leave_after, args=(limit - monotonic(), self.threads), daemon=True).start()
        _martlet.close()
        # Threads whose client has gone, or has just been cut off, may still be at work: what they owe is a close().
        end = min(limit - 0.2, max(self.deadline or limit, limit - 0.5))
        for thread in self.threads:
            thread.join(max(0, end - monotonic()))
        stuck = sum(thread.is_alive() for thread in self.threads)
        others = [thread.name for thread in lasting_threads() if thread not in self.threads]
        if others:
            _martlet.log("info", f"Waiting for the application's own threads: {', '.join(others)}")
        if stuck:
            what = "1 Python thread is" if stuck == 1 else f"{stuck} Python threads are"
            _martlet.log("warning", f"{what} still inside the application: left behind")
        LastWord.is_due = True
        _martlet.flush()
        if stuck:
            # A thread that is inside the application can't be ended, and Python can't be finalized around it.
            try:
                atexit._run_exitfuncs()
            finally:
                leave()


def serve_requests():
    # The interpreter must not wait for a thread of ours that is stuck, but for what requests start.
    threading.current_thread()._daemonic = False
    _martlet.work()


def lasting_threads():
    """Those that Python waits for at its end."""
    return [thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon]


class LastWord:
    """Says that all is over, when it is: after the application's own threads and its exit functions."""

    is_due = False

    @classmethod
    def say(cls):
        if cls.is_due:
            cls.is_due = False
            _martlet.log("info", "Stopped")
            _martlet.flush()


def leave_after(seconds, workers):
    sleep(seconds)
    if LastWord.is_due:
        names = [thread.name for thread in lasting_threads() if thread not in workers]
        what = f"Still running: {', '.join(names)}" if names else "An exit function is still running"
        _martlet.log("warning", f"{what}. The graceful timeout has passed: left behind")
        LastWord.say()
    leave()


def leave():
    """End the process with status 0, whatever is still running."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    finally:
        os._exit(0)


def give_up(number, _frame):
    """End the process at once; nothing is left in the file system."""
    _martlet.abandon()
    _martlet.flush()
    os._exit(128 + number)


def ignore(number, _frame):
    _martlet.signal_ignored(signal.Signals(number).name)


def forget_server():
    """A process that the application forks is not the server.

    It keeps none of the server's sockets, and signals mean to it what they mean to any other.
    """
    _martlet.forked()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
        if getattr(signal.getsignal(number), "__module__", None) == __name__:
            signal.signal(number, signal.SIG_DFL)
    if getattr(signal.getsignal(signal.SIGINT), "__module__", None) == __name__:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def leave_forked(exception):
    """End a process that the application has forked and that has come back out of the application.

    As any Python program ends: with status 0, that of SystemExit, or a traceback and 1; but without exit functions,
    which are the server's.
    """
    status = 0
    if isinstance(exception, SystemExit):
        status = exception.code
    elif exception is not None:
        status = format_exception(exception)
    if status is not None and not isinstance(status, int):
        print(status, file=sys.__stderr__)
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit((status or 0) & 0xFF)


def thread_starters():
    """What `threading` starts threads with; monkey patching puts something else in its place."""
    names = ("_start_new_thread", "_start_joinable_thread")
    return _thread.start_new_thread, *(getattr(threading, name, None) for name in names)


THREAD_STARTERS = thread_starters()


def require_threads():
    if thread_starters() != THREAD_STARTERS:
        raise StartError(
            "the application has replaced Python's threads (gevent.monkey.patch_all() and eventlet.monkey_patch() do). "
            "Requests run on real threads here: leave the patching out, and set --threads to how many run at once."
        )


def main(arguments=None, chosen_by=None):
    """Load the application and serve it.

    `arguments` is the command line without the program's name; None if the program has read it already.
    `chosen_by` says what made the program choose this interpreter before it became it ("--python", "PATH"): it has
    then applied what concerns the process, such as --chdir. None if there was no such program.
    Leaves with SystemExit: 0 after an orderly stop, 1 if it can't start, 2 if the command line is wrong.
    """
    folder = os.getcwd()
    if chosen_by is not None and hasattr(sys, "orig_argv"):
        # Not what made the interpreter load the server, which is nobody's business.
        sys.orig_argv = ["martlet", *arguments]
    # Whoever started us may have had them blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    try:
        settings = front_end(_martlet.configure, arguments, chosen_by)
        prepare_process(settings, folder)
        version = ".".join(map(str, sys.version_info[:3]))
        error_descriptor = front_end(_martlet.prepare, f"{version} ({sys.executable})")
        # The first to be registered is the last to be called.
        atexit.register(LastWord.say)
        # Until it serves, there is nothing to finish. Ctrl-C stays Python's own, for whoever debugs an import.
        signal.signal(signal.SIGTERM, give_up)
        if settings["switch_interval_ns"] is not None:
            # The application may set another one.
            sys.setswitchinterval(settings["switch_interval_ns"] / 1e9)
        applications = [load_application(spec) for spec in settings["applications"]]
        require_threads()
        Server(applications, settings, error_descriptor).run()
    except KeyboardInterrupt:
        # Ctrl-C while the application was being loaded.
        _martlet.abandon()
        _martlet.flush()
        sys.exit(130)
    except StartError as error:
        _martlet.abandon()
        _martlet.start_failed(str(error))
        _martlet.flush()
        message = f"Error: {str(error).rstrip()}\n"
        (sys.stderr or sys.__stderr__).write(message)
        sys.exit(1)
    sys.exit(0)


class MartletFinder:
    """Lets applications import `martlet` where the package is not installed: with what belongs to this process."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        return importlib.util.spec_from_loader(name, MartletFinder) if name == "martlet" else None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.__doc__ = "The server that runs this application."
        module.RequestTimeout = RequestTimeout


def front_end(function, *arguments):
    """Call a function of the front end's; what it can't do is a StartError."""
    try:
        return function(*arguments)
    except RuntimeError as error:
        raise StartError(str(error)) from None


def prepare_process(settings, started_in):
    os.environ.update(settings["environment"])
    sys.argv = ["martlet", *settings["applications"]]
    sys.meta_path.append(MartletFinder)
    # `python -c` and `python -m` put entries of their own first; the project's folder takes their place.
    if sys.path and sys.path[0] in ("", started_in):
        del sys.path[0]
    sys.path.insert(0, os.getcwd())
    for entry in reversed(settings["search_path"]):
        sys.path.insert(0, os.path.abspath(entry))
