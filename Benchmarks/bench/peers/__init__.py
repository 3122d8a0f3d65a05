"""The servers that are compared, in the order of the tables."""

from .floor import FLOOR, IMPORT
from .gunicorn import GUNICORN_GTHREAD, GUNICORN_SYNC
from .martlet import MARTLET, MARTLET_STREAMED
from .nginx import NGINX, NGINX_CACHE, NGINX_GUNICORN_GTHREAD, NGINX_GUNICORN_SYNC
from .python_servers import BJOERN, CHEROOT, FASTPYSGI, FASTWSGI, GRANIAN, PEREGRINE, WAITRESS
from .uwsgi import UWSGI

PEERS = (
    MARTLET,
    MARTLET_STREAMED,
    PEREGRINE,
    GRANIAN,
    BJOERN,
    FASTPYSGI,
    FASTWSGI,
    UWSGI,
    WAITRESS,
    CHEROOT,
    GUNICORN_SYNC,
    GUNICORN_GTHREAD,
    NGINX,
    NGINX_CACHE,
    NGINX_GUNICORN_SYNC,
    NGINX_GUNICORN_GTHREAD,
    FLOOR,
    IMPORT,
)
"""Every peer; the first is the one that the others are set in relation to."""
