"""Directories, their index files, and the redirects to them."""

from static_cases.case import case
from static_cases.tree import INDEX

OPEN = "no redirect leads to another host"
SLASH = "relative links need the slash"
RELATIVE = "ours: Location is a path (RFC 9110, 10.2.2), whatever proxies are in front"


def redirect(name, target, location, why=SLASH, nginx=None):
    return case(f"redirect-{name}", target, 301, fields={"Location": location}, why=why, nginx=nginx)


CASES = [
    case(
        "index", "/files/docs/", 200, body=INDEX, fields={"Content-Type": "text/html; charset=utf-8"}, why="nginx index"
    ),
    case("index-link", "/files/link-folder/", 200, body=INDEX, why="ours: links beneath the root are followed"),
    case("index-dot", "/files/docs/.", 200, body=INDEX, why="RFC 3986, 5.2.4"),
    case("index-encoded-slash", "/files/docs%2F", 200, body=INDEX, why="%2F is a slash, as in nginx"),
    case("index-up", "/files/docs/deep/..", 200, body=INDEX, why="RFC 3986, 5.2.4"),
    case("index-space", "/files/dir%20with%20space/", 200, body=INDEX, why="nginx index"),
    case("index-own", "/own-index/home/", 200, body=INDEX, why="nginx index: the first that is there"),
    case("index-not-this", "/own-index/docs/", 404, why="ours: without a listing there is nothing", nginx=403),
    case("index-off", "/off/docs/", 404, why="ours: index=off", nginx=403),
    case("no-index", "/files/bare/", 404, why="ours: without a listing there is nothing", nginx=403),
    case("no-index-no-slash", "/files/bare", 404, why="ours: no redirect to what is not there", nginx=301),
    case("no-index-root", "/files/", 404, why="ours: without a listing there is nothing", nginx=403),
    case("prefix-alone", "/files", 404, why="ours: no redirect to what is not there"),
    redirect("plain", "/files/docs", "/files/docs/", why=RELATIVE),
    redirect("query", "/files/docs?a=b&c", "/files/docs/?a=b&c"),
    redirect("space", "/files/dir%20with%20space", "/files/dir%20with%20space/"),
    redirect("link", "/files/link-folder", "/files/link-folder/"),
    redirect("two-slashes", "//files//docs", "/files/docs/", why=OPEN),
    redirect("host-in-path", "//evil.example/..//files/docs", "/files/docs/", why=OPEN),
    redirect("dot-segments", "/files/x/../docs", "/files/docs/", why=OPEN),
    redirect("absolute-form", "http://evil.example/files/docs", "/files/docs/", why=OPEN),
    case(
        "index-head",
        "/files/docs/",
        200,
        method="HEAD",
        body=b"",
        fields={"Content-Length": str(len(INDEX))},
        why="RFC 9110, 9.3.2",
    ),
    case(
        "index-conditions",
        "/files/docs/",
        304,
        If_Modified_Since="Sun, 06 Nov 1994 08:49:37 GMT",
        why="RFC 9110, 13.1.3",
    ),
    case("index-range", "/files/docs/", 206, Range="bytes=0-1", body=INDEX[:2], why="RFC 9110, 14.2"),
    case("empty-directory", "/files/empty/", 404, why="ours: without a listing there is nothing", nginx=403),
    case("directory-as-file", "/files/docs/index.html/", 404, why="a file is no directory"),
]
