"""Behind proxies: whose word is taken on who the client is, what it says, and what is kept from everybody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import Address, Server, fetch
from harness.command import run
from harness.source import seen_from


def environ(server: Server, *headers: tuple[str, str], source: str = "127.0.0.1", **options: object) -> dict:
    response = fetch(seen_from(source, server.address), options.pop("target", "/environ"), headers=headers, **options)
    assert response.status == 200, response
    return json.loads(response.text)["values"]


@pytest.fixture(scope="module")
def chained(runtime):
    """Behind a proxy on this machine, which may be behind others in two networks."""
    trusted = "127.0.0.1, 10.0.0.0/8, 2001:db8:1::/48"
    with Server(runtime, "contract:application", "--forwarded-allow-ips", trusted, "--access-logfile", "-") as server:
        yield server


@pytest.fixture(scope="module")
def wary(runtime):
    """Its proxy is somewhere else: whoever comes from this machine is a stranger."""
    options = ("--forwarded-allow-ips", "10.0.0.1", "--access-logfile", "-")
    with Server(runtime, "contract:application", *options) as server:
        yield server


# X-Forwarded-For


@pytest.mark.parametrize(
    "chain, address, port",
    [
        ("203.0.113.9", "203.0.113.9", None),
        ("203.0.113.9:1234", "203.0.113.9", "1234"),
        ("  203.0.113.9\t", "203.0.113.9", None),
        # Only what our own proxies have added counts: what stands to the left of a stranger is his own word.
        ("198.51.100.1, 203.0.113.9", "203.0.113.9", None),
        ("127.0.0.1, 203.0.113.9", "203.0.113.9", None),
        ("10.0.0.1,203.0.113.9", "203.0.113.9", None),
        ("198.51.100.1:5, 203.0.113.9", "203.0.113.9", None),
        # Past the trusted ones, from right to left.
        ("203.0.113.9, 10.1.2.3", "203.0.113.9", None),
        ("203.0.113.9:77, 10.1.2.3:88, 127.0.0.1", "203.0.113.9", "77"),
        ("198.51.100.1, 203.0.113.9, 10.255.255.255, 10.0.0.0", "203.0.113.9", None),
        ("203.0.113.9, 11.0.0.0", "11.0.0.0", None),
        ("203.0.113.9, 9.255.255.255", "9.255.255.255", None),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9", None),
        ("203.0.113.9,,10.1.2.3,", "203.0.113.9", None),
        # IPv6, in its usual spelling; an IPv4 address that is mapped into it is that address.
        ("2001:db8::7", "2001:db8::7", None),
        ("[2001:db8::7]", "2001:db8::7", None),
        ("[2001:db8::7]:443", "2001:db8::7", "443"),
        ("2001:0DB8:0:0::7", "2001:db8::7", None),
        ("203.0.113.9, 2001:db8:1::5, [2001:db8:1:ffff::6]:1", "203.0.113.9", None),
        ("203.0.113.9, 2001:db8:2::5", "2001:db8:2::5", None),
        ("::ffff:203.0.113.9", "203.0.113.9", None),
        ("203.0.113.9, ::ffff:10.1.2.3", "203.0.113.9", None),
        # What is no address ends the way back: the last proxy that is known by then is all there is.
        ("unknown, 10.1.2.3", "10.1.2.3", None),
        ("<script>, 203.0.113.9", "203.0.113.9", None),
        # Quotes are no part of this field: they must not hide what a proxy has added.
        ('", 203.0.113.9', "203.0.113.9", None),
        ('"198.51.100.1, 203.0.113.9', "203.0.113.9", None),
        ('a"b\\", 203.0.113.9, 10.1.2.3', "203.0.113.9", None),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy(chained, chain, address, port):
    values = environ(chained, ("X-Forwarded-For", chain))
    assert (values["REMOTE_ADDR"], values.get("REMOTE_PORT")) == (address, port)


def test_several_lines_are_one_list(chained):
    lines = ("198.51.100.1", "203.0.113.9", "10.1.2.3, 10.1.2.4")
    values = environ(chained, *(("X-Forwarded-For", line) for line in lines))
    assert values["REMOTE_ADDR"] == "203.0.113.9"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            ",",
            " , ",
            "unknown",
            "localhost",
            "_hidden",
            "203.0.113",
            "203.0.113.256",
            "203.0.113.09",
            "203.0.113.9.1",
        ),
        *("203.0.113.9:", "203.0.113.9:0", "203.0.113.9:65536", "203.0.113.9:x", "203.0.113.9:1:2", "203.0.113.9;x"),
        *("203.0.113.9 x", "[203.0.113.9]", "2001:db8::7::1", "[2001:db8::7", "2001:db8::7]", "[2001:db8::7]443"),
        *("[2001:db8::7%25eth0]", "fe80::1%eth0", "0x7f.1", "3405803785", "'203.0.113.9'", "203.0.113.9/32", "*"),
        "1" * 4000,
    ],
)
def test_what_is_no_address_is_as_if_it_were_not_there(chained, value):
    values = environ(chained, ("X-Forwarded-For", value))
    # A colon without a port behind it is harmless (RFC 3986, section 6.2.3).
    expected = "203.0.113.9" if value == "203.0.113.9:" else "127.0.0.1"
    assert values["REMOTE_ADDR"] == expected
    assert (values.get("REMOTE_PORT") is not None) == (expected == "127.0.0.1")


def test_the_fields_reach_the_application_as_well(chained):
    sent = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "shop.example",
        "X-Forwarded-Prefix": "/shop",
        "X-Forwarded-Port": "444",
        "X-Forwarded-User": "ada",
        "X-Real-IP": "203.0.113.9",
    }
    values = environ(chained, *sent.items())
    for name, value in sent.items():
        assert values["HTTP_" + name.upper().replace("-", "_")] == value


# X-Forwarded-Proto, -Host, -Prefix


@pytest.mark.parametrize(
    "headers, scheme",
    [
        ([("X-Forwarded-Proto", "https")], "https"),
        ([("x-forwarded-proto", "HTTPS")], "https"),
        ([("X-Forwarded-Proto", "http")], "http"),
        # The element of the proxy that the client has come to: as many from the right as there are proxies behind it.
        ([("X-Forwarded-Proto", "http, https")], "https"),
        ([("X-Forwarded-Proto", "https, http")], "http"),
        ([("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "http")], "http"),
        ([("X-Forwarded-For", "203.0.113.9, 10.1.2.3"), ("X-Forwarded-Proto", "https, http")], "https"),
        ([("X-Forwarded-For", "203.0.113.9, 10.1.2.3"), ("X-Forwarded-Proto", "https, http, http")], "http"),
        ([("X-Forwarded-For", "203.0.113.9, 10.1.2.3"), ("X-Forwarded-Proto", "https")], "https"),
        ([("X-Forwarded-For", "10.1.2.3, 203.0.113.9"), ("X-Forwarded-Proto", "https, http")], "http"),
        ([("X-Forwarded-Proto", '", https')], "https"),
        # Nothing that is not one of the two.
        ([("X-Forwarded-Proto", "")], "http"),
        ([("X-Forwarded-Proto", "on")], "http"),
        ([("X-Forwarded-Proto", "wss")], "http"),
        ([("X-Forwarded-Proto", "https:")], "http"),
        ([("X-Forwarded-Proto", "https x")], "http"),
        ([("X-Forwarded-Proto", '"https"')], "http"),
        # Other names for it are not believed.
        ([("X-Forwarded-Scheme", "https"), ("X-Forwarded-Ssl", "on"), ("Front-End-Https", "on")], "http"),
    ],
)
def test_the_scheme_is_the_one_that_the_client_has_used(chained, headers, scheme):
    assert environ(chained, *headers)["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize(
    "host, name, port",
    [
        ("shop.example", "shop.example", "80"),
        ("shop.example:8443", "shop.example", "8443"),
        ("SHOP.example", "SHOP.example", "80"),
        ("203.0.113.1:81", "203.0.113.1", "81"),
        ("[2001:db8::7]", "[2001:db8::7]", "80"),
        ("[2001:db8::7]:81", "[2001:db8::7]", "81"),
        ("localhost", "localhost", "80"),
    ],
)
def test_the_host_is_the_one_that_the_client_has_asked_for(chained, host, name, port):
    values = environ(chained, ("X-Forwarded-Host", host))
    assert (values["HTTP_HOST"], values["SERVER_NAME"], values["SERVER_PORT"]) == (host, name, port)


@pytest.mark.parametrize("host, port", [("shop.example", "443"), ("shop.example:80", "80"), ("[::1]", "443")])
def test_the_port_goes_by_the_scheme(chained, host, port):
    values = environ(chained, ("X-Forwarded-Host", host), ("X-Forwarded-Proto", "https"))
    assert (values["HTTP_HOST"], values["SERVER_PORT"], values["wsgi.url_scheme"]) == (host, port, "https")


@pytest.mark.parametrize("scheme, port", [("http", "80"), ("https", "443")])
def test_on_a_unix_socket_the_port_goes_by_the_scheme_too(serve, tmp_path: Path, scheme, port):
    """The usual configuration of nginx: it passes Host on, and says the scheme."""
    server = serve("contract:application", binds=[f"unix:{tmp_path}/s"])
    headers = [("Host", "shop.example"), ("X-Forwarded-Proto", scheme)]
    values = json.loads(server.get("/environ", host=False, headers=headers).text)["values"]
    assert (values["wsgi.url_scheme"], values["HTTP_HOST"]) == (scheme, "shop.example")
    assert (values["SERVER_NAME"], values["SERVER_PORT"]) == ("shop.example", port)


def test_of_several_hosts_that_of_our_own_proxy_counts(chained):
    forged = environ(chained, ("X-Forwarded-Host", "forged.example, shop.example"))
    assert forged["HTTP_HOST"] == "shop.example"
    chain = environ(
        chained, ("X-Forwarded-For", "203.0.113.9, 10.1.2.3"), ("X-Forwarded-Host", "shop.example, inner.example")
    )
    assert chain["HTTP_HOST"] == "shop.example"


def test_a_host_is_taken_where_the_request_has_none(chained):
    values = environ(chained, ("X-Forwarded-Host", "shop.example"), version="1.0", host=False)
    assert values["HTTP_HOST"] == "shop.example"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "a b",
            "user@shop.example",
            "shop.example/x",
            "http://shop.example",
            "shop.example:99999",
            "shop.example:x",
        ),
        *(
            ":80",
            "[::1",
            "::1",
            "shop.example?x",
            "shop<script>",
            '"shop.example"',
            "shop\\.example",
            "caf\u00e9.example",
        ),
    ],
)
def test_what_is_no_host_is_as_if_it_were_not_there(chained, host):
    values = environ(chained, ("X-Forwarded-Host", host))
    assert values["HTTP_HOST"] == chained.address.authority
    assert values["SERVER_PORT"] == str(chained.address.port)


@pytest.mark.parametrize(
    "prefix, script",
    [
        ("/shop", "/shop"),
        ("/shop/", "/shop"),
        ("/a/b-c.d~e", "/a/b-c.d~e"),
        ("/", ""),
        # It is written into links: nothing that leads to another host, and no path at all but a path.
        *(
            (bad, "")
            for bad in ("", "shop", "//evil.example", "///x", "/\\evil.example", "/a\\b", "http://evil.example")
        ),
        # SCRIPT_NAME is decoded, as PATH_INFO is, and what may not be there may not come in disguise.
        ("/caf%C3%A9/%61", "/caf\u00c3\u00a9/a"),
        ("/my%20shop/", "/my shop"),
        *((bad, "") for bad in ("/..", "/a/../b", "/a/%2e%2E", "/.", "/a%", "/a%zz", "/%2Fevil.example", "/%5cevil")),
        *((bad, "") for bad in ("/a%0D%0AX: b", "/a%00", "/%3Ca%3E", "/a%3Fb", "/a%23b")),
        *((bad, "") for bad in ("/a?b", "/a#b", "/a b", "/a\tb", '/"a', "/<a>", "/caf\u00e9")),
    ],
)
def test_the_prefix_is_the_path_of_the_application_at_the_proxy(chained, prefix, script):
    values = environ(chained, ("X-Forwarded-Prefix", prefix))
    assert (values["SCRIPT_NAME"], values["PATH_INFO"]) == (script, "/environ")


def test_the_prefix_stands_before_that_of_a_mount(serve):
    server = serve("--mount=/inner=contract:application")
    values = environ(server, ("X-Forwarded-Prefix", "/outer/"), target="/inner/environ/x")
    assert (values["SCRIPT_NAME"], values["PATH_INFO"]) == ("/outer/inner", "/environ/x")


def test_one_requests_proxy_fields_are_not_the_next_ones(chained):
    with chained.connect() as connection:
        headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/shop")]
        first = json.loads(connection.get("/environ", headers=headers).text)["values"]
        second = json.loads(connection.get("/environ").text)["values"]
    keys = ("REMOTE_ADDR", "wsgi.url_scheme", "SCRIPT_NAME")
    assert [first[key] for key in keys] == ["203.0.113.9", "https", "/shop"]
    assert [second[key] for key in keys] == ["127.0.0.1", "http", ""]


# Forwarded (RFC 7239)


def ends(values: dict) -> tuple[str, str, str]:
    return values["REMOTE_ADDR"], values["wsgi.url_scheme"], values["HTTP_HOST"]


@pytest.mark.parametrize(
    "value, address, scheme, host",
    [
        ("for=203.0.113.9", "203.0.113.9", "http", None),
        ("for=203.0.113.9;proto=https;host=shop.example", "203.0.113.9", "https", "shop.example"),
        ("FOR=203.0.113.9; Proto=HTTPS ;Host=shop.example", "203.0.113.9", "https", "shop.example"),
        ('for="203.0.113.9:4711";host="shop.example:81"', "203.0.113.9", "http", "shop.example:81"),
        ('For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17", "http", None),
        ('for="[2001:db8:cafe::17]"', "2001:db8:cafe::17", "http", None),
        ("proto=https", "127.0.0.1", "https", None),
        ("by=10.0.0.1;secret=x;for=203.0.113.9", "203.0.113.9", "http", None),
        # From right to left, past our own.
        ("for=198.51.100.1;proto=https, for=203.0.113.9;proto=http", "203.0.113.9", "http", None),
        (
            "for=203.0.113.9;proto=https;host=shop.example, for=10.1.2.3;proto=http",
            "203.0.113.9",
            "https",
            "shop.example",
        ),
        ("for=203.0.113.9, for=10.1.2.3;proto=https", "203.0.113.9", "https", None),
        ("for=203.0.113.9;by=_x,for=unknown;proto=https", "127.0.0.1", "https", None),
        ("for=_hidden", "127.0.0.1", "http", None),
        ('for="_hidden:_port";proto=https', "127.0.0.1", "https", None),
        # What is not of the grammar is as if it were not there.
        ("", "127.0.0.1", "http", None),
        ("203.0.113.9", "127.0.0.1", "http", None),
        ("for=203.0.113.9;", "203.0.113.9", "http", None),
        ("for=203.0.113.9;proto", "127.0.0.1", "http", None),
        ('for="203.0.113.9', "127.0.0.1", "http", None),
        ('for="203.0.113.9"x;proto=https', "127.0.0.1", "http", None),
        ('for="203.0\\.113.9";proto=https', "127.0.0.1", "http", None),
        ("for = 203.0.113.9", "127.0.0.1", "http", None),
        ("for=198.51.100.1;for=203.0.113.9", "127.0.0.1", "http", None),
        ("for=203.0.113.9;proto=https;proto=https", "127.0.0.1", "http", None),
        ("proto=gopher;host=a/b", "127.0.0.1", "http", None),
    ],
)
def test_the_standard_field_says_the_same(chained, value, address, scheme, host):
    assert ends(environ(chained, ("Forwarded", value))) == (address, scheme, host or chained.address.authority)


@pytest.mark.parametrize(
    "name, value, expected",
    [
        ("X-Forwarded-For", "198.51.100.7", ("198.51.100.7", "http")),
        ("X-Forwarded-Proto", "https", ("127.0.0.1", "https")),
        ("X-Forwarded-Host", "a", ("127.0.0.1", "http")),
        ("X-Forwarded-Prefix", "/a", ("127.0.0.1", "http")),
        ("X-Forwarded-For", "junk", ("127.0.0.1", "http")),
    ],
)
def test_beside_the_older_fields_the_standard_one_is_a_clients(chained, name, value, expected):
    values = environ(chained, ("Forwarded", "for=203.0.113.9;proto=https;host=forged.example"), (name, value))
    assert (values["REMOTE_ADDR"], values["wsgi.url_scheme"]) == expected
    assert values["HTTP_HOST"] != "forged.example" and "HTTP_FORWARDED" not in values


def test_beside_any_other_field_of_the_family_the_standard_one_counts(chained):
    values = environ(chained, ("Forwarded", "for=203.0.113.9"), ("X-Forwarded-Port", "444"), ("X-Real-IP", "1.2.3.4"))
    assert values["REMOTE_ADDR"] == "203.0.113.9" and values["HTTP_FORWARDED"] == "for=203.0.113.9"


# Strangers

FORWARDING = (
    "X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Forwarded-Prefix X-Forwarded-Port X-Forwarded-Server "
    "X-Forwarded-By X-Forwarded-Ssl X-Forwarded-Scheme X-Forwarded-Protocol X-Forwarded-User X-Forwarded-Client-Cert "
    "Forwarded X-Real-IP X-Scheme X-Script-Name X-URL-Scheme Front-End-Https"
).split()


def spellings(name: str) -> list[str]:
    return [
        name,
        name.lower(),
        name.upper(),
        name.replace("-", "_"),
        name.replace("-", "_", 1),
        name.lower().replace("-", "_"),
    ]


@pytest.mark.parametrize("name", FORWARDING)
def test_a_strangers_fields_reach_nobody_in_any_spelling(wary, name):
    for spelling in spellings(name):
        values = environ(wary, (spelling, "forged-7"))
        assert "forged-7" not in values.values(), spelling


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-IP", "Forwarded"])
@pytest.mark.parametrize("hyphen", [1, 2])
def test_an_underscore_hides_no_field_from_a_trusted_proxy_either(chained, name, hyphen):
    spelling = name.replace("-", "_", hyphen)
    values = environ(chained, (spelling, "203.0.113.7"))
    assert values["REMOTE_ADDR"] == "127.0.0.1"
    if spelling != name:
        assert "203.0.113.7" not in values.values()


def test_a_strangers_fields_change_nothing(wary):
    before = environ(wary)
    forged = [
        *(("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "forged.example")),
        *(("X-Forwarded-Prefix", "/forged"), ("Forwarded", "for=203.0.113.9;proto=https;host=forged.example")),
        *(("X-Forwarded-Port", "1"), ("X-Forwarded-Ssl", "on"), ("X-Real-IP", "203.0.113.9"), ("X-Scheme", "https")),
        *(("X-Script-Name", "/forged"), ("X-URL-Scheme", "https"), ("Front-End-Https", "on")),
    ]
    after = environ(wary, *forged)
    changes = {key: value for key, value in after.items() if before.get(key) != value}
    assert set(changes) <= {"REMOTE_PORT"}, changes


@pytest.mark.parametrize("name", ["X-Forwarding", "X-Forwarde", "Via", "X-Request-Id", "X-Reality", "Forwarded-X"])
def test_other_fields_of_a_stranger_are_his_to_send(wary, name):
    assert environ(wary, (name, "kept-7"))["HTTP_" + name.upper().replace("-", "_")] == "kept-7"


def test_the_log_says_once_that_the_fields_are_not_believed(serve):
    server = serve("contract:application", "--forwarded-allow-ips", "10.0.0.1")
    environ(server)
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        environ(server, (name, "203.0.113.9"))
    server.stop()
    warnings = [line for line in server.log.lines if "--forwarded-allow-ips" in line]
    assert len(warnings) == 1, server.log.text
    assert "[WARNING]" in warnings[0] and "127.0.0.1" in warnings[0]


def test_nothing_is_said_of_a_trusted_proxy_or_of_requests_without_the_fields(serve):
    trusting, wary = serve("contract:application"), serve("contract:application", "--forwarded-allow-ips", "10.0.0.1")
    environ(trusting, ("X-Forwarded-For", "203.0.113.9"))
    environ(wary, ("X-Request-Id", "7"))
    for server in (trusting, wary):
        server.stop()
        assert "--forwarded-allow-ips" not in server.log.text


# Who is trusted


@pytest.mark.parametrize(
    "option, variable, source, believed",
    [
        (None, None, "127.0.0.1", True),
        (None, None, "127.0.0.2", False),
        ("127.0.0.2", None, "127.0.0.2", True),
        ("127.0.0.2", None, "127.0.0.1", False),
        ("10.0.0.1, 127.0.0.2", None, "127.0.0.2", True),
        ("127.0.0.0/30", None, "127.0.0.3", True),
        ("127.0.0.0/30", None, "127.0.0.4", False),
        ("127.0.0.3/30", None, "127.0.0.1", True),
        ("127.0.0.2/32", None, "127.0.0.3", False),
        ("0.0.0.0/0", None, "127.0.0.9", True),
        ("::ffff:127.0.0.2", None, "127.0.0.2", True),
        ("::ffff:127.0.0.0/104", None, "127.0.0.9", True),
        ("::1,unix", None, "127.0.0.1", False),
        ("*", None, "127.0.0.9", True),
        ("", None, "127.0.0.1", False),
        (None, "127.0.0.2", "127.0.0.2", True),
        (None, "127.0.0.2", "127.0.0.1", False),
        (None, "*", "127.0.0.9", True),
        (None, "", "127.0.0.1", False),
        # The option comes before the variable.
        ("127.0.0.1", "127.0.0.2", "127.0.0.2", False),
        ("127.0.0.1", "127.0.0.2", "127.0.0.1", True),
        ("127.0.0.1", "the proxy", "127.0.0.1", True),
    ],
)
def test_trusted_is_who_was_named(serve, option, variable, source, believed):
    options = [] if option is None else ["--forwarded-allow-ips", option]
    variables = {} if variable is None else {"FORWARDED_ALLOW_IPS": variable}
    server = serve("contract:application", *options, variables=variables)
    values = environ(server, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), source=source)
    expected = ("203.0.113.9", "https") if believed else (source, "http")
    assert (values["REMOTE_ADDR"], values["wsgi.url_scheme"]) == expected
    assert ("HTTP_X_FORWARDED_FOR" in values) == believed


@pytest.mark.parametrize("option, believed", [(None, True), ("unix", True), ("127.0.0.1,::1", False), ("*", True)])
def test_a_unix_socket_is_trusted_by_its_name(serve, tmp_path: Path, option, believed):
    options = [] if option is None else ["--forwarded-allow-ips", option]
    server = serve("contract:application", *options, binds=[f"unix:{tmp_path}/s"])
    headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")]
    values = json.loads(server.get("/environ", headers=headers).text)["values"]
    expected = ("203.0.113.9", "https") if believed else ("", "http")
    assert (values["REMOTE_ADDR"], values["wsgi.url_scheme"]) == expected


def test_over_ipv6_an_ipv4_proxy_is_known_by_its_own_address(serve):
    server = serve("contract:application", "--forwarded-allow-ips", "127.0.0.1", binds=["[::]:0"])
    address = Address("127.0.0.1", server.address.port)
    response = fetch(address, "/environ", headers=[("X-Forwarded-For", "203.0.113.9")])
    assert json.loads(response.text)["values"]["REMOTE_ADDR"] == "203.0.113.9"


@pytest.mark.parametrize("option", ["--forwarded-allow-ips", "--proxy-allow-from"])
@pytest.mark.parametrize(
    "value", ["proxy.example", "10.0.0.0/33", "10.0.0.1/", "::/129", "10.0.0", "127.0.0.1,all", "/8"]
)
def test_a_list_of_peers_that_cannot_be_read_is_refused(runtime, option, value):
    outcome = run(runtime, "contract:application", option, value)
    assert outcome.code == 2 and "must be an address, a block such as 10.0.0.0/8, unix or *" in outcome.err, outcome


# The access log


def test_the_access_log_has_the_clients_address(chained):
    mark = chained.out.mark()
    assert chained.get("/list", headers=[("X-Forwarded-For", "198.51.100.1, 203.0.113.9:1, 10.1.2.3")]).status == 200
    assert chained.get("/list", headers=[("Forwarded", 'for="[2001:db8::7]:1"')]).status == 200
    assert chained.get("/list").status == 200
    lines = chained.out.wait_for(r"^(\S+) - - \[.*GET /list ", count=3, after=mark)
    assert [line[1] for line in lines] == ["203.0.113.9", "2001:db8::7", "127.0.0.1"]


def test_the_access_log_does_not_believe_a_stranger(wary):
    mark = wary.out.mark()
    wary.get("/list", headers=[("X-Forwarded-For", "203.0.113.9")])
    assert wary.out.wait_for(r"^(\S+) .*GET /list ", after=mark)[0][1] == "127.0.0.1"


def test_a_file_is_logged_with_the_clients_address_too(serve, tmp_path: Path):
    (tmp_path / "style.css").write_bytes(b"p {}")
    server = serve("contract:application", "--static", f"/static={tmp_path}", "--access-logfile", "-")
    assert server.get("/static/style.css", headers=[("X-Forwarded-For", "203.0.113.9")]).status == 200
    server.out.wait_for(r"^203\.0\.113\.9 - - .*GET /static/style\.css ")
