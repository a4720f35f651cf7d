"""Fine-tuning of the small models: those that ship, and those of a team's own documents.

`flow` takes a training from data to a verdict. Examples are made in `readings` for the reader, in `claims` for the
verifier and in `writings` for the writer, out of what is in `examples`, and put together in `sets`; `networks` learn
from them, and `measuring` says which model is better. `orders` and `planting` are commands of their own, about
`rag.safety.screening`.
"""
