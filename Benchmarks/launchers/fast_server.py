"""Serve MODULE:application with fastwsgi or fastpysgi, whose commands can't set the backlog and the longest body.

fast_server.py NAME MODULE PORT
"""

import importlib
import sys

name, module, port = sys.argv[1:]
server = importlib.import_module(name).server
server.backlog = 4096
server.tcp_nodelay = 1
server.max_content_length = 1 << 30
server.init(importlib.import_module(module).application, "127.0.0.1", int(port))
server.run()
