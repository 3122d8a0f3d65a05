"""Names and the ways to write them: RFC 3986; and the ways out that others have left open."""

from static_cases.case import case
from static_cases.tree import DIGITS, LONG_NAME

NAME = "RFC 3986, 2.1: decoded once"
OUT = "never outside of the root"
ALIAS = "whole segments only (lighttpd CVE-2018-19052, nginx's alias off by a slash)"


def named(name, target, body, nginx=None):
    return case(f"name-{name}", f"/files/{target}", 200, body=body, why=NAME, nginx=nginx)


def out(name, target, status=404, nginx=None):
    return case(f"out-{name}", target, status, why=OUT, nginx=nginx)


CASES = [
    named("space", "with%20space.txt", b"space"),
    named("plus", "plus+sign.txt", b"plus"),
    named("plus-escaped", "plus%2Bsign.txt", b"plus"),
    named("percent", "percent%2541.txt", b"percent"),
    named("decoded-once", "percent%41.txt", b"not this one"),
    named("question", "question%3F.txt", b"question"),
    named("hash", "hash%23.txt", b"hash"),
    named("semicolon", "semi;colon.txt", b"semicolon"),
    named("semicolon-escaped", "semi%3Bcolon.txt", b"semicolon"),
    named("colon", "co:lon.txt", b"colon"),
    named("comma", "comma,.txt", b"comma"),
    named("quote", "quote%22.txt", b"quote"),
    named("apostrophe", "ap'os.txt", b"apostrophe"),
    named("ampersand", "amp&.txt", b"ampersand"),
    named("backslash", "back%5Cslash.txt", b"backslash"),
    named("utf-8", "caf%C3%A9.txt", b"coffee"),
    named("utf-8-lower", "caf%c3%a9.txt", b"coffee"),
    named("japanese", "%E6%97%A5%E6%9C%AC.txt", b"japan"),
    named("latin-1", "latin-%E9.txt", b"latin"),
    named("tilde", "tilde~.txt", b"tilde"),
    named("escaped-letters", "%64igits%2Etxt", DIGITS),
    named("dots-inside", "dots..txt", b"trailing dots"),
    named("long", LONG_NAME, b"long"),
    case("name-too-long", "/files/" + "n" * 256, 404, why="no file system has it"),
    case("path-too-long", "/files" + "/n" * 2500, 404, why="no file system has it"),
    case("target-too-long", "/files/" + "n" * 9000, 414, why="RFC 9110, 15.5.15"),
    case("name-case", "/files/DIGITS.TXT", 404, why="RFC 3986, 6.2.2.1: paths heed case"),
    case("name-then-slash", "/files/digits.txt/", 404, why="a file is no directory"),
    case("beneath-a-file", "/files/digits.txt/x", 404, why="a file is no directory"),
    case("two-slashes", "/files//digits.txt", 200, body=DIGITS, why="ours: empty segments go, as in nginx"),
    case("two-slashes-first", "//files/digits.txt", 200, body=DIGITS, why="RFC 9112, 3.2.1: a path, not an authority"),
    case("dot", "/files/./digits.txt", 200, body=DIGITS, why="RFC 3986, 5.2.4"),
    case("dot-dot", "/files/docs/../digits.txt", 200, body=DIGITS, why="RFC 3986, 5.2.4"),
    case("dot-dot-escaped", "/files/docs/%2e%2E/digits.txt", 200, body=DIGITS, why="RFC 3986, 6.2.2.2"),
    case(
        "dot-dot-slash-escaped",
        "/files/docs%2f..%2fdigits.txt",
        200,
        body=DIGITS,
        why="ours: decoded, then normalised, as in nginx",
    ),
    out("root", "/files/../secret.txt"),
    out("above-everything", "/files/../../secret.txt", 400),
    out("escaped", "/files/%2e%2e/secret.txt"),
    out("escaped-slash", "/files/..%2fsecret.txt"),
    out("escaped-above", "/files/%2e%2e%2f%2e%2e%2fsecret.txt", 400),
    out("escaped-twice", "/files/%252e%252e/secret.txt"),
    out("backslash", "/files/..%5c..%5csecret.txt"),
    out("overlong-utf-8", "/files/%c0%ae%c0%ae/secret.txt"),
    out("absolute", "/files//etc/passwd"),
    out("parameter", "/files/..;/secret.txt"),
    out("four-dots", "/files/....//secret.txt"),
    case("alias-dots", "/files../secret.txt", 404, why=ALIAS),
    case("alias-neighbour", "/files-private/secret.txt", 404, why=ALIAS),
    case("alias-no-slash", "/filesdigits.txt", 404, why=ALIAS),
    case("nul", "/files/digits.txt%00.png", 400, why="nginx CVE-2013-4547"),
    case("newline", "/files/a%0ab", 404, why="no such name is served"),
    case("delete", "/files/a%7fb", 404, why="no such name is served"),
    case("bad-escape", "/files/%zz", 400, why="RFC 3986, 2.1"),
    case("bare-percent", "/files/100%", 400, why="RFC 3986, 2.1"),
    case(
        "fragment",
        "/files/digits.txt#x",
        400,
        why="RFC 9112, 3.2: no fragment in a target",
        nginx="200: it cuts the fragment off",
    ),
    case("encoded-dotfile", "/files/%2e%65nv", 404, why="ours: dotfiles=ignore", nginx="200, with the file"),
    case("dot-segment-of-dots", "/files/.../digits.txt", 404, why="a name like any other that begins with a dot"),
]
