"""Reads a body of any size in blocks of 64 KiB and says how long it was."""

BLOCK = 65536


def application(environ, start_response):
    source = environ["wsgi.input"]
    missing = int(environ.get("CONTENT_LENGTH") or 0)
    received = 0
    while missing > 0:
        block = source.read(min(BLOCK, missing))
        if not block:
            break
        received += len(block)
        missing -= len(block)
    body = str(received).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
