import numpy as np

from rag.models.unit import unit


def test_rows_have_length_one_and_keep_their_direction():
    rows = unit(np.float32([[3, 4], [0, -2]]))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, -1]])
    assert rows.dtype == np.float32


def test_a_row_of_zeros_stays_one():
    np.testing.assert_array_equal(unit(np.zeros((2, 3), dtype=np.float32)), np.zeros((2, 3)))
