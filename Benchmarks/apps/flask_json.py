"""A Flask view that returns a small JSON object."""

from flask import Flask

application = Flask(__name__)


@application.get("/")
def item():
    return {"id": 7, "name": "alpine swift", "price": 12.5, "in_stock": True, "tags": ["bird", "summer"]}
