"""WsgiDAV over the folder WEBDAV_ROOT, with locks and dead properties in memory.

Everybody may write, or with WEBDAV_PASSWORD only who logs in as `keeper`, by digest authentication.
"""

import os

from wsgidav.wsgidav_app import WsgiDAVApp

password = os.environ.get("WEBDAV_PASSWORD")

application = WsgiDAVApp(
    {
        "provider_mapping": {"/": os.environ["WEBDAV_ROOT"]},
        "http_authenticator": {"accept_basic": False, "accept_digest": True, "default_to_digest": True},
        "simple_dc": {"user_mapping": {"*": {"keeper": {"password": password}} if password else True}},
        "property_manager": True,
        "lock_storage": True,
        "verbose": 1,
    }
)
