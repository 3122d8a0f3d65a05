"""Notes what happens around requests: the import, the end of the process, threads of its own."""

import atexit
import sys
import threading

print("printed on import")
# One write each: `print` makes two of an unbuffered stream, and the log writes to the same place.
sys.stderr.write("imported\n")

ended = threading.Event()


def work():
    ended.wait()


threading.Thread(target=work, name="application-worker", daemon=True).start()


@atexit.register
def at_exit():
    ended.set()
    sys.stderr.write("atexit ran\n")
    print("printed at exit")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"alive\n"]
