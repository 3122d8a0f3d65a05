"""The files that the cases ask for, and the routes to them: Martlet's options, and nginx's directives for the same."""

from __future__ import annotations

import os
import socket
from pathlib import Path

DIGITS = b"0123456789" * 10
PAGE = b"<!DOCTYPE html><title>page</title>"
INDEX = b"<!DOCTYPE html><title>index</title>"
SHELL = b"<!DOCTYPE html><title>shell</title>"
MISSING = b"<!DOCTYPE html><title>not here</title>"
SECRET = b"outside: never to be seen"

# Sunday, 6 November 1994, 08:49:37 GMT
MODIFIED = 784111777
LAST_MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT"

LONG_NAME = "n" * 251 + ".txt"

FILES = {
    "digits.txt": DIGITS,
    "empty.txt": b"",
    "one.txt": b"1",
    "page.html": PAGE,
    "style.css": b"a{}",
    "script.js": b"1",
    "module.mjs": b"1",
    "data.json": b"{}",
    "feed.xml": b"<a/>",
    "picture.svg": b"<svg/>",
    "picture.png": b"png",
    "film.mp4": b"mp4",
    "font.woff2": b"woff2",
    "program.wasm": b"wasm",
    "model.glb": b"glb",
    "README": b"no extension",
    "unknown.zzz": b"unknown",
    "UPPER.CSS": b"a{}",
    "archive.tar.gz": b"gz",
    "app.3f2a91bc.js": b"hashed",
    "with space.txt": b"space",
    "plus+sign.txt": b"plus",
    "percent%41.txt": b"percent",
    "percentA.txt": b"not this one",
    "question?.txt": b"question",
    "hash#.txt": b"hash",
    "semi;colon.txt": b"semicolon",
    "co:lon.txt": b"colon",
    "comma,.txt": b"comma",
    'quote".txt': b"quote",
    "ap'os.txt": b"apostrophe",
    "amp&.txt": b"ampersand",
    "back\\slash.txt": b"backslash",
    "caf\u00e9.txt": b"coffee",
    "\u65e5\u672c.txt": b"japan",
    "tilde~.txt": b"tilde",
    "..dots.txt": b"dots",
    "dots..txt": b"trailing dots",
    LONG_NAME: b"long",
    "docs/index.html": INDEX,
    "docs/page.html": PAGE,
    "docs/deep/er/page.html": PAGE,
    "bare/page.html": PAGE,
    "dir with space/index.html": INDEX,
    "both": b"a file",
    "both.html": PAGE,
    "about.html": PAGE,
    "home/home.html": INDEX,
    "shell.html": SHELL,
    "404.html": MISSING,
    ".env": SECRET,
    ".git/config": SECRET,
    "docs/.hidden.txt": SECRET,
    ".well-known/security.txt": b"contact",
    "list/<b>.txt": b"markup",
    "list/a&b.txt": b"ampersand",
    "list/b.txt": b"22",
    "list/c.txt": b"1",
    "list/javascript:alert(1)": b"no scheme",
    "list/sub/x.txt": b"x",
    "list/.secret": SECRET,
}


def make(base: Path) -> Path:
    """The tree beneath `base`, with what must stay out of reach beside it. All times are MODIFIED."""
    root = base / "root"
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (base / "secret.txt").write_bytes(SECRET)
    (base / "root-private").mkdir()
    (base / "root-private" / "secret.txt").write_bytes(SECRET)
    (root / os.fsdecode(b"latin-\xe9.txt")).write_bytes(b"latin")
    (root / "empty").mkdir()
    (root / "link.txt").symlink_to("digits.txt")
    (root / "link-folder").symlink_to("docs")
    (root / "link-out.txt").symlink_to("../secret.txt")
    (root / "link-dangling.txt").symlink_to("nowhere")
    (root / "link-loop.txt").symlink_to("link-loop.txt")
    os.mkfifo(root / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(root)
        try:
            bound.bind("socket")
        finally:
            os.chdir(here)
    for folder, directories, files in os.walk(root):
        for name in directories + files:
            os.utime(os.path.join(folder, name), (MODIFIED, MODIFIED), follow_symlinks=False)
    os.utime(root / "list" / "c.txt", (MODIFIED + 1, MODIFIED + 1))
    return root


# Prefix, Martlet's options, nginx's directives. {root} is the tree.
ROUTES = [
    ("/files", "404", "alias {root}/;"),
    ("/list", "404,autoindex", "alias {root}/; autoindex on;"),
    ("/json", "404,autoindex", "alias {root}/; autoindex on; autoindex_format json;"),
    ("/own-index", "404,index=none.html home.html", "alias {root}/; index none.html home.html;"),
    ("/off", "404,index=off", "alias {root}/; index nothing-is-called-so;"),
    ("/spa", "404,spa=shell.html", "alias {root}/; try_files $uri $uri/ /spa/shell.html;"),
    ("/page", "404=404.html", "alias {root}/; error_page 404 /page/404.html;"),
    ("/cached", "404,expires=1h", "alias {root}/; expires 1h;"),
    ("/epoch", "404,expires=epoch", "alias {root}/; expires epoch;"),
    ("/max", "404,expires=max", "alias {root}/; expires max;"),
    ("/control", "404,cache-control=no-store", "alias {root}/; add_header Cache-Control no-store;"),
    (
        "/rules",
        '404,immutable,cache-control[*.html]=no-cache,cache-control="public, max-age=60"',
        "alias {root}/; add_header Cache-Control $rules;",
    ),
    (
        "/header",
        "404,header=X-Frame-Options: DENY,header[*.css]=X-Style: yes,nosniff",
        "alias {root}/; add_header X-Frame-Options DENY; add_header X-Content-Type-Options nosniff;",
    ),
    ("/untagged", "404,etag=off", "alias {root}/; etag off;"),
    ("/ranges-off", "404,max-ranges=0", "alias {root}/; max_ranges 0;"),
    ("/ranges-one", "404,max-ranges=1", "alias {root}/; max_ranges 1;"),
    ("/plain", "404,charset=off,default-type=text/plain", "alias {root}/; charset off; default_type text/plain;"),
    ("/typed", "404,type[*.zzz]=text/x-zzz", "alias {root}/; types {{ text/x-zzz zzz; }}"),
    ("/nolinks", "404,symlinks=never", "alias {root}/; disable_symlinks on from={root};"),
    ("/dots", "404,dotfiles=allow", "alias {root}/;"),
    ("/denied", "404,dotfiles=deny", "alias {root}/; location ~ /\\. {{ return 403; }}"),
    ("/options", "404,methods=GET HEAD OPTIONS", "alias {root}/;"),
    ("/only.txt", None, "alias {root}/digits.txt;"),
]

# These are beneath a root of their own in nginx: try_files and alias don't go together well.
TRIES = (
    "/try",
    "try=$uri $uri.html $uri/index.html =404",
    "root {base}/tries; try_files $uri $uri.html $uri/index.html =404;",
)


def options(base: Path) -> list[str]:
    """Martlet's command line for the routes."""
    root = base / "root"
    words: list[str] = []
    for prefix, route, _ in ROUTES:
        target = root / "digits.txt" if route is None else root
        words += ["--static", f"{prefix}={target}" + ("" if route is None else f",{route}")]
    return [*words, "--static", f"{TRIES[0]}={root},{TRIES[1]}"]


def nginx_locations(base: Path) -> str:
    """nginx's configuration for the routes."""
    root = base / "root"
    (base / "tries").mkdir(exist_ok=True)
    if not (base / "tries" / "try").is_symlink():
        (base / "tries" / "try").symlink_to(root)
    lines = []
    for prefix, route, directives in ROUTES:
        location = f"= {prefix}" if route is None else f"{prefix}/"
        lines.append(f"location {location} {{ {directives.format(root=root)} }}")
    lines.append(f"location {TRIES[0]}/ {{ {TRIES[2].replace('{base}', str(base))} }}")
    return "\n    ".join(lines)
