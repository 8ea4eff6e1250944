"""Every error a person can act on: what happened, where, and what to do.

NccError
├── DataFault         a file under data/ is wrong: names the file and the key
├── Rejected          a value that came in is not accepted; nothing was written
│   └── ParameterRejected   a parameter of a workbook or of a command
├── StoreFault        the store cannot be read or written
│   ├── NoStore       there is none yet
│   └── StoreVersion  it was made by another release
├── Unreadable        a file that was handed in cannot be read at all
├── Forbidden         whoever asks may not do this, or their session has ended
├── SignInRefused     name and password do not let in; never says which of them is wrong
└── RunFailed         a workbook did not run to its end: names the cell and the cause
"""


class NccError(Exception):
    """Base of all errors a person can act on.

    `what` is a whole sentence with the place in it; `hint` says what to do.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what, hint)  # args mirror the signature, so it pickles

    @property
    def what(self) -> str:
        """The sentence alone."""
        return str(self.args[0])

    @property
    def hint(self) -> str:
        """What to do, or an empty text."""
        return str(self.args[1])

    def __str__(self) -> str:
        return f"{self.what}\nHint: {self.hint}" if self.hint else self.what


class DataFault(NccError):
    """A file of reference data is wrong."""


class Rejected(NccError):
    """A value that came in is not accepted."""


class ParameterRejected(Rejected):
    """A parameter is unknown or has a value it cannot have."""


class StoreFault(NccError):
    """The store cannot be read or written."""


class NoStore(StoreFault):
    """There is no store yet."""


class StoreVersion(StoreFault):
    """The store was made by another release."""


class Unreadable(NccError):
    """A file cannot be read at all."""


class Forbidden(NccError):
    """Whoever asks may not do this."""


class SignInRefused(NccError):
    """Name and password do not let in."""


class RunFailed(NccError):
    """A workbook did not run to its end."""
