"""Notes what happens around requests: the import, the end of the process, threads of its own."""

import atexit
import sys
import threading

print("printed on import")
print("imported", file=sys.stderr)

ended = threading.Event()


def work():
    ended.wait()


threading.Thread(target=work, name="application-worker", daemon=True).start()


@atexit.register
def at_exit():
    ended.set()
    print("atexit ran", file=sys.stderr)
    print("printed at exit")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"alive\n"]
