"""The Streamlit application; the only importer of streamlit."""
