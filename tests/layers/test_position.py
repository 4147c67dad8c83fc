import pytest
import torch

from genlab.layers.position import position_code


@pytest.mark.parametrize("size", [1, 8, 28, 32])
def test_the_bits_spell_row_and_column(size):
    code = position_code(size).long()
    place = torch.tensor([16, 8, 4, 2, 1]).view(5, 1, 1)
    assert code.shape == (10, size, size)
    assert set(code.unique().tolist()) <= {0, 1}
    assert ((code[:5] * place).sum(0) == torch.arange(size).view(-1, 1)).all()
    assert ((code[5:] * place).sum(0) == torch.arange(size)).all()


@pytest.mark.parametrize("size", [0, 33])
def test_five_bits_spell_no_more_than_thirty_two(size):
    with pytest.raises(ValueError, match="32"):
        position_code(size)
