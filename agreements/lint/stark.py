"""The rules S1 to S17: 42 CFR 411.351 to 411.357, each one small function over the facts. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from agreements.components.completeness import most_dollars, period_of
from agreements.credentials.freshness import names_text
from agreements.lint.facts import Found, LintFacts, Severity
from agreements.lint.looking import missing_clause, named, years_after
from comanage.values.money import Money
from comanage.values.period import day_text
from comanage.values.rounding import decimal_text

SERVICES = frozenset({"management-services", "professional-services", "employed-services"})
GRACE_DAYS = 90
GRACE_HOLD_DAYS = 60
AT_RISK = Fraction(1, 10)
PERCENT = 100
_FAMILY = "immediate family of a physician"
VALUE_BASED = frozenset({"value_based", "downside_risk"})
# A name is no proof, and a harmless one may hold such a word: counsel looks, nothing is refused.
_VOLUME = re.compile(
    r"\bmargins?\b|\brevenues?\b|\bprofits?\b|\bpay[eo]r mix\b|\bmarket share\b|\bcase volumes?\b"
    r"|\b(?:volume|number|growth) (?:of|in) .*(?:cases|admissions|referrals|procedures)\b",
    re.IGNORECASE,
)
_VALUE_BASED_WRITING = (
    ("quality-safeguards", "Quality safeguards"),
    ("annual-review", "Independent annual review"),
    ("records", "Records"),
)


def services_and_signatures(facts: LintFacts) -> Iterator[Found]:
    """S1: the writing names the services, and has a place for the signatures."""
    if not facts.clauses & SERVICES:
        yield from missing_clause(facts, "management-services", "Management services")
    yield from missing_clause(facts, "signatures", "Signatures")


def duties_are_listed(facts: LintFacts) -> Iterator[Found]:
    """S1: what the fixed fee pays for stands in the exhibit of duties."""
    if facts.fixed_fee > Money(0) and not facts.terms.get("duties"):
        yield Found(
            "Exhibit A",
            f"The terms pay a fixed fee of {facts.fixed_fee} and list no duty for it, so the "
            f"exhibit leaves a place for them.",
            "List the duties with their hours in the terms, and make a version.",
            "management-services",
        )


def days_without_signature(facts: LintFacts) -> Iterator[Found]:
    """S2: count the days since the term began while nobody has signed.

    The days are told in stages: what counsel waives is not another finding each morning.
    """
    days = (facts.today - facts.begins_on).days
    if facts.is_executed or days <= 0:
        return
    severity, told = Severity.WARN, f"fewer than {GRACE_HOLD_DAYS} days ago"
    if days >= GRACE_HOLD_DAYS:
        severity, told = Severity.HOLD, f"{GRACE_HOLD_DAYS} days ago or more"
    if days > GRACE_DAYS:
        severity, told = Severity.BLOCK, f"more than {GRACE_DAYS} days ago"
    yield Found(
        "Term",
        f"The term began on {day_text(facts.begins_on)}, {told}, and is not signed.",
        f"Let the term begin on a later day. The {GRACE_DAYS} days are those of this rule alone: "
        f"42 CFR 1001.952(d)(1) has none, and they cover no pay that is set after the service.",
        "term",
        severity,
    )


def terms_in_detail(facts: LintFacts) -> Iterator[Found]:
    """S4: the terms have all that the lock asks for."""
    for gap in facts.term_gaps:
        yield Found("Terms", gap, "Complete the draft of the measurement year.")
    if "early_end" not in facts.terms:
        yield Found(
            "Terms",
            "Nothing is said about the incentive of a year in which the agreement ends.",
            "Choose it in the draft of the measurement year; the clause follows it.",
            "effects-of-ending",
            Severity.HOLD,
        )
    for each in facts.terms["indicators"]:
        if not each.get("data_source"):
            yield Found(
                f"Indicator “{each['definition']['title']}”",
                "Not known: where the data of its results come from.",
                "Name the source of its data in the terms, and make a version.",
                "incentive-fee",
                Severity.HOLD,
            )


def reasonableness_on_file(facts: LintFacts) -> Iterator[Found]:
    """S7: a memo says why the arrangement makes sense without referrals, and the hospital says so.

    It is approved by somebody whom the agreement does not pay, and before the term begins.
    """
    memo = facts.memo
    if memo is None:
        yield Found(
            "Memo",
            "No memo on commercial reasonableness is on file for this program.",
            "Write one, with purpose, need and alternatives, and have it approved.",
        )
        return
    if memo.is_of_physicians:
        yield Found(
            "Memo",
            f"The memo of {day_text(memo.approved_on)} was approved by {memo.approver}, who takes "
            f"part in the program or stands on the physicians' side.",
            "Have it approved by somebody of the hospital whom the agreement does not pay.",
        )
    if memo.approved_on > facts.begins_on:
        yield Found(
            "Memo",
            f"The memo was approved on {day_text(memo.approved_on)}; the term begins on "
            f"{day_text(facts.begins_on)}.",
            "Have it approved before the term begins, or begin later.",
        )
    if not memo.has_paper:
        yield Found(
            "Memo",
            f"The memo of {day_text(memo.approved_on)} is on record, its signed paper is not.",
            "Put it on record again with the signed paper.",
            severity=Severity.WARN,
        )


def nothing_paid_twice(facts: LintFacts) -> Iterator[Found]:
    """S7: no duty is paid for elsewhere too, to the same physicians or their immediate family."""
    for elsewhere, take_part, whom in (
        (facts.elsewhere, "physicians take part in both programs", "the same physicians"),
        (facts.families, f"{_FAMILY} takes part in it", _FAMILY),
    ):
        for duty, program in elsewhere.same_duties:
            yield Found(
                f"Duty “{duty}”",
                f"The terms of “{program}” list it too, and {take_part}.",
                "Take it out of one of them, or say in both what is done for which.",
                "management-services",
            )
        for title, last_day in elsewhere.contracts:
            yield Found(
                f"Contract “{title}”",
                f"The register has it with {whom} until {day_text(last_day)}.",
                "Hold its duties against those of Exhibit A, so that no hour is paid for twice.",
                "other-arrangements",
            )


def nothing_watched_is_paid(facts: LintFacts) -> Iterator[Found]:
    """S8: no pay for volume, share of market, revenue, margin or mix of payers."""
    for title, why in facts.unpayable:
        yield Found(
            f"Indicator “{title}”",
            why,
            "Take it out of the terms. It can be followed without pay.",
            "incentive-fee",
        )


def no_name_speaks_of_volume(facts: LintFacts) -> Iterator[Found]:
    """S8: an indicator that is named after volume or money is looked at by a person."""
    watched = {title for title, _ in facts.unpayable}
    for each in facts.definitions:
        word = _VOLUME.search(each["title"])
        if word and each["title"] not in watched:
            yield Found(
                f"Indicator “{each['title']}”",
                f"Its name speaks of “{word.group()}”.",
                "Let counsel say why what it pays does not rise with referrals or with business.",
                "incentive-fee",
            )


def term_of_a_year(facts: LintFacts) -> Iterator[Found]:
    """S9: the term is at least a year."""
    if facts.ends_on < years_after(facts.begins_on, 1):
        days = (facts.ends_on - facts.begins_on).days
        yield Found(
            "Term", f"The term is {days} days.", "Let the term be one year or longer.", "term"
        )


def nothing_similar_ended_early(facts: LintFacts) -> Iterator[Found]:
    """S9: no same contract with the party ended in its first year, still running.

    With a physician's immediate family it is another party, and counsel looks.
    """
    for title, ended_on, until in facts.elsewhere.barred:
        yield Found(
            f"Contract “{title}”",
            f"It {_ended(ended_on, facts)}, within its first year, and is of the same kind and "
            f"party.",
            f"Let the term begin on {day_text(until)} or later.",
            "term",
        )
    for title, ended_on, until in facts.families.barred:
        yield Found(
            f"Contract “{title}”",
            f"It {_ended(ended_on, facts)}, within its first year, and is of the same kind, "
            f"with {_FAMILY}.",
            f"Let counsel say whether this one takes its place, or begin on {day_text(until)} or "
            f"later.",
            "term",
            Severity.HOLD,
        )


def _ended(ended_on: date, facts: LintFacts) -> str:
    """Say of a terminated contract that it ended; of an end that lies ahead, that it ends."""
    return f"{'ended' if ended_on <= facts.today else 'ends'} on {day_text(ended_on)}"


def all_agreements_listed(facts: LintFacts) -> Iterator[Found]:
    """S9: the writing names the master list, and the list has every program that pays them."""
    yield from missing_clause(facts, "other-arrangements", "Other arrangements")
    for elsewhere, whom in ((facts.elsewhere, "these physicians"), (facts.families, _FAMILY)):
        if elsewhere.unlisted:
            yield Found(
                "Register",
                f"Signed years of {named(list(elsewhere.unlisted))} pay {whom}, and the register "
                f"has no contract of it.",
                "Enter the contract in the register, with its days.",
                "other-arrangements",
            )


def held_over_unchanged(facts: LintFacts) -> Iterator[Found]:
    """S9: what goes on after its term goes on as it was."""
    for title, day in facts.elsewhere.amended_holdovers:
        yield Found(
            f"Contract “{title}”",
            f"It is held over, and an amendment takes effect on {day_text(day)}.",
            "Let counsel say whether it is a new contract from that day on.",
            "renewal",
        )
    if facts.renewal == "holdover":
        yield from missing_clause(facts, "renewal", "Renewal")


def referrals_left_free(facts: LintFacts) -> Iterator[Found]:
    """S10: the writing says that nothing is paid for referrals and none are required."""
    return missing_clause(facts, "no-referrals", "No referrals")


def reconciliation_at_the_end(facts: LintFacts) -> Iterator[Found]:
    """S11: the writing says how payments are reconciled when it ends."""
    return missing_clause(facts, "effects-of-ending", "Effects of ending", Severity.WARN)


def value_based_writing(facts: LintFacts) -> Iterator[Found]:
    """S14: on the value-based path the writing holds what that path asks for."""
    if not facts.path:
        yield Found(
            "Agreement",
            "Not known: nobody said on which exception counsel relies.",
            "Choose it with the parties and the term. The rules of a value-based path ask more.",
            severity=Severity.INFO,
        )
    if facts.path not in VALUE_BASED:
        return
    yield Found(
        "Agreement",
        "Not known: the purpose of the value-based enterprise, how the activities serve it, and "
        "whether both are monitored every year. The product keeps no record of them.",
        "Let counsel look for them in the papers of the enterprise.",
        severity=Severity.INFO,
    )
    for key, about in _VALUE_BASED_WRITING:
        yield from missing_clause(facts, key, about)
    if not facts.terms["indicators"]:
        yield Found(
            "Indicators",
            "The agreement follows a value-based path and agrees on no outcome measure.",
            "Agree on outcome measures that are objective and rest on evidence.",
            "incentive-fee",
        )
    if not facts.terms["scope"]:
        yield Found(
            "Scope",
            "The agreement follows a value-based path and its terms name no population.",
            "Write into the terms which cases the program is about.",
            "service-line",
        )


def a_tenth_at_risk(facts: LintFacts) -> Iterator[Found]:
    """S15: on the path of downside risk at least a tenth of the pay can be forgone."""
    if facts.path != "downside_risk":
        return
    salaries = [most_dollars(part, period_of(facts.terms)) for part in facts.parts("salary")]
    whole = sum((each for each in salaries if each is not None), facts.fixed_fee + facts.pool)
    if whole <= Money(0) or any(map(facts.parts, ("hourly", "wrvu", "savings"))):
        yield Found(
            "Pay",
            "Not known: how much can be forgone is open until the work is done.",
            "Let counsel write down what of the pay is at risk, and of which total.",
            "incentive-fee",
        )
        return
    share = Fraction(facts.pool.cents, whole.cents)
    if share < AT_RISK:
        yield Found(
            "Pay",
            f"{facts.pool} of {whole} depends on results, {decimal_text(share * PERCENT, 1)} %.",
            "Let at least 10 % of the whole pay depend on results for the whole term.",
            "incentive-fee",
        )


def personally_performed(facts: LintFacts) -> Iterator[Found]:
    """S17: an employed physician's wRVUs are those of their own work."""
    if facts.model != "employment":
        return
    for part in facts.parts("wrvu"):
        payee = part["payee"]["name"] if part["payee"] else "nobody in particular"
        yield Found(
            f"Pay, “{part['label']}”",
            f"It pays {payee} by wRVU. The totals are taken as they are handed in.",
            "Name the physician, and let the hospital attest that the work was their own.",
            "wrvu-pay",
        )


def path_fits_the_model(facts: LintFacts) -> Iterator[Found]:
    """S17: the exception that counsel relies on is one for such an arrangement."""
    employs = facts.model == "employment"
    if facts.path == ("personal_services" if employs else "employment"):
        yield Found(
            "Agreement",
            "The physicians are employees, and the exception chosen is that of personal services."
            if employs
            else "The physicians are no employees, and the exception chosen is that of employment.",
            "Let counsel say on which one the parties rely, and choose it with the term.",
        )


def letters_of_employment(facts: LintFacts) -> Iterator[Found]:
    """S17: whoever is employed has a contract of their own, since only their manager signs this."""
    if facts.model == "employment" and facts.without_letter:
        yield Found(
            "Register",
            f"It has no contract of employment that runs when the term begins with "
            f"{names_text(facts.without_letter)}.",
            "Enter each letter of employment in the register, with its days and its paper.",
            "employed-services",
        )
