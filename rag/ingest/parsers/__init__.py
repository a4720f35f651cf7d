"""One module a family of formats; they run only in the parsing process (`rag.ingest.sandbox`)."""
