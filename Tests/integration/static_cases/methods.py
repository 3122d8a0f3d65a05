"""Which methods a file has: RFC 9110, 9 and 15.5.6."""

from static_cases.case import case

ALLOWED = {"Allow": "GET, HEAD"}
NO_ALLOW = "405 without the Allow that RFC 9110, 15.5.6 requires"
WHY = "RFC 9110, 15.5.6, 10.2.1"

CASES = [
    case(
        "head",
        "/files/digits.txt",
        200,
        method="HEAD",
        body=b"",
        fields={"Content-Length": "100", "Content-Type": "text/plain; charset=utf-8", "Accept-Ranges": "bytes"},
        why="RFC 9110, 9.3.2",
    ),
    case("head-missing", "/files/nothing", 404, method="HEAD", body=b"", why="RFC 9110, 9.3.2"),
    case(
        "head-empty",
        "/files/empty.txt",
        200,
        method="HEAD",
        body=b"",
        fields={"Content-Length": "0"},
        why="RFC 9110, 9.3.2",
    ),
    case("head-directory", "/files/docs", 301, method="HEAD", body=b"", why="RFC 9110, 9.3.2"),
    case(
        "head-not-modified",
        "/files/digits.txt",
        304,
        method="HEAD",
        If_Modified_Since="Sun, 06 Nov 1994 08:49:37 GMT",
        why="RFC 9110, 13.1.3",
    ),
    *(
        case(
            f"method-{method.lower()}", "/files/digits.txt", 405, method=method, fields=ALLOWED, why=WHY, nginx=NO_ALLOW
        )
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND")
    ),
    case(
        "method-post",
        "/files/digits.txt",
        405,
        method="POST",
        Content_Length="0",
        fields=ALLOWED,
        why=WHY,
        nginx=NO_ALLOW,
    ),
    case("method-trace", "/files/digits.txt", 405, method="TRACE", fields=ALLOWED, why=WHY, nginx=NO_ALLOW),
    case("method-unknown", "/files/digits.txt", 405, method="BREW", fields=ALLOWED, why=WHY, nginx=NO_ALLOW),
    case(
        "method-lower-case",
        "/files/digits.txt",
        405,
        method="get",
        fields=ALLOWED,
        why="RFC 9110, 9.1: methods heed case",
        nginx=400,
    ),
    case("post-missing", "/files/nothing", 404, method="POST", Content_Length="0", why="RFC 9110, 15.5.5"),
    case(
        "post-directory",
        "/files/docs/",
        405,
        method="POST",
        Content_Length="0",
        fields=ALLOWED,
        why=WHY,
        nginx=NO_ALLOW,
    ),
    case(
        "options-answered",
        "/options/digits.txt",
        204,
        method="OPTIONS",
        fields={"Allow": "GET, HEAD, OPTIONS", "Content-Length": None},
        why="RFC 9110, 9.3.7; ours: methods=GET HEAD OPTIONS",
        nginx=405,
    ),
    case(
        "options-post",
        "/options/digits.txt",
        405,
        method="POST",
        Content_Length="0",
        fields={"Allow": "GET, HEAD, OPTIONS"},
        why=WHY,
        nginx=NO_ALLOW,
    ),
]
