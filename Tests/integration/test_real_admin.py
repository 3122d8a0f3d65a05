"""Django's admin as a browser uses it: forms with files, search, deletion, and its own files beside the application."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape

import pytest
import requests

from harness.browser import Browser, forms_of
from harness.real import REAL, serving
from harness.tool import run

pytestmark = pytest.mark.timeout(300)  # the first test makes the environment

DOCUMENTS = "/admin/archive/document/"


@pytest.fixture(scope="module")
def archive(real_runtime, tmp_path_factory) -> Iterator[Browser]:
    data = tmp_path_factory.mktemp("archive")
    variables = {"ARCHIVE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "archive.settings"}
    django = [str(real_runtime.environment.python), "-m", "django"]
    run([*django, "collectstatic", "--noinput", "--verbosity", "0"], REAL, {**variables, "PYTHONPATH": str(REAL)})
    (data / "media").mkdir()
    routes = ["--static", f"/static={data / 'static'}", "--static", f"/media={data / 'media'}"]
    with serving(real_runtime, "archive.wsgi:application", *routes, variables=variables) as browser:
        yield browser


@pytest.fixture
def keeper(archive) -> Browser:
    """A session that is logged in."""
    browser = Browser(archive.server)
    login = browser.get("/admin/")
    assert login.url.endswith("/admin/login/?next=/admin/")
    page = browser.submit(login, having="password", username="keeper", password="open sesame")
    assert page.url.endswith("/admin/") and "Site administration" in page.text
    return browser


def messages_on(page: requests.Response) -> list[str]:
    """What the admin says about what was done, without markup."""
    found = re.search(r'(?s)<ul class="messagelist">(.*?)</ul>', page.text)
    items = re.findall(r"(?s)<li[^>]*>(.*?)</li>", found[1]) if found else []
    return [unescape(re.sub(r"<[^>]+>", "", item)).strip() for item in items]


def titles_on(page: requests.Response) -> list[str]:
    cells = re.findall(r'(?s)<th class="field-title"><a [^>]*>(.*?)</a>', page.text)
    return [unescape(cell) for cell in cells]


def add(keeper: Browser, title: str, files: dict | None = None, **fields: object) -> str:
    """Make a document; the address of its page."""
    page = keeper.submit(keeper.get(DOCUMENTS + "add/"), having="title", files=files, title=title, **fields)
    assert messages_on(page) == [f"The document \u201c{title}\u201d was added successfully."], page.text
    place = re.search(rf'href="({DOCUMENTS}\d+/change/)[^"]*">{re.escape(title)}</a>', page.text)
    return place[1]


# Who may come in


def test_a_wrong_password(archive):
    browser = Browser(archive.server)
    page = browser.submit(browser.get("/admin/login/"), having="password", username="keeper", password="wrong")
    assert page.status_code == 200 and "Please enter the correct username and password" in page.text
    assert "sessionid" not in browser.session.cookies


@pytest.mark.parametrize("fault", ["no token", "another token", "another origin"])
def test_a_forged_form_is_refused(keeper, fault):
    form = keeper.get(DOCUMENTS + "add/")
    changes: dict[str, object] = {"title": "Forged"}
    if fault == "another origin":
        data = dict(forms_of(form.text)[-1].fields) | changes
        answer = keeper.post(DOCUMENTS + "add/", data=data, headers={"Origin": "http://evil.example"})
    else:
        changes["csrfmiddlewaretoken"] = None if fault == "no token" else "x" * 64
        answer = keeper.submit(form, having="title", **changes)
    assert answer.status_code == 403
    assert "Forged" not in titles_on(keeper.get(DOCUMENTS))


def test_logging_out(keeper):
    page = keeper.submit(keeper.get("/admin/"), having="csrfmiddlewaretoken")
    assert "Logged out" in page.text
    assert keeper.get(DOCUMENTS).url.endswith(f"/admin/login/?next={DOCUMENTS}")


# One document


def test_an_uploaded_file_comes_back_by_the_application_and_by_the_static_route(keeper):
    content = os.urandom(4_000_000)
    name = "Gr\u00fc\u00dfe \u2713.bin"
    change = add(keeper, "With a file", {"scan": (name, content, "application/octet-stream")}, kind="map")
    page = keeper.get(change)
    media = re.search(r'Currently: <a href="(/media/scans/[^"]+)">', page.text)[1]
    number = re.search(r"/(\d+)/change/", change)[1]

    by_route = keeper.get(media)
    assert by_route.content == content and by_route.headers["Accept-Ranges"] == "bytes"
    part = keeper.get(media, headers={"Range": "bytes=3999990-"})
    assert (part.status_code, part.content) == (206, content[-10:])
    unchanged = keeper.get(media, headers={"If-None-Match": by_route.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    by_application = keeper.get(f"/scans/{number}")  # compressed on the way, so of unknown length
    assert by_application.content == content
    assert by_application.headers["Content-Encoding"] == "gzip"
    assert by_application.headers["Transfer-Encoding"] == "chunked"
    assert by_application.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Gr%C3%BC")
    plain = {"Accept-Encoding": "identity"}
    assert keeper.get(f"/scans/{number}", headers=plain).content == content
    head = keeper.head(f"/scans/{number}", headers=plain)
    assert (head.headers["Content-Length"], head.content) == (str(len(content)), b"")


def test_a_document_is_changed_and_its_file_is_kept_replaced_and_cleared(keeper):
    first, second = os.urandom(100_000), os.urandom(100_000)
    change = add(keeper, "Before", {"scan": ("first.bin", first)})
    number = re.search(r"/(\d+)/change/", change)[1]

    # A browser sends an empty part for a file field that is left alone.
    page = keeper.submit(
        keeper.get(change), having="title", files={"scan": ("", b"")}, title="After \u2713", public="on"
    )
    assert messages_on(page) == ["The document \u201cAfter \u2713\u201d was changed successfully."]
    form = dict(next(form for form in forms_of(keeper.get(change).text) if "title" in dict(form.fields)).fields)
    assert (form["title"], form["public"], form["kind"]) == ("After \u2713", "on", "letter")
    assert keeper.get(f"/scans/{number}").content == first

    keeper.submit(keeper.get(change), having="title", files={"scan": ("second.bin", second)})
    assert keeper.get(f"/scans/{number}").content == second
    keeper.submit(keeper.get(change), having="title", files={"scan": ("", b"")}, **{"scan-clear": "on"})
    assert "Currently:" not in keeper.get(change).text

    history = keeper.get(change.replace("/change/", "/history/"))
    assert [history.text.count(words) for words in ("Changed Title and Public.", "Changed Scan.")] == [1, 2]


def test_a_form_with_a_fault_comes_back_with_what_was_typed(keeper):
    form = keeper.get(DOCUMENTS + "add/")
    page = keeper.submit(
        form, having="title", files={"scan": ("empty.bin", b"")}, title="Typed <&> \u2713", kind="song"
    )
    assert page.status_code == 200 and "Please correct the errors below." in page.text
    assert "The submitted file is empty." in page.text and "song is not one of the available choices" in page.text
    assert 'value="Typed &lt;&amp;&gt; \u2713"' in page.text
    assert keeper.submit(form, having="title", title="x" * 101).text.count("at most 100 characters") == 1


def test_a_document_is_deleted_after_a_confirmation(keeper):
    change = add(keeper, "To be deleted")
    delete = change.replace("/change/", "/delete/")
    confirmation = keeper.get(delete)
    assert 'Are you sure you want to delete the document "To be deleted"?' in unescape(confirmation.text)
    assert keeper.get(change).url.endswith(change)  # asking has deleted nothing
    page = keeper.submit(confirmation, having="post")
    assert messages_on(page) == ["The document \u201cTo be deleted\u201d was deleted successfully."]
    gone = keeper.get(change)
    assert gone.url.endswith("/admin/") and "Perhaps it was deleted?" in messages_on(gone)[0]


# The list


def test_the_list_is_searched_filtered_sorted_and_turned_over(keeper):
    titles = [f"Leaf {number:02} \u00e4" for number in range(23)]
    for number, title in enumerate(titles):
        add(keeper, title, kind="map" if number % 4 == 0 else "letter")
    assert titles_on(keeper.get(DOCUMENTS + "?q=leaf")) == titles[:10]
    assert titles_on(keeper.get(DOCUMENTS + "?q=leaf&p=3")) == titles[20:]
    assert titles_on(keeper.get(DOCUMENTS + "?q=leaf&o=-1")) == titles[:-11:-1]
    found = keeper.get(DOCUMENTS, params={"q": "leaf \u00e4", "kind__exact": "map"})
    assert titles_on(found) == titles[::4] and "6 results" in found.text
    assert messages_on(keeper.get(DOCUMENTS + "?q=%00leaf")) == ["Null characters are not allowed."]
    # A look-up that the admin does not allow.
    assert keeper.get(DOCUMENTS + "?nonsense=1").url.endswith("?e=1")

    # The action on what is ticked asks first, too.
    page = keeper.get(DOCUMENTS + "?q=leaf&all=")
    chosen = [value for name, value in re.findall(r'name="(_selected_action)" value="(\d+)"', page.text)]
    ask = keeper.submit(page, having="action", action="delete_selected", _selected_action=chosen)
    assert "Are you sure you want to delete the selected documents?" in ask.text
    done = keeper.submit(ask, having="post")
    assert messages_on(done) == ["Successfully deleted 23 documents."]
    assert titles_on(keeper.get(DOCUMENTS + "?q=leaf")) == []


# Beside the application


def test_every_file_that_the_pages_name_comes_from_the_static_route(keeper):
    named = set()
    for path in ("/admin/", DOCUMENTS, DOCUMENTS + "add/"):
        named |= set(re.findall(r'(?:href|src)="(/static/[^"]+)"', keeper.get(path).text))
    assert len(named) > 10
    for path in sorted(named):
        file = keeper.get(path)
        # With DEBUG off Django itself serves no files: the answer cannot be the application's.
        assert file.status_code == 200 and file.headers["ETag"] and file.headers["Accept-Ranges"] == "bytes", path
        assert file.headers["Content-Type"].split(";")[0] in ("text/css", "text/javascript", "image/svg+xml"), path


def test_what_is_not_in_the_static_folders_goes_no_further(keeper):
    for path in ("/static/admin/../../db.sqlite3", "/media/%2e%2e/db.sqlite3", "/media/..%2fdb.sqlite3"):
        request = requests.Request("GET", keeper.server.address.url + path).prepare()
        request.url = keeper.server.address.url + path  # not tidied up
        answer = keeper.session.send(request, timeout=60)
        assert answer.status_code in (400, 403, 404) and b"SQLite format" not in answer.content, path


def test_a_page_that_has_not_changed(keeper):
    # Through Django's own conditional middleware, on a page that is the same each time.
    catalogue = keeper.get("/admin/jsi18n/")
    assert catalogue.status_code == 200 and catalogue.headers["Content-Encoding"] == "gzip"
    unchanged = keeper.get("/admin/jsi18n/", headers={"If-None-Match": catalogue.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
