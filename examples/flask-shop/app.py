"""A small shop: one page, one search, and a basket that remembers.

martlet app:app --static /static=./static
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass

from flask import Flask, abort, jsonify, redirect, render_template, request, session, url_for

app = Flask(__name__)
# A real shop keeps this secret, and the same, between starts.
app.secret_key = os.environ.get("SHOP_SECRET") or os.urandom(32)


@dataclass(frozen=True)
class Product:
    slug: str
    name: str
    note: str
    pence: int

    @property
    def price(self) -> str:
        return f"£{self.pence / 100:.2f}"


SHELF = {
    product.slug: product
    for product in [
        Product("seed-cake", "Seed cake", "Caraway, butter, no haste.", 650),
        Product("field-notebook", "Field notebook", "Ninety pages that take rain well.", 890),
        Product("tin-whistle", "Tin whistle", "In D. Neighbours not included.", 1200),
        Product("nest-box", "Nest box", "Larch, with a 32 mm door for small tenants.", 2450),
        Product("lantern", "Storm lantern", "Burns through the shipping forecast.", 3100),
        Product("wool-blanket", "Wool blanket", "Heavy enough to end an argument.", 7800),
    ]
}


@app.get("/")
def shop():
    basket = session.get("basket", {})
    lines = [(SHELF[slug], count) for slug, count in basket.items() if slug in SHELF]
    total = sum(product.pence * count for product, count in lines)
    return render_template("shop.html", shelf=SHELF.values(), lines=lines, total=f"£{total / 100:.2f}")


@app.post("/basket/<slug>")
def put_in_basket(slug: str):
    if slug not in SHELF:
        abort(404)
    basket = session.get("basket", {})
    session["basket"] = {**basket, slug: basket.get(slug, 0) + 1}
    return redirect(url_for("shop"))


@app.post("/basket/empty")
def empty_basket():
    session.pop("basket", None)
    return redirect(url_for("shop"))


@app.get("/api/products")
def products():
    """The shelf as JSON; `?q=` looks in names and notes."""
    wanted = request.args.get("q", "").casefold()
    found = [p for p in SHELF.values() if wanted in f"{p.name} {p.note}".casefold()]
    return jsonify(products=[{**asdict(product), "price": product.price} for product in found])


@app.get("/favicon.ico")
def favicon():
    return redirect(url_for("static", filename="favicon.svg"))
