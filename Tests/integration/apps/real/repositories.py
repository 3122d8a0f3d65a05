"""Mercurial's hgweb over every repository in the folder HG_REPOSITORIES; their own hgrc says who may push."""

import os

from mercurial.hgweb import hgweb

folder = os.environb[b"HG_REPOSITORIES"]

application = hgweb({name: os.path.join(folder, name) for name in os.listdir(folder)})
