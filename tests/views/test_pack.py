import numpy as np
import pytest

from genlab.views.pack import pack, unpack


def test_what_is_packed_comes_back():
    arrays = {
        "a": np.arange(5, dtype=np.uint8),
        "b": np.array([[1.5, -2], [3, 4]], np.float32),
        "c": np.arange(3, dtype=np.int32),
        "nothing": np.zeros((0, 3), np.float32),
    }
    meta, back = unpack(pack({"size": 8, "label": "é"}, **arrays))
    assert meta == {"size": 8, "label": "é"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype


def test_arrays_lie_at_multiples_of_eight():
    block = pack({"x": "yz"}, a=np.full(3, 7, np.uint8), b=np.array([1.0], np.float32))
    length = int.from_bytes(block[:4], "little")
    assert (4 + length) % 8 == 0
    assert block[4 + length :] == bytes([7, 7, 7, 0, 0, 0, 0, 0]) + np.float32(1).tobytes() + bytes(4)


def test_other_types_are_refused():
    with pytest.raises(ValueError, match="float64"):
        pack({}, a=np.zeros(3))
