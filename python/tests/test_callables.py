"""What plugins give is resolved, and their functions get the values they name."""

import asyncio
import functools

import pluggy
import pytest
from markupsafe import Markup

from datasette import plugins
from datasette.utils import (
    async_call_with_supported_arguments,
    await_me_maybe,
    call_with_supported_arguments,
    make_slot_function,
)
from datasette.utils.check_callable import check_callable


async def _async_two():
    return 2


# Proves: API-226, PLUG-72, PLUG-73
@pytest.mark.parametrize("make", [lambda: 2, lambda: lambda: 2, lambda: _async_two, _async_two])
async def test_a_value_a_function_an_async_function_and_a_coroutine_are_resolved(make):
    assert await await_me_maybe(make()) == 2


# Proves: PLUG-74
async def test_a_future_is_a_value():
    future = asyncio.get_running_loop().create_future()
    future.set_result(3)
    assert await await_me_maybe(future) is future


# Proves: API-229
async def test_a_function_gets_what_its_parameters_name():
    def some(b, a):
        return (a, b)

    async def later(c):
        return c

    assert call_with_supported_arguments(some, a=1, b=2, c=3) == (1, 2)
    assert await async_call_with_supported_arguments(later, a=1, c=3) == 3


# Proves: API-229
async def test_a_parameter_without_a_value_is_an_error_even_with_a_default():
    def some(a, missing=5):
        raise AssertionError("it is not called")

    with pytest.raises(TypeError, match=r"\('a', 'missing'\), missing: {'missing'}"):
        call_with_supported_arguments(some, a=1, b=2)
    with pytest.raises(TypeError, match="missing"):
        await async_call_with_supported_arguments(some, a=1)


class _Callable:
    def __call__(self):
        """Nothing."""


class _AsyncCallable:
    async def __call__(self):
        """Nothing."""


# Proves: API-250
@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (5, (False, False)),
        (lambda: 1, (True, False)),
        (_async_two, (True, True)),
        (_AsyncCallable, (True, False)),
        (_AsyncCallable(), (True, True)),
        (_Callable(), (True, False)),
    ],
)
def test_what_can_be_called_and_must_be_awaited_is_known(obj, expected):
    status = check_callable(obj)
    assert (status.is_callable, status.is_async_callable) == status == expected


# Proves: API-246
async def test_a_slot_joins_the_html_of_all_implementations(monkeypatch):
    manager = pluggy.PluginManager("datasette")
    monkeypatch.setattr(plugins, "pm", manager)
    specification = pluggy.HookspecMarker("datasette")
    implementation = pluggy.HookimplMarker("datasette")

    class Specifications:
        @specification
        def my_slot(self, datasette, request, table):
            """A slot."""

    class Plugin:
        def __init__(self, result):
            self.result = result

        @implementation
        def my_slot(self, table, request):
            return functools.partial(self.result, table, request)

    async def later(table, request):
        return f"<b>{table}</b>"

    manager.add_hookspecs(Specifications)
    for result in (lambda t, r: None, later, lambda t, r: f"<i>{r}</i>"):
        manager.register(Plugin(result))
    slot = make_slot_function("my_slot", "ds", "req", table="t")
    html = await slot()
    # The last one that was registered comes first.
    assert html == "<i>req</i><b>t</b>"
    assert isinstance(html, Markup)
    manager.register(Plugin(lambda t, r: 5))
    with pytest.raises(TypeError):
        await make_slot_function("my_slot", "ds", "req", table="t")()
    with pytest.raises(AssertionError, match="No hook found for nope"):
        make_slot_function("nope", "ds", "req")
