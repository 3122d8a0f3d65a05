"""The Roundup issue tracker whose home is TRACKER_HOME."""

import os

from roundup.cgi.wsgi_handler import RequestDispatcher

application = RequestDispatcher(os.environ["TRACKER_HOME"])
