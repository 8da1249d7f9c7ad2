"""Forms: fields and files, in any pieces, within their limits."""

import asyncio
import gc
import inspect
import tempfile

import pytest

from datasette import Request
from datasette.utils import multipart
from datasette.utils.asgi import BadRequest, FormData
from datasette.utils.multipart import UploadedFile

MULTIPART = "multipart/form-data; boundary=xYz"
URL_ENCODED = "application/x-www-form-urlencoded"
END = b"--xYz--\r\n"


def _part(disposition, content, more=""):
    head = f"--xYz\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n"
    return head.encode() + content + b"\r\n"


async def _form(body, content_type=MULTIPART, pieces=10**6, **options):
    chunks = [body[i : i + pieces] for i in range(0, len(body), pieces)] or [b""]
    messages = iter(
        {"type": "http.request", "body": chunk, "more_body": i < len(chunks) - 1}
        for i, chunk in enumerate(chunks)
    )

    async def receive():
        return next(messages)

    headers = [(b"content-type", content_type.encode())] if content_type else []
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    return await Request(scope, receive).form(**options)


# Proves: API-175
def test_the_limits_are_the_documented_ones():
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(Request.form).parameters.items()
        if name != "self"
    }
    assert defaults == {
        "files": False,
        "max_file_size": 50 * 1024**2,
        "max_request_size": 100 * 1024**2,
        "max_fields": 1000,
        "max_files": 100,
        "max_parts": None,
        "max_field_size": 100 * 1024,
        "max_memory_file_size": 1024**2,
        "max_part_header_bytes": 16 * 1024,
        "max_part_header_lines": 100,
        "min_free_disk_bytes": 50 * 1024**2,
    }


# Proves: API-175, API-180
@pytest.mark.parametrize("pieces", [1, 2, 3, 7, 10**6])
async def test_fields_and_files_arrive_whole_in_any_pieces(pieces):
    content = b"\x00\r\n--xY\r\n-\r\xff" * 7
    body = (
        b"before\r\n"
        + _part('name="a"', "é\r\n1".encode())
        + _part('name="empty"', b"")
        + _part('name="f"; filename="C:\\\\dir\\\\x.bin"', content, "Content-Type: x/y\r\n")
        + _part('name="f"; filename="plain"; filename*=UTF-8\'\'..%2Fna%C3%AFve', b"2")
        + _part('name="a"', b"\xff")
        + END
        + b"after"
    )
    form = await _form(body, pieces=pieces, files=True)
    assert [(name, type(value)) for name, value in form.items()] == [
        ("a", str),
        ("empty", str),
        ("f", UploadedFile),
        ("f", UploadedFile),
        ("a", str),
    ]
    assert form.getlist("a") == ["é\r\n1", "ÿ"]
    assert form["empty"] == ""
    first, second = form.getlist("f")
    assert (first.name, first.filename, first.content_type) == ("f", "x.bin", "x/y")
    assert first.size == len(content)
    assert await first.read() == content
    assert (second.filename, second.content_type, second.size) == ("naïve", None, 1)
    await form.aclose()


# Proves: API-175
async def test_lines_may_end_without_a_carriage_return():
    form = await _form(b'--xYz\nContent-Disposition: form-data; name="a"\n\none\n--xYz--')
    assert form["a"] == "one"


# Proves: API-180
async def test_a_form_reads_like_a_dictionary_of_first_values():
    form = await _form(b"a=1&b=&a=2&c=%C3%A9", URL_ENCODED)
    assert form["a"] == form.get("a") == "1"
    assert form.get("none") is None
    assert form.get("none", "d") == "d"
    assert form.getlist("a") == ["1", "2"]
    assert form.getlist("none") == []
    assert list(form) == list(form.keys()) == ["a", "b", "c"]
    assert list(form.items()) == [("a", "1"), ("b", ""), ("a", "2"), ("c", "é")]
    assert list(form.values()) == ["1", "", "2", "é"]
    assert len(form) == 4
    assert "a" in form and "none" not in form
    with pytest.raises(KeyError):
        form["none"]
    form.append("none", "now")
    assert form["none"] == "now"


# Proves: API-180, API-182
async def test_a_form_lets_go_of_its_files():
    body = _part('name="f"; filename="f"', b"12345") + END
    async with await _form(body, files=True) as form:
        kept = form["f"]
        assert await kept.read(2) == b"12"
    with pytest.raises(ValueError, match="closed"):
        await kept.read()
    with await _form(body, files=True) as form:
        kept = form["f"]
        assert await kept.seek(-1, 2) == 4
        assert await kept.read() == b"5"
        assert await kept.seek(0) == 0
    with pytest.raises(ValueError, match="closed"):
        await kept.read()


# Proves: API-182
async def test_a_file_lets_go_of_its_contents():
    body = _part('name="f"; filename="f"', b"1") + END
    form = await _form(body, files=True)
    async with form["f"] as kept:
        assert await kept.read() == b"1"
    with pytest.raises(ValueError, match="closed"):
        await kept.read()
    for close in ("close", "close_sync"):
        kept = (await _form(body, files=True))["f"]
        closed = getattr(kept, close)()
        if closed is not None:
            await closed
        with pytest.raises(ValueError, match="closed"):
            await kept.read()


# Proves: API-181
async def test_files_are_skipped_unless_they_are_wanted():
    body = _part('name="f"; filename="f"', b"x" * 500) + _part('name="a"', b"1") + END
    form = await _form(body, max_field_size=100)
    assert list(form.items()) == [("a", "1")]


# Proves: API-183
async def test_large_files_lie_on_the_disk_until_they_are_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    parts = [_part('name="f"; filename="f"', b"x" * size) for size in (10, 2000)]
    form = await _form(b"".join(parts) + END, files=True, max_memory_file_size=100)
    small, large = form.getlist("f")
    assert (small._file._rolled, large._file._rolled) == (False, True)
    file = large._file._file
    form.close()
    assert file.closed
    with tempfile.SpooledTemporaryFile(max_size=1) as spooled:
        spooled.write(b"12")
        dropped = UploadedFile("f", "f", None, 2, spooled)
        file = spooled._file
        del dropped
        gc.collect()
        assert file.closed


# Proves: API-176
@pytest.mark.parametrize(
    ("content_type", "message"),
    [
        ("", "Missing Content-Type header"),
        ("text/plain", "Unsupported Content-Type: text/plain"),
        ("multipart/form-data", "Missing boundary in Content-Type"),
    ],
)
async def test_a_type_that_is_no_form_is_a_bad_request(content_type, message):
    with pytest.raises(BadRequest, match=message):
        await _form(b"", content_type)


FILE = _part('name="f"; filename="f"', b"x" * 50)
FIELD = _part('name="a"', b"x" * 50)
LONG_HEADER = b"--xYz\r\nX: " + b"y" * 200 + b"\r\n\r\n1\r\n"
MANY_HEADERS = b"--xYz\r\n" + b"X: y\r\n" * 9 + b"\r\n1\r\n"


# Proves: API-176
@pytest.mark.parametrize("pieces", [1, 10**6])
@pytest.mark.parametrize(
    ("body", "options", "message"),
    [
        (FILE + FILE + END, {"max_files": 1}, "Too many files"),
        (FIELD + FIELD + END, {"max_fields": 1}, "Too many fields"),
        (FIELD + FILE + END, {"max_parts": 1}, "Too many parts"),
        (FIELD + FIELD + END, {"max_fields": 1, "max_files": 0}, "Too many parts"),
        (FILE + END, {"max_file_size": 49}, "File too large"),
        (FIELD + END, {"max_field_size": 49}, "Field value too large"),
        (FIELD + END, {"max_request_size": 60}, "Request body too large"),
        (LONG_HEADER + END, {"max_part_header_bytes": 100}, "Part headers too large"),
        (MANY_HEADERS + END, {"max_part_header_lines": 5}, "Part headers too large"),
        (b"--xYz\r\n" + b"y" * 200, {"max_part_header_bytes": 100}, "Part headers too large"),
        (FILE + END, {"files": True, "min_free_disk_bytes": 2**70}, "Insufficient disk space"),
        (FIELD, {}, "Truncated multipart body"),
        (b"", {}, "Truncated multipart body"),
    ],
)
async def test_an_exceeded_limit_is_a_bad_request(body, options, message, pieces):
    with pytest.raises(BadRequest, match=message):
        await _form(body, pieces=pieces, **options)


# Proves: API-176
@pytest.mark.parametrize(
    ("body", "options"),
    [
        (FILE + END, {"max_files": 1, "max_fields": 0, "max_file_size": 50}),
        (FIELD + END, {"max_fields": 1, "max_files": 0, "max_field_size": 50}),
        (FIELD + FILE + END, {"max_parts": 2, "max_request_size": len(FIELD + FILE + END)}),
    ],
)
async def test_exactly_the_limit_is_allowed(body, options):
    assert isinstance(await _form(body, **options), FormData)


# Proves: API-176
async def test_url_encoded_forms_have_one_limit():
    many = b"&".join(b"a=" + b"x" * 50 for _ in range(20))
    assert len(await _form(many, URL_ENCODED, max_fields=1, max_field_size=1, max_parts=1)) == 20
    with pytest.raises(BadRequest, match="Request body too large"):
        await _form(many, URL_ENCODED, pieces=100, max_request_size=500)


# Proves: API-176
@pytest.mark.parametrize("content_type", [MULTIPART, URL_ENCODED])
async def test_a_client_that_leaves_is_a_bad_request(content_type):
    async def receive():
        return {"type": "http.disconnect"}

    headers = [(b"content-type", content_type.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    with pytest.raises(BadRequest, match="Client disconnected"):
        await Request(scope, receive).form()


async def test_a_form_that_is_not_read_to_its_end_leaves_no_files(monkeypatch):
    made = []
    original = tempfile.SpooledTemporaryFile

    def noted(*args, **kwargs):
        made.append(original(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", noted)
    with pytest.raises(BadRequest):
        await _form(FILE + FILE, files=True)
    first = asyncio.Event()

    async def receive():
        if first.is_set():
            await asyncio.Event().wait()
        first.set()
        body = FILE + b"x" * multipart._BATCH
        return {"type": "http.request", "body": body, "more_body": True}

    task = asyncio.create_task(multipart.parse_form_data(receive, MULTIPART, files=True))
    await first.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert made
    assert all(file.closed for file in made)
