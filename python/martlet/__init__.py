"""Martlet: one program that does for a WSGI application what nginx and Gunicorn do together."""

import sys

__version__ = "0.1.0"

if "_martlet" in sys.modules:
    # In a server's process: the exception that it raises.
    from _martlet import RequestTimeout
else:

    class RequestTimeout(Exception):
        """The request was silent for longer than --timeout allows: nobody waits for it any more."""


__all__ = ["RequestTimeout", "__version__"]
