from genlab.ui.how import How
from genlab.ui.page import page

page("gated-pixelcnn", inside=(), words=How("", (), ("genlab.ui.how:how",), (), (), ()))
