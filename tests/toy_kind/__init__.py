"""A kind of experiment that genlab does not know: words of bits, written from the last letter to the first."""
