"""Preconditions, in their order: RFC 9110, 13. {etag} stands for the file's own tag."""

from static_cases.case import case
from static_cases.tree import DIGITS, LAST_MODIFIED

SAME = LAST_MODIFIED
BEFORE = "Sat, 05 Nov 1994 08:49:37 GMT"
AFTER = "Mon, 07 Nov 1994 08:49:37 GMT"
ORDER = "RFC 9110, 13.2.2"
EXACT = "200: if_modified_since is exact by default, RFC 9110, 13.1.3 wants a comparison"


def when(name, status, why, nginx=None, method="GET", sent=None, path="/files/digits.txt", **headers):
    body = DIGITS if status == 200 and method == "GET" else None
    return case(f"if-{name}", path, status, body=body, why=why, nginx=nginx, method=method, sent=sent, **headers)


NONE_MATCH = "RFC 9110, 13.1.2"
MATCH = "RFC 9110, 13.1.1"
MODIFIED = "RFC 9110, 13.1.3"
UNMODIFIED = "RFC 9110, 13.1.4"

CASES = [
    when("none-match-same", 304, NONE_MATCH, If_None_Match="{etag}"),
    when("none-match-weak", 304, "RFC 9110, 8.8.3.2: weak comparison", If_None_Match="W/{etag}"),
    when("none-match-star", 304, NONE_MATCH, If_None_Match="*"),
    when("none-match-list", 304, NONE_MATCH, If_None_Match='"a", {etag}, "b"'),
    when(
        "none-match-two-lines",
        304,
        "RFC 9110, 5.3",
        sent=[("If-None-Match", '"a"'), ("If-None-Match", "{etag}")],
        nginx="200: it takes one of the lines",
    ),
    when("none-match-other", 200, NONE_MATCH, If_None_Match='"other"'),
    when("none-match-unquoted", 200, "RFC 9110, 8.8.3: a tag has quotes", If_None_Match="other"),
    when("none-match-empty", 200, NONE_MATCH, If_None_Match='""'),
    when("none-match-comma-in-tag", 200, "RFC 9110, 8.8.3: a comma may be in a tag", If_None_Match='"a,b"'),
    when("match-same", 200, MATCH, If_Match="{etag}"),
    when("match-star", 200, MATCH, If_Match="*"),
    when("match-list", 200, MATCH, If_Match='"a", {etag}'),
    when("match-other", 412, MATCH, If_Match='"other"'),
    when("match-weak", 412, "RFC 9110, 13.1.1: strong comparison", If_Match="W/{etag}"),
    when("modified-same", 304, MODIFIED, If_Modified_Since=SAME),
    when("modified-after", 304, MODIFIED, If_Modified_Since=AFTER, nginx=EXACT),
    when("modified-before", 200, MODIFIED, If_Modified_Since=BEFORE),
    when("modified-rfc-850", 304, "RFC 9110, 5.6.7", If_Modified_Since="Sunday, 06-Nov-94 08:49:37 GMT"),
    when("modified-asctime", 304, "RFC 9110, 5.6.7", If_Modified_Since="Sun Nov  6 08:49:37 1994"),
    when("modified-no-date", 200, MODIFIED, If_Modified_Since="yesterday"),
    when("modified-epoch-seconds", 200, MODIFIED, If_Modified_Since="784111777"),
    when(
        "modified-two-lines",
        200,
        "RFC 9110, 13.1.3: no list",
        sent=[("If-Modified-Since", SAME), ("If-Modified-Since", SAME)],
        nginx="304: it takes one of the lines",
    ),
    when("unmodified-same", 200, UNMODIFIED, If_Unmodified_Since=SAME),
    when("unmodified-after", 200, UNMODIFIED, If_Unmodified_Since=AFTER),
    when("unmodified-before", 412, UNMODIFIED, If_Unmodified_Since=BEFORE),
    when("unmodified-no-date", 200, UNMODIFIED, If_Unmodified_Since="never", nginx=412),
    when("none-match-outranks-date", 200, ORDER, If_None_Match='"other"', If_Modified_Since=SAME),
    when(
        "none-match-same-old-date",
        304,
        ORDER,
        If_None_Match="{etag}",
        If_Modified_Since=BEFORE,
        nginx="200: both must hold",
    ),
    when("match-outranks-date", 200, ORDER, If_Match="{etag}", If_Unmodified_Since=BEFORE, nginx="412: both must hold"),
    when("match-before-none-match", 412, ORDER, If_Match='"other"', If_None_Match="{etag}"),
    when("match-then-none-match", 304, ORDER, If_Match="{etag}", If_None_Match="{etag}"),
    when("unmodified-then-modified", 304, ORDER, If_Unmodified_Since=SAME, If_Modified_Since=SAME),
    when("head-none-match", 304, NONE_MATCH, method="HEAD", If_None_Match="{etag}"),
    when("head-match-other", 412, MATCH, method="HEAD", If_Match='"other"'),
    when(
        "untagged-none-match",
        200,
        "ours: without a tag nothing matches",
        path="/untagged/digits.txt",
        If_None_Match='"x"',
    ),
    when("untagged-date", 304, MODIFIED, path="/untagged/digits.txt", If_Modified_Since=SAME),
    when("missing", 404, "RFC 9110, 13.2.1", path="/files/nothing", If_None_Match="*"),
    case(
        "not-modified-fields",
        "/control/digits.txt",
        304,
        If_Modified_Since=SAME,
        body=b"",
        fields={"Cache-Control": "no-store", "Last-Modified": SAME, "Content-Type": None, "Content-Length": None},
        why="RFC 9110, 15.4.5",
    ),
    case(
        "not-modified-expires",
        "/cached/digits.txt",
        304,
        If_Modified_Since=SAME,
        fields={"Cache-Control": "max-age=3600"},
        why="RFC 9110, 15.4.5",
    ),
    case(
        "not-modified-tag",
        "/files/digits.txt",
        304,
        If_None_Match="*",
        fields={"ETag": "{etag}"},
        why="RFC 9110, 15.4.5",
    ),
]
