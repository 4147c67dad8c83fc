"""The page of the kind."""

from genlab.ui.shell.how import How
from genlab.ui.shell.page import page

page("toy", inside=(), words=How("Backwards.", (), ("genlab.generation.steps:draw",), (), (), ()))
