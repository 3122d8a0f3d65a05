"""A response of 100 blocks of 1,000 bytes, made one after the other, without a Content-Length."""

BLOCK = b"x" * 999 + b"\n"


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (BLOCK for _ in range(100))
