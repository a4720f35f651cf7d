"""The ledger is checked for its owner."""

from __future__ import annotations

import pytest

from rag.errors import AccessError
from rag.receipts.verify import may_verify, verify
from rag.types import LOCAL_OWNER, Principal


def test_the_owner_has_the_whole_ledger_checked(library):
    before = verify(library.workspace).n_answers
    library.ask()
    check = verify(library.workspace)
    assert (check.n_answers, check.faults) == (before + 1, ())
    (fault,) = verify(library.workspace, noted=[(1, "0" * 64)]).faults
    assert fault.fault == "anchor"


def test_nobody_else_has_it_checked_since_it_tells_of_all_spaces(library):
    ada = Principal("ada")
    library.workspace.catalog.grant("default", "ada", "editor")
    assert (may_verify(LOCAL_OWNER), may_verify(ada)) == (True, False)
    with pytest.raises(AccessError):
        verify(library.workspace, principal=ada)
