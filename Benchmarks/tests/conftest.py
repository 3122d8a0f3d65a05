"""The pure parts of the benchmark, without a server: what rounds say, and how it is written down."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
