"""Martlet: ours."""

from __future__ import annotations

from .peer import Can, Peer, Site, Tools


def _commands(site: Site, tools: Tools) -> list[list[str]]:
    command = [str(tools.build / "martlet"), f"{site.application}:application", "--bind", f"127.0.0.1:{site.port}"]
    command += ["--pythonpath", str(site.applications), "--python", tools.python, "--log-level", "warning"]
    return [[*command, "--threads", str(site.threads), "--static", f"/static={site.files}"]]


MARTLET = Peer(
    name="martlet",
    commands=_commands,
    can=frozenset(Can),
    version=lambda tools: [str(tools.build / "martlet"), "--version"],
)
