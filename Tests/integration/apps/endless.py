"""A response without an end, which says on standard error that it was closed."""

import sys
import time


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])

    def blocks():
        try:
            while True:
                yield b"x" * 1000
                time.sleep(0.02)
        finally:
            sys.stderr.write("the response was closed\n")

    return blocks()
