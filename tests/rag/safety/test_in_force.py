"""The policy in force is shown as it is written, also where it has a mistake."""

from __future__ import annotations

import hashlib

from rag.safety.in_force import policy_text
from rag.safety.policy import NAME, default_text, read_policy


def test_without_a_file_it_is_the_default(tmp_path):
    shown = policy_text(tmp_path / NAME)
    assert (shown.text, shown.own, shown.mistake) == (default_text(), False, "")
    assert (shown.version, shown.sha256) == (
        read_policy(tmp_path / NAME).version,
        read_policy(tmp_path / NAME).use.sha256,
    )


def test_a_file_is_shown_with_the_hash_of_its_bytes(tmp_path):
    content = b'\xef\xbb\xbfversion = "7"\n'
    (tmp_path / NAME).write_bytes(content)
    shown = policy_text(tmp_path / NAME)
    assert (shown.text, shown.own, shown.version) == ('version = "7"\n', True, "7")
    assert shown.sha256 == hashlib.sha256(content).hexdigest()


def test_a_mistake_is_told_beside_the_text(tmp_path):
    (tmp_path / NAME).write_text('version = "7"\n\n[answers]\nmin_confidence = "0.9"\n', encoding="utf-8")
    shown = policy_text(tmp_path / NAME)
    assert 'min_confidence = "0.9"' in shown.text
    assert "has 1 mistake" in shown.mistake
    assert str(tmp_path) not in shown.mistake
    (tmp_path / NAME).write_bytes(b'version = "\xff"\n')
    assert "not UTF-8" in policy_text(tmp_path / NAME).mistake
