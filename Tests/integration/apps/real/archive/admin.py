from django.contrib import admin

from archive.models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "public"]
    list_filter = ["kind"]
    list_per_page = 10
    ordering = ["title"]
    search_fields = ["title"]
