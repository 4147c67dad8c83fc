"""What views, the figures of them and the panels that ask for them must agree on. Torch-free."""

HALF = 3.2  # the plane is shown on [−3.2, 3.2]²
LOW, HIGH, FINE = -12, 2, 3  # of a histogram of gradients: powers of ten, and bins for each
LONGEST, REACH = 30, 3.0  # moves of a path through the noise, and standard deviations of z that each goes at most
SHOWN = 16  # samples in a picture of a training
STATIONS = 64  # points of a walk over the plane of two latents
ACTIVE = 0.01  # nats of KL from which on a dimension of z is in use
STEPS = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)  # along the direction from one class to another
LANES = ("one", "other", "third", "fourth")  # of a picture of trainings side by side
