"""Keys of caches: no words of a document that may be removed."""

from __future__ import annotations

import hashlib


def text_key(*texts: str) -> bytes:
    """Return a hash of texts, 16 bytes; the same texts cut elsewhere have another."""
    lengths = ",".join(str(len(text)) for text in texts)
    whole = f"{lengths}:{''.join(texts)}"
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()
