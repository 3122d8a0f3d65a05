"""uWSGI, from Debian, with its plugin for the system's Python."""

from __future__ import annotations

from .peer import Can, Peer, Site, Tools


def _commands(site: Site, tools: Tools) -> list[list[str]]:
    command = ["uwsgi", "--plugin", "python3", "--virtualenv", str(tools.environment)]
    command += ["--http11-socket", f"127.0.0.1:{site.port}", "--processes", "1", "--listen", "4096"]
    command += ["--module", f"{site.application}:application", "--need-app", "--single-interpreter"]
    command += ["--pythonpath", str(site.applications), "--disable-logging"]
    if site.threads > 1:
        command += ["--threads", str(site.threads)]
    return [command]


UWSGI = Peer(
    name="uwsgi",
    commands=_commands,
    can=frozenset({Can.WSGI, Can.THREADS}),
    programs=("uwsgi",),
    version=lambda _: ["uwsgi", "--version"],
)
