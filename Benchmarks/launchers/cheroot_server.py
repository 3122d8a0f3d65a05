"""Serve MODULE:application with cheroot, whose command can't set how many connections are kept alive.

cheroot_server.py MODULE PORT THREADS
"""

import importlib
import sys

from cheroot.wsgi import Server

module, port, threads = sys.argv[1:]
server = Server(
    ("127.0.0.1", int(port)),
    importlib.import_module(module).application,
    numthreads=int(threads),
    max=int(threads),
    request_queue_size=4096,
    timeout=75,
)
server.keep_alive_conn_limit = 20_000
server.safe_start()
