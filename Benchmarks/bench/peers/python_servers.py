"""Servers that come as Python packages: Granian, Peregrine, bjoern, fastpysgi, fastwsgi, waitress and cheroot."""

from __future__ import annotations

from .peer import Can, Commands, Peer, Site, Tools

EVERYTHING = frozenset({Can.WSGI, Can.FILES, Can.SITE, Can.THREADS, Can.MANY_IDLE})


def _granian(site: Site, tools: Tools) -> list[list[str]]:
    command = [tools.installed("granian"), "--interface", "wsgi", "--port", str(site.port), "--workers", "1"]
    command += ["--http", "1", "--no-ws", "--no-log", "--backlog", "4096", "--backpressure", "20000"]
    command += ["--working-dir", str(site.applications)]
    command += ["--runtime-threads", "1", "--runtime-mode", "st", "--blocking-threads", str(site.threads)]
    command += ["--static-path-route", "/static", "--static-path-mount", str(site.files)]
    return [[*command, f"{site.application}:application"]]


def _peregrine(site: Site, tools: Tools) -> list[list[str]]:
    command = [tools.installed("peregrine"), "--protocol", "wsgi", "--port", str(site.port), "--workers", "1"]
    command += ["--python-path", str(site.applications), "--log-level", "error", "--backlog", "4096"]
    command += ["--max-connections", "20000", "--keep-alive", "75000", "--wsgi-threads", str(site.threads)]
    command += ["--static-dir", f"/static={site.files}"]
    if site.precompressed:
        command.append("--compress-static")
    return [[*command, f"{site.application}:application"]]


def _waitress(site: Site, tools: Tools) -> list[list[str]]:
    command = [tools.installed("waitress-serve"), f"--listen=127.0.0.1:{site.port}", f"--threads={site.threads}"]
    command += ["--connection-limit=20000", "--asyncore-use-poll", "--backlog=4096", "--no-log-socket-errors"]
    return [[*command, f"{site.application}:application"]]


def _launcher(script: str, *before: str, threads: bool = False) -> Commands:
    def commands(site: Site, tools: Tools) -> list[list[str]]:
        command = [tools.python, str(tools.launchers / script), *before, site.application, str(site.port)]
        return [[*command, str(site.threads)] if threads else command]

    return commands


GRANIAN = Peer(
    name="granian",
    commands=_granian,
    can=EVERYTHING,
    packages=("granian",),
)

PEREGRINE = Peer(
    name="peregrine",
    commands=_peregrine,
    can=EVERYTHING,
    packages=("peregrine-server",),
)

BJOERN = Peer(
    name="bjoern",
    commands=_launcher("bjoern_server.py"),
    can=frozenset({Can.WSGI, Can.MANY_IDLE}),
    packages=("bjoern",),
)

FASTPYSGI = Peer(
    name="fastpysgi",
    commands=_launcher("fast_server.py", "fastpysgi"),
    can=frozenset({Can.WSGI, Can.MANY_IDLE}),
    packages=("fastpysgi",),
)

FASTWSGI = Peer(
    name="fastwsgi",
    commands=_launcher("fast_server.py", "fastwsgi"),
    can=frozenset({Can.WSGI, Can.MANY_IDLE}),
    packages=("fastwsgi",),
)

WAITRESS = Peer(
    name="waitress",
    commands=_waitress,
    can=frozenset({Can.WSGI, Can.THREADS}),
    packages=("waitress",),
)

CHEROOT = Peer(
    name="cheroot",
    commands=_launcher("cheroot_server.py", threads=True),
    can=frozenset({Can.WSGI, Can.THREADS, Can.MANY_IDLE}),
    packages=("cheroot",),
)
