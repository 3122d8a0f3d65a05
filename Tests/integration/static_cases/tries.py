"""`try`, and applications of one page."""

from static_cases.case import case
from static_cases.tree import DIGITS, FILES, INDEX, PAGE, SHELL

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SPA = "ours: spa is for navigations"
EVERYTHING = "200 with the page: its try_files asks nobody what is wanted"


def tried(name, target, status, body=None, nginx=None, **headers):
    return case(f"try-{name}", target, status, body=body, why="nginx try_files", nginx=nginx, **headers)


def spa(name, target, status, body=None, nginx=None, **headers):
    return case(f"spa-{name}", target, status, body=body, why=SPA, nginx=nginx, **headers)


CASES = [
    tried("file", "/try/digits.txt", 200, DIGITS),
    tried("html", "/try/about", 200, PAGE),
    tried("file-first", "/try/both", 200, FILES["both"]),
    tried("index", "/try/docs", 200, INDEX),
    tried("index-slash", "/try/docs/", 200, INDEX),
    tried("html-beneath", "/try/docs/page", 200, PAGE),
    tried("html-slash", "/try/about/", 404),
    tried("nothing", "/try/nothing", 404),
    tried("directory", "/try/bare", 404),
    tried("condition", "/try/about", 304, If_Modified_Since="Sun, 06 Nov 1994 08:49:37 GMT"),
    tried("range", "/try/about", 206, PAGE[:5], Range="bytes=0-4"),
    tried("dotfile", "/try/.env", 404, nginx="200, with the file"),
    tried("out", "/try/../secret", 404),
    tried("post", "/try/about", 405, method="POST", Content_Length="0"),
    spa("deep-link", "/spa/orders/7", 200, SHELL, Accept=HTML),
    spa("deep-link-file-name", "/spa/orders/7.3", 200, SHELL, Accept=HTML),
    spa("navigation", "/spa/orders/7", 200, SHELL, Sec_Fetch_Mode="navigate", Accept="*/*"),
    spa("root", "/spa/", 200, SHELL, Accept=HTML, nginx=403),
    spa("file", "/spa/digits.txt", 200, DIGITS, Accept=HTML),
    spa("directory", "/spa/docs/", 200, INDEX, Accept=HTML),
    spa("head", "/spa/orders/7", 200, b"", method="HEAD", Accept=HTML),
    spa("condition", "/spa/orders/7", 304, Accept=HTML, If_Modified_Since="Sun, 06 Nov 1994 08:49:37 GMT"),
    spa("script", "/spa/missing.js", 404, Accept="*/*", nginx=EVERYTHING),
    spa("script-of-a-browser", "/spa/missing.js", 404, Sec_Fetch_Mode="no-cors", Accept="*/*", nginx=EVERYTHING),
    spa("fetch", "/spa/api/orders", 404, Sec_Fetch_Mode="cors", Accept=HTML, nginx=EVERYTHING),
    spa("json", "/spa/api/orders", 404, Accept="application/json", nginx=EVERYTHING),
    spa("no-accept", "/spa/orders/7", 404, nginx=EVERYTHING),
    spa("html-unwanted", "/spa/orders/7", 404, Accept="text/html;q=0, */*", nginx=EVERYTHING),
    spa("post", "/spa/orders/7", 404, method="POST", Content_Length="0", Accept=HTML, nginx=405),
    case(
        "spa-vary",
        "/spa/orders/7",
        200,
        Accept=HTML,
        fields={"Vary": "Accept, Sec-Fetch-Mode"},
        why="RFC 9110, 12.5.5: the answer turns on them",
        nginx="no Vary: its answer turns on nothing",
    ),
    case(
        "spa-vary-missing",
        "/spa/missing.js",
        404,
        Accept="*/*",
        fields={"Vary": "Accept, Sec-Fetch-Mode"},
        why="RFC 9110, 12.5.5: a cache must not keep it for a navigation",
        nginx=EVERYTHING,
    ),
]
