"""Ranges: RFC 9110, 14. A multipart body is compared part by part, whatever its boundary."""

import re

from static_cases.case import case
from static_cases.tree import DIGITS, LAST_MODIFIED

PART = "RFC 9110, 14.1.2, 15.3.7"
NONE = "RFC 9110, 14.2: what is not of the grammar is ignored"
MANY = "RFC 9110, 15.3.7.2"
JOINED = "RFC 9110, 15.3.7.2: what overlaps may be joined"


def part(name, value, first, last, why=PART, nginx=None, **headers):
    return case(
        f"range-{name}",
        "/files/digits.txt",
        206,
        Range=value,
        body=DIGITS[first : last + 1],
        fields={
            "Content-Range": f"bytes {first}-{last}/100",
            "Content-Length": str(last - first + 1),
            "Content-Type": "text/plain; charset=utf-8",
        },
        why=why,
        nginx=nginx,
        **headers,
    )


def parts(name, value, *ranges, why=MANY, nginx=None, path="/files/digits.txt"):
    body = b"".join(
        b"\r\n--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes %d-%d/100\r\n\r\n%b"
        % (a, b, DIGITS[a : b + 1])
        for a, b in ranges
    )
    return case(
        f"ranges-{name}",
        path,
        206,
        Range=value,
        body=body + b"\r\n--B--\r\n",
        fields={"Content-Type": re.compile("multipart/byteranges; boundary=[0-9a-f]+"), "Content-Range": None},
        why=why,
        nginx=nginx,
    )


def whole(name, value, why=NONE, nginx=None, path="/files/digits.txt", **headers):
    return case(
        f"range-{name}",
        path,
        200,
        Range=value,
        body=DIGITS,
        fields={"Content-Range": None},
        why=why,
        nginx=nginx,
        **headers,
    )


def beyond(name, value, nginx=None):
    return case(
        f"range-{name}",
        "/files/digits.txt",
        416,
        Range=value,
        fields={"Content-Range": "bytes */100"},
        why="RFC 9110, 15.5.17",
        nginx=nginx,
    )


CASES = [
    part("first", "bytes=0-4", 0, 4),
    part("one-byte", "bytes=0-0", 0, 0),
    part("middle", "bytes=40-49", 40, 49),
    part("open", "bytes=90-", 90, 99),
    part("last-byte", "bytes=99-", 99, 99),
    part("suffix", "bytes=-5", 95, 99),
    part("suffix-whole", "bytes=-100", 0, 99),
    part("suffix-longer", "bytes=-1000", 0, 99, why="RFC 9110, 14.1.3"),
    part("beyond-end", "bytes=90-1000", 90, 99, why="RFC 9110, 14.1.2"),
    part("all", "bytes=0-99", 0, 99),
    part("from-zero", "bytes=0-", 0, 99),
    part("unit-case", "Bytes=10-19", 10, 19, why="RFC 9110, 14.1: units heed no case"),
    part("leading-zeros", "bytes=0010-0019", 10, 19),
    part("huge-last", "bytes=0-9223372036854775807", 0, 99),
    part(
        "beyond-64-bits",
        "bytes=5-99999999999999999999999",
        5,
        99,
        why="1*DIGIT has no bound (nginx CVE-2017-7529)",
        nginx=416,
    ),
    part(
        "suffix-beyond-64-bits",
        "bytes=-99999999999999999999999",
        0,
        99,
        why="1*DIGIT has no bound (nginx CVE-2017-7529)",
        nginx=416,
    ),
    part("empty-element", "bytes=0-4,", 0, 4, why="RFC 9110, 5.6.1.2: empty elements are passed over", nginx=416),
    part("one-of-two-beyond", "bytes=200-,0-4", 0, 4, why="RFC 9110, 14.1.2: the satisfiable ones count"),
    beyond("from-end", "bytes=100-"),
    beyond("after-end", "bytes=100-200"),
    beyond("suffix-zero", "bytes=-0"),
    beyond("two-beyond", "bytes=100-,200-300"),
    beyond("from-beyond-64-bits", "bytes=99999999999999999999999-"),
    whole("backwards", "bytes=5-2", why="RFC 9110, 14.1.1: invalid (Vapor CVE-2022-31005)", nginx=416),
    whole("no-numbers", "bytes=-", nginx=416),
    whole("nothing", "bytes="),
    whole("letters", "bytes=a-b", nginx=416),
    whole("plus", "bytes=+1-2", nginx=416),
    whole("trailing", "bytes=1-2x", nginx=416),
    whole("three-numbers", "bytes=1-2-3", nginx=416),
    whole("no-dash", "bytes=5", nginx=416),
    whole("hexadecimal", "bytes=0x0-0x4", nginx=416),
    whole("other-unit", "items=0-4", why="RFC 9110, 14.2: an unknown unit is ignored"),
    whole("no-unit", "0-4", why="RFC 9110, 14.2"),
    whole("space-for-equals", "bytes 0-4", why="RFC 9110, 14.2"),
    whole(
        "space-inside",
        "bytes=0 -4",
        why="RFC 9110, 14.1.1: no white space in a range",
        nginx="206: it passes over white space",
    ),
    whole(
        "one-invalid-of-two",
        "bytes=0-4,9-5",
        why="RFC 9110, 14.1.1: the set is invalid",
        nginx="206 with what came before the invalid one",
    ),
    parts("two", "bytes=0-4,10-14", (0, 4), (10, 14)),
    parts("three", "bytes=0-0,50-50,99-99", (0, 0), (50, 50), (99, 99)),
    parts("suffix", "bytes=0-4,-5", (0, 4), (95, 99)),
    parts("in-their-order", "bytes=50-54,0-4", (50, 54), (0, 4), why="RFC 9110, 15.3.7.2: the order of the request"),
    parts("white-space", "bytes=0-4 , 10-14", (0, 4), (10, 14), why="RFC 9110, 5.6.1"),
    parts("one-beyond", "bytes=0-4,200-300,10-14", (0, 4), (10, 14), why="RFC 9110, 14.1.2"),
    parts(
        "one-overlap", "bytes=0-4,3-9,50-54", (0, 9), (50, 54), why=JOINED, nginx="three parts, two of which overlap"
    ),
    part("overlapping", "bytes=0-9,5-14", 0, 14, why=JOINED, nginx="multipart, with both"),
    part("touching", "bytes=0-4,5-9", 0, 9, why=JOINED, nginx="multipart, with both"),
    part(
        "the-same-often",
        "bytes=" + ",".join(["0-"] * 30),
        0,
        99,
        why="Apache CVE-2011-3192: joined",
        nginx="200: together longer than the file",
    ),
    whole(
        "too-many",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 80, 2)),
        why="RFC 9110, 17.15: max-ranges is 32",
        nginx="206 with all of them: no bound by default",
    ),
    whole("off", "bytes=0-4", path="/ranges-off/digits.txt", why="nginx max_ranges 0"),
    case(
        "range-off-field",
        "/ranges-off/digits.txt",
        200,
        fields={"Accept-Ranges": "none"},
        why="RFC 9110, 14.3",
        nginx="no Accept-Ranges",
    ),
    whole("one-allowed", "bytes=0-4,10-14", path="/ranges-one/digits.txt", why="nginx max_ranges 1"),
    case(
        "range-one-of-one", "/ranges-one/digits.txt", 206, Range="bytes=0-4", body=DIGITS[:5], why="nginx max_ranges 1"
    ),
    case(
        "range-two-lines",
        "/files/digits.txt",
        200,
        sent=[("Range", "bytes=0-4"), ("Range", "bytes=10-14")],
        body=DIGITS,
        why="RFC 9110, 5.3: no list, so ignored",
        nginx="206 by one of the lines",
    ),
    case(
        "range-empty-file",
        "/files/empty.txt",
        416,
        Range="bytes=0-",
        fields={"Content-Range": "bytes */0"},
        why="RFC 9110, 14.1.2",
        nginx=200,
    ),
    case(
        "range-empty-file-suffix",
        "/files/empty.txt",
        200,
        Range="bytes=-5",
        body=b"",
        why="RFC 9110, 14.1.2: all of it, which is nothing",
    ),
    case(
        "range-head",
        "/files/digits.txt",
        200,
        method="HEAD",
        Range="bytes=0-4",
        fields={"Content-Length": "100", "Content-Range": None},
        why="RFC 9110, 14.2: for GET alone",
        nginx=206,
    ),
    case("range-missing", "/files/nothing", 404, Range="bytes=0-4", why="RFC 9110, 14.2"),
    part("if-range-tag", "bytes=0-4", 0, 4, If_Range="{etag}", why="RFC 9110, 13.1.5"),
    part("if-range-date", "bytes=0-4", 0, 4, If_Range=LAST_MODIFIED, why="RFC 9110, 13.1.5"),
    whole("if-range-other-tag", "bytes=0-4", If_Range='"other"', why="RFC 9110, 13.1.5"),
    whole("if-range-weak-tag", "bytes=0-4", If_Range="W/{etag}", why="RFC 9110, 13.1.5: strong comparison"),
    whole(
        "if-range-older-date",
        "bytes=0-4",
        If_Range="Sat, 05 Nov 1994 08:49:37 GMT",
        why="RFC 9110, 13.1.5: an exact match",
    ),
    whole(
        "if-range-newer-date",
        "bytes=0-4",
        If_Range="Mon, 07 Nov 1994 08:49:37 GMT",
        why="RFC 9110, 13.1.5: an exact match",
    ),
    whole("if-range-nonsense", "bytes=0-4", If_Range="nonsense", why="RFC 9110, 13.1.5"),
    whole("if-range-beyond", "bytes=200-", If_Range='"other"', why="RFC 9110, 13.2.2: If-Range before the range"),
    case(
        "range-after-conditions",
        "/files/digits.txt",
        304,
        Range="bytes=0-4",
        If_None_Match="{etag}",
        why="RFC 9110, 13.2.2",
    ),
    case("range-after-match", "/files/digits.txt", 412, Range="bytes=0-4", If_Match='"other"', why="RFC 9110, 13.2.2"),
    case(
        "range-with-fields",
        "/control/digits.txt",
        206,
        Range="bytes=0-4",
        fields={"Cache-Control": "no-store", "Last-Modified": LAST_MODIFIED, "ETag": "{etag}"},
        why="RFC 9110, 15.3.7",
    ),
]
