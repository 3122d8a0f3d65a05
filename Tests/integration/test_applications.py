"""Real frameworks, unmodified, each alone and wrapped in `wsgiref.validate.validator`."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable

import pytest
import requests

from harness import APPS, Server
from harness.runtime import Runtime

SHOPSITE = APPS / "shopsite"
WAYS = ["plain", "validated"]


def name_of(app: str, way: str) -> str:
    return app if way == "plain" else f"validated:wrap({app!r})"


class Site:
    """A server with one `requests` session that knows its address."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False

    def __getattr__(self, method: str) -> Callable[..., requests.Response]:
        send = getattr(self.session, method)
        return lambda path, **options: send(self.server.address.url + path, timeout=60, **options)


def site_fixture(app: str):
    @pytest.fixture(scope="module", params=WAYS)
    def site(request, runtime):
        with Server(runtime, name_of(app, request.param), "--threads", "2") as server:
            yield Site(server)
            complaints = [line for line in server.log.lines if "AssertionError" in line or "WSGIWarning" in line]
            assert not complaints, complaints

    return site


flask_site = site_fixture("flask_app:app")
bottle_site = site_fixture("bottle_app:app")
falcon_site = site_fixture("falcon_app:app")
pyramid_site = site_fixture("pyramid_app:main()")


def upload_of(size: int) -> tuple[bytes, str]:
    content = os.urandom(1 << 16) * (size >> 16)
    return content, hashlib.sha256(content).hexdigest()


# The validator itself


@pytest.mark.parametrize(
    "target", ["/list", "/blocks", "/generator", "/lazy", "/write", "/close", "/environ", "/errors", "/file-iterated"]
)
def test_the_validator_finds_no_fault_with_the_contract_application(runtime, target):
    with Server(runtime, name_of("contract:application", "validated")) as server:
        for method in ("GET", "HEAD"):
            response = server.get(target, method=method)
            assert response.status in (200, 201), server.log.text
        assert "AssertionError" not in server.log.text


# Flask


class TestFlask:
    def test_a_page(self, flask_site):
        page = flask_site.get("/")
        assert page.status_code == 200 and "Hello, W\u00f6rld!" in page.text
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"

    def test_json(self, flask_site):
        answer = flask_site.get("/json?a=1&b=%C3%BC").json()
        assert answer["args"] == {"a": "1", "b": "\u00fc"} and answer["scheme"] == "http"
        assert answer["host"] == flask_site.server.address.authority
        assert flask_site.post("/json", json={"n": [1, 2]}).json() == {"received": {"n": [1, 2]}}

    def test_unicode_in_the_path(self, flask_site):
        assert flask_site.get("/users/J\u00fcrgen%20%E2%9C%93").json() == {"name": "J\u00fcrgen \u2713"}

    def test_a_form(self, flask_site):
        answer = flask_site.post("/form", data={"name": "caf\u00e9", "many": ["1", "2"]})
        assert answer.json()["form"] == {"name": ["caf\u00e9"], "many": ["1", "2"]}

    def test_an_upload(self, flask_site):
        content, digest = upload_of(5_000_000)
        answer = flask_site.post("/upload", files={"file": ("big.bin", content)}).json()
        assert answer == {"name": "big.bin", "size": len(content), "sha256": digest}

    def test_a_stream_with_context(self, flask_site):
        lines = list(flask_site.get("/stream?n=100", stream=True).iter_lines())
        assert len(lines) == 100 and lines[99] == b"line 99 for /stream"

    def test_send_file(self, flask_site):
        answer = flask_site.get("/download")
        assert answer.content == b"0123456789" * 100 and "digits.bin" in answer.headers["Content-Disposition"]

    def test_a_conditional_file(self, flask_site):
        first = flask_site.get("/own-file")
        assert first.content == (APPS / "flask_app.py").read_bytes()
        assert flask_site.get("/own-file", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        part = flask_site.get("/own-file", headers={"Range": "bytes=3-9"})
        assert (part.status_code, part.content) == (206, first.content[3:10])
        assert flask_site.head("/own-file").headers["Content-Length"] == str(len(first.content))

    def test_a_session_cookie(self, flask_site):
        flask_site.session.cookies.clear()
        assert [flask_site.get("/count").json()["count"] for _ in range(3)] == [1, 2, 3]

    def test_a_redirect(self, flask_site):
        assert flask_site.get("/go").json() == {"name": "redirected"}

    def test_errors_of_its_own(self, flask_site):
        assert flask_site.get("/nowhere").status_code == 404
        assert flask_site.delete("/").status_code == 405
        failed = flask_site.get("/fail")
        assert failed.status_code == 500 and "RuntimeError" not in failed.text
        flask_site.server.log.wait_for("Flask handles this one itself")


# Bottle


class TestBottle:
    def test_pages_and_json(self, bottle_site):
        assert bottle_site.get("/").text == "Hello from Bottle"
        assert bottle_site.get("/json?a=1").json() == {"query": {"a": "1"}, "path": "/json"}

    def test_a_form(self, bottle_site):
        assert bottle_site.post("/form", data={"name": "caf\u00e9"}).json() == {"name": "caf\u00e9"}

    def test_a_stream(self, bottle_site):
        assert bottle_site.get("/stream").text == "".join(f"line {number}\n" for number in range(5))

    def test_a_cookie(self, bottle_site):
        bottle_site.session.cookies.clear()
        assert [bottle_site.get("/cookie").json()["seen"] for _ in range(3)] == [1, 2, 3]

    def test_a_file(self, bottle_site):
        source = (APPS / "bottle_app.py").read_bytes()
        assert bottle_site.get("/file").content == source
        assert bottle_site.get("/file", headers={"Range": "bytes=0-9"}).content == source[:10]

    def test_odd_statuses(self, bottle_site):
        assert bottle_site.get("/teapot").status_code == 418
        assert bottle_site.get("/gone").status_code == 410


# Falcon


class TestFalcon:
    def test_media(self, falcon_site):
        assert falcon_site.get("/?a=1").json() == {"framework": "falcon", "query": {"a": "1"}}
        created = falcon_site.post("/", json={"a": "\u2713"})
        assert (created.status_code, created.json()) == (201, {"received": {"a": "\u2713"}})

    def test_a_stream(self, falcon_site):
        assert falcon_site.get("/stream").text == "".join(f"line {number}\n" for number in range(5))

    def test_a_body_of_a_megabyte(self, falcon_site):
        content = os.urandom(1_000_000)
        assert falcon_site.put("/echo", data=content).content == content

    def test_routes_and_errors(self, falcon_site):
        assert falcon_site.get("/items/7").json() == {"item": 7}
        assert falcon_site.get("/items/70").status_code == 404
        deleted = falcon_site.delete("/items/7")
        assert (deleted.status_code, deleted.content) == (204, b"")
        assert falcon_site.options("/items/7").headers["Allow"]


# Pyramid


class TestPyramid:
    def test_pages_and_json(self, pyramid_site):
        assert pyramid_site.get("/").text == "Hello from Pyramid"
        assert pyramid_site.get("/json?a=%C3%A9").json() == {"path": "/json", "params": {"a": "\u00e9"}}

    def test_a_stream(self, pyramid_site):
        assert pyramid_site.get("/stream").text == "".join(f"line {number}\n" for number in range(5))

    def test_a_file(self, pyramid_site):
        assert pyramid_site.get("/file").content == (APPS / "pyramid_app.py").read_bytes()

    def test_a_redirect_and_a_missing_page(self, pyramid_site):
        assert pyramid_site.get("/go").json()["params"] == {"from": "redirect"}
        assert pyramid_site.get("/nowhere").status_code == 404


# Django


def manage(runtime: Runtime, variables: dict[str, str], *arguments: str) -> None:
    command = [str(runtime.environment.python), "manage.py", *arguments]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(command, cwd=SHOPSITE, env={**clean, **variables}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


class TestDjango:
    @pytest.fixture(scope="class", params=WAYS)
    def shop(self, request, runtime, tmp_path_factory):
        data = tmp_path_factory.mktemp("shopsite")
        variables = {"SHOPSITE_DATA": str(data)}
        manage(runtime, variables, "collectstatic", "--noinput", "--verbosity", "0")
        options = ["--threads", "2", "--static", f"/static={data / 'static'}", "--chdir", str(SHOPSITE)]
        if request.param == "validated":
            options += ["--pythonpath", str(APPS)]
        with Server(runtime, name_of("wsgi:application", request.param), *options, variables=variables) as server:
            yield Site(server)

    def log_in(self, shop: Site) -> None:
        shop.session.cookies.clear()
        form = shop.get("/admin/login/?next=/admin/")
        assert form.status_code == 200, shop.server.log.text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        assert token, form.text
        data = {"csrfmiddlewaretoken": token[1], "username": "keeper", "password": "open sesame", "next": "/admin/"}
        answer = shop.post("/admin/login/", data=data, headers={"Referer": form.url})
        assert answer.status_code == 200 and "Site administration" in answer.text

    def test_login_through_csrf(self, shop):
        self.log_in(shop)

    def test_login_without_the_token_is_refused(self, shop):
        shop.session.cookies.clear()
        data = {"username": "keeper", "password": "open sesame"}
        assert shop.post("/admin/login/", data=data).status_code == 403

    def test_the_admin_adds_an_object(self, shop):
        self.log_in(shop)
        form = shop.get("/admin/catalogue/product/add/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        data = {"csrfmiddlewaretoken": token[1], "name": "Kestrel \u00e9tude", "price": "12.50", "_save": "Save"}
        saved = shop.post("/admin/catalogue/product/add/", data=data, headers={"Referer": form.url})
        assert saved.status_code == 200 and "was added successfully" in saved.text
        assert "Kestrel \u00e9tude" in shop.get("/").text

    def test_the_admins_files_come_from_the_static_route(self, shop):
        sheet = shop.get("/static/admin/css/base.css")
        assert sheet.status_code == 200 and sheet.headers["Content-Type"] == "text/css; charset=utf-8"
        # Django itself serves no files with DEBUG off: the answer cannot be the application's.
        assert sheet.headers["ETag"] and sheet.headers["Accept-Ranges"] == "bytes"
        assert shop.get("/static/catalogue/shop.css").text == "body { font-family: serif; }\n"
        login = shop.get("/admin/login/").text
        paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', login)
        assert paths
        assert [shop.get(path).status_code for path in paths] == [200] * len(paths)

    def test_an_upload_of_20_mb(self, shop):
        content, digest = upload_of(20 << 20)
        answer = shop.post("/upload", files={"file": ("big.bin", content)})
        assert answer.json() == {"name": "big.bin", "size": 20 << 20, "sha256": digest}

    def test_a_streaming_response(self, shop):
        lines = list(shop.get("/stream", stream=True).iter_lines())
        assert len(lines) == 1000 and lines[999] == b"row 999"

    def test_a_file_response(self, shop):
        answer = shop.get("/download")
        assert answer.content == (SHOPSITE / "catalogue" / "views.py").read_bytes()

    def test_a_missing_page(self, shop):
        assert shop.get("/nowhere").status_code == 404
        assert shop.get("/static/nowhere.css").status_code == 404
