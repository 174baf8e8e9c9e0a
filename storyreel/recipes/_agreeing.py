"""One rule for every way in: what may cost more than a dollar is made when somebody has agreed to it.

The command line shows the estimate and asks, where somebody sits there; a function that makes a film never asks, since
a notebook would hang: it says what the film may cost and how to agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from decimal import Decimal

from storyreel.errors import NotAgreed
from storyreel.project import Project
from storyreel.providers.contracts import Crew
from storyreel.providers.estimate import Estimate, Work
from storyreel.providers.estimate import estimate as estimate_works
from storyreel.providers.transport.vendor import Vendor
from storyreel.recipes._run import answered_by_step, silent

ASK_ABOVE_USD = Decimal(1)


def is_to_be_asked(plan: Estimate) -> bool:
    """Whether a film may cost so much that nobody should be surprised by it, or nobody knows how much it costs."""
    return plan.high_usd > ASK_ABOVE_USD or bool(plan.unknown)


def agreed_to(
    project: Project,
    crew: Crew,
    works: Callable[[Project], Sequence[Work]],
    agreed: bool,
    before_usd: Decimal = Decimal(0),
) -> Decimal:
    """Stop before a film is made that nobody has agreed to.

    Whoever sets the project a limit agrees to that much.

    Args:
        works: what is left to do of the film, looked up in the project that it is given.
        agreed: somebody was asked, or said so.
        before_usd: what its paid calls were agreed to come to before, all of them.

    Returns:
        What they are agreed to come to now: as much as before, or more where `agreed`; infinite where that takes in a
        price that is not known.

    Raises:
        NotAgreed: more than a dollar may be left to pay, beyond what was agreed to, or something whose price is not
            known.
    """
    if project.limit_usd is not None or not any(_bills(getattr(crew, role.name)) for role in fields(crew)):
        return before_usd
    billed = [work for work in works(silent(project)) if _bills(work.provider)]
    plan = estimate_works(billed, *answered_by_step(project)) if billed else Estimate(lines=())
    if not is_to_be_asked(plan):
        return before_usd
    most_usd = Decimal("Infinity") if plan.unknown else plan.spent_usd + plan.high_usd
    if agreed or most_usd <= before_usd:
        return max(most_usd, before_usd)
    dearest = sorted(plan.lines, key=lambda line: line.likely_usd or Decimal(0), reverse=True)[:3]
    steps = ", ".join(
        f"{line.step} by {line.provider} {'?' if line.likely_usd is None else f'${line.likely_usd:.2f}'}"
        for line in dearest
        if line.left
    )
    about = f"about ${plan.likely_usd:.2f}, at most ${plan.high_usd:.2f}"
    if plan.unknown:
        about += f", and what {' and '.join(dict.fromkeys(plan.unknown))} cost, which is not known"
    raise NotAgreed(
        f"the film {project.id!r} will cost {about} ({steps}), and more than ${ASK_ABOVE_USD} is not spent unasked: "
        "say agreed=True, or set a limit with budget_usd=5 (on the command line: --yes, or --budget 5), and run again"
    )


def _bills(member: object) -> bool:
    """Whether somebody sends bills: what runs here, and an object of one's own that names no price, does not."""
    return isinstance(getattr(member, "vendor", None), Vendor)
