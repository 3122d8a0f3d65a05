"""Fields that a route adds, and how long its files may be kept."""

import re

from static_cases.case import case

EXPIRES = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
HOUR = {"Cache-Control": "max-age=3600", "Expires": EXPIRES}
RULES = "ours: a pattern outranks a hash in the name, and that what is for all"
IMMUTABLE = "RFC 8246"

CASES = [
    case("expires-hour", "/cached/digits.txt", 200, fields=HOUR, why="nginx expires"),
    case("expires-index", "/cached/docs/", 200, fields=HOUR, why="nginx expires"),
    case("expires-range", "/cached/digits.txt", 206, Range="bytes=0-1", fields=HOUR, why="nginx expires"),
    case(
        "expires-missing", "/cached/nothing", 404, fields={"Expires": None, "Cache-Control": None}, why="nginx expires"
    ),
    case(
        "expires-epoch",
        "/epoch/digits.txt",
        200,
        fields={"Expires": "Thu, 01 Jan 1970 00:00:01 GMT", "Cache-Control": "no-cache"},
        why="nginx expires",
    ),
    case(
        "expires-max",
        "/max/digits.txt",
        200,
        fields={"Cache-Control": "max-age=315360000", "Expires": EXPIRES},
        why="nginx expires",
    ),
    case("no-expires", "/files/digits.txt", 200, fields={"Expires": None, "Cache-Control": None}, why="nginx expires"),
    case("control", "/control/digits.txt", 200, fields={"Cache-Control": "no-store"}, why="nginx add_header"),
    case("control-missing", "/control/nothing", 404, fields={"Cache-Control": None}, why="nginx add_header"),
    case(
        "control-failed",
        "/control/digits.txt",
        412,
        If_Match='"x"',
        fields={"Cache-Control": None},
        why="nginx add_header",
    ),
    case(
        "control-beyond",
        "/control/digits.txt",
        416,
        Range="bytes=100-",
        fields={"Cache-Control": None},
        why="nginx add_header",
        nginx="sends it: its ranges are looked at after its fields",
    ),
    case("rules-html", "/rules/page.html", 200, fields={"Cache-Control": "no-cache"}, why=RULES),
    case(
        "rules-hash",
        "/rules/app.3f2a91bc.js",
        200,
        fields={"Cache-Control": "public, max-age=31536000, immutable"},
        why=IMMUTABLE,
    ),
    case("rules-other", "/rules/style.css", 200, fields={"Cache-Control": "public, max-age=60"}, why=RULES),
    case("rules-index", "/rules/docs/", 200, fields={"Cache-Control": "no-cache"}, why=RULES),
    case(
        "header", "/header/digits.txt", 200, fields={"X-Frame-Options": "DENY", "X-Style": None}, why="nginx add_header"
    ),
    case(
        "header-pattern",
        "/header/style.css",
        200,
        fields={"X-Style": "yes"},
        why="ours: header[PATTERN]",
        nginx="not there: it takes a location of its own",
    ),
    case(
        "header-not-modified",
        "/header/digits.txt",
        304,
        If_None_Match="*",
        fields={"X-Frame-Options": "DENY"},
        why="nginx add_header",
    ),
    case(
        "header-partial",
        "/header/digits.txt",
        206,
        Range="bytes=0-1",
        fields={"X-Frame-Options": "DENY"},
        why="nginx add_header",
    ),
    case("header-missing", "/header/nothing", 404, fields={"X-Frame-Options": None}, why="nginx add_header"),
    case("nosniff", "/header/digits.txt", 200, fields={"X-Content-Type-Options": "nosniff"}, why="ours: nosniff"),
    case("nosniff-redirect", "/header/docs", 301, fields={"X-Content-Type-Options": "nosniff"}, why="ours: nosniff"),
    case(
        "nosniff-not-modified",
        "/header/digits.txt",
        304,
        If_None_Match="*",
        fields={"X-Content-Type-Options": "nosniff"},
        why="ours: nosniff, as any field of the route",
    ),
    case(
        "nosniff-missing",
        "/header/nothing",
        404,
        fields={"X-Content-Type-Options": "nosniff"},
        why="ours: nosniff is for what a path chooses, 404 too",
        nginx="not on errors, without always",
    ),
    case(
        "no-nosniff",
        "/files/digits.txt",
        200,
        fields={"X-Content-Type-Options": None},
        why="ours: nosniff is an option",
    ),
    case("header-redirect", "/header/docs", 301, fields={"X-Frame-Options": "DENY"}, why="nginx add_header"),
    case("expires-redirect", "/cached/docs", 301, fields={"Cache-Control": "max-age=3600"}, why="nginx expires"),
]
