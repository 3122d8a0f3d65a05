"""nginx alone, for files, and in front of Gunicorn, for files and an application."""

from __future__ import annotations

import os

from .gunicorn import gunicorn_command
from .peer import Can, Commands, Peer, Site, Tools

# `keepalive_requests` is 1,000 by default: at these rates every client would reconnect many times a second.
CONFIGURATION = """\
daemon off;
master_process on;
worker_processes 1;
{user}pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
worker_rlimit_nofile 32768;

events {{
    worker_connections 25000;
}}

http {{
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 75s;
    keepalive_requests 1000000000;
    client_max_body_size 1g;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{options}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location /static/ {{
            alias {files}/;
        }}
{application}
    }}
}}
"""

FILE_CACHE = """\
    open_file_cache max=1000 inactive=60s;
    open_file_cache_valid 30s;
    open_file_cache_min_uses 1;
"""

UPSTREAM = """\
    upstream application {{
        server unix:{socket};
{keepalive}    }}
"""

PROXY = """\
        location / {
            proxy_pass http://application;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
        }
"""

NO_APPLICATION = """\
        location = / {
            return 200 "Hello, World!";
        }
"""


def _nginx_command(site: Site, options: str, application: str) -> list[str]:
    if site.precompressed:
        options += "    gzip_static on;\n"
    path = site.folder / "nginx.conf"
    path.write_text(
        CONFIGURATION.format(
            user="user root;\n" if os.geteuid() == 0 else "",
            folder=site.folder,
            options=options,
            port=site.port,
            files=site.files,
            application=application,
        )
    )
    return ["nginx", "-e", str(site.folder / "nginx.log"), "-c", str(path)]


def _alone(options: str) -> Commands:
    return lambda site, _: [_nginx_command(site, options, NO_APPLICATION)]


def _before_gunicorn(worker: str) -> Commands:
    def commands(site: Site, tools: Tools) -> list[list[str]]:
        socket = site.folder / "gunicorn.sock"
        keepalive = "        keepalive 64;\n" if worker == "gthread" else ""
        upstream = UPSTREAM.format(socket=socket, keepalive=keepalive)
        return [gunicorn_command(site, tools, worker, f"unix:{socket}"), _nginx_command(site, upstream, PROXY)]

    return commands


def _version(_: Tools) -> list[str]:
    return ["nginx", "-v"]


NGINX = Peer(
    name="nginx",
    commands=_alone(""),
    can=frozenset({Can.FILES, Can.MANY_IDLE}),
    programs=("nginx",),
    version=_version,
)

NGINX_CACHE = Peer(
    name="nginx-file-cache",
    commands=_alone(FILE_CACHE),
    can=frozenset({Can.FILES}),
    programs=("nginx",),
    version=_version,
)

NGINX_GUNICORN_SYNC = Peer(
    name="nginx+gunicorn-sync",
    commands=_before_gunicorn("sync"),
    can=frozenset({Can.WSGI, Can.SITE}),
    packages=("gunicorn",),
    programs=("nginx",),
    version=_version,
)

NGINX_GUNICORN_GTHREAD = Peer(
    name="nginx+gunicorn-gthread",
    commands=_before_gunicorn("gthread"),
    can=frozenset({Can.WSGI, Can.SITE, Can.THREADS, Can.MANY_IDLE}),
    packages=("gunicorn",),
    programs=("nginx",),
    version=_version,
)
