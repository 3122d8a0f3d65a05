from django.http import FileResponse
from django.shortcuts import get_object_or_404

from archive.models import Document


def scan(request, number):
    return FileResponse(get_object_or_404(Document, pk=number).scan.open("rb"), as_attachment=True)
