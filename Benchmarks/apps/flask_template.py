"""A Flask view that renders a page of about 20 KB with Jinja."""

from pathlib import Path

from flask import Flask, render_template

application = Flask(__name__, template_folder=Path(__file__).parent / "templates")

ROWS = [{"number": number, "name": f"item {number}", "price": number * 1.25} for number in range(176)]


@application.get("/")
def page():
    return render_template("items.html", title="Items", rows=ROWS)
