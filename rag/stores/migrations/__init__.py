"""Migrations of the catalog, run by `rag.stores.database.Database` when it opens one."""
