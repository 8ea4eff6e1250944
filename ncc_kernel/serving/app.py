"""The server: Voila alone on its port, set up in code, with our doors around it.

Nothing is read from a configuration file, nothing of Voila's is reachable but what a page needs:
the page, the websocket to one's own kernel, and our own static files. The page's template speaks
to widgets itself, so JupyterLab's extensions and Voila's bundle are not served at all.
"""

import logging
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler
from traitlets.config import Config
from voila.app import Voila

from ncc_kernel.errors import Rejected
from ncc_kernel.serving.about import About
from ncc_kernel.serving.assets import PREFIX, AssetHandler
from ncc_kernel.serving.everything import Everything
from ncc_kernel.serving.evidence import GiveEvidence, SendEvidence
from ncc_kernel.serving.files import UPLOAD_LIMIT, Download, Upload
from ncc_kernel.serving.identity import KernelOwners, SessionIdentity
from ncc_kernel.serving.kernels import (
    LONGEST,
    MESSAGES,
    KernelAlive,
    KernelSocket,
    Line,
    OwnedKernels,
)
from ncc_kernel.serving.password import ChangePassword
from ncc_kernel.serving.plain import TEMPLATES, Health, NotFound, fault_number
from ncc_kernel.serving.reports import Report
from ncc_kernel.serving.service import SAME_SITE, Options, Service
from ncc_kernel.serving.signin import FirstSignIn, SignIn, SignOut
from ncc_kernel.serving.start import Start
from ncc_kernel.serving.staying import Staying
from ncc_kernel.serving.warmth import keep_warm
from ncc_kernel.serving.workbook_page import WorkbookPage, prelaunch

LOG = logging.getLogger("ncc.serving")
LONGEST_SOCKET_PATH = 107
"""Bytes, on Linux."""

KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"


class NccServer(Voila):
    """Voila with our doors."""

    name = "ncc-serve"
    service: Service
    ready: Callable[[], None]

    def setup_template_dirs(self) -> None:
        """Our one template, from where it lies in the package; nothing needs installing."""
        self.template_paths = [str(TEMPLATES / "ncc_page")]
        self.static_paths: list[str] = []

    def load_config_file(self, *_names: Any, **_options: Any) -> None:
        """None: a file that lies about must not open a door."""

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings and ours; called by Voila when it starts."""
        settings: dict[str, Any] = super().init_settings()
        options = self.service.options
        kernels: OwnedKernels = self.kernel_manager
        kernels.allowed_message_types = list(MESSAGES)
        kernels.service = self.service
        kernels.watch()
        return settings | {
            "ncc": self.service,
            "kernel_websocket_connection_class": Line,
            "login_url": "/signin",
            "default_handler_class": NotFound,
            "xsrf_cookie_kwargs": {
                "httponly": True,
                "samesite": SAME_SITE,
                "secure": options.https,
            },
            "xsrf_cookie_name": "ncc_xsrf",
            "compress_response": True,
            "websocket_max_message_size": LONGEST,
            "ws_ping_interval": 10_000,
            # More than two intervals: at the first ping no pong can have come yet, and a page that
            # is busy for a while answers late. (Tornado warns of it; the pings are Jupyter's own.)
            "ws_ping_timeout": 25_000,
            "log_function": log_request,
            "serve_traceback": False,
        }

    def init_handlers(self) -> list[Any]:
        """The whole list of addresses; Voila's own are not among them."""
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (r"/healthz", Health),
            (PREFIX + r"([0-9a-f]{16}/[a-z]+\.[a-z]+)", AssetHandler),
            (r"/w/([0-9a-z_]+)", WorkbookPage, page),
            (rf"/api/kernels/{KERNEL_ID}/channels", KernelSocket),
            *self.doors(),
        ]

    def doors(self) -> list[tuple[str, type[RequestHandler]]]:
        """Sign-in, start page, files and reports."""
        return [
            (r"/signin", SignIn),
            (r"/first", FirstSignIn),
            (r"/signout", SignOut),
            (r"/password", ChangePassword),
            (r"/about/(privacy|contact|accessibility)", About),
            (r"/session", Staying),
            (r"/", Start),
            (r"/files/([A-Z]{2})/([0-9-]{6})/answers\.xlsx", Download),
            (r"/files/([A-Z]{2})/([0-9-]{6})/answers\.html", Everything),
            (r"/files/([A-Z]{2})/([0-9-]{6})/upload", Upload),
            (r"/files/([A-Z]{2})/([0-9-]{6})/evidence", SendEvidence),
            (r"/files/([A-Z]{2})/([0-9-]{6})/evidence/([0-9a-f]{64})", GiveEvidence),
            (r"/reports/([0-9-]{6})/([A-Z]{2})/([0-9a-z_-]+\.html)", Report),
            (rf"/api/kernels/{KERNEL_ID}", KernelAlive),
        ]

    def listen(self) -> None:
        """Serve until a signal; called by Voila when all is set up."""
        options = self.service.options
        server = HTTPServer(
            self.app, xheaders=options.behind_proxy, max_body_size=UPLOAD_LIMIT + 64 * 1024
        )
        try:
            server.listen(options.port, options.host)
        except OSError as fault:
            raise Rejected(
                f"The server cannot listen on {options.host}, port {options.port}: "
                f"{fault.strerror}.",
                "choose another with --port",
            ) from None
        self.http_server = server
        self.ioloop = IOLoop.current()
        self.warmth = keep_warm()
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        self.ready()
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()


def serve(service: Service, *, ready: Callable[[], None]) -> None:
    """Serve until a signal comes; then end every kernel. `ready` is called when all can come."""
    NccServer.clear_instance()
    server = NccServer.instance(config=configuration(service))
    server.service, server.ready = service, ready
    server.initialize([])
    server.start()


def configuration(service: Service) -> Config:
    """Everything that Voila and Jupyter can be told, told here."""
    idle = service.options.idle_seconds
    config = Config()
    config.NccServer.update(
        open_browser=False,
        log_level=logging.ERROR,
        root_dir=str(service.home.workbooks),
        identity_provider_class=SessionIdentity,
        authorizer_class=KernelOwners,
        kernel_websocket_connection_class=ZMQChannelsWebsocketConnection,
    )
    config.VoilaConfiguration.update(
        template="ncc_page",
        theme="light",
        allow_template_override="NO",
        allow_theme_override="NO",
        file_allowlist=[],
        show_tracebacks=True,  # to our template, which shows none of it: see below
        strip_sources=True,
        multi_kernel_manager_class=OwnedKernels,
        prelaunch_hook=prelaunch,
        extension_allowlist=[""],
        http_keep_alive_timeout=30,
    )
    config.OwnedKernels.update(
        cull_idle_timeout=idle,
        cull_interval=max(1, min(60, idle // 4)),
        cull_connected=False,
        cull_busy=True,
        root_dir=str(service.home.workbooks),
    )
    config.KernelManager.update(
        autorestart=False, shutdown_wait_time=1.0, transport=transport_of_kernels()
    )
    # A cell that fails leaves the others standing; its trace comes as far as our template, which
    # hands it to the log and shows the number of it.
    config.VoilaExecutor.update(timeout=120, allow_errors=True)
    config.TemplateExporter.filters = {"fault_number": fault_number}
    return config


def transport_of_kernels() -> str:
    """How we speak with kernels: by files in Voila's folder, where their paths are short enough.

    So there is no port that two kernels could both be given, and none at which somebody else on
    the machine could knock.
    """
    longest = Path(tempfile.gettempdir(), "voila_12345678", f"kernel-{uuid.uuid4()}-ipc-99")
    fits = len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH
    return "ipc" if sys.platform == "linux" and fits else "tcp"


def address_of(options: Options) -> str:
    """Where people find it."""
    scheme = "https" if options.https else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{scheme}://{host}:{options.port}/"


def log_request(handler: RequestHandler) -> None:
    """A line for what failed; no address is logged whole, for it may name a kernel."""
    status = handler.get_status()
    if status >= 500:  # noqa: PLR2004  # the server's own faults
        LOG.warning("%s %s: %d", handler.request.method, type(handler).__name__, status)
