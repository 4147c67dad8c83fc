"""What each kind of experiment means where it computes: see ``genlab.training.task``."""
