"""What several rules do alike. Pure."""

from collections.abc import Iterator
from datetime import date

from agreements.lint.facts import Found, LintFacts, Severity
from comanage.values.period import MONTHS_IN_A_YEAR, months_after


def years_after(day: date, years: int) -> date:
    """Give the same day some years later; 28 February for 29 February."""
    return months_after(day, years * MONTHS_IN_A_YEAR)


def missing_clause(
    facts: LintFacts, key: str, about: str, rewritten: Severity = Severity.HOLD
) -> Iterator[Found]:
    """Say that a version has no such clause, or not in the standard's words.

    Args:
        facts: of the version.
        key: of the clause.
        about: its heading in the standard.
        rewritten: what words of the program's own ask for. No rule reads them: counsel does.
    """
    if key in facts.rewritten:
        yield Found(
            f"Clause “{about}”",
            f"The clause “{about}” was written anew for this program.",
            "Let counsel read it beside the standard's, and waive this where it still says what "
            "the rule asks for.",
            key,
            rewritten,
        )
    if key not in facts.clauses:
        yield Found(
            f"Clause “{about}”",
            f"This version has no clause “{about}”.",
            "Take the standard's clause back, or add one that says the same, and make a version.",
            clause=key,
        )


def named(titles: list[str]) -> str:
    """Write titles as a sentence names them: `“A”, “B”`."""
    return ", ".join(f"“{title}”" for title in titles)
