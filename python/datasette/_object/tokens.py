"""Tokens, and who somebody is (API-74 to API-76)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..plugins import pm
from ..utils import await_me_maybe

if TYPE_CHECKING:
    from ..tokens import TokenHandler, TokenRestrictions


class Tokens:
    """Makes and checks tokens with the handlers of plugins, then with the server's own."""

    def _token_handlers(self) -> list[TokenHandler]:
        from ..tokens import SignedTokenHandler, TokenHandler

        handlers: list[TokenHandler] = []
        for found in pm.hook.register_token_handler(datasette=self):
            among = found if isinstance(found, list) else [found]
            handlers.extend(one for one in among if isinstance(one, TokenHandler))
        return [*handlers, SignedTokenHandler()]

    async def create_token(
        self,
        actor_id: str,
        *,
        expires_after: int | None = None,
        restrictions: TokenRestrictions | None = None,
        handler: str | None = None,
    ) -> str:
        """A token of the handler of that name, or of the first one.

        `ValueError` where no handler has the name."""
        handlers = self._token_handlers()
        chosen = handlers[0]
        if handler is not None:
            named = [one for one in handlers if one.name == handler]
            if not named:
                available = [one.name for one in handlers]
                raise ValueError(
                    f"Token handler {handler!r} not found. Available handlers: {available}"
                )
            chosen = named[0]
        return await chosen.create_token(
            self, actor_id, expires_after=expires_after, restrictions=restrictions
        )

    async def verify_token(self, token: str) -> dict[str, Any] | None:
        """The actor of a token, from the first handler that knows it.

        `TokenInvalid` where one knows it and it is no good."""
        for handler in self._token_handlers():
            actor = await handler.verify_token(self, token)
            if actor is not None:
                return actor
        return None

    async def actors_from_ids(self, actor_ids: Sequence[Any]) -> dict[Any, Any]:
        """Who is behind these ids, from the first plugin that says; without one, the id alone."""
        found = await await_me_maybe(
            pm.hook.actors_from_ids(datasette=self, actor_ids=list(actor_ids))
        )
        if found is None:
            return {actor_id: {"id": actor_id} for actor_id in actor_ids}
        return dict(found)
