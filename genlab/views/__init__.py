"""What can be seen of a model: pure functions (model, …) to arrays, asked for by dotted path."""
