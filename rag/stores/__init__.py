"""The stores: catalog (the truth), full text, vectors, originals."""
