"""A start, an ingest and a question open no connection: they work where every socket to the outside is refused."""

import subprocess
import sys

SCRIPT = """
import socket, sys

class Refused(socket.socket):
    def __new__(cls, family=socket.AF_INET, *args, **kwargs):
        if family != socket.AF_UNIX:
            raise PermissionError(f"a socket of family {family} was opened")
        return super().__new__(cls, family, *args, **kwargs)

def refuse(*args, **kwargs):
    raise PermissionError(f"a name was looked up: {args}")

socket.socket = Refused
socket.getaddrinfo = socket.create_connection = refuse
try:
    socket.socket(socket.AF_INET)
except PermissionError:
    pass
else:
    sys.exit("the refusal does not work")

from rag.cli import main

documents, home = sys.argv[1:]
for arguments in (["ingest", documents], ["ask", "How long is the warranty?"]):
    sys.argv = ["footnote", *arguments, "--home", home]
    try:
        main()
    except SystemExit as stop:
        if stop.code:
            raise
"""


def test_ingest_and_ask_work_with_sockets_refused(tmp_path):
    (tmp_path / "warranty.md").write_text("# Warranty\n\nThe warranty lasts 24 months.", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "warranty.md"), str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "24 months" in run.stdout


def test_importing_rag_loads_no_heavy_library():
    script = (
        "import sys, rag.cli, rag.wiring;"
        "names = 'torch transformers sentence_transformers onnxruntime datasets streamlit';"
        "heavy = set(names.split()) & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
