"""What can be measured, in the order of the report."""

from .application import BODIES, CONNECTIONS, FRAMEWORKS, MIXED
from .life import LIFE
from .static import STATIC
from .waiting import WAITING

WORKS = (*FRAMEWORKS, *BODIES, *CONNECTIONS, *STATIC, *MIXED, *WAITING, *LIFE)
