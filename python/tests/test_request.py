"""Requests: what a scope says, and bodies within their limit."""

import pytest

from datasette import PayloadTooLarge, Request


def _request(body=b"", *, pieces=3, headers=(), method="POST", **options):
    chunks = [body[i : i + pieces] for i in range(0, len(body), pieces)] or [b""]
    messages = [
        {"type": "http.request", "body": chunk, "more_body": i < len(chunks) - 1}
        for i, chunk in enumerate(chunks)
    ]
    read = []

    async def receive():
        read.append(messages[len(read)])
        return read[-1]

    scope = {"type": "http", "method": method, "path": "/", "headers": list(headers)}
    request = Request(scope, receive, **options)
    request.read = read
    return request


# Proves: API-170, API-172
def test_a_request_tells_what_its_scope_says():
    actor = {"id": "a"}
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": "/db/a b",
        "raw_path": b"/db/a%20b?x=1",
        "query_string": b"x=1&x=2&blank=",
        "headers": [(b"Host", b"example.com:8001"), (b"cookie", b'a=1; b="two words"')],
        "actor": actor,
        "url_route": {"kwargs": {"database": "db"}},
    }
    request = Request(scope, None)
    assert request.scope is scope
    assert request.method == "GET"
    assert request.url == "https://example.com:8001/db/a%20b?x=1&x=2&blank="
    assert request.scheme == "https"
    assert request.host == "example.com:8001"
    assert request.path == "/db/a%20b"
    assert request.query_string == "x=1&x=2&blank="
    assert request.full_path == "/db/a%20b?x=1&x=2&blank="
    assert request.cookies == {"a": "1", "b": "two words"}
    assert request.args.getlist("x") == ["1", "2"]
    assert request.args["blank"] == ""
    assert request.url_vars == {"database": "db"}
    assert request.actor is actor
    assert repr(request) == f'<asgi.Request method="GET" url="{request.url}">'
    request.anything = 5
    request.scope = {**scope, "method": "POST"}
    assert (request.anything, request.method) == (5, "POST")


# Proves: API-170
def test_what_a_scope_leaves_out_has_a_default():
    request = Request({"type": "http", "method": "GET", "path": "/x"}, None)
    assert (request.scheme, request.host, request.path) == ("http", "localhost", "/x")
    assert request.full_path == "/x"
    assert request.url == "http://localhost/x"
    assert (request.cookies, request.url_vars, request.actor) == ({}, {}, None)
    assert request.query_string == ""


# Proves: API-171
def test_headers_are_found_in_any_case_and_the_last_one_counts():
    headers = _request(headers=[(b"X-Thing", b"1"), (b"x-thing", b"2")]).headers
    assert headers["x-thing"] == headers["X-THING"] == headers.get("X-Thing") == "2"
    assert "X-thing" in headers
    assert list(headers) == ["x-thing"]
    assert headers.get("Other") is None
    assert headers.get("Other", "d") == "d"
    with pytest.raises(KeyError):
        headers["Other"]


# Proves: API-178
def test_a_fake_request_has_a_scope():
    request = Request.fake("/a~2Fb?x=1", method="POST", scheme="https", url_vars={"k": "v"})
    assert request.scope == {
        "http_version": "1.1",
        "method": "POST",
        "path": "/a~2Fb",
        "raw_path": b"/a~2Fb?x=1",
        "query_string": b"x=1",
        "scheme": "https",
        "type": "http",
        "url_route": {"kwargs": {"k": "v"}},
    }
    assert request.path == "/a~2Fb"
    assert "url_route" not in Request.fake("/").scope


# Proves: API-169
def test_the_limit_is_two_megabytes_unless_it_is_given():
    assert Request({}, None).max_post_body_bytes == 2_097_152
    assert Request({}, None, max_post_body_bytes=5).max_post_body_bytes == 5


# Proves: API-173
async def test_a_body_is_read_whole():
    assert await _request(b"hello world").post_body() == b"hello world"
    assert await _request(b"").post_body() == b""


# Proves: API-173
@pytest.mark.parametrize("how", [{"max_post_body_bytes": 4}, {}])
async def test_a_body_is_refused_as_soon_as_it_is_too_large(how):
    request = _request(b"x" * 90, **how)
    with pytest.raises(PayloadTooLarge, match="exceeded maximum size of 4 bytes") as refused:
        await request.post_body(max_bytes=None if how else 4)
    assert refused.value.status == 413
    assert len(request.read) == 2


# Proves: API-173
async def test_a_body_that_says_it_is_too_large_is_not_read():
    request = _request(b"x" * 9, headers=[(b"content-length", b"9")], max_post_body_bytes=4)
    with pytest.raises(PayloadTooLarge):
        await request.post_body()
    assert request.read == []


# Proves: API-173
async def test_zero_means_no_limit():
    assert await _request(b"x" * 9, max_post_body_bytes=4).post_body(max_bytes=0) == b"x" * 9
    assert await _request(b"x" * 9, max_post_body_bytes=0).post_body() == b"x" * 9


# Proves: API-174
async def test_the_fields_of_a_form_and_json():
    request = _request("a=1&b=&a=2&c=é".encode())
    assert await request.post_vars() == {"a": "2", "b": "", "c": "é"}
    assert await _request(b'{"a": [1]}').json() == {"a": [1]}
    for read in ("post_vars", "json"):
        with pytest.raises(PayloadTooLarge):
            await getattr(_request(b"[1, 2, 3]", max_post_body_bytes=4), read)()


# Proves: API-177
async def test_a_body_can_be_streamed_by_hand():
    request = _request(b"abcdef")
    assert (await request.receive())["body"] == b"abc"
    assert await request.receive() == {"type": "http.request", "body": b"def", "more_body": False}
