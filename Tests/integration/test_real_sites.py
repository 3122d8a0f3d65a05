"""Real applications as people and programs use them over HTTP: the tracker Roundup, and the record store Kinto."""

from __future__ import annotations

import csv
import os
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from harness.browser import Browser
from harness.real import serving
from harness.tool import run

pytestmark = pytest.mark.timeout(300)  # the first test makes the environment

TITLE = "R\u00e9union \u2713 <b>"


# Roundup: writes each response by write()


def message_on(page: str) -> str:
    found = re.search(r'(?s)<p class="(?:ok|error)-message">(.*?)</p>', page)
    return " ".join(re.sub("<[^>]*>", " ", found[1]).split()) if found else ""


class TestRoundup:
    @pytest.fixture(scope="class")
    def tracker(self, real_runtime, tmp_path_factory) -> Iterator[Browser]:
        """Roundup must know its own address beforehand, so it is given a socket that is bound already."""
        folder = tmp_path_factory.mktemp("roundup")
        home = folder / "tracker"
        with socket.create_server(("127.0.0.1", 0)) as listener:
            settings = {
                "tracker_web": f"http://127.0.0.1:{listener.getsockname()[1]}/",
                "mail_domain": "tracker.example",
                "mail_host": "127.0.0.1",
                "mail_debug": str(folder / "mail"),
                # Cheap: the tests are about the server, not about passwords.
                "password_pbkdf2_default_rounds": "1000",
            }
            admin = [str(real_runtime.environment.python.parent / "roundup-admin"), "-i", str(home)]
            written = ",".join(f"{name}={value}" for name, value in settings.items())
            run([*admin, "install", "classic", "sqlite", written], folder)
            run([*admin, "initialise", "open sesame"], folder)
            variables = {"TRACKER_HOME": home}
            with serving(
                real_runtime, "tracker:application", variables=variables, listener=listener.fileno()
            ) as browser:
                yield browser
            mail = folder / "mail"  # Roundup writes to its keeper about each fault
            assert not mail.exists() or "Traceback" not in mail.read_text()

    @pytest.fixture
    def keeper(self, tracker) -> Browser:
        """A session that is logged in."""
        browser = Browser(tracker.server)
        page = browser.submit(
            browser.get("/issue"), having="__login_name", __login_name="admin", __login_password="open sesame"
        )
        assert "Welcome admin!" in message_on(page.text) and "Logout" in page.text
        return browser

    @pytest.mark.parametrize("path", ["/", "/issue", "/keyword", "/user?@template=register", "/issue?@template=search"])
    def test_a_page(self, tracker, path):
        page = tracker.get(path)
        assert page.status_code == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
        # Compressed by Roundup, with a length that is true: what is written in one piece is known in advance.
        assert page.headers["Content-Encoding"] == "gzip" and "Content-Length" in page.headers
        assert re.search(r"</html>(\s|<!--[^>]*-->)*$", page.text)
        head = tracker.head(path)
        assert (head.status_code, head.content) == (200, b"")

    def test_a_missing_page_and_a_method_that_is_not_allowed(self, tracker):
        missing = tracker.get("/nowhere")
        assert (missing.status_code, missing.text) == (404, "Not found: nowhere")
        assert tracker.options("/issue").status_code == 405
        assert tracker.get("/@@file/../config.ini").status_code == 404

    def test_a_file_of_its_own(self, tracker):
        sheet = tracker.get("/@@file/style.css", headers={"Accept-Encoding": "identity"})
        assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "text/css")
        assert len(sheet.content) == int(sheet.headers["Content-Length"])
        plain = {"Accept-Encoding": "identity"}
        part = tracker.get("/@@file/style.css", headers={**plain, "Range": "bytes=5-14"})
        assert (part.status_code, part.content) == (206, sheet.content[5:15])
        for condition in (
            {"If-None-Match": sheet.headers["ETag"]},
            {"If-Modified-Since": sheet.headers["Last-Modified"]},
        ):
            unchanged = tracker.get("/@@file/style.css", headers={**plain, **condition})
            assert (unchanged.status_code, unchanged.content) == (304, b"")

    def test_login_and_logout(self, tracker, keeper):
        assert 'name="@note"' not in Browser(tracker.server).get("/issue?@template=item").text
        assert 'name="@note"' in keeper.get("/issue?@template=item").text
        out = keeper.get("/issue?@action=logout")
        assert out.status_code == 200 and "Logout" not in out.text
        assert 'name="@note"' not in keeper.get("/issue?@template=item").text

    def test_a_wrong_password(self, tracker):
        browser = Browser(tracker.server)
        page = browser.submit(browser.get("/issue"), having="__login_name", __login_name="admin", __login_password="x")
        assert "Invalid login" in message_on(page.text) and "Logout" not in page.text

    def test_a_form_from_elsewhere_is_refused(self, keeper):
        data = {"@action": "new", "title": "Forged", "priority": "3"}
        answer = keeper.post("/issue", data=data, headers={"Origin": "http://evil.example"})
        assert message_on(answer.text) == "Invalid Origin http://evil.example"
        assert "Forged" not in keeper.get("/issue").text

    def test_an_issue_with_a_file_is_made_changed_found_and_retired(self, keeper):
        content = os.urandom(600_000)
        empty = keeper.get("/issue?@template=item")
        made = keeper.submit(
            empty,
            having="@note",
            files={"@file": ("notes.bin", content, "application/octet-stream")},
            title=TITLE,
            priority="3",
            status="1",
            **{"@note": "The first note\nof two lines"},
        )
        number = re.search(r"issue (\d+) created", message_on(made.text))[1]
        assert made.history[0].status_code == 302 and made.history[0].headers["Location"].startswith(
            keeper.server.address.url + f"/issue{number}?"
        )
        assert "R\u00e9union \u2713 &lt;b&gt;" in made.text and "of two lines" in made.text
        file = re.search(r'href="(file\d+/notes\.bin)"', made.text)[1]
        assert keeper.get("/" + file).content == content
        part = keeper.get("/" + file, headers={"Accept-Encoding": "identity", "Range": "bytes=599993-"})
        assert (part.status_code, part.content) == (206, content[-7:])

        changed = keeper.submit(made, having="@note", title="Changed", **{"@note": "Second"})
        assert "title, " in message_on(changed.text) and "edited ok" in message_on(changed.text)
        again = keeper.submit(made, having="@note", title="Again")
        assert "csrf failure" in message_on(again.text)  # the token of a form is good for once

        found = keeper.get("/issue?@search_text=lines&@columns=id,title&@action=export_csv")
        assert found.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert [number, "Changed"] in list(csv.reader(found.text.splitlines()))
        retired = keeper.submit(keeper.get(f"/issue{number}"), having="@note", **{"@action": "retire"})
        assert "has been retired" in message_on(retired.text)
        assert "Changed" not in keeper.get("/issue").text

    def test_its_programming_interface(self, tracker):
        browser = Browser(tracker.server)
        browser.session.auth = ("admin", "open sesame")
        browser.session.headers.update(
            {"X-Requested-With": "rest", "Origin": browser.server.address.url, "Referer": browser.server.address.url}
        )
        made = browser.post("/rest/data/issue", json={"title": TITLE, "priority": "bug"})
        assert made.status_code == 201, made.text
        path = f"/rest/data/issue/{made.json()['data']['id']}"
        assert made.headers["Location"] == browser.server.address.url + path
        got = browser.get(path)
        assert got.json()["data"]["attributes"]["title"] == TITLE
        without = browser.put(path + "/title", json={"data": "x"})
        assert without.status_code == 412
        change = browser.put(path + "/title", json={"data": "New"}, headers={"If-Match": got.headers["ETag"]})
        assert (change.status_code, change.json()["data"]["attribute"]) == (200, {"title": "New"})
        again = browser.put(path + "/title", json={"data": "Old"}, headers={"If-Match": got.headers["ETag"]})
        assert again.status_code == 412
        patch = {"@op": "add", "nosy": "1"}
        assert (
            browser.patch(path, json=patch, headers={"If-Match": browser.get(path).headers["ETag"]}).status_code == 200
        )
        options = browser.options(path)
        assert (options.status_code, options.content) == (204, b"")
        assert set(options.headers["Allow"].split(", ")) == {"OPTIONS", "GET", "PUT", "DELETE", "PATCH"}
        assert browser.delete(path, headers={"If-Match": browser.get(path).headers["ETag"]}).status_code == 200
        assert browser.get("/rest/data/issue/999").status_code == 404


# Kinto


class TestKinto:
    @pytest.fixture(scope="class")
    def store(self, real_runtime) -> Iterator[Browser]:
        with serving(real_runtime, "records:main()", variables={}) as browser:
            browser.session.auth = ("keeper", "open sesame")
            assert browser.put("/v1/buckets/shop").status_code == 201
            yield browser

    @pytest.fixture
    def records(self, store, request) -> str:
        """The path of a new, empty collection."""
        name = re.sub(r"\W+", "-", request.node.name)[:60].strip("-")
        assert store.put(f"/v1/buckets/shop/collections/{name}", json={"data": {"kind": "test"}}).status_code == 201
        return f"/v1/buckets/shop/collections/{name}/records"

    def test_it_knows_its_own_address(self, store):
        answer = store.get("/")
        url = store.server.address.url
        assert [(each.status_code, each.headers["Location"]) for each in answer.history] == [(307, f"{url}/v1/")]
        assert answer.json()["url"] == f"{url}/v1/"
        assert store.get("/v1/__heartbeat__").json() == {"storage": True, "permission": True, "cache": True}
        assert store.get("/v1/buckets/shop/").url == f"{url}/v1/buckets/shop"

    def test_records_are_made_read_changed_and_deleted(self, store, records):
        made = store.post(records, json={"data": {"name": "K\u00e4se \u2713", "price": 4.5}})
        assert made.status_code == 201
        path = f"{records}/{made.json()['data']['id']}"
        assert store.get(path).json()["data"] == made.json()["data"]
        patched = store.patch(path, json={"data": {"price": 5}})
        assert patched.json()["data"]["price"] == 5 and patched.json()["data"]["name"] == "K\u00e4se \u2713"
        operations = [{"op": "remove", "path": "/data/price"}]
        typed = {"Content-Type": "application/json-patch+json"}
        assert "price" not in store.patch(path, json=operations, headers=typed).json()["data"]
        assert store.delete(path).json()["data"]["deleted"] is True
        assert store.get(path).status_code == 404

    def test_paging(self, store, records):
        for number in range(25):
            assert store.post(records, json={"data": {"number": number}}).status_code == 201
        seen, sizes, page = [], [], store.get(records + "?_sort=-number")
        while True:
            seen += [record["number"] for record in page.json()["data"]]
            sizes.append(len(page.json()["data"]))
            following = page.headers.get("Next-Page")
            if following is None:
                break
            assert following.startswith(store.server.address.url + records + "?")
            page = store.get(following)
        assert seen == list(range(24, -1, -1)) and sizes == [10, 10, 5]
        head = store.head(records)
        assert (head.status_code, head.headers["Total-Records"], head.content) == (200, "25", b"")
        several = store.get(records + "?in_number=3,5&_fields=number&_sort=number").json()["data"]
        assert [record["number"] for record in several] == [3, 5]
        deleted = store.delete(records + "?min_number=5")
        assert len(deleted.json()["data"]) == 10  # one page at a time
        assert store.head(records).headers["Total-Records"] == "15"

    def test_entity_tags(self, store, records):
        path = f"{records}/one"
        first = store.put(path, json={"data": {"n": 1}}, headers={"If-None-Match": "*"})
        assert first.status_code == 201
        assert store.put(path, json={"data": {"n": 2}}, headers={"If-None-Match": "*"}).status_code == 412
        tag = first.headers["ETag"]
        unchanged = store.get(path, headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", tag)
        second = store.put(path, json={"data": {"n": 2}}, headers={"If-Match": tag})
        assert second.status_code == 200 and second.headers["ETag"] != tag
        late = store.put(path, json={"data": {"n": 3}}, headers={"If-Match": tag})
        assert (late.status_code, late.json()["details"]["existing"]["n"]) == (412, 2)
        assert late.headers["ETag"] == second.headers["ETag"]
        assert store.delete(path, headers={"If-Match": tag}).status_code == 412
        assert store.get(path, headers={"If-None-Match": tag}).json()["data"]["n"] == 2
        listed = store.get(records)
        assert store.get(records, headers={"If-None-Match": listed.headers["ETag"]}).status_code == 304
        since = store.get(records + f'?_since="{int(tag.strip(chr(34)))}"').json()["data"]
        assert [record["n"] for record in since] == [2]

    def test_a_batch(self, store, records):
        bodies = [{"body": {"data": {"number": number, "text": "\u2713" * 1000}}} for number in range(25)]
        sent = {"defaults": {"method": "POST", "path": records}, "requests": bodies}
        answers = store.post("/v1/batch", json=sent).json()["responses"]
        assert [answer["status"] for answer in answers] == [201] * 25
        assert [answer["body"]["data"]["number"] for answer in answers] == list(range(25))
        mixed = [
            {"method": "GET", "path": "/v1/buckets/shop"},
            {"method": "PUT", "path": f"{records}/a", "body": {"data": {}}, "headers": {"If-None-Match": "*"}},
            {"method": "PUT", "path": f"{records}/a", "body": {"data": {}}, "headers": {"If-None-Match": "*"}},
            {"method": "GET", "path": "/v1/nowhere"},
        ]
        answers = store.post("/v1/batch", json={"requests": mixed}).json()["responses"]
        assert [answer["status"] for answer in answers] == [200, 201, 412, 404]
        assert store.post("/v1/batch", json={"requests": mixed * 7}).status_code == 400

    def test_who_may_do_what(self, store, records):
        stranger = Browser(store.server)
        refused = stranger.get(records)
        assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Basic ")
        stranger.session.auth = ("stranger", "x")
        assert stranger.post(records, json={"data": {}}).status_code == 403
        allowed = {"permissions": {"read": ["system.Everyone"]}}
        assert store.patch(records.rsplit("/", 1)[0], json=allowed).status_code == 200
        assert Browser(store.server).get(records).json() == {"data": []}
        assert Browser(store.server).delete(records).status_code == 401

    def test_what_is_wrong_is_told(self, store, records):
        broken = store.post(records, data="{nope", headers={"Content-Type": "application/json"})
        assert broken.status_code == 400 and "Invalid JSON" in broken.json()["message"]
        assert store.post(records, data="a=b", headers={"Content-Type": "text/plain"}).status_code == 415
        assert store.put(records, json={}).status_code == 405
        assert store.get(records + "?_since=x").status_code == 400

    def test_another_origin_may_ask(self, store, records):
        asked = {"Origin": "http://a.example", "Access-Control-Request-Method": "POST"}
        answer = store.options(records, headers=asked)
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in answer.headers["Access-Control-Allow-Methods"].split(",")

    def test_a_record_of_3_mb(self, store, records):
        text = "\u00fc\u2713" * 600_000
        path = f"{records}/large"
        assert store.put(path, json={"data": {"text": text}}).status_code == 201
        assert store.get(path).json()["data"]["text"] == text

    def test_writers_at_once(self, store, records):
        statuses = []

        def write(writer: int) -> None:
            browser = Browser(store.server)
            browser.session.auth = store.session.auth
            for step in range(10):
                answer = browser.put(f"{records}/{writer}-{step}", json={"data": {"from": writer, "step": step}})
                statuses.append(answer.status_code)

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert statuses == [201] * 40
        assert store.head(records).headers["Total-Records"] == "40"
        stamps = [r["last_modified"] for n in range(4) for r in store.get(f"{records}?from={n}").json()["data"]]
        assert len(set(stamps)) == 40
