"""Takes as much memory for a moment as it is asked for."""

from urllib.parse import parse_qs


def application(environ, start_response):
    mebibytes = int(parse_qs(environ["QUERY_STRING"]).get("mib", ["0"])[0])
    taken = bytearray(mebibytes << 20)
    del taken
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fed\n"]
