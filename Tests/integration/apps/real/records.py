"""Kinto, with everything in memory; any name and password is a user."""

import kinto


def main():
    return kinto.main(
        {},
        **{
            "kinto.storage_backend": "kinto.core.storage.memory",
            "kinto.cache_backend": "kinto.core.cache.memory",
            "kinto.permission_backend": "kinto.core.permission.memory",
            "kinto.bucket_create_principals": "system.Authenticated",
            "kinto.userid_hmac_secret": "only for tests",
            "kinto.paginate_by": "10",
            "multiauth.policies": "basicauth",
        },
    )
