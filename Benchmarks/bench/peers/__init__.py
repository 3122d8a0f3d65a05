"""The servers that are compared, in the order of the tables."""

from .gunicorn import GUNICORN_GTHREAD, GUNICORN_SYNC
from .martlet import MARTLET
from .nginx import NGINX, NGINX_CACHE, NGINX_GUNICORN_GTHREAD, NGINX_GUNICORN_SYNC
from .python_servers import BJOERN, CHEROOT, FASTPYSGI, FASTWSGI, GRANIAN, PEREGRINE, WAITRESS
from .uwsgi import UWSGI

PEERS = (
    MARTLET,
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
)
"""Every peer; the first is the one that the others are set in relation to."""
