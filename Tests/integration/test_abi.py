"""Every declaration in CPythonFunctions.def, compared by the C compiler with each interpreter's Python.h."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness import REPOSITORY

DECLARATIONS = REPOSITORY / "Sources" / "CPythonABI" / "include" / "CPythonFunctions.def"

# Types, and not calls, are compared: a name that Python.h also defines as a macro with arguments is not expanded.
CHECK = """
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define FUNCTION(result, name, parameters, arguments) \\
  _Static_assert(__builtin_types_compatible_p(__typeof__(&name), result (*) parameters), "differs: " #name);
#define OPTIONAL(result, name, parameters, arguments) %s
#define DATA(type, name) \\
  _Static_assert(__builtin_types_compatible_p(__typeof__(name), type), "differs: " #name);
#include "%s"
"""


def optional_names() -> list[str]:
    return re.findall(r"^OPTIONAL\(.*?,\s*(\w+),\s*\(", DECLARATIONS.read_text(), re.MULTILINE)


def compile_check(source: str, include: Path, folder: Path) -> str:
    """What the compiler says of a source file; nothing when it has no complaint."""
    compiler = shutil.which("cc") or shutil.which("clang")
    assert compiler, "no C compiler: on Debian, apt-get install gcc libc6-dev"
    file = folder / "check.c"
    file.write_text(source)
    command = [compiler, "-std=c11", "-fsyntax-only", "-I", str(include), str(file)]
    return subprocess.run(command, capture_output=True, text=True).stderr


@pytest.fixture
def include(environment) -> Path:
    header = environment.include / "Python.h"
    assert header.is_file(), f"no {header}: on Debian, apt-get install libpython3-dev"
    return environment.include


def test_every_declaration_is_that_of_python_h(include, tmp_path):
    assert "FUNCTION(" in DECLARATIONS.read_text()
    assert compile_check(CHECK % ("", DECLARATIONS), include, tmp_path) == ""


def test_an_optional_declaration_is_that_of_python_h_where_there_is_one(include, tmp_path):
    for name in optional_names():
        line = next(line for line in DECLARATIONS.read_text().splitlines() if re.match(rf"OPTIONAL\(.*\b{name},", line))
        source = CHECK.partition("#define OPTIONAL")[0] + line.replace("OPTIONAL", "FUNCTION", 1) + "\n"
        complaint = compile_check(source, include, tmp_path)
        assert complaint == "" or "undeclared" in complaint, complaint


def test_the_comparison_notices_a_difference(include, tmp_path):
    """A check that cannot fail proves nothing."""
    declarations = tmp_path / "wrong.def"
    declarations.write_text(
        "FUNCTION(int, PyDict_New, (void), ())\n"
        "FUNCTION(PyObject *, PyList_New, (int count), (count))\n"
        "FUNCTION(int, Py_NoSuchFunction, (void), ())\n"
        "DATA(PyTypeObject *, PyList_Type)\n"
    )
    complaint = compile_check(CHECK % ("", declarations), include, tmp_path)
    for name in ("PyDict_New", "PyList_New", "Py_NoSuchFunction", "PyList_Type"):
        assert name in complaint
