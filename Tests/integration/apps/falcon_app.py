"""A Falcon application."""

import falcon


class Index:
    def on_get(self, request, response):
        response.media = {"framework": "falcon", "query": request.params}

    def on_post(self, request, response):
        response.status = falcon.HTTP_201
        response.media = {"received": request.get_media()}


class Stream:
    def on_get(self, request, response):
        response.content_type = "text/plain"
        response.stream = (b"line %d\n" % number for number in range(5))


class Echo:
    def on_put(self, request, response):
        response.data = request.bounded_stream.read()
        response.content_type = "application/octet-stream"


class Item:
    def on_get(self, request, response, number):
        if number > 10:
            raise falcon.HTTPNotFound(title="No such item")
        response.media = {"item": number}

    def on_delete(self, request, response, number):
        response.status = falcon.HTTP_204


app = falcon.App()
app.add_route("/", Index())
app.add_route("/stream", Stream())
app.add_route("/echo", Echo())
app.add_route("/items/{number:int}", Item())
