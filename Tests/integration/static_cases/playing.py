"""The cases played against Martlet and nginx, each over a connection of its own on a unix socket."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wire.peers import nginx_command

from harness import Address, Connection, ProtocolViolation, Response, Runtime, Server
from harness.interpreters import environments
from harness.log import Log
from static_cases import tree
from static_cases.case import Case

_NGINX = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 512; }}
http {{
  access_log off;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/css text/plain text/xml text/javascript;
  absolute_redirect off;
  map $uri $rules {{
    default "public, max-age=60";
    "~\\.html$" no-cache;
    "~/$" no-cache;
    "~\\.[0-9a-f]{{8}}\\." "public, max-age=31536000, immutable";
  }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen unix:{folder}/nginx.sock;
    location / {{ return 404; }}
    {locations}
  }}
}}
"""


@contextmanager
def martlet(base: Path) -> Iterator[Address]:
    runtime = Runtime(environments()[0], "embedded")
    runtime.environment.ensure()
    socket = f"unix:{base}/martlet.sock"
    with Server(runtime, "contract:application", *tree.options(base), binds=[socket]) as server:
        yield server.address


@contextmanager
def nginx(base: Path) -> Iterator[Address]:
    """Debian's nginx with the same routes."""
    command = nginx_command()
    if command is None:
        raise RuntimeError("there is no nginx (Debian: apt-get install nginx)")
    user = "user root;" if os.geteuid() == 0 else ""
    text = _NGINX.format(folder=base, user=user, locations=tree.nginx_locations(base))
    (base / "nginx.conf").write_text(text)
    process = subprocess.Popen(
        [command, "-c", f"{base}/nginx.conf", "-e", "stderr"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        Log(process.stdout).wait_for("start worker processes")
        yield Address(path=f"{base}/nginx.sock")
    finally:
        process.terminate()
        process.wait(20)


def ask(address: Address, one: Case) -> Response:
    """The answer, with the boundary of a multipart body replaced by B, and an entity tag for those of digits.txt."""
    with Connection(address) as connection:
        connection.send(one.request)
        response = connection.read_response(one.method)
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\S+)", response.header("Content-Type") or "")
    if boundary is not None:
        assert boundary[1].encode() not in b"".join(tree.FILES.values())
        response.body = response.body.replace(b"--" + boundary[1].encode(), b"--B")
    return response


def tag_of(address: Address) -> str:
    with Connection(address) as connection:
        return connection.get("/files/digits.txt").header("ETag")


def with_tag(one: Case, tag: str) -> Case:
    """The case with the server's own entity tag of digits.txt in its place."""
    fields = {name: tag if value == "{etag}" else value for name, value in one.fields.items()}
    return dataclasses.replace(one, request=one.request.replace(b"{etag}", tag.encode()), fields=fields)


def complaints(address: Address, tag: str, one: Case) -> tuple[list[str], int]:
    """What of a server's answer is not as the case has it, and its status."""
    one = with_tag(one, tag)
    try:
        response = ask(address, one)
    except ProtocolViolation as violation:
        return [str(violation)], 0
    return one.complaints(response), response.status
