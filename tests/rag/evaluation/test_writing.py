import os

from rag.evaluation.writing import replace_text


def test_behind_a_link_the_file_is_replaced(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "monday.json").write_text("old", encoding="utf-8")
    (tmp_path / "latest.json").symlink_to("runs/monday.json")
    replace_text(tmp_path / "latest.json", "new")
    assert (tmp_path / "latest.json").is_symlink()
    assert (tmp_path / "runs" / "monday.json").read_text(encoding="utf-8") == "new"


def test_a_pipe_is_written_to(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    replace_text(tmp_path / "pipe", "run")
    assert os.read(reader, 10) == b"run"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()
