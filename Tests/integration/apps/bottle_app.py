"""A Bottle application."""

from bottle import Bottle, HTTPResponse, abort, request, response, static_file

app = Bottle()


@app.get("/")
def index():
    return "Hello from Bottle"


@app.get("/json")
def json_route():
    return {"query": dict(request.query), "path": request.path}


@app.post("/form")
def form():
    return {"name": request.forms.getunicode("name")}


@app.get("/stream")
def stream():
    response.content_type = "text/plain; charset=utf-8"
    for number in range(5):
        yield f"line {number}\n"


@app.get("/cookie")
def cookie():
    seen = int(request.get_cookie("seen", "0")) + 1
    response.set_cookie("seen", str(seen))
    return {"seen": seen}


@app.get("/file")
def file():
    return static_file("bottle_app.py", root=__file__.rsplit("/", 1)[0], mimetype="text/x-python")


@app.get("/teapot")
def teapot():
    raise HTTPResponse("short and stout", status=418)


@app.get("/gone")
def gone():
    abort(410, "It is gone.")
