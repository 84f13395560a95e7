"""`lockwright-admin case …` and `policy …`: the same rules as the console, with the password and token of whoever acts."""

import os
from typing import Annotated, Any

import typer

from core import settings as settings_file
from core.admin.common import AsJson, ask, refuse, refused, say, services
from core.admin.facts import case_facts, policy_facts
from core.cases import Kind, Policy
from core.cases.policy import read as read_policy
from core.origin import LOCAL
from core.secret import Secret
from core.services import Services
from core.use_cases.console import StaffIn
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.operator import CaseFacts
from core.use_cases.outcomes import Done
from core.use_cases.sign_in import TokenNeeded

case = typer.Typer(help="Recovery cases.", no_args_is_help=True)
policy = typer.Typer(help="The recovery policy.", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", help="Whose act it is: asks for that person's password and token.")]
Reason = Annotated[str, typer.Option(help="Why; it becomes part of the record.")]


@case.command("list")
def case_list(
    context: typer.Context,
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that have ended, the newest first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the live cases, the longest-waiting need first."""
    values = [case_facts(facts) for facts in services(context).operator.cases(ended=ended)]
    say(values, as_json=as_json, text="\n".join(map(_line, values)))


def _line(value: dict[str, Any]) -> str:
    line = f"{value['reference']}  {value['account']:32}  {value['state']:9}  {value['need'] or ''}"
    return f"{line}  ! one person decides" if value["warning"] else line


@case.command("show")
def case_show(context: typer.Context, reference: str, *, as_json: AsJson = False) -> None:
    """Print one case: its state, evidence, and what the policy says is met and missing."""
    value = case_facts(_found(context, reference))
    rows = [f"{key:16}{shown}" for key, shown in value.items() if key != "warning"]
    say(value, as_json=as_json, text="\n".join([*rows, *_warning(value["warning"])]))


def _warning(said: str | None) -> list[str]:
    return [f"! {said}"] if said else []


@case.command("claim")
def case_claim(context: typer.Context, reference: str, staff: As) -> None:
    """Take a case for 15 minutes."""
    opened, ticket = _signed_in(context, staff)
    _done(opened, ticket, opened.desk.claim(ticket, reference), "It is yours for 15 minutes.")


@case.command("verify")
def case_verify(
    context: typer.Context,
    reference: str,
    staff: As,
    route: Annotated[Kind | None, typer.Option(help="The route; the quickest that is met by default.")] = None,
) -> None:
    """Verify ownership: fix the route. Another person approves, unless the policy of the case says people = 1."""
    opened, ticket = _signed_in(context, staff)
    outcome = opened.desk.verify(ticket, reference, route)
    if isinstance(outcome, Verified):
        verified = opened.operator.case(reference)
        alone = verified is not None and verified.case.people < 2
        then = "It can be approved, by the same person too." if alone else "Another person has to approve."
        _done(opened, ticket, Done(), f"Verified by route {outcome.kind.value}. {then}")
    _done(opened, ticket, outcome, "")


@case.command("approve")
def case_approve(context: typer.Context, reference: str, staff: As) -> None:
    """Approve what another verified; it completes now or when the wait is over."""
    opened, ticket = _signed_in(context, staff)
    outcome = opened.desk.approve(ticket, reference, reference)
    if isinstance(outcome, Approved):
        when = f"when the wait is over, on {outcome.over_at:%d %b %Y %H:%M} UTC" if outcome.over_at else "by itself"
        _done(opened, ticket, Done(), "Completed." if outcome.completed else f"Approved. It completes {when}.")
    _done(opened, ticket, outcome, "")


@case.command("reject")
def case_reject(context: typer.Context, reference: str, staff: As, reason: Reason) -> None:
    """End a case; the claimant and every confirmed address are told the reason."""
    opened, ticket = _signed_in(context, staff)
    _done(opened, ticket, opened.desk.reject(ticket, reference, reference, reason), "Rejected.")


@case.command("freeze")
def case_freeze(context: typer.Context, reference: str, staff: As, reason: Reason) -> None:
    """Freeze a case (lead)."""
    opened, ticket = _signed_in(context, staff)
    _done(opened, ticket, opened.desk.freeze(ticket, reference, reason), "Frozen.")


@case.command("unfreeze")
def case_unfreeze(context: typer.Context, reference: str, staff: As, reason: Reason) -> None:
    """Let a frozen case go on (lead); the whole wait begins anew."""
    opened, ticket = _signed_in(context, staff)
    _done(opened, ticket, opened.desk.unfreeze(ticket, reference, reason), "It goes on; the wait begins anew.")


@policy.command("show")
def policy_show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Print the policy that new cases are opened under, in plain words or as JSON."""
    written = _policy(context)
    lines = [*written.explain(), *_warning(written.warning)]
    say(policy_facts(written), as_json=as_json, text="\n".join(lines))


@policy.command("check")
def policy_check(context: typer.Context) -> None:
    """Check the policy in the settings; what is wrong is named."""
    typer.echo("\n".join(["The policy can be used.", *_warning(_policy(context).warning)]))


@policy.command("explain")
def policy_explain(context: typer.Context, reference: str, *, as_json: AsJson = False) -> None:
    """Say in plain words what the policy of a case asks, what is met, what is missing, and when the wait is over."""
    facts = _found(context, reference)
    value = case_facts(facts)
    lines = [*facts.case.policy.explain(), *_warning(value["warning"]), ""]
    for each in value["routes"]:
        lines.append(f"Route {each['route']} is {'met' if each['met'] else 'not met'}.")
        lines += [f"  missing: {sentence}" for sentence in each["missing"]]
        if each["met"]:
            lines.append(f"  the wait is over on {each['over_at']}" if each["over_at"] else "  the wait has not begun")
    say(value["routes"], as_json=as_json, text="\n".join(lines))


def _found(context: typer.Context, reference: str) -> CaseFacts:
    """The case of that reference; ends with 1 when there is none."""
    facts = services(context).operator.case(reference)
    if facts is None:
        raise refuse("There is no case of that reference.")
    return facts


def _policy(context: typer.Context) -> Policy:
    """The policy that is written in the settings."""
    return read_policy(settings_file.load(context.obj, os.environ).recovery)


def _signed_in(context: typer.Context, staff: str) -> tuple[Services, Secret]:
    """The services, and a console session of `staff`; ends with 1 when they are not let in."""
    opened = services(context)
    step = opened.console.with_password(staff, ask(f"Password of {staff}"), LOCAL)
    if not isinstance(step, TokenNeeded):
        raise refused(step)
    staff_in = opened.console.with_token(step.half, ask(f"Token of {staff}").reveal(), LOCAL)
    if not isinstance(staff_in, StaffIn):
        raise refused(staff_in)
    return opened, staff_in.ticket


def _done(opened: Services, ticket: Secret, outcome: object, sentence: str) -> None:
    """Sign out, and say how it ended."""
    opened.console.sign_out(ticket)
    if not isinstance(outcome, Done):
        raise refused(outcome)
    typer.echo(sentence)
    raise typer.Exit
