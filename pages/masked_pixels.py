from genlab.ui.how import How
from genlab.ui.page import page

page("masked-lenet", inside=(), words=How("", (), ("genlab.ui.how:how",), (), (), ()))
