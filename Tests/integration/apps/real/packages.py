"""pypiserver over the folder PACKAGES; uploads are for `keeper` alone, and nothing is asked of another index."""

import os
from pathlib import Path

import pypiserver

application = pypiserver.app(
    roots=[Path(os.environ["PACKAGES"])],
    authenticate=["update"],
    auther=lambda name, password: (name, password) == ("keeper", "open sesame"),
    password_file="unused: the function above decides",
    disable_fallback=True,
)
