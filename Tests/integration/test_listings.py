"""Listings of directories: every entry can be asked for, in the order that is wanted, and nothing else is there."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from harness import Runtime, Server
from harness.interpreters import environments

NAMES = ["b.txt", "A.txt", "<script>.txt", "a&b.txt", "q'\".txt", "co:lon.txt", "javascript:alert(1)", "caf\u00e9.txt"]
NAMES += ["with space.txt", "per%41cent.txt", "quest?ion#.txt", "back\\slash.txt", " leading.txt", "\u65e5\u672c.txt"]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("listed") / "root"
    (root / "all").mkdir(parents=True)
    for number, name in enumerate(NAMES):
        (root / "all" / name).write_bytes(b"x" * (number + 1))
        os.utime(root / "all" / name, (1_000_000_000 - number * 86400,) * 2)
    (root / "all" / os.fsdecode(b"latin-\xe9.txt")).write_bytes(b"latin")
    (root / "all" / "sub").mkdir()
    (root / "all" / "sub" / "page.html").write_text("page")
    (root / "all" / ".hidden").write_text("hidden")
    (root / "all" / "line\nfeed").write_text("no path can name it")
    (root / "all" / "link.txt").symlink_to("b.txt")
    (root / "all" / "link-out.txt").symlink_to("../../secret.txt")
    (root / "all" / "dangling.txt").symlink_to("nowhere")
    os.mkfifo(root / "all" / "fifo")
    (root.parent / "secret.txt").write_text("secret")
    (root / "many").mkdir()
    for number in range(10_005):
        (root / "many" / f"{number:05}").touch()
    return root


@pytest.fixture(scope="module")
def site(root):
    """Answered before Python has any part in it: one runtime will do."""
    runtime = Runtime(environments()[0], "embedded")
    runtime.environment.ensure()
    options = ["--static", f"/pub={root},404,autoindex", "--static", f"/dots={root},404,autoindex,dotfiles=allow"]
    with Server(runtime, "contract:application", *options) as server:
        yield server


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        assert tag != "script"
        if tag == "a":
            self._open = dict(attributes)["href"]

    def handle_data(self, data):
        if self._open is not None:
            self.found.append((self._open, data))
            self._open = None


def entries(page: str) -> list[tuple[str, str]]:
    return [(link, text) for link, text in Links(page).found if link.startswith("./")]


def test_each_entry_leads_to_its_file(site, root):
    listed = entries(site.get("/pub/all/").text)
    assert sorted(text for _, text in listed) == sorted([*NAMES, "latin-\ufffd.txt", "sub/", "link.txt"])
    for link, text in listed:
        target = urljoin("/pub/all/", link)
        response = site.get(target)
        if text == "sub/":
            assert response.status == 200 and "page.html" in response.text
        elif text == "link.txt":
            assert response.body == b"x"
        elif text.startswith("latin"):
            assert response.body == b"latin"
        else:
            assert response.body == (root / "all" / text).read_bytes(), text


def test_dotfiles_are_listed_where_they_are_served(site):
    assert (".hidden", ".hidden") in [(link[2:], text) for link, text in entries(site.get("/dots/all/").text)]
    assert site.get("/dots/all/.hidden").text == "hidden"


@pytest.mark.parametrize(
    "query, expected",
    [
        ("?sort=size", NAMES),
        ("?sort=size&order=desc", NAMES[::-1]),
        ("?sort=time", NAMES[::-1]),
        ("?sort=time&order=desc", NAMES),
    ],
)
def test_the_order_is_the_one_that_is_asked_for(site, query, expected):
    shown = [text for _, text in entries(site.get(f"/pub/all/{query}").text)]
    assert shown[0] == "sub/"
    assert [name for name in shown if name in NAMES] == expected


def test_names_are_sorted_without_regard_to_case(site):
    shown = [text for _, text in entries(site.get("/pub/all/").text)]
    assert shown.index("A.txt") < shown.index("b.txt")
    assert [text for _, text in entries(site.get("/pub/all/?order=desc").text)][1:] == shown[:0:-1]


def test_a_client_that_prefers_json_gets_it(site):
    response = site.get("/pub/all/", headers=[("Accept", "application/json")])
    assert response.header("Content-Type") == "application/json" and response.header("Vary") == "Accept"
    listed = json.loads(response.body)
    assert {entry["name"] for entry in listed} == {*NAMES, "latin-\ufffd.txt", "sub", "link.txt"}
    assert listed[0] == {"name": "sub", "type": "directory", "mtime": listed[0]["mtime"]}
    by_name = {entry["name"]: entry for entry in listed}
    assert by_name["b.txt"] == {"name": "b.txt", "type": "file", "mtime": "Sun, 09 Sep 2001 01:46:40 GMT", "size": 1}


def test_a_browser_gets_a_page(site):
    accept = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert site.get("/pub/all/", headers=[accept]).text.startswith("<!DOCTYPE html>")


def test_links_upwards_end_at_the_route(site):
    assert "../" in [link for link, _ in Links(site.get("/pub/all/").text).found]
    assert not [link for link, _ in Links(site.get("/pub/").text).found if ".." in link]


def test_a_listing_has_a_bound_and_says_so(site):
    response = site.get("/pub/many/")
    assert len(entries(response.text)) == 10_000
    assert "There is more" in response.text
    assert len(json.loads(site.get("/pub/many/", headers=[("Accept", "application/json")]).body)) == 10_000


def test_head_describes_the_page(site):
    response = site.get("/pub/all/", method="HEAD")
    assert response.body == b"" and int(response.header("Content-Length")) == len(site.get("/pub/all/").body)


def test_the_path_is_escaped_in_the_page(site, root):
    name = '<img src="x">'
    (root / name).mkdir()
    page = site.get(f"/pub/{quote(name)}/").text
    assert "<img" not in page and "&lt;img src=&quot;x&quot;&gt;" in page
