"""Martlet: one program that does for a WSGI application what nginx and Gunicorn do together."""

__version__ = "0.1.0"
