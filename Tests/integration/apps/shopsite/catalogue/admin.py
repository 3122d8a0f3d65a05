from django.contrib import admin

from catalogue.models import Product

admin.site.register(Product)
