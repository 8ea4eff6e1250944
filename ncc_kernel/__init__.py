"""The kernel of the NCC workbooks: see `ncc_kernel/README.md` for how it stands."""

__version__ = "0.1.0"
