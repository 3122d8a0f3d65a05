"""Returns a file of 1 MB by the server's file wrapper, or by blocks where the server has none."""

import os
from pathlib import Path

FILE = Path(os.environ["BENCH_FILES"]) / "1m.bin"
SIZE = FILE.stat().st_size
BLOCK = 65536


def blocks(file):
    with file:
        while block := file.read(BLOCK):
            yield block


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(SIZE))])
    file = FILE.open("rb")
    if "wsgi.file_wrapper" in environ:
        return environ["wsgi.file_wrapper"](file, BLOCK)
    return blocks(file)
