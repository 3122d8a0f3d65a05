from django.db import models


class Document(models.Model):
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[("map", "Map"), ("letter", "Letter")], default="letter")
    public = models.BooleanField(default=False)
    scan = models.FileField(upload_to="scans/", blank=True)

    def __str__(self):
        return self.title
