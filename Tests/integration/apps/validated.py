"""Other applications wrapped in the standard library's validator: `validated:wrap("flask_app:app")`.

Each complaint of the validator is an AssertionError, so it shows as a 500. Two habits of frameworks, which are
no business of a server's, are put right inside of it: Werkzeug reads a terminated input with no size, and some
answers have a Content-Type too few or too many.
"""

import importlib
from wsgiref.validate import validator


class SizedInput:
    """`read()` and `readline()` as the validator wants them: always with a size."""

    def __init__(self, stream):
        self.stream = stream
        self.readlines = stream.readlines

    def read(self, size=-1):
        return self.stream.read(-1 if size is None else size)

    def readline(self, size=-1):
        return self.stream.readline(size)

    def __iter__(self):
        return iter(self.stream)


def conforming(application):
    def conformed(environ, start_response):
        environ["wsgi.input"] = SizedInput(environ["wsgi.input"])

        def start(status, headers, exc_info=None):
            bare = status[:3] in ("204", "304")
            typed = any(name.lower() == "content-type" for name, _ in headers)
            if bare and typed:
                headers = [(name, value) for name, value in headers if name.lower() != "content-type"]
            elif not bare and not typed:
                headers = [*headers, ("Content-Type", "text/plain")]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return application(environ, start)

    return conformed


def wrap(name):
    module, _, attribute = name.partition(":")
    called = attribute.endswith("()")
    target = getattr(importlib.import_module(module), attribute[:-2] if called else attribute)
    return validator(conforming(target() if called else target))
