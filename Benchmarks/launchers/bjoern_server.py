"""Serve MODULE:application with bjoern, which has no command of its own: bjoern_server.py MODULE PORT"""

import importlib
import sys

import bjoern

module, port = sys.argv[1:]
bjoern.run(importlib.import_module(module).application, "127.0.0.1", int(port), listen_backlog=4096)
