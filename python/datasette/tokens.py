"""API tokens: what makes and checks them, and what they are restricted to (API-212..215)."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import itsdangerous

_PREFIX = "dstok_"
_SWITCHED_OFF = "Signed tokens are not enabled for this Datasette instance"


class TokenInvalid(Exception):
    """A handler knows this kind of token, and it is no good: the request is answered with 401."""

    def __init__(self, message: str = "Invalid token") -> None:
        super().__init__(message)
        self.message = message


@dataclasses.dataclass
class TokenRestrictions:
    """The only actions that a token is good for (API-213).

    TokenRestrictions().allow_all("view-instance").allow_database("orders", "view-database")
    """

    #: Actions on everything.
    all: list[str] = dataclasses.field(default_factory=list)
    #: Actions by database.
    database: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    #: Actions by database and what is in it.
    resource: dict[str, dict[str, list[str]]] = dataclasses.field(default_factory=dict)

    def allow_all(self, action: str) -> TokenRestrictions:
        """Lets the token do this everywhere."""
        self.all.append(action)
        return self

    def allow_database(self, database: str, action: str) -> TokenRestrictions:
        """Lets the token do this in one database."""
        self.database.setdefault(database, []).append(action)
        return self

    def allow_resource(self, database: str, resource: str, action: str) -> TokenRestrictions:
        """Lets the token do this with one table or query."""
        self.resource.setdefault(database, {}).setdefault(resource, []).append(action)
        return self

    def abbreviated(self, datasette: Any) -> dict[str, Any] | None:
        """The form that tokens carry as `_r`: `a`, `d` and `r` with short names (API-214).

        None when nothing is restricted.
        """

        def short(actions: list[str]) -> list[str]:
            known = [datasette.actions.get(action) for action in actions]
            return [
                (found.abbr if found else None) or action for action, found in zip(actions, known)
            ]

        parts: dict[str, Any] = {
            "a": short(self.all),
            "d": {name: short(actions) for name, actions in self.database.items()},
            "r": {
                database: {name: short(actions) for name, actions in resources.items()}
                for database, resources in self.resource.items()
                if resources
            },
        }
        return {key: part for key, part in parts.items() if part} or None


class TokenHandler:
    """Makes and checks tokens; return an instance from `register_token_handler` (API-212)."""

    #: By which `datasette.create_token(handler=...)` chooses it.
    name: str = ""

    async def create_token(
        self,
        datasette: Any,
        actor_id: str,
        *,
        expires_after: int | None = None,
        restrictions: TokenRestrictions | None = None,
    ) -> str:
        """A token for this actor, good for so many seconds."""
        raise NotImplementedError

    async def verify_token(self, datasette: Any, token: str) -> dict[str, Any] | None:
        """The actor of a token; None for tokens of others; `TokenInvalid` for bad ones."""
        raise NotImplementedError


class SignedTokenHandler(TokenHandler):
    """The tokens of the server itself: `dstok_` and a signed object (API-215)."""

    name = "signed"

    async def create_token(
        self,
        datasette: Any,
        actor_id: str,
        *,
        expires_after: int | None = None,
        restrictions: TokenRestrictions | None = None,
    ) -> str:
        """A signed token; `ValueError` when they are switched off."""
        if not datasette.setting("allow_signed_tokens"):
            raise ValueError(_SWITCHED_OFF)
        contents: dict[str, Any] = {"a": actor_id, "t": int(time.time())}
        if expires_after:
            contents["d"] = expires_after
        restricted_to = restrictions.abbreviated(datasette) if restrictions else None
        if restricted_to is not None:
            contents["_r"] = restricted_to
        return _PREFIX + datasette.sign(contents, namespace="token")

    async def verify_token(self, datasette: Any, token: str) -> dict[str, Any] | None:
        """The actor, with `token_expires` when the token ends."""
        if not token.startswith(_PREFIX):
            return None
        if not datasette.setting("allow_signed_tokens"):
            raise TokenInvalid(_SWITCHED_OFF)
        try:
            contents = datasette.unsign(token[len(_PREFIX) :], namespace="token")
        except itsdangerous.BadSignature as error:
            raise TokenInvalid("Invalid token signature") from error
        if not isinstance(contents, dict) or "a" not in contents:
            raise TokenInvalid
        if "t" not in contents:
            raise TokenInvalid("Invalid token: no timestamp")
        created, duration = contents["t"], contents.get("d")
        if not isinstance(created, int):
            raise TokenInvalid("Invalid token: invalid timestamp")
        if duration is not None and not isinstance(duration, int):
            raise TokenInvalid("Invalid token: invalid duration")
        longest = datasette.setting("max_signed_tokens_ttl")
        if longest and (duration is None or duration > longest):
            duration = longest
        if duration and time.time() - created > duration:
            raise TokenInvalid("Token has expired")
        actor = {"id": contents["a"], "token": "dstok"}
        if "_r" in contents:
            actor["_r"] = contents["_r"]
        if duration:
            actor["token_expires"] = created + duration
        return actor
