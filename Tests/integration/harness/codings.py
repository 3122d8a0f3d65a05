"""What a client makes of coded content: decoders by the name of their coding."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

from harness.client import Response

CODINGS = ("br", "zstd", "gzip")


def decoder(coding: str) -> Callable[[bytes], bytes]:
    """A function that takes what has come and gives all that can be decoded of it."""
    if coding == "br":
        return brotli.Decompressor().process
    if coding == "zstd":
        # As browsers do, with at most 8 MiB for the window (RFC 9659).
        return zstandard.ZstdDecompressor(max_window_size=8 << 20).decompressobj().decompress
    return zlib.decompressobj(wbits=31).decompress


def decode(coding: str, content: bytes) -> bytes:
    """The decoded form of content that must be whole, and have nothing behind its end."""
    if coding == "br":
        return brotli.decompress(content)
    if coding == "zstd":
        stream = zstandard.ZstdDecompressor(max_window_size=8 << 20).decompressobj()
        decoded = stream.decompress(content)
        assert stream.eof
        assert not stream.unused_data
        return decoded
    stream = zlib.decompressobj(wbits=31)
    decoded = stream.decompress(content)
    assert stream.eof
    assert not stream.unused_data
    return decoded


def decoded(response: Response) -> bytes:
    """The content of a response without its coding, if it has one."""
    coding = response.header("Content-Encoding")
    return response.body if coding is None else decode(coding, response.body)


def tokens(response: Response, name: str = "Vary") -> list[str]:
    """The elements of a list field, in lower case."""
    return [part.strip().lower() for value in response.all(name) for part in value.split(",")]
