"""Applications that stand beside each other in one process: each says its name and what it sees of the path."""

import json
import threading

from contract import Counter, query, wait_at_gate

PLAIN = [("Content-Type", "text/plain")]

called = Counter()


def create(name):
    def application(environ, start_response):
        path = environ["PATH_INFO"]
        if path.endswith("/gate"):
            wait_at_gate(environ)
        if path.endswith("/first"):
            return read_first(environ, start_response)
        if path.endswith("/counted"):
            called[query(environ, "as")] += 1
        if path.endswith("/fail"):
            raise RuntimeError("on purpose")
        seen = {
            "app": name,
            "script": environ["SCRIPT_NAME"],
            "path": environ["PATH_INFO"],
            "query": environ["QUERY_STRING"],
            "uri": environ["REQUEST_URI"],
            "thread": threading.get_ident(),
            "called": called,
        }
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(seen).encode()]

    return application


def read_first(environ, start_response):
    """Answer with the first five bytes of the body before the rest is asked for."""
    start_response("200 OK", PLAIN)
    body = environ["wsgi.input"]

    def blocks():
        yield body.read(5)
        yield body.read()

    return blocks()


site = create("site")
shop = create("shop")
admin = create("admin")
coffee = create("coffee")
application = site


def not_made():
    raise RuntimeError("the shop is closed")
