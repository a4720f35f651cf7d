"""Custom elements: everything that shows text of a document or of a person.

Streamlit reads labels, messages and titles as Markdown, so such text never reaches a Streamlit element. It
travels as JSON to the elements here, which build their page with ``textContent`` only.
"""
