from catalogue import views
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("", views.index),
    path("upload", views.upload),
    path("stream", views.stream),
    path("download", views.download),
    path("admin/", admin.site.urls),
]
