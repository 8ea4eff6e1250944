"""Pictures of steps 3 and 4 that follow the record: the live map's widget, with nothing to choose."""

from ncc_kernel.forms.live import LiveWidget
from ncc_kernel.forms.widget import joined


class FollowingWidget(LiveWidget):
    """Pictures in a page, each drawn anew when what it shows has changed."""

    _css = joined("live.css", "following.css")
