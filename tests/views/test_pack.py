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


def test_arrays_lie_where_a_typed_array_can_be_laid_over_them():
    block = pack({"x": "yz"}, a=np.full(3, 7, np.uint8), b=np.array([1.0], np.float32))
    length = int.from_bytes(block[:8], "little")
    assert length % 8 == 0
    assert block[8 + length :] == np.float32(1).tobytes() + bytes([7, 7, 7])


def test_an_array_that_lies_otherwise_is_put_in_order():
    turned = np.arange(6, dtype=np.float32).reshape(2, 3).T
    for array in (turned, turned[::-1], turned.astype(">f4")):
        np.testing.assert_array_equal(unpack(pack({}, a=array))[1]["a"], array)


def test_other_types_are_refused():
    with pytest.raises(ValueError, match="float64"):
        pack({}, a=np.zeros(3))
