"""How many classes there are among the digits, and among the clothes of Fashion-MNIST."""

CLASSES = 10
