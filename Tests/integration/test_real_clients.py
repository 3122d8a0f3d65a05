"""Real applications driven by their own client programs: litmus, hg, twine and pip."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tarfile
import threading
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from requests.auth import HTTPDigestAuth

from harness.browser import Browser
from harness.real import serving
from harness.runtime import Runtime
from harness.tool import run

pytestmark = pytest.mark.timeout(300)  # the first test makes the environment

# Of litmus 0.13: how many tests each suite has.
SUITES = {"basic": 16, "copymove": 13, "props": 30, "locks": 41, "http": 4}
# Warnings of litmus that are not failures. There are none: "delete_fragment" warns of servers that take a request
# target with a fragment in it.
KNOWN_WARNINGS: list[str] = []
TWENTY_MB = 20_000_000


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# WsgiDAV and litmus


class TestWsgiDAV:
    @pytest.fixture(scope="class", params=["open to all", "with digest authentication"])
    def share(self, request, real_runtime, tmp_path_factory) -> Iterator[tuple[Browser, Path, list[str]]]:
        root = tmp_path_factory.mktemp("webdav")
        password = "" if request.param == "open to all" else "open sesame"
        variables = {"WEBDAV_ROOT": root, "WEBDAV_PASSWORD": password}
        with serving(real_runtime, "webdav:application", variables=variables) as browser:
            if password:
                browser.session.auth = HTTPDigestAuth("keeper", password)
            yield browser, root, ["keeper", password] if password else []

    @pytest.mark.parametrize("suite", SUITES)
    def test_litmus_finds_no_fault(self, share, suite, tmp_path):
        browser, _, credentials = share
        litmus = shutil.which("litmus")
        assert litmus, "litmus is missing (Debian: apt-get install litmus)"
        command = [litmus, "--keep-going", browser.server.address.url + "/", *credentials]
        printed = run(command, tmp_path, {"TESTS": suite}).replace("\r", "\n")
        summary = re.findall(r"summary for `(\w+)': of (\d+) tests run: (\d+) passed, (\d+) failed", printed)
        count = str(SUITES[suite])
        assert summary == [(suite, count, count, "0")], printed
        assert re.findall(r"WARNING: .*", printed) == KNOWN_WARNINGS
        assert not re.findall(r"(?i).*(?:fail|skip)\w*$", printed, re.MULTILINE), printed

    @pytest.mark.parametrize("framing", ["sized", "chunked"])
    def test_a_large_file_comes_back_as_it_was_put(self, share, framing):
        browser, root, _ = share
        content = os.urandom(3_000_000)
        name = f"{framing} \u00fc.bin"
        # What has no length is sent in chunks. It can be sent once only, so a challenge must have been answered before.
        body = content if framing == "sized" else iter([content[:70_000], content[70_000:]])
        assert browser.options("/").status_code == 200
        assert browser.put(f"/{name}", data=body).status_code == 201
        assert (root / name).read_bytes() == content
        assert browser.get(f"/{name}").content == content
        part = browser.get(f"/{name}", headers={"Range": "bytes=1000000-1000009"})
        assert (part.status_code, part.content) == (206, content[1_000_000:1_000_010])
        assert part.headers["Content-Range"] == "bytes 1000000-1000009/3000000"
        assert browser.get(f"/{name}", headers={"If-None-Match": part.headers["ETag"]}).status_code == 304
        assert browser.put(f"/{name}", data=b"x", headers={"If-Match": '"other"'}).status_code == 412
        listing = browser.request("PROPFIND", f"/{name}", headers={"Depth": "0"})
        assert listing.status_code == 207 and "getcontentlength>3000000</" in listing.text
        assert browser.delete(f"/{name}").status_code == 204
        assert browser.get(f"/{name}").status_code == 404


# Mercurial and hg


class Mercurial:
    """`hg` with none of this machine's settings, and repositories that one server shows."""

    settings = {"HGRCPATH": "", "HGPLAIN": "1", "HGENCODING": "utf-8", "HGUSER": "keeper <keeper@shop.example>"}

    def __init__(self, runtime: Runtime, folder: Path) -> None:
        self.program = str(runtime.environment.python.parent / "hg")
        self.folder = folder
        self.served = folder / "served"
        self.served.mkdir()
        self.browser: Browser

    def __call__(self, *arguments: object, at: Path | None = None, code: int = 0) -> str:
        return run([self.program, *map(str, arguments)], at or self.folder, self.settings, code)

    def serve_new(self, name: str, settings: str) -> None:
        self("init", self.served / name)
        (self.served / name / ".hg" / "hgrc").write_text(settings)

    def url(self, name: str) -> str:
        return f"{self.browser.server.address.url}/{name}"


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a working copy: whether it can be run, and what is in it."""
    found = {}
    for path in folder.rglob("*"):
        if ".hg" not in path.parts and not path.is_dir():
            content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            found[str(path.relative_to(folder))] = (path.lstat().st_mode & 0o170100, content)
    return found


class TestMercurial:
    @pytest.fixture(scope="class")
    def hg(self, real_runtime, tmp_path_factory) -> Iterator[Mercurial]:
        hg = Mercurial(real_runtime, tmp_path_factory.mktemp("mercurial"))
        for name in ("small", "large", "shared"):
            hg.serve_new(name, "[web]\nallow-push = *\npush_ssl = false\nallow-archive = zip gz\n")
        hg.serve_new("closed", "[web]\npush_ssl = false\n")
        variables = {"HG_REPOSITORIES": hg.served, **hg.settings}
        with serving(real_runtime, "repositories:application", variables=variables) as hg.browser:
            yield hg

    def test_what_is_pushed_is_cloned_alike(self, hg, tmp_path):
        first, second = tmp_path / "first", tmp_path / "second"
        hg("clone", hg.url("small"), first)
        (first / "plans" / "d\u00e9j\u00e0 vu").mkdir(parents=True)
        (first / "plans" / "d\u00e9j\u00e0 vu" / "\u2713.txt").write_text("gr\u00fc\u00df dich\n", "utf-8")
        (first / "run").write_text("#!/bin/sh\n")
        (first / "run").chmod(0o755)
        (first / "link").symlink_to("run")
        (first / "binary").write_bytes(bytes(range(256)) * 10)
        hg("commit", "--addremove", "--message", "Caf\u00e9 \u2713", at=first)
        assert "added 1 changesets with 4 changes to 4 files" in hg("push", at=first)

        hg("clone", hg.url("small"), second)
        assert tree(second) == tree(first) and len(tree(first)) == 4
        assert hg("log", "--debug", at=second) == hg("log", "--debug", at=first)

        # The other way: what the second changes comes to the first.
        (second / "binary").rename(second / "renamed")
        (second / "run").write_text("#!/bin/sh\nexit 0\n")
        hg("commit", "--addremove", "--message", "Rename and change", at=second)
        hg("bookmark", "mark", at=second)
        assert "exporting bookmark mark" in hg("push", "--bookmark", "mark", at=second)
        assert "added 1 changesets" in hg("pull", "--update", at=first)
        assert tree(first) == tree(second)
        assert "mark" in hg("bookmarks", at=first)
        assert "no changes found" in hg("push", at=first, code=1)
        hg("verify", at=hg.served / "small")

        packed = hg.browser.get("/small/archive/tip.tar.gz")
        with tarfile.open(fileobj=io.BytesIO(packed.content)) as archive:
            members = {each.name.split("/", 1)[1]: each for each in archive if "/.hg" not in each.name}
            assert set(members) == set(tree(first)) and members["link"].linkname == "run"
            assert archive.extractfile(members["renamed"]).read() == (first / "renamed").read_bytes()

    def test_a_push_of_20_mb_and_what_the_pages_make_of_it(self, hg, tmp_path):
        first, second = tmp_path / "first", tmp_path / "second"
        hg("clone", hg.url("large"), first)
        content = os.urandom(TWENTY_MB)
        (first / "large.bin").write_bytes(content)
        hg("commit", "--addremove", "--message", "Large", at=first)
        assert "added 1 changesets with 1 changes to 1 files" in hg("push", at=first)
        hg("clone", hg.url("large"), second)
        assert (second / "large.bin").read_bytes() == content

        assert hg.browser.get("/large/raw-file/tip/large.bin").content == content
        # hgweb makes archives as it sends them, by write().
        packed = hg.browser.get("/large/archive/tip.zip")
        with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
            name = next(name for name in archive.namelist() if name.endswith("/large.bin"))
            assert archive.testzip() is None and archive.read(name) == content

    def test_clients_that_push_at_once_lose_nothing(self, hg, tmp_path):
        names = [f"author{number}" for number in range(3)]
        outcomes = []

        def work(name: str) -> None:
            hg("clone", hg.url("shared"), tmp_path / name)
            (tmp_path / name / name).write_bytes(os.urandom(1_000_000))
            hg("commit", "--addremove", "--message", name, at=tmp_path / name)
            outcomes.append(hg("push", "--force", at=tmp_path / name))

        workers = [threading.Thread(target=work, args=(name,)) for name in names]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(outcomes) == 3 and all("added 1 changesets" in outcome for outcome in outcomes), outcomes
        hg("clone", "--noupdate", hg.url("shared"), tmp_path / "all")
        logged = hg("log", "--template", "{desc} {node}\\n", at=tmp_path / "all").splitlines()
        assert sorted(line.split()[0] for line in logged) == names
        for name, node in (line.split() for line in logged):
            content = (tmp_path / name / name).read_bytes()
            assert hg.browser.get(f"/shared/raw-file/{node}/{name}").content == content

    def test_a_large_push_that_is_refused(self, hg, tmp_path):
        hg("clone", hg.url("closed"), tmp_path / "mine")
        (tmp_path / "mine" / "file").write_bytes(os.urandom(2_000_000))
        hg("commit", "--addremove", "--message", "Not wanted", at=tmp_path / "mine")
        assert "abort: authorization failed" in hg("push", at=tmp_path / "mine", code=255)
        assert hg("log", at=hg.served / "closed") == ""

    def test_pages_for_people(self, hg):
        index = hg.browser.get("/")
        assert all(f'href="/{name}/"' in index.text for name in ("small", "large", "shared", "closed"))
        page = hg.browser.get("/closed/shortlog")
        assert page.status_code == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert hg.browser.get("/closed/rev/feedbeef").status_code == 404
        sheet = hg.browser.get("/closed/static/style-paper.css")
        assert sheet.status_code == 200 and len(sheet.content) == int(sheet.headers["Content-Length"])
        again = hg.browser.get("/closed/shortlog", headers={"If-None-Match": page.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


# pypiserver, twine and pip


def wheel(name: str, version: str, extra: bytes) -> bytes:
    """A wheel with one module and one large file."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"version = {version!r}\n".encode(),
        f"{name}/data.bin": extra,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: A test\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [
        f"{path},sha256={urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()},{len(content)}"
        for path, content in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


class TestPypiserver:
    @pytest.fixture(scope="class")
    def index(self, real_runtime, tmp_path_factory) -> Iterator[tuple[Browser, Path]]:
        folder = tmp_path_factory.mktemp("packages")
        with serving(real_runtime, "packages:application", variables={"PACKAGES": folder}) as browser:
            yield browser, folder

    @pytest.fixture
    def twine(self, real_runtime, index, tmp_path):
        def upload(path: Path, password: str = "open sesame", code: int = 0) -> str:
            url = index[0].server.address.url + "/"
            program = [str(real_runtime.environment.python), "-m", "twine", "--no-color", "upload"]
            login = ["--username", "keeper", "--password", password, "--repository-url", url]
            return run(
                [*program, "--non-interactive", "--disable-progress-bar", *login, str(path)], tmp_path, None, code
            )

        return upload

    @pytest.fixture
    def pip(self, real_runtime, index, tmp_path):
        def start(*arguments: str, code: int = 0) -> str:
            program = [str(real_runtime.environment.python), "-m", "pip", *arguments, "--no-deps", "--no-cache-dir"]
            url = index[0].server.address.url + "/simple"
            settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_RETRIES": "0"}
            return run([*program, "--index-url", url], tmp_path, settings, code)

        return start

    def test_what_twine_uploads_pip_downloads_and_installs(self, index, twine, pip, tmp_path):
        browser, folder = index
        content = wheel("martlet_real", "1.0", os.urandom(3_000_000))
        made = tmp_path / "martlet_real-1.0-py3-none-any.whl"
        made.write_bytes(content)
        twine(made)
        assert (folder / made.name).read_bytes() == content

        wanted = tmp_path / "wanted.txt"
        wanted.write_text(f"martlet-real==1.0 --hash=sha256:{sha256(content)}\n")
        pip("download", "--require-hashes", "--requirement", str(wanted), "--dest", str(tmp_path / "got"))
        assert [path.name for path in (tmp_path / "got").iterdir()] == [made.name]
        assert (tmp_path / "got" / made.name).read_bytes() == content
        pip("install", "--target", str(tmp_path / "installed"), "martlet-real")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if "dist-info" not in name:
                    assert (tmp_path / "installed" / name).read_bytes() == archive.read(name)

        # The pages that pip has read.
        page = browser.get("/simple/martlet-real/")
        assert f"{made.name}#sha256={sha256(content)}" in page.text
        assert browser.get("/simple/Martlet_Real").url.endswith("/simple/martlet-real/")
        assert browser.get("/martlet-real/json").json()["info"]["version"] == "1.0"
        part = browser.get(f"/packages/{made.name}", headers={"Range": "bytes=-10"})
        assert (part.status_code, part.content) == (206, content[-10:])
        head = browser.head(f"/packages/{made.name}")
        assert (head.headers["Content-Length"], head.content) == (str(len(content)), b"")

    def test_what_is_there_is_not_replaced(self, index, twine, tmp_path):
        made = tmp_path / "martlet_twice-1.0-py3-none-any.whl"
        made.write_bytes(wheel("martlet_twice", "1.0", b"first"))
        twine(made)
        first = made.read_bytes()
        made.write_bytes(wheel("martlet_twice", "1.0", os.urandom(1_000_000)))
        assert "400 Bad Request" in twine(made, code=1)
        index[0].server.log.wait_for("Cannot upload 'martlet_twice-1.0-py3-none-any.whl' since it already exists")
        assert (index[1] / made.name).read_bytes() == first

    def test_an_upload_with_a_wrong_password(self, index, twine, tmp_path):
        made = tmp_path / "martlet_secret-1.0-py3-none-any.whl"
        made.write_bytes(wheel("martlet_secret", "1.0", os.urandom(1_000_000)))
        assert "403 Forbidden" in twine(made, password="wrong", code=1)
        assert not (index[1] / made.name).exists()

    def test_a_package_that_is_not_there(self, index, pip, tmp_path):
        assert index[0].get("/simple/martlet-missing/").status_code == 404
        printed = pip("download", "martlet-missing", "--dest", str(tmp_path), code=1)
        assert "No matching distribution found for martlet-missing" in printed
