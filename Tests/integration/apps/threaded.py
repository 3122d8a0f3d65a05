"""Eight requests at once, and what is a thread's or a request's own."""

import contextvars
import logging
import threading

from contract import answer_json, query

PARTIES = 8
ROUTES = {}

logging.basicConfig(format="%(threadName)s %(message)s", level=logging.INFO)
log = logging.getLogger("threaded")

barrier = threading.Barrier(PARTIES)
local = threading.local()
variable = contextvars.ContextVar("variable", default=None)


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def together():
    """Return when as many requests are here as there are threads."""
    barrier.wait(20)


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response)


@route("/own")
def own(environ, start_response):
    """What a thread sets while all others set theirs, it finds again."""
    value = query(environ, "value")
    together()
    local.value = value
    token = variable.set(value)
    together()
    answer = [local.value, variable.get(), threading.current_thread().name, threading.get_ident()]
    together()
    variable.reset(token)
    return answer_json(start_response, answer)


@route("/left")
def left(environ, start_response):
    """What other requests have left behind."""
    together()
    return answer_json(start_response, [variable.get(), sorted(vars(local))])


@route("/stream")
def stream(environ, start_response):
    """A generator goes on in the thread that has called it."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    local.value = query(environ, "value")
    name = threading.current_thread().name
    for _ in range(20):
        together()
        assert threading.current_thread().name == name
        yield local.value.encode() + b"\n"


@route("/log")
def write_log(environ, start_response):
    together()
    for number in range(200):
        log.info("line %s-%d end", query(environ, "value"), number)
        environ["wsgi.errors"].write("errors {}-{} end\n".format(query(environ, "value"), number))
    return answer_json(start_response, True)


_lock = threading.Lock()
_total = 0


@route("/lock")
def lock(environ, start_response):
    """A lock keeps eight threads from each other's way."""
    global _total
    together()
    for _ in range(2000):
        with _lock:
            before = _total
            _total = before + 1
    together()
    return answer_json(start_response, _total)


@route("/thread")
def own_thread(environ, start_response):
    """Threads of the application's own, started by all requests at once."""
    together()
    results = []
    threads = [threading.Thread(target=lambda n=n: results.append(n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answer_json(start_response, sorted(results))
