"""Martlet: ours, as it is, and with request bodies read while they arrive."""

from __future__ import annotations

from .peer import Can, Peer, Site, Tools


def _command(site: Site, tools: Tools, *more: str) -> list[list[str]]:
    application = f"{site.application}:application"
    command = [str(tools.build / "martlet"), "--bind", f"127.0.0.1:{site.port}"]
    command += ["--mount", f"/application={application}"] if site.mounted else [application]
    # As with nginx: the default of 10,000 would have clients reconnect several times a second.
    command += ["--keep-alive-requests", "1000000000"]
    command += ["--pythonpath", str(site.applications), "--python", tools.python, "--log-level", "warning"]
    files = f"/static={site.files}" + (",precompressed" if site.precompressed else "")
    return [[*command, "--threads", str(site.threads), "--static", files, *more]]


MARTLET = Peer(
    name="martlet",
    commands=_command,
    can=frozenset(Can),
    version=lambda tools: [str(tools.build / "martlet"), "--version"],
)

MARTLET_STREAMED = Peer(
    name="martlet-streamed",
    commands=lambda site, tools: _command(site, tools, "--stream-requests"),
    can=frozenset({Can.WSGI}),
    version=MARTLET.version,
)
