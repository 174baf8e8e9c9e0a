"""Every error a caller can meet, and the exit code the command line gives it.

StoryreelError
├── InputError                  2    a value from the user that cannot be used
│   ├── MissingExtra            2    an optional part of the installation is absent
│   └── ProjectNotFound         2    no project has that id
├── StorageError                1    this machine could not keep or read a file
│   ├── DiskFull                1
│   └── CorruptFile             1    a kept file no longer is what was written
├── ProviderError               3    a service (or offline stand-in) failed
│   ├── ProviderBusy            3    rate limit or outage: wait, then resume
│   ├── ProviderRefused         3    the service will not do this request
│   ├── KeyRefused              3    the API key is not accepted
│   ├── PaymentNeeded           3    the account has no credit left
│   ├── ModelGone               3    the service no longer has that model
│   ├── BadAnswer               3    what came back cannot be used
│   └── AnswerUnknown           3    a paid request was sent and its answer never arrived
├── BudgetExceeded              4    the next call would pass the limit
│   └── NotAgreed               4    it may cost more than a dollar, and nobody has agreed to that
├── RenderError                 1    a film could not be drawn or encoded
├── WorkerLost                  1    the machines that made a part of it are gone
└── Cancelled                 130    the user stopped the run

A message is one sentence that says what was wrong, where, and how to mend it. Finished steps stay remembered whatever
is raised, so running the same command again, or `storyreel resume ID`, goes on from there.
"""

from __future__ import annotations

from decimal import Decimal


class StoryreelError(Exception):
    """The root of everything storyreel raises on purpose."""

    exit_code = 1


class InputError(StoryreelError):
    """A value given by the user cannot be used."""

    exit_code = 2


class MissingExtra(InputError):
    """A feature needs an optional part of the installation."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)
        self.feature, self.extra = feature, extra

    def __str__(self) -> str:
        return f"{self.feature} needs an extra: run  pip install 'storyreel[{self.extra}]'"


class ProjectNotFound(InputError):
    """No project has the id that was asked for."""


class StorageError(StoryreelError):
    """This machine could not keep or read a file."""


class DiskFull(StorageError):
    """No room is left where the cache lives."""


class CorruptFile(StorageError):
    """A kept file no longer is what was written."""


class ProviderError(StoryreelError):
    """A service failed; finished steps stay remembered, so running again resumes.

    Attributes:
        price_usd: what the failure itself cost, where the service charges for it.
        charged: whether it costs as much as if it had been done, where `price_usd` does not say.
        status: the HTTP status that said so, where one did.
    """

    exit_code = 3
    retryable = False
    price_usd: Decimal | None = None
    charged = False
    status: int | None = None

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(provider, reason)
        self.provider, self.reason = provider, reason

    def __str__(self) -> str:
        return f"{self.provider}: {self.reason}"


class ProviderBusy(ProviderError):
    """Rate limit or outage: wait, then run again.

    Attributes:
        retry_after_s: how long the service asks to be left alone, where it says so.
    """

    retryable = True
    retry_after_s: float | None = None


class ProviderRefused(ProviderError):
    """The service will not do this request, as it stands."""


class KeyRefused(ProviderError):
    """The service does not accept the API key, or the key may not do this."""


class PaymentNeeded(ProviderError):
    """The account has no credit left, or a limit set with the service is reached."""


class ModelGone(ProviderError):
    """The service does not have the model, or has it no longer."""


class BadAnswer(ProviderError):
    """What came back is not what the service promises."""


class AnswerUnknown(ProviderError):
    """A paid request was sent and no answer was kept; only the user can say whether to pay again.

    Attributes:
        call: the beginning of its id in the project's ledger.
        project: the project's id.
    """

    call: str = ""
    project: str = ""


class BudgetExceeded(StoryreelError):
    """The next paid call would pass the limit that was set."""

    exit_code = 4


class NotAgreed(BudgetExceeded):
    """A film may cost more than a dollar, and nobody has agreed to that."""


class RenderError(StoryreelError):
    """A film could not be drawn, encoded or joined."""


class WorkerLost(StoryreelError):
    """The machines of a cluster that were to make something are gone; what was finished is kept."""


class Cancelled(StoryreelError):
    """The user stopped the run; what was finished is kept."""

    exit_code = 130
