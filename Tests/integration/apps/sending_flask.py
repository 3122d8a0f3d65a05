"""Flask with USE_X_SENDFILE: the server sends the files that it names."""

import os

from flask import Flask, send_file

app = Flask(__name__)
app.config["USE_X_SENDFILE"] = True


@app.get("/<name>")
def send(name):
    return send_file(os.path.join(os.environ["FOLDER"], name), mimetype="text/plain")
