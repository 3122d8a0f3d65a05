"""A browser without scripts: a `requests` session at one server, and the forms of the pages that it gets."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

from harness.server import Server

_WITHOUT_VALUE = ("submit", "button", "file", "reset", "image")


class Browser:
    """`browser.get("/path")` and so on, with cookies, and a time-out always."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.session = requests.Session()
        # Neither a proxy nor a .netrc of this machine.
        self.session.trust_env = False

    def request(self, method: str, path: str, **options: object) -> requests.Response:
        return self.session.request(method, urljoin(self.server.address.url, path), timeout=60, **options)

    def __getattr__(self, method: str) -> Callable[..., requests.Response]:
        """`get`, `post` and the like; of them HEAD alone does not follow a redirect."""
        follows = {"allow_redirects": method != "head"}
        return lambda path, **options: self.request(method.upper(), path, **{**follows, **options})

    def submit(self, page: requests.Response, having: str, *, files: dict | None = None, **changes: object):
        """Send the form of `page` that has a field named `having`, with some fields changed; None leaves one out."""
        form = next(form for form in forms_of(page.text) if any(name == having for name, _ in form.fields))
        fields = [(name, value) for name, value in form.fields if name not in changes]
        for name, value in changes.items():
            values = value if isinstance(value, list) else [] if value is None else [value]
            fields += [(name, str(each)) for each in values]
        parts = urlsplit(page.url)
        sent_by = {"Referer": page.url, "Origin": f"{parts.scheme}://{parts.netloc}"}
        return self.post(urljoin(page.url, form.action), data=fields, files=files, headers=sent_by)


class Form:
    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: list[tuple[str, str]] = []


class _Reader(HTMLParser):
    """Collects what a browser would send of each form as it stands: the successful controls of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: tuple[str, bool, list[str], list[str]] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and "name" in given:
            kind = given.get("type", "text")
            checkable = kind in ("checkbox", "radio")
            if kind not in _WITHOUT_VALUE and (not checkable or "checked" in given):
                self._form.fields.append((given["name"], given.get("value", "on" if checkable else "")))
        elif tag == "textarea":
            self._text = (given.get("name", ""), [])
        elif tag == "select":
            self._select = (given.get("name", ""), "multiple" in given, [], [])
        elif tag == "option" and self._select is not None:
            _, _, options, selected = self._select
            (selected if "selected" in given else options).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._text is not None and self._form is not None:
            name, pieces = self._text
            self._form.fields.append((name, "".join(pieces).removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._select is not None and self._form is not None:
            name, multiple, options, selected = self._select
            self._form.fields += [(name, value) for value in selected or ([] if multiple else options[:1])]
            self._select = None


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms
