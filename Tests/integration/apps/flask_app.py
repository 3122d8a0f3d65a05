"""A Flask application of the ordinary kind: routes, templates, forms, sessions, uploads, streams."""

import hashlib
import io

from flask import (
    Flask,
    Response,
    jsonify,
    redirect,
    render_template_string,
    request,
    send_file,
    session,
    stream_with_context,
    url_for,
)

app = Flask(__name__)
app.secret_key = "only for tests"


@app.get("/")
def index():
    page = "<!doctype html><title>{{ title }}</title><h1>Hello, {{ title }}!</h1>"
    return render_template_string(page, title="W\u00f6rld")


@app.get("/json")
def json_route():
    return jsonify(message="hello", args=request.args, scheme=request.scheme, host=request.host)


@app.post("/json")
def json_post():
    return jsonify(received=request.get_json())


@app.get("/users/<name>")
def user(name):
    return jsonify(name=name)


@app.post("/form")
def form():
    return jsonify(form=request.form.to_dict(flat=False))


@app.post("/upload")
def upload():
    file = request.files["file"]
    digest, size = hashlib.sha256(), 0
    for block in iter(lambda: file.stream.read(65536), b""):
        digest.update(block)
        size += len(block)
    return jsonify(name=file.filename, size=size, sha256=digest.hexdigest())


@app.get("/stream")
def stream():
    def blocks():
        for number in range(int(request.args.get("n", 5))):
            yield f"line {number} for {request.path}\n"

    return Response(stream_with_context(blocks()), mimetype="text/plain")


@app.get("/download")
def download():
    return send_file(io.BytesIO(b"0123456789" * 100), mimetype="application/octet-stream", download_name="digits.bin")


@app.get("/own-file")
def own_file():
    return send_file(__file__, mimetype="text/x-python", conditional=True)


@app.get("/count")
def count():
    session["count"] = session.get("count", 0) + 1
    return jsonify(count=session["count"])


@app.get("/go")
def go():
    return redirect(url_for("user", name="redirected"))


@app.get("/fail")
def fail():
    raise RuntimeError("Flask handles this one itself")
