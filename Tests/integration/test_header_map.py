"""`--header-map`: request fields with an underscore in their name, which in environ look like those with a hyphen."""

from __future__ import annotations

import json

import pytest

UNDERSCORED = [("X_Auth_User", "underscored-7"), ("X-Auth_User", "underscored-7"), ("my_token", "underscored-7")]


@pytest.mark.parametrize("options", [(), ("--header-map", "drop")])
def test_names_with_underscores_are_dropped(serve, options):
    server = serve("contract:application", *options)
    for field in UNDERSCORED:
        response = server.get("/environ", headers=[field])
        assert response.status == 200 and "underscored-7" not in response.text


def test_names_with_underscores_may_be_refused(serve, tmp_path):
    (tmp_path / "file.txt").write_bytes(b"static\n")
    server = serve("contract:application", "--header-map", "refuse", "--static", f"/static={tmp_path}")
    for target in ("/environ", "/static/file.txt"):
        for field in UNDERSCORED:
            with server.connect() as connection:
                connection.request(target, headers=[field])
                assert connection.read_response().status == 400
                connection.expect_closed()
        assert server.get(target, headers=[("X-Auth-User", "a_b")]).status == 200
    server.log.wait_for("400: an underscore in the name of a header field")


def test_names_with_underscores_may_be_handed_on(serve):
    server = serve("contract:application", "--header-map", "dangerous")
    headers = [("X-Auth-User", "real"), ("X_Auth_User", "other"), ("my_token", "t")]
    values = json.loads(server.get("/environ", headers=headers).text)["values"]
    assert (values["HTTP_X_AUTH_USER"], values["HTTP_MY_TOKEN"]) == ("real, other", "t")


@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.1"])
def test_none_that_is_handed_on_passes_for_a_field_that_means_something_to_servers(serve, trusted):
    server = serve("contract:application", "--header-map", "dangerous", "--forwarded-allow-ips", trusted)
    names = "X_Forwarded_For X-Forwarded_For X_Forwarded_User X_Real_IP X_Script_Name Front_End_Https".split()
    names += "Content_Length Content_Type Transfer_Encoding User_Agent Accept_Language".split()
    response = server.get("/environ", headers=[(name, "underscored-7") for name in names])
    assert response.status == 200 and "underscored-7" not in response.text
