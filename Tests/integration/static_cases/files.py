"""What a file comes with."""

import re

from static_cases.case import case
from static_cases.tree import DIGITS, FILES, LAST_MODIFIED

TAG = re.compile(r'"[\x21\x23-\x7e]+"')
REGISTERED = "the registered type; text says its charset (ours: UTF-8)"


def typed(name, type, nginx=None):
    return case(f"type-{name}", f"/files/{name}", 200, fields={"Content-Type": type}, why=REGISTERED, nginx=nginx)


CASES = [
    case(
        "file",
        "/files/digits.txt",
        200,
        body=DIGITS,
        fields={
            "Content-Length": "100",
            "Last-Modified": LAST_MODIFIED,
            "ETag": TAG,
            "Accept-Ranges": "bytes",
            "Transfer-Encoding": None,
            "Content-Encoding": None,
            "Vary": None,
        },
        why="RFC 9110, 8.6, 8.8, 14.3",
    ),
    case("empty", "/files/empty.txt", 200, body=b"", fields={"Content-Length": "0", "ETag": TAG}, why="RFC 9110, 8.6"),
    case("query", "/files/digits.txt?v=1&x=%00", 200, body=DIGITS, why="RFC 3986, 3.4: no part of the file's name"),
    case("absolute-form", "http://files/files/digits.txt", 200, body=DIGITS, why="RFC 9112, 3.2.2"),
    case(
        "single-file",
        "/only.txt",
        200,
        body=DIGITS,
        fields={"Content-Type": "text/plain; charset=utf-8"},
        why="ours: a route for one file",
    ),
    case("single-file-query", "/only.txt?x", 200, body=DIGITS, why="ours: a route for one file"),
    case("single-file-slash", "/only.txt/", 404, why="ours: a route for one file"),
    case("single-file-beneath", "/only.txt/x", 404, why="ours: a route for one file"),
    typed("page.html", "text/html; charset=utf-8"),
    typed("style.css", "text/css; charset=utf-8"),
    typed("script.js", "text/javascript; charset=utf-8", nginx="application/javascript, obsolete since RFC 9239"),
    typed("module.mjs", "text/javascript; charset=utf-8", nginx="application/octet-stream: not in its table"),
    typed("data.json", "application/json"),
    typed(
        "feed.xml",
        "application/xml",
        nginx="text/xml; charset=utf-8: RFC 7303 lets either be, and the file says its coding",
    ),
    typed("picture.svg", "image/svg+xml"),
    typed("picture.png", "image/png"),
    typed("film.mp4", "video/mp4"),
    typed("font.woff2", "font/woff2"),
    typed("program.wasm", "application/wasm"),
    typed("model.glb", "model/gltf-binary", nginx="application/octet-stream: not in its table"),
    typed("README", "application/octet-stream"),
    typed("unknown.zzz", "application/octet-stream"),
    typed("UPPER.CSS", "text/css; charset=utf-8"),
    typed("archive.tar.gz", "application/gzip", nginx="application/octet-stream: not in its table"),
    case("default-type", "/plain/README", 200, fields={"Content-Type": "text/plain"}, why="nginx default_type"),
    case("charset-off", "/plain/page.html", 200, fields={"Content-Type": "text/html"}, why="nginx charset off"),
    case(
        "own-type",
        "/typed/unknown.zzz",
        200,
        fields={"Content-Type": "text/x-zzz"},
        why="ours: a type is sent as it was given",
    ),
    case(
        "own-type-adds",
        "/typed/page.html",
        200,
        fields={"Content-Type": "text/html; charset=utf-8"},
        why="ours: types are added to the table",
        nginx="application/octet-stream: its types replace the whole table",
    ),
    case("fifo", "/files/fifo", 404, why="nothing that could make the server wait is opened"),
    case("socket", "/files/socket", 404, why="no regular file", nginx=500),
    case("link", "/files/link.txt", 200, body=DIGITS, why="ours: links beneath the root are followed"),
    case("link-folder", "/files/link-folder/page.html", 200, why="ours: links beneath the root are followed"),
    case("link-out", "/files/link-out.txt", 404, why="ours: nothing outside of the root", nginx="200, with the secret"),
    case("link-dangling", "/files/link-dangling.txt", 404, why="RFC 9110, 15.5.5"),
    case("link-loop", "/files/link-loop.txt", 404, why="RFC 9110, 15.5.5", nginx=403),
    case("no-links", "/nolinks/link.txt", 404, why="ours: as if not there", nginx=403),
    case(
        "no-links-folder",
        "/nolinks/link-folder/page.html",
        404,
        why="ours: as if not there",
    ),
    case("no-links-file", "/nolinks/digits.txt", 200, body=DIGITS, why="ours: symlinks=never"),
    *(
        case(f"dotfile-{number}", f"/files{path}", 404, why="ours: dotfiles=ignore", nginx="200, with the file")
        for number, path in enumerate(("/.env", "/.git/config", "/docs/.hidden.txt", "/%2eenv"))
    ),
    case("dotfile-well-known", "/files/.well-known/security.txt", 200, body=b"contact", why="RFC 8615"),
    case("dotfile-two-dots", "/files/..dots.txt", 404, why="ours: dotfiles=ignore", nginx="200, with the file"),
    case("dotfiles-allowed", "/dots/.env", 200, body=FILES[".env"], why="ours: dotfiles=allow"),
    case("dotfiles-denied", "/denied/.env", 403, why="ours: dotfiles=deny"),
    case("missing", "/files/nothing.txt", 404, why="RFC 9110, 15.5.5"),
    case(
        "missing-page",
        "/page/nothing",
        404,
        body=FILES["404.html"],
        fields={"Content-Type": "text/html; charset=utf-8"},
        why="nginx error_page",
    ),
    case(
        "missing-page-no-tag",
        "/page/nothing",
        404,
        fields={"ETag": None, "Accept-Ranges": None},
        why="the page is not the resource (RFC 9110, 8.8)",
        nginx="sends the page's own ETag",
    ),
    case(
        "missing-page-range",
        "/page/nothing",
        404,
        Range="bytes=0-1",
        body=FILES["404.html"],
        why="RFC 9110, 14.2: only for 200",
    ),
    case(
        "missing-page-condition",
        "/page/nothing",
        404,
        If_None_Match="*",
        why="RFC 9110, 13.2.1: only for what would be 2xx",
    ),
    case(
        "untagged",
        "/untagged/digits.txt",
        200,
        fields={"ETag": None, "Last-Modified": LAST_MODIFIED},
        why="nginx etag off",
    ),
]
