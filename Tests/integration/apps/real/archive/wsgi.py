"""The WSGI entry point. On its first start it makes the database and one superuser in it."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "archive.settings"

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()


def prepare():
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    users = get_user_model().objects
    if not users.filter(username="keeper").exists():
        users.create_superuser("keeper", "keeper@archive.example", "open sesame")


prepare()
