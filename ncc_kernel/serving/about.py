"""Privacy, contact and accessibility: plain pages for everybody, signed in or not."""

from jupyter_server.auth.decorator import allow_unauthenticated

from ncc_kernel.model.account import IDLE, LASTS
from ncc_kernel.serving.plain import Mannered
from ncc_kernel.serving.service import Service


class About(Mannered):
    """`/about/<page>`."""

    @allow_unauthenticated
    def get(self, name: str) -> None:
        """The page; the route knows no other names than these."""
        service: Service = self.settings["ncc"]
        self.finish(
            self.page(
                f"about_{name}.html",
                contact=service.options.contact,
                idle=int(IDLE.total_seconds() // 60),
                lasts=int(LASTS.total_seconds() // 3600),
            )
        )
