import hashlib
from pathlib import Path

from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catalogue.models import Product


def index(request):
    names = ", ".join(Product.objects.order_by("name").values_list("name", flat=True)) or "nothing yet"
    return HttpResponse(f"<!doctype html><title>Shop</title><p>On the shelf: {names}</p>")


@csrf_exempt
@require_POST
def upload(request):
    file = request.FILES["file"]
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return JsonResponse({"name": file.name, "size": file.size, "sha256": digest.hexdigest()})


def stream(request):
    return StreamingHttpResponse((f"row {number}\n" for number in range(1000)), content_type="text/csv")


def download(request):
    return FileResponse(Path(__file__).open("rb"), as_attachment=True, filename="views.py")
