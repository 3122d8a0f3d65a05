"""The example that `scripts/serve` shows."""

from __future__ import annotations

import json
import re

from harness import REPOSITORY, Server

SHOP = REPOSITORY / "examples" / "flask-shop"


def test_the_example_answers_with_its_page_and_its_files(runtime):
    with Server(runtime, "app:app", "--static", "/static=./static", folder=SHOP) as server, server.connect() as browser:
        page = browser.get("/")
        assert page.status == 200 and "The Martlet Shop" in page.text
        linked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
        assert linked == {"/static/shop.css", "/static/favicon.svg"}
        for path in linked:
            file = browser.get(path)
            assert file.status == 200 and file.body == (SHOP / path.lstrip("/")).read_bytes()
            assert file.header("Accept-Ranges") == "bytes", "that came through Python"
        assert browser.get("/favicon.ico").header("Location") == "/static/favicon.svg"


def test_the_example_has_a_basket_and_a_search(runtime):
    with Server(runtime, "app:app", "--static", "/static=./static", folder=SHOP) as server, server.connect() as browser:
        put = browser.get("/basket/lantern", method="POST", body=b"")
        assert put.status == 302
        cookie = put.header("Set-Cookie").partition(";")[0]
        assert "1 \u00d7 Storm lantern" in browser.get("/", headers=[("Cookie", cookie)]).text
        found = json.loads(browser.get("/api/products?q=tin").text)["products"]
        assert [product["slug"] for product in found] == ["tin-whistle"]
