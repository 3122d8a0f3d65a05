"""A real browser: sound is played with seeking, an application of one page opened at a deep link, a listing shown."""

from __future__ import annotations

import os
import shutil
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness import Runtime, Server
from harness.interpreters import environments

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium (Debian: apt-get install chromium)")

PLAYER = """<!DOCTYPE html><title>player</title>
<audio id="sound" src="/files/sound.wav" preload="metadata" muted></audio>
<script>
const sound = document.getElementById("sound");
const say = (what) => fetch("/files/said-" + what);
const seek = () => { say("length-" + sound.duration); sound.currentTime = 580; };
sound.addEventListener("loadedmetadata", seek, {once: true});
sound.addEventListener("seeked", () => { say("at-" + sound.currentTime); sound.play(); }, {once: true});
sound.addEventListener("ended", () => say("ended"));
sound.addEventListener("error", () => say("error-" + sound.error.code));
setTimeout(() => say("late"), 30000);
</script>"""

SHELL = """<!DOCTYPE html><title>shell</title><main id="main"></main><script src="/app.js"></script>"""
SCRIPT = """document.getElementById("main").textContent = "route " + location.pathname;"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("browsed")
    (root / "player.html").write_text(PLAYER)
    (root / "index.html").write_text(SHELL)
    (root / "app.js").write_text(SCRIPT)
    (root / "listed").mkdir()
    (root / "listed" / "<b>bold<b>.txt").write_text("x")
    # Ten minutes of silence: far more than a browser fetches ahead.
    with wave.open(str(root / "sound.wav"), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(44_100)
        for _ in range(583):
            sound.writeframes(bytes(4 * 44_100))
    return root


@pytest.fixture(scope="module")
def site(root) -> Iterator[Server]:
    runtime = Runtime(environments()[0], "embedded")
    runtime.environment.ensure()
    routes = [f"/files={root},404", f"/pub={root / 'listed'},404,autoindex", f"/={root},spa,404"]
    options = [word for route in routes for word in ("--static", route)]
    with Server(runtime, "contract:application", *options, "--access-logfile", "-") as server:
        yield server


@contextmanager
def browser(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Headless, with a profile of its own, and gone at the end."""
    fixed = ["--headless=new", "--disable-gpu", "--no-first-run", "--autoplay-policy=no-user-gesture-required"]
    fixed += ["--disable-background-networking", "--disable-dev-shm-usage", f"--user-data-dir={folder}"]
    if os.geteuid() == 0:
        fixed.append("--no-sandbox")
    process = subprocess.Popen(
        [CHROMIUM, *fixed, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def dom(folder: Path, url: str) -> str:
    """The page after its scripts have run."""
    with browser(folder, "--dump-dom", url) as process:
        return process.communicate(timeout=60)[0].decode()


def test_sound_is_played_from_where_the_reader_seeks(site, tmp_path):
    after = site.out.mark()
    with browser(tmp_path, f"{site.address.url}/files/player.html"):
        site.out.wait_for(r"GET /files/said-(ended|error|late)", after=after, timeout=60)
    lines = "\n".join(site.out.lines[after:])
    assert "said-length-583" in lines and "said-at-580" in lines and "said-ended" in lines, lines
    answers = site.out.wait_for(r'"GET /files/sound.wav HTTP/1.1" (\d+) (\d+)', count=2, after=after)
    assert {answer[1] for answer in answers} == {"206"}, lines
    # The one after seeking is a part near the end and not the 100 MB before it.
    assert min(int(answer[2]) for answer in answers) < 10_000_000, lines


def test_an_application_of_one_page_opens_at_a_deep_link(site, tmp_path):
    assert '<main id="main">route /orders/7</main>' in dom(tmp_path, f"{site.address.url}/orders/7")


def test_a_listing_is_a_page_whose_names_are_text(site, tmp_path):
    page = dom(tmp_path, f"{site.address.url}/pub/")
    assert "&lt;b&gt;bold&lt;b&gt;.txt</a>" in page and "1 file" in page
