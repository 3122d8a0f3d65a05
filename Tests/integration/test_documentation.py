"""What docs/wsgi.md says of the tests is true: each that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness import REPOSITORY

TESTS = Path(__file__).parent
PAGE = REPOSITORY / "docs" / "wsgi.md"


def rows() -> list[tuple[str, str]]:
    """Each clause of the table, and the cell that says where it is pinned."""
    _, _, table = PAGE.read_text().partition("| clause | what is promised | where it is pinned |")
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
    return [(row[1], row[2]) for row in cells if len(row) == 3 and row[2] != "---" and row[2].strip("-")]


def named(cell: str) -> list[str]:
    """Of each name in a cell: `module :: test`, or the Swift suite."""
    found, module = [], ""
    for match in re.finditer(r"`(\w+)`( ::)?( \(Swift\))?", cell):
        if match[2]:
            module = match[1]
        else:
            found.append(match[1] if match[3] else f"{module} :: {match[1]}")
    return found


def exists(name: str) -> bool:
    module, _, test = name.rpartition(" :: ")
    if not module:
        return any(path.stem == test for path in (REPOSITORY / "Tests").rglob("*Tests.swift"))
    path = TESTS / f"{module}.py"
    return path.exists() and re.search(rf"^ *def test_{test}\(", path.read_text(), re.M) is not None


def test_the_table_has_its_clauses():
    assert len(rows()) > 60
    assert len([name for _, cell in rows() for name in named(cell)]) > 150


@pytest.mark.parametrize("clause, cell", rows(), ids=[clause[:60] for clause, _ in rows()])
def test_every_test_that_a_clause_names_is_there(clause, cell):
    names = named(cell)
    assert names, f"nothing pins {clause!r}"
    assert [name for name in names if not exists(name)] == []
