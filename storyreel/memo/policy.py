"""What films may cost here and what their makers are charged: a TOML file, for whoever offers storyreel to others.

    limit_usd = 2.00      # a film's paid calls never come to more
    longest_s = 60        # no film is begun that would be longer
    free_s = 60           # so much of every film is given away
    markup = 0.30         # what is added to the cost of the rest

All of it is optional. The file is the one that STORYREEL_POLICY names.
"""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from storyreel.errors import BudgetExceeded, InputError
from storyreel.memo.money import usd


class Policy(BaseModel, frozen=True, extra="forbid"):
    """See the module; seconds are of the film.

    Attributes:
        markup: a fraction of the cost.
    """

    limit_usd: Decimal | None = Field(default=None, ge=0)
    longest_s: float | None = Field(default=None, gt=0)
    free_s: float = Field(default=0.0, ge=0)
    markup: Decimal = Field(default=Decimal(0), ge=0)

    def limit(self, chosen_usd: Decimal | None) -> Decimal | None:
        """The limit that holds where the maker chose one: the lower of the two."""
        return min((each for each in (chosen_usd, self.limit_usd) if each is not None), default=None)

    def check_length(self, duration_s: float) -> None:
        """Stop a film before it is begun that would be too long.

        Raises:
            BudgetExceeded: it would be.
        """
        if self.longest_s is not None and duration_s > self.longest_s:
            raise BudgetExceeded(
                f"the film would be about {duration_s:.0f} s long, and no more than {self.longest_s:.0f} s are allowed "
                "here: ask for a shorter one"
            )

    def charge_usd(self, cost_usd: Decimal, duration_s: float) -> Decimal:
        """What the maker of a film is charged: its cost beyond the free seconds, with the mark-up, in whole cents."""
        if duration_s <= 0:
            return Decimal(0)
        share = Decimal(repr(max(0.0, duration_s - self.free_s) / duration_s))
        return (cost_usd * share * (1 + self.markup)).quantize(Decimal("0.01"))


def read_policy(path: Path | str | None = None) -> Policy:
    """The policy in a file, by default that of STORYREEL_POLICY; without one, everything is allowed and nothing added.

    Raises:
        InputError: the file cannot be read.
    """
    named = path or os.environ.get("STORYREEL_POLICY", "").strip()
    if not named:
        return Policy()
    file = Path(named).expanduser()
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
        # An amount such as 0.10 is meant as it is written, not as the nearest binary fraction.
        exact = {name: usd(value) if name in ("limit_usd", "markup") else value for name, value in written.items()}
        return Policy.model_validate(exact)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"the policy {file} cannot be used: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the policy {file} cannot be read: {error}") from error
