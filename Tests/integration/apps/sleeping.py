"""An application that waits with the GIL released: `/?ms=50`, as one that asks a database does."""

import time
from urllib.parse import parse_qs


def application(environ, start_response):
    wanted = parse_qs(environ["QUERY_STRING"]).get("ms", ["50"])[0]
    time.sleep(int(wanted) / 1000)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"awake\n"]
