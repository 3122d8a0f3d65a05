"""The targets, in the order of the report."""

from __future__ import annotations

from .target import least, more_than, most, ratio

TARGETS = (
    ratio("hello", 1.00, "peregrine", "bjoern", "fastpysgi"),
    ratio("hello", 0.60, "granian"),
    ratio("hello", 0.07, "gunicorn-gthread"),
    more_than("handler", 1.50, "floor", figure="cpu"),
    ratio("connections-1", 1.10, "bjoern"),
    ratio("connections-4", 1.10, "bjoern"),
    ratio("flask-json", 0.97),
    ratio("flask-json", 0.20, "nginx+gunicorn-sync"),
    ratio("flask-template", 1.00),
    ratio("django", 1.00),
    ratio("post", 1.00),
    ratio("upload", 0.90),
    ratio("file-wrapper", 0.90),
    ratio("stream", 0.90),
    ratio("static-1k", 0.65, "nginx"),
    ratio("static-1k", 0.85, "nginx-file-cache"),
    ratio("static-100k", 0.90, "nginx"),
    ratio("static-10m", 1.00, "nginx", figure="rate", is_most=False),
    ratio("static-range", 0.70, "nginx"),
    ratio("static-304", 0.70, "nginx"),
    ratio("static-gzip", 0.65, "nginx"),
    least("static-while-computing", "rate", 25_000),
    most("static-while-computing", "p99", 2.0),
    least("static-while-computing", "kept", 85),
    least("sleep-64", "ideal", 95),
    most("sleep-64", "p99", 60),
    more_than("start", 40, "import", figure="start"),
    ratio("memory-idle", 1.00, "gunicorn-sync", figure="idle"),
    ratio("memory-idle", 1.00, "peregrine", figure="idle"),
)
