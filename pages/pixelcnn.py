from genlab.ui.how import How
from genlab.ui.page import page

page("pixelcnn", inside=(), words=How("", (), ("genlab.ui.how:how",), (), (), ()))
