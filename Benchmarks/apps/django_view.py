"""A Django view that returns a small JSON object, behind the middleware of a new project that needs no database."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEBUG=False,
    ROOT_URLCONF=__name__,
    SECRET_KEY="of no use outside the benchmark",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)


def item(request):
    return JsonResponse({"id": 7, "name": "alpine swift", "price": 12.5, "in_stock": True})


urlpatterns = [path("", item)]
django.setup()
application = get_wsgi_application()
