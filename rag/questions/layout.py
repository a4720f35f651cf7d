"""The names of the files of a labelled set; `rag.evaluation.dataset` reads it, `rag.questions.export` writes it.

::

    NAME/corpus.jsonl       {"_id", "title", "text"} a line, or instead of it
    NAME/documents/         real files, whose ids are their paths in it
    NAME/queries.jsonl      {"_id", "text", "metadata"} a line
    NAME/qrels/test.tsv     query id, document id, grade; a grade above 0 is relevant
"""

CORPUS = "corpus.jsonl"
DOCUMENTS = "documents"
QUERIES = "queries.jsonl"
QRELS = "qrels/test.tsv"
QRELS_HEAD = ("query-id", "corpus-id", "score")
