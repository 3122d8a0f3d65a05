"""Listings, for people and for programs."""

import re

from static_cases.case import case
from static_cases.tree import INDEX

PAGE = {"Content-Type": re.compile("text/html; ?charset=utf-8")}
JSON = {"Content-Type": re.compile("application/json.*")}

CASES = [
    case("listing", "/list/list/", 200, fields=PAGE, why="nginx autoindex"),
    case("listing-root", "/list/", 200, fields=PAGE, why="nginx autoindex"),
    case("listing-empty", "/list/empty/", 200, fields=PAGE, why="nginx autoindex"),
    case("listing-head", "/list/list/", 200, method="HEAD", body=b"", fields=PAGE, why="RFC 9110, 9.3.2"),
    case("listing-redirect", "/list/list", 301, fields={"Location": "/list/list/"}, why="nginx autoindex"),
    case("listing-index-first", "/list/docs/", 200, body=INDEX, why="nginx index"),
    case("listing-sorted", "/list/list/?sort=size&order=desc", 200, fields=PAGE, why="ours: ?sort= and ?order="),
    case("listing-post", "/list/list/", 405, method="POST", Content_Length="0", why="RFC 9110, 15.5.6", nginx=403),
    case("listing-json", "/json/list/", 200, Accept="application/json", fields=JSON, why="nginx autoindex_format json"),
    case(
        "listing-vary",
        "/list/list/",
        200,
        fields={"Vary": "Accept"},
        why="RFC 9110, 12.5.5",
        nginx="no Vary: one format for each location",
    ),
    case(
        "listing-safe",
        "/list/list/",
        200,
        fields={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": re.compile("default-src 'none'.*")},
        why="ours: names are strangers'",
        nginx="neither",
    ),
    case("listing-hidden", "/list/.git/", 404, why="ours: dotfiles=ignore", nginx=200),
    case("listing-missing", "/list/nothing/", 404, why="RFC 9110, 15.5.5"),
    case("listing-out", "/list/../root-private/", 404, why="never outside of the root"),
]
