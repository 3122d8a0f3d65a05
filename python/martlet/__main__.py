"""``python -m martlet APP [options]``: the server inside of this interpreter (the hosted shape)."""

import os
import sys

if sys.version_info < (3, 9):
    # This file can be read by Pythons that are far too old, so that they can say so.
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit("Error: martlet runs on CPython 3.9 or newer; this is {} ({})".format(version, sys.executable))

import importlib.machinery
import importlib.util

# The names that the extension module may have beside this file.
LIBRARY_NAMES = ("libMartletHost.so", "libmartlet.so")


def find_library():
    """Path of the extension module: ``$MARTLET_LIBRARY``, or the one that is installed with this package."""
    chosen = os.environ.get("MARTLET_LIBRARY")
    if chosen:
        return chosen
    folder = os.path.dirname(os.path.abspath(__file__))
    for name in LIBRARY_NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    sys.exit(
        "Error: {} is not beside {}. Build it with scripts/build and name it in MARTLET_LIBRARY.".format(
            LIBRARY_NAMES[0], __file__
        )
    )


def load_library(path):
    """Load the extension module ``_martlet`` from `path` and make it importable."""
    loader = importlib.machinery.ExtensionFileLoader("_martlet", path)
    spec = importlib.util.spec_from_file_location("_martlet", path, loader=loader)
    try:
        module = importlib.util.module_from_spec(spec)
        loader.exec_module(module)
    except ImportError as error:
        sys.exit("Error: the server could not be loaded from {}: {}".format(path, error))
    sys.modules["_martlet"] = module


def main():
    load_library(find_library())
    from martlet.bootstrap import main as serve

    serve(sys.argv[1:])


if __name__ == "__main__":
    main()
