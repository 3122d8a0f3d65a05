"""Gunicorn, with its sync and its gthread worker."""

from __future__ import annotations

from .peer import Can, Commands, Peer, Site, Tools


def gunicorn_command(site: Site, tools: Tools, worker: str, bind: str) -> list[str]:
    """One worker of the kind `sync` or `gthread`, listening on an address in Gunicorn's own form."""
    command = [tools.installed("gunicorn"), f"{site.application}:application", "--bind", bind, "--workers", "1"]
    command += ["--worker-class", worker, "--pythonpath", str(site.applications), "--backlog", "4096"]
    command += ["--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--log-level", "error"]
    if worker == "gthread":
        command += ["--threads", str(site.threads), "--keep-alive", "75", "--worker-connections", "20000"]
    return command


def _commands(worker: str) -> Commands:
    return lambda site, tools: [gunicorn_command(site, tools, worker, f"127.0.0.1:{site.port}")]


GUNICORN_SYNC = Peer(
    name="gunicorn-sync",
    commands=_commands("sync"),
    can=frozenset({Can.WSGI}),
    packages=("gunicorn",),
)

GUNICORN_GTHREAD = Peer(
    name="gunicorn-gthread",
    commands=_commands("gthread"),
    can=frozenset({Can.WSGI, Can.THREADS, Can.MANY_IDLE}),
    packages=("gunicorn",),
)
