"""A Pyramid application."""

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPFound
from pyramid.response import FileResponse, Response


def index(request):
    return Response("Hello from Pyramid")


def json_view(request):
    return {"path": request.path, "params": dict(request.params)}


def stream(request):
    return Response(app_iter=(b"line %d\n" % number for number in range(5)), content_type="text/plain")


def own_file(request):
    return FileResponse(__file__, request=request, content_type="text/x-python")


def go(request):
    raise HTTPFound(request.route_url("json", _query={"from": "redirect"}))


def main():
    with Configurator() as config:
        for name, path, view, renderer in [
            ("index", "/", index, None),
            ("json", "/json", json_view, "json"),
            ("stream", "/stream", stream, None),
            ("file", "/file", own_file, None),
            ("go", "/go", go, None),
        ]:
            config.add_route(name, path)
            config.add_view(view, route_name=name, renderer=renderer)
        return config.make_wsgi_app()
