"""Other servers, started on unix sockets with an application that says what it saw."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import REPOSITORY, Runtime, Server
from harness.interpreters import INTEGRATION, environments
from harness.log import Log

HERE = Path(__file__).resolve().parent
ENVIRONMENT = REPOSITORY / ".venv-peers"
REQUIREMENTS = INTEGRATION / "requirements-peers.txt"
NAMES = ("nginx", "gunicorn", "waitress")

_NGINX = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen unix:{folder}/nginx.sock backlog=512;
    location / {{
      proxy_pass http://unix:{folder}/upstream.sock:;
      proxy_set_header Host $http_host;
      # A client that has sent its FIN still waits for its answers.
      proxy_ignore_client_abort on;
      proxy_buffer_size 64k;
      proxy_buffers 4 64k;
      proxy_busy_buffers_size 64k;
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Peer:
    name: str
    path: str


def prepare() -> None:
    """Make the environment of the peers that are Python packages; nothing to do is quick."""
    stamp = ENVIRONMENT / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in ([sys.executable, "-m", "venv", str(ENVIRONMENT)], [*pip, "--requirement", str(REQUIREMENTS)]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")
    stamp.write_text(wanted)


def nginx_command() -> str | None:
    """nginx, which is not on everybody's PATH."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


@contextmanager
def martlet(folder: Path) -> Iterator[Peer]:
    """The release build in the embedded shape on the primary interpreter: parsing depends on neither."""
    runtime = Runtime(environments()[0], "embedded")
    runtime.environment.ensure()
    path = str(folder / "martlet.sock")
    with Server(runtime, "seen:application", "--forwarded-allow-ips=192.0.2.1", binds=[f"unix:{path}"], folder=HERE):
        yield Peer("martlet", path)


@contextmanager
def peers(folder: Path) -> Iterator[list[Peer]]:
    """nginx before an application, Gunicorn and waitress with one; all stopped at the end."""
    prepare()
    python = str(ENVIRONMENT / "bin" / "python")
    with ExitStack() as stack:

        def start(ready: str, *command: str) -> None:
            stack.enter_context(_running(ready, *command))

        nginx = nginx_command()
        if nginx is None:
            raise RuntimeError("there is no nginx (Debian: apt-get install nginx)")
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user=user))
        start("Listening", python, "upstream.py", str(folder / "upstream.sock"))
        start("start worker processes", nginx, "-c", f"{folder}/nginx.conf", "-e", "stderr")
        # gthread: its sync workers take one request of a connection only.
        gunicorn = "-m gunicorn seen:application --worker-class gthread --workers 1 --threads 4".split()
        start("Booting worker", python, *gunicorn, "--bind", f"unix:{folder}/gunicorn.sock")
        waitress = f"-m waitress --threads=4 --connection-limit=512 --unix-socket={folder}/waitress.sock".split()
        start("Serving on", python, *waitress, "seen:application")
        yield [Peer(name, str(folder / f"{name}.sock")) for name in NAMES]


@contextmanager
def _running(ready: str, *command: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        Log(process.stdout).wait_for(ready)
        yield
    finally:
        process.terminate()
        process.wait(20)
