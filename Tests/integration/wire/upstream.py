"""What stands behind nginx: answers each forwarded request with what it was, as `seen.py` does.

nginx speaks HTTP/1.0 to it, one request a connection, and has taken the framing off: there is always a
`Content-Length` where there is a body. So this need not, and must not, judge anything itself.
"""

from __future__ import annotations

import asyncio
import json
import sys
from urllib.parse import unquote

from seen import show


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = line.split(" ", 2)
    fields: dict[str, str] = {}
    for each in lines:
        name, _, value = each.partition(":")
        fields[name.upper().replace("-", "_")] = show(value.strip(" \t").encode("latin-1"))
    body = await reader.readexactly(int(fields.get("CONTENT_LENGTH", "0")))
    path, _, query = target.partition("?")
    target = unquote(path, "latin-1") + ("?" + query if query else "")
    seen = json.dumps({"method": method, "target": target, "body": show(body), "fields": fields})
    writer.write(f"HTTP/1.0 200 OK\r\nX-Seen: {seen}\r\nContent-Length: 0\r\n\r\n".encode())
    await writer.drain()
    writer.close()


async def main(path: str) -> None:
    server = await asyncio.start_unix_server(answer, path, limit=1 << 20, backlog=512)
    print("Listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
