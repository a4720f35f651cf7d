"""The catalog's spaces, who may do what in them, and index versions."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from rag.errors import InputError, NotFound
from rag.stores.database import Database
from rag.stores.fulltext import create_table
from rag.stores.schema import active_index, collections, index_versions, members, spaces
from rag.stores.words import WORDS_VERSION
from rag.types import IndexRecipe, Principal, Role


def now() -> str:
    """Return the time in UTC as ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def collection_key(connection: Connection, space: str, index: str) -> int | None:
    """Return the number of the collection of a space in an index version."""
    return connection.scalar(
        select(collections.c.key).where(collections.c.space == space, collections.c.index_id == index)
    )


def ensure_collection(connection: Connection, space: str, index: str) -> int:
    """Return the number of the collection, making it and its full text when missing.

    Raises:
        NotFound: There is no such space or index version.
    """
    known = collection_key(connection, space, index)
    if known is not None:
        return known
    require_space(connection, space)
    if connection.scalar(select(index_versions.c.id).where(index_versions.c.id == index)) is None:
        raise NotFound(f"There is no index version {index!r}.", hint="Make it from a recipe first.")
    values = {"space": space, "index_id": index, "revision": 0, "fulltext_version": WORDS_VERSION}
    key: int = connection.execute(insert(collections).values(values).returning(collections.c.key)).scalar_one()
    create_table(connection, key)
    return key


class Access:
    """Spaces, roles and index versions; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database

    def role(self, principal: Principal, space: str) -> Role | None:
        """Return what the principal may do in the space, or ``None``.

        Raises:
            NotFound: There is no such space.
        """
        with self._database.read() as connection:
            require_space(connection, space)
            if principal.owner:
                return "owner"
            granted: Role | None = connection.scalar(
                select(members.c.role).where(members.c.space == space, members.c.principal == principal.id)
            )
            return granted

    def grant(self, space: str, principal_id: str, role: Role | None) -> None:
        """Let a person do something in a space, or with ``None`` nothing any more.

        Raises:
            NotFound: There is no such space.
        """
        with self._database.write() as connection:
            require_space(connection, space)
            connection.execute(delete(members).where(members.c.space == space, members.c.principal == principal_id))
            if role is not None:
                connection.execute(insert(members).values(space=space, principal=principal_id, role=role))

    def create_space(self, space: str, *, name: str = "") -> None:
        """Create the space unless it exists.

        Raises:
            InputError: The id is empty or not printable.
        """
        if not space.strip() or not space.isprintable():
            raise InputError(f"{space!r} cannot be the id of a space.", hint="Use letters and digits.")
        with self._database.write() as connection:
            if connection.scalar(select(spaces.c.id).where(spaces.c.id == space)) is None:
                connection.execute(insert(spaces).values(id=space, name=name or space, created_at=now()))

    def spaces(self, principal: Principal) -> tuple[str, ...]:
        """Return the spaces that the principal may read, in order of their ids."""
        query = select(spaces.c.id).order_by(spaces.c.id)
        if not principal.owner:
            query = query.join(members, members.c.space == spaces.c.id).where(members.c.principal == principal.id)
        with self._database.read() as connection:
            return tuple(connection.scalars(query))

    def index_for(self, recipe: IndexRecipe) -> str:
        """Return the id of the index version with this recipe, creating it; the first becomes active."""
        index = _index_id(recipe)
        with self._database.write() as connection:
            if connection.scalar(select(index_versions.c.id).where(index_versions.c.id == index)) is None:
                connection.execute(
                    insert(index_versions).values(
                        id=index,
                        embedding_ref=recipe.embedding_ref,
                        embedding_sha256=recipe.embedding_sha256,
                        dimension=recipe.dimension,
                        chunker=recipe.chunker,
                        parser=recipe.parser,
                        created_at=now(),
                    )
                )
            if connection.scalar(select(active_index.c.index_id)) is None:
                connection.execute(insert(active_index).values(only=1, index_id=index))
        return index

    def active_index(self) -> str | None:
        """Return the id of the active index version."""
        with self._database.read() as connection:
            active: str | None = connection.scalar(select(active_index.c.index_id))
            return active

    def recipe(self, index: str) -> IndexRecipe:
        """Return how an index version is made.

        Raises:
            NotFound: There is no such index version.
        """
        with self._database.read() as connection:
            row = connection.execute(select(index_versions).where(index_versions.c.id == index)).first()
        if row is None:
            raise NotFound(f"There is no index version {index!r}.", hint="Make it from a recipe first.")
        return IndexRecipe(row.embedding_ref, row.embedding_sha256, row.dimension, row.chunker, row.parser)

    def activate(self, index: str) -> None:
        """Make an index version the active one; going back is the same call.

        Raises:
            NotFound: There is no such index version.
        """
        with self._database.write() as connection:
            if connection.scalar(select(index_versions.c.id).where(index_versions.c.id == index)) is None:
                raise NotFound(f"There is no index version {index!r}.", hint="Make it from a recipe first.")
            connection.execute(update(active_index).values(index_id=index))

    def collections(self) -> tuple[tuple[str, str], ...]:
        """Return (space, index version) of every collection, in order."""
        query = select(collections.c.space, collections.c.index_id).order_by(
            collections.c.space, collections.c.index_id
        )
        with self._database.read() as connection:
            return tuple((row.space, row.index_id) for row in connection.execute(query))


def require_space(connection: Connection, space: str) -> None:
    """Raise where there is no such space.

    Raises:
        NotFound: There is none.
    """
    if connection.scalar(select(spaces.c.id).where(spaces.c.id == space)) is None:
        known = ", ".join(repr(name) for name in connection.scalars(select(spaces.c.id).order_by(spaces.c.id)))
        raise NotFound(f"There is no space {space!r}.", hint=f"There is: {known}." if known else "Create it first.")


def _index_id(recipe: IndexRecipe) -> str:
    parts = (
        recipe.embedding_ref,
        recipe.embedding_sha256,
        str(recipe.dimension),
        recipe.chunker,
        recipe.parser,
    )
    return "i" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:15]
