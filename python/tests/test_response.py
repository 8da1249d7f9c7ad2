"""Answers as they are sent."""

import asyncio
import hashlib

import pytest

from datasette import Request, Response
from datasette.utils import add_cors_headers, asgi, error_body


async def _sent(answer):
    messages = []

    async def send(message):
        messages.append(message)

    await (answer.asgi_send(send) if hasattr(answer, "asgi_send") else answer(send))
    start, *bodies = messages
    assert start["type"] == "http.response.start"
    assert all(message["type"] == "http.response.body" for message in bodies)
    assert not bodies[-1].get("more_body")
    headers = [(name.decode(), value.decode()) for name, value in start["headers"]]
    return start["status"], headers, b"".join(message["body"] for message in bodies)


# Proves: API-184, API-189
async def test_a_response_is_sent_with_its_headers():
    response = Response("é", 201, {"X-Thing": "1"}, "text/x")
    assert await _sent(response) == (
        201,
        [("X-Thing", "1"), ("content-type", "text/x")],
        "é".encode(),
    )
    response.body, response.status, response.content_type = b"\xff", 202, "image/x"
    response.headers = {}
    assert await _sent(response) == (202, [("content-type", "image/x")], b"\xff")
    assert await _sent(Response()) == (200, [("content-type", "text/plain")], b"")


# Proves: API-185
@pytest.mark.parametrize(
    ("response", "status", "headers", "body"),
    [
        (
            Response.html("<b>", headers={"a": "b"}),
            200,
            [("a", "b"), ("content-type", "text/html; charset=utf-8")],
            b"<b>",
        ),
        (Response.text(5, 400), 400, [("content-type", "text/plain; charset=utf-8")], b"5"),
        (
            Response.json({"a": {1}}, default=list),
            200,
            [("content-type", "application/json; charset=utf-8")],
            b'{"a": [1]}',
        ),
        (
            Response.redirect("/x", headers={"a": "b"}),
            302,
            [("a", "b"), ("Location", "/x"), ("content-type", "text/plain")],
            b"",
        ),
        (
            Response.redirect("/x", 301),
            301,
            [("Location", "/x"), ("content-type", "text/plain")],
            b"",
        ),
    ],
)
async def test_responses_are_made_by_what_they_are(response, status, headers, body):
    assert await _sent(response) == (status, headers, body)


# Proves: API-186, API-245
async def test_an_error_is_json_of_one_shape():
    status, headers, body = await _sent(Response.error(["one", "two"], 403))
    assert status == 403
    assert headers == [("content-type", "application/json; charset=utf-8")]
    assert body == b'{"ok": false, "error": "one; two", "errors": ["one", "two"], "status": 403}'
    assert error_body("one", 400) == {
        "ok": False,
        "error": "one",
        "errors": ["one"],
        "status": 400,
    }
    assert Response.error("x").status == 400


# Proves: API-187, API-188
async def test_cookies_are_headers_of_their_own():
    response = Response("x")
    response.set_cookie(
        "a",
        "b c",
        max_age=5,
        expires="Thu, 01 Jan 1970",
        path="/p",
        domain="d.example",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    response.set_cookie("plain")
    _, headers, _ = await _sent(response)
    assert [value for name, value in headers if name == "set-cookie"] == [
        'a="b c"; Domain=d.example; expires=Thu, 01 Jan 1970; HttpOnly; Max-Age=5; Path=/p; '
        "SameSite=strict; Secure",
        'plain=""; Path=/; SameSite=lax',
    ]
    with pytest.raises(AssertionError, match="samesite should be one of"):
        response.set_cookie("a", samesite="sometimes")


# Proves: API-187
async def test_a_number_is_when_a_cookie_ends_from_now():
    import email.utils
    import time

    response = Response()
    before = time.time()
    response.set_cookie("a", "b", expires=3600)
    _, headers, _ = await _sent(response)
    text = headers[-1][1].split("expires=")[1].split(";")[0]
    ends = email.utils.parsedate_to_datetime(text.replace("-", " ")).timestamp()
    assert before + 3599 <= ends <= time.time() + 3600


# Proves: API-190
async def test_a_file_is_sent_as_a_download(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 10_000)
    download = asgi.AsgiFileDownload(str(path), "b.bin", headers={"a": "b"})
    status, headers, body = await _sent(download)
    assert (status, body) == (200, b"x" * 10_000)
    assert dict(headers) == {
        "a": "b",
        "content-disposition": 'attachment; filename="b.bin"',
        "content-length": "10000",
        "content-type": "application/octet-stream",
    }
    _, headers, _ = await _sent(asgi.AsgiFileDownload(path))
    assert "content-disposition" not in dict(headers)


async def test_the_name_of_a_download_cannot_leave_its_header(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"x")
    _, headers, _ = await _sent(asgi.AsgiFileDownload(path, 'é"\r\nX: 1'))
    assert dict(headers)["content-disposition"] == (
        "attachment; filename=\"?___X: 1\"; filename*=UTF-8''%C3%A9%22%0D%0AX%3A%201"
    )


# Proves: API-191
async def test_a_stream_is_written_by_a_function():
    async def write(writer):
        assert isinstance(writer, asgi.AsgiWriter)
        await writer.write("é")
        await writer.write("2")

    stream = asgi.AsgiStream(write, 201, {"a": "b", "Content-Type": "no"}, "text/csv")
    assert await _sent(stream) == (201, [("a", "b"), ("content-type", "text/csv")], "é2".encode())


# Proves: API-192
async def test_answers_are_sent_without_an_object(tmp_path):
    async def through(function, *args, **kwargs):
        return await _sent(lambda send: function(send, *args, **kwargs))

    assert await through(asgi.asgi_send, "é", 201, {"a": "b"}) == (
        201,
        [("a", "b"), ("content-type", "text/plain")],
        "é".encode(),
    )
    assert await through(asgi.asgi_send_json, {"a": 1}, 400) == (
        400,
        [("content-type", "application/json; charset=utf-8")],
        b'{"a": 1}',
    )
    assert await through(asgi.asgi_send_html, "<b>") == (
        200,
        [("content-type", "text/html; charset=utf-8")],
        b"<b>",
    )
    path = tmp_path / "a.css"
    path.write_text("x" * 5000)
    status, headers, body = await through(asgi.asgi_send_file, path, headers={"a": "b"})
    assert (status, body) == (200, b"x" * 5000)
    assert dict(headers) == {"a": "b", "content-length": "5000", "content-type": "text/css"}


# Proves: API-192
@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("/x", "/x"),
        ("//evil.example/", "/evil.example/"),
        ("/\\evil.example/", "/evil.example/"),
        ("\\\\evil.example", "/evil.example"),
        ("https://other.example/", "https://other.example/"),
    ],
)
async def test_a_redirect_stays_where_it_looks_like_staying(location, sent):
    status, headers, _ = await _sent(lambda send: asgi.asgi_send_redirect(send, location))
    assert status == 302
    assert dict(headers)["Location"] == sent


# Proves: API-192
async def test_files_below_a_folder_are_served_and_no_others(tmp_path):
    root = tmp_path / "static"
    (root / "sub").mkdir(parents=True)
    (root / "a.css").write_text("a {}")
    (tmp_path / "secret.txt").write_text("secret")
    view = asgi.asgi_static(root, headers={"X": "1"})

    async def get(path, query="", headers=()):
        request = Request.fake(f"/{path}{query}", url_vars={"path": path})
        request.scope["headers"] = list(headers)
        return await _sent(lambda send: view(request, send))

    etag = f'"{hashlib.md5(b"a {}").hexdigest()}"'
    status, headers, body = await get("a.css")
    assert (status, body) == (200, b"a {}")
    assert dict(headers) == {
        "X": "1",
        "ETag": etag,
        "content-length": "4",
        "content-type": "text/css",
    }
    assert (await get("a.css", headers=[(b"if-none-match", etag.encode())]))[::2] == (304, b"")
    digest = hashlib.sha256(b"a {}").hexdigest()[:12]
    _, headers, _ = await get("a.css", f"?_hash={digest}")
    assert dict(headers)["Cache-Control"] == "max-age=31536000, immutable, public"
    _, headers, _ = await get("a.css", "?_hash=123456789012")
    assert "Cache-Control" not in dict(headers)
    for path, answer in {
        "sub": (403, b"403: Directory listing is not allowed"),
        "../secret.txt": (404, b"404: Path not inside root path"),
        "none.css": (404, b"404: File not found"),
    }.items():
        assert (await get(path))[::2] == answer


# Proves: API-245
def test_cors_headers_are_added():
    headers = {"a": "b"}
    add_cors_headers(headers)
    assert headers == {
        "a": "b",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Expose-Headers": "Link",
        "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS",
        "Access-Control-Max-Age": "3600",
    }


async def _lifespan(app, *kinds):
    received = iter([{"type": f"lifespan.{kind}"} for kind in kinds])
    sent = []

    async def receive():
        return next(received)

    async def send(message):
        sent.append(message)

    await app({"type": "lifespan"}, receive, send)
    return sent


async def test_functions_run_when_the_server_starts_and_stops():
    calls = []

    async def note(what):
        calls.append(what)

    app = asgi.AsgiLifespan(
        lambda scope, receive, send: note(scope["type"]),
        on_startup=lambda: note("start"),
        on_shutdown=[lambda: note("stop"), lambda: note("stop 2")],
    )
    sent = await _lifespan(app, "startup", "shutdown")
    assert [m["type"] for m in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    await app({"type": "http"}, None, None)
    assert calls == ["start", "stop", "stop 2", "http"]

    async def fail():
        raise ValueError("no")

    sent = await _lifespan(asgi.AsgiLifespan(None, on_startup=fail), "startup")
    assert sent == [{"type": "lifespan.startup.failed", "message": "no"}]


async def test_functions_run_once_before_the_first_request():
    calls = []

    async def start():
        calls.append("start")
        await asyncio.sleep(0)

    async def app(scope, receive, send):
        calls.append(scope["path"])

    wrapped = asgi.AsgiRunOnFirstRequest(app, [start])
    await asyncio.gather(
        *(wrapped({"type": "http", "path": path}, None, None) for path in ("/a", "/b"))
    )
    assert sorted(calls) == ["/a", "/b", "start"]
    assert calls[0] == "start"
