"""The classes of events."""

import inspect
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from datasette import Event, events

EVENTS = {
    "LoginEvent": ("login", ""),
    "LogoutEvent": ("logout", ""),
    "CreateTokenEvent": (
        "create-token",
        "expires_after restrict_all restrict_database restrict_resource",
    ),
    "CreateTableEvent": ("create-table", "database table schema"),
    "DropTableEvent": ("drop-table", "database table"),
    "AlterTableEvent": ("alter-table", "database table before_schema after_schema"),
    "InsertRowsEvent": ("insert-rows", "database table num_rows ignore replace"),
    "UpsertRowsEvent": ("upsert-rows", "database table num_rows"),
    "UpdateRowEvent": ("update-row", "database table pks"),
    "DeleteRowEvent": ("delete-row", "database table pks"),
    "RenameTableEvent": ("rename-table", "database old_table new_table"),
}


# Proves: EVT-02, EVT-03
@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_takes_its_actor_and_then_its_fields(kind):
    name, text = EVENTS[kind]
    fields = text.split()
    event_class = getattr(events, kind)
    assert list(inspect.signature(event_class).parameters) == ["actor", *fields]
    event = event_class({"id": "a"}, *range(len(fields)))
    assert event.name == event_class.name == name
    assert event.actor == {"id": "a"}
    assert event.properties() == {field: number for number, field in enumerate(fields)}


# Proves: EVT-01
def test_an_event_knows_when_it_happened():
    before = datetime.now(timezone.utc)
    event = events.LoginEvent(actor=None)
    assert before <= event.created <= datetime.now(timezone.utc)
    assert event.created.utcoffset().total_seconds() == 0
    assert isinstance(event, Event)
    with pytest.raises(TypeError):
        events.LoginEvent(None, created=before)


# Proves: EVT-01, EVT-02
def test_events_of_plugins_need_a_name():
    @dataclass
    class Named(Event):
        name = "named"
        things: list

    @dataclass
    class Nameless(Event):
        things: list

    event = Named({"id": "a"}, things=[{"a": 1}])
    event.properties()["things"][0]["a"] = 2
    assert event.properties() == {"things": [{"a": 1}]}
    with pytest.raises(TypeError):
        Nameless(None, things=[])
    with pytest.raises(TypeError):
        Event(None)
