"""Each case of `static_cases/` is answered as it says, and by nginx too, or it says what nginx does otherwise.

On the primary interpreter in the embedded shape only: files are answered before Python has any part in it, so no other
combination could differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from static_cases import CASES, Case, playing, tree

from harness import REPOSITORY, Address


@dataclass(frozen=True)
class Asked:
    address: Address
    tag: str


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[tuple[Asked, Asked]]:
    """Martlet and nginx, with the same tree."""
    base = tmp_path_factory.mktemp("cases")
    # nginx's worker has to get in, whoever it is.
    for folder in (base, *base.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o711)
    tree.make(base)
    with ExitStack() as stack:
        addresses = [stack.enter_context(start(base)) for start in (playing.martlet, playing.nginx)]
        yield tuple(Asked(address, playing.tag_of(address)) for address in addresses)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_the_answer_is_right(one: Case, servers):
    complaints, _ = playing.complaints(servers[0].address, servers[0].tag, one)
    assert not complaints, f"{one.request!r}\n{one.why}\n{complaints}"


@pytest.mark.parametrize("one", CASES, ids=str)
def test_nginx_answers_the_same_or_the_difference_is_said(one: Case, servers):
    complaints, status = playing.complaints(servers[1].address, servers[1].tag, one)
    if one.nginx is None:
        assert not complaints, f"{one.request!r}\nnginx: {complaints}"
    else:
        assert complaints, f"{one.request!r}\nnginx answers the same, against: {one.nginx}"
    if isinstance(one.nginx, int):
        assert status == one.nginx


def test_there_are_enough_cases_and_each_has_a_reason():
    assert len(CASES) >= 250
    assert all(one.why for one in CASES)
    assert len({one.name for one in CASES}) == len(CASES)


def test_every_row_of_nginx_s_directives_names_tests_that_are_there():
    page = (REPOSITORY / "docs" / "static-files.md").read_text()
    _, _, table = page.partition("| nginx | here | test |\n|---|---|---|\n")
    rows = [line.strip("|").split(" | ") for line in table.partition("\n\n")[0].splitlines()]
    directives = "root alias index try_files autoindex expires add_header etag gzip_static gzip brotli open_file_cache"
    directives += " disable_symlinks error_page internal limit_rate default_type types charset if_modified_since"
    directives += " max_ranges sendfile directio"
    first = " ".join(row[0] for row in rows)
    assert [name for name in directives.split() if f"`{name}" not in first and f" {name} " not in first] == []
    tests = REPOSITORY / "Tests"
    folders = [tests / "integration" / "static_cases", tests / "integration", tests / "StaticFilesTests"]
    for row in rows:
        named = re.findall(r"`([\w.]+\.(?:py|swift))`", row[-1])
        assert named or "not there yet" in row[1], row
        assert all(any((folder / name).is_file() for folder in folders) for name in named), row
