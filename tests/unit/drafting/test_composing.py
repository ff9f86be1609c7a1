"""What is composed of the standard, the terms and a program's changes."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from agreements.drafting.anchors import CLAUSE_OF, Amount, amounts_of, anchor_of
from agreements.drafting.clauses import standard_clauses
from agreements.drafting.compose import compose, new_key
from agreements.drafting.conditions import CONDITIONS
from agreements.drafting.document import (
    Clause,
    DocumentError,
    Heading,
    Paragraph,
    Table,
    from_document,
    numbered,
    relettered,
    to_document,
)
from agreements.drafting.exhibit_measures import in_their_words
from agreements.drafting.facts import Change, PlanSection
from agreements.drafting.ordering import order_of
from agreements.drafting.placeholders import PLACEHOLDERS, names_in, unknown_in, values_of
from agreements.drafting.words import STATES, length_in_words
from agreements.duties.fee import duty_amount
from comanage.values.money import Money, split_by_weight
from comanage.values.period import Period
from tests.unit.drafting.drafts import FIXED, POOL, draft, indicator, terms

DOLLARS = re.compile(r"\$[\d,]+\.\d\d")

PARTS = {
    "hourly": {
        "number": 1,
        "kind": "hourly",
        "label": "Medical director",
        "payee": None,
        "start": "2027-01-01",
        "end": "2028-01-01",
        "rate": "185.50",
        "month_cap": 960,
        "quarter_cap": None,
        "year_cap": 9600,
    },
    "salary": {
        "number": 1,
        "kind": "salary",
        "label": "Salary",
        "payee": {"npi": "2999999008", "name": "Dr. Ada"},
        "start": "2027-01-01",
        "end": "2028-01-01",
        "amount": "410000.00",
    },
    "wrvu": {
        "number": 2,
        "kind": "wrvu",
        "label": "Productivity",
        "payee": None,
        "start": "2027-01-01",
        "end": "2028-01-01",
        "table_year": 2026,
        "rungs": [{"above": "0", "rate": "52.25"}, {"above": "6000", "rate": "58.1234"}],
    },
    "savings": {
        "number": 3,
        "kind": "savings",
        "label": "Shared savings",
        "payee": None,
        "start": "2027-01-01",
        "end": "2028-01-01",
        "share_rate": "0.5",
        "minimum_rate": "0.02",
        "limit_rate": "0.1",
        "fee": "61000.00",
        "least_points": 60,
    },
}
KINDS = {
    "co_management": ("hourly", "savings"),
    "psa": ("wrvu", "savings"),
    "employment": ("salary", "wrvu"),
}
RATE = Money.from_dollars("240.00")
DUTIES = [
    {
        "number": number,
        "name": name,
        "deliverable": "Minutes",
        "frequency": "monthly",
        "minutes": minutes,
        "rate": "240.00",
    }
    for number, name, minutes in ((1, "Chair", 7201), (2, "Protocols", 70799))
]
ALLOCATION = {"by": "per_capita", "joiners": "by_days", "leavers": "by_days"}


def every_draft():
    """Every arrangement, with and without each thing that clauses depend on."""
    for model, has_parts, has_incentive, has_more, renewal in product(
        KINDS, (True, False), (True, False), (True, False), ("none", "by_notice", "holdover")
    ):
        pay = {"fixed_fee": FIXED if model == "co_management" else "0.00"}
        pay["incentive_pool"] = POOL if has_incentive else "0.00"
        given = {"pay": pay}
        if has_parts:
            given["components"] = [PARTS[kind] for kind in KINDS[model]]
        plan = ()
        if has_more:
            pay |= {"incentive_estimate": "1/2"} if has_incentive else {}
            given |= {"allocation": ALLOCATION, "scope": "age >= 18", "scoring_plan": {}}
            given["indicators"] = [indicator("implant-cost-per-joint-replacement", 100)]
            plan = (PlanSection("Total", ("The points are added.",)),)
        given["early_end"] = {"incentive": "none" if has_more else "by_days", "least_months": 6}
        facts = {"renewal": renewal, "is_bond_financed": has_more}
        yield draft(terms(model, **given), facts=facts, plan=plan)


def dollars_of(row: tuple[str, ...]) -> Money:
    return Money.from_dollars(row[-1].strip("$").replace(",", ""))


def text_of(blocks) -> str:
    said = []
    for block in blocks:
        if isinstance(block, Table):
            said += [cell for row in (block.head, *block.rows) for cell in row]
        else:
            said.append(block.text)
    return "\n".join(said)


def test_every_arrangement_is_composed_whole_and_every_clause_is_of_use():
    printed, held = set(), set()
    for each in every_draft():
        composition = compose(each)
        assert composition.problems == ()
        assert composition.warnings == ()
        for clause in composition.document.clauses:
            printed.add(clause.key)
            assert "{" not in clause.heading + "".join(clause.paragraphs), clause.key
            assert clause.paragraphs, clause.key
        held |= {name for name, condition in CONDITIONS.items() if condition.holds(each)}

    assert printed == {clause.key for clause in standard_clauses()}
    assert held == set(CONDITIONS)


def test_the_standard_names_only_what_is_on_the_fixed_lists():
    keys = {clause.key for clause in standard_clauses()}
    used = set()
    for clause in standard_clauses():
        asked = {*clause.when, *clause.unless}
        for paragraph in clause.paragraphs:
            assert unknown_in(paragraph.text, keys=keys) == [], clause.key
            asked |= {*paragraph.when, *paragraph.unless}
            used |= set(names_in(paragraph.text))
        assert asked <= CONDITIONS.keys(), clause.key
        assert clause.why, clause.key
        assert clause.source, clause.key
    every = [values_of(each) for each in every_draft()]
    assert {name for values in every for name in values} == PLACEHOLDERS.keys()


def test_each_kind_of_dollars_rests_on_one_clause_of_the_standard():
    keys = {clause.key for clause in standard_clauses()}

    assert CLAUSE_OF.keys() == set(Amount)
    for amount in Amount:
        assert anchor_of(amount) in keys
        assert amount in amounts_of(anchor_of(amount))
    assert amounts_of("recitals") == ()
    for each in every_draft():
        document = compose(each).document
        assert all(document.clause(anchor.clause) for anchor in document.anchors)
    document = compose(draft()).document
    (fixed,) = document.anchored_in("fixed-fee")
    assert fixed.figure == "$312,000.00"
    parts = [each.part for each in document.anchored_in("incentive-fee")]
    assert parts == ["", "readmission-30-day", "hba1c-measured"]


def test_each_figure_of_the_exhibits_comes_from_the_terms():
    for model, kinds in KINDS.items():
        given = terms(model, components=[PARTS[kind] for kind in kinds], duties=DUTIES)
        dollars = {Money.from_dollars(each) for each in given["pay"].values()}
        dollars |= {
            Money.from_dollars(given["opinion"][p]) for p in ("fixed", "incentive", "total")
        }
        dollars |= {Money.from_dollars(PARTS["salary"]["amount"])}
        dollars |= {Money.from_dollars(PARTS["hourly"]["rate"])}
        dollars |= {Money.from_dollars(PARTS["savings"]["fee"])}
        dollars |= {Money.from_dollars("185.50").times(Fraction(9600, 60))}
        dollars |= {duty_amount(7201, RATE), duty_amount(70799, RATE), RATE}
        parts = split_by_weight(Money.from_dollars(POOL), [60, 40])
        dollars |= {part.times(share) for part in parts for share in (Fraction(1), Fraction(1, 2))}
        figures = {str(each) for each in dollars} | {"$52.25", "$58.12"}
        document = compose(draft(given)).document
        exhibits = {each.letter: text_of(each.blocks) for each in document.exhibits}

        found = set(DOLLARS.findall("\n".join(exhibits.values())))
        assert found <= figures
        assert {str(part) for part in parts} <= set(DOLLARS.findall(exhibits["C"]))
        assert "10.0 % (4 over 40" in exhibits["C"]
        assert "$510,000.00" in exhibits["E"]
        (duties,) = (b for b in document.exhibits[0].blocks if getattr(b, "has_total", False))
        assert sum(map(dollars_of, duties.rows[:-1]), Money(0)) == dollars_of(duties.rows[-1])
        assert str(dollars_of(duties.rows[-1])) == f"${Decimal(FIXED):,}"
        assert "is the sum of what each duty" in exhibits["B"]
        other = terms(model, pay={"fixed_fee": "1.00", "incentive_pool": "2.00"})
        other["duties"] = DUTIES
        changed = compose(draft(other)).document
        assert "come to $312,000.00, and the Fixed Fee is $1.00" in text_of(
            changed.exhibits[1].blocks
        )
        assert str(Money.from_dollars(POOL)) not in "".join(
            text_of(e.blocks) for e in changed.exhibits
        )


def test_a_definition_speaks_as_a_contract_does_and_says_nothing_twice():
    stay = indicator("average-length-of-stay", 100)
    exhibit = text_of(compose(draft(terms(indicators=[stay]))).document.exhibits[2].blocks)

    assert "The parties\u2019 own definition: the mean of whole days" in exhibit
    assert "\nDays in hospital.\n" in exhibit
    assert in_their_words("Our own criteria; 5 minutes are our choice.") == (
        "The parties\u2019 own criteria; 5 minutes are the parties\u2019 choice."
    )
    assert in_their_words("Ours: see the limitations.") == "Ours."
    assert in_their_words("From our registry.") == "From our registry."


def test_a_document_is_read_as_it_was_written():
    document = compose(draft(terms(duties=DUTIES))).document

    assert from_document(to_document(document)) == document
    assert from_document(to_document(document)).sha256 == document.sha256
    assert document.sha256 != compose(draft(facts={"title": "Other"})).document.sha256
    assert "address" not in to_document(document)["parties"][0]  # as versions were made before
    there = compose(draft(facts={"physicians_address": "1 Main Street"})).document
    assert from_document(to_document(there)).parties[1].address == "1 Main Street"
    older = to_document(replace(document, days={}))  # as made before days were kept
    assert "days" not in older
    assert from_document(older).days == {}
    with pytest.raises(DocumentError, match=r"comanage\.agreement/1"):
        from_document({"schema": "other"})


def test_paragraphs_are_numbered_and_items_lettered():
    clause = Clause("x", 4, "X", ("One.", "(a) first", "(b) second", "Two."))

    assert [label for label, _ in numbered(clause)] == ["4.1", "(a)", "(b)", "4.2"]
    given = ("One.", "(a) first", "(c) third", "Two.", "(h) again")
    assert list(relettered(given)) == ["One.", "(a) first", "(b) third", "Two.", "(a) again"]


def test_a_clause_that_is_left_out_is_warned_of_when_it_is_needed():
    omitted = compose(draft(changes=(Change("no-referrals", "omit"),)))
    optional = compose(draft(changes=(Change("peer-review", "omit"),)))
    anchored = compose(draft(changes=(Change("fixed-fee", "omit"),)))

    assert "“No referrals required” is left out, and should not be" in omitted.warnings[0]
    assert optional.warnings == ()
    assert any("rest on the clause “fixed-fee”" in each for each in anchored.problems)


def test_days_that_the_register_counts_by_are_said_by_a_clause():
    written = Change("termination", "replace", "Termination", "On notice of 120 days.")
    facts = {"renewal": "holdover", "notice_days": 121, "holdover_notice_days": 300}
    printed = compose(draft(facts=facts)).document
    silent = compose(draft(changes=(written,), facts=facts))

    assert "on one hundred twenty-one (121) days" in " ".join(
        printed.clause("termination").paragraphs
    )
    assert "on three hundred (300) days" in " ".join(printed.clause("renewal").paragraphs)
    assert printed.days == {"notice_days": 121, "holdover_notice_days": 300, "comment_days": 10}
    assert [each.split(", which")[0] for each in silent.problems] == [
        "No clause says the days of notice that end the agreement without cause"
    ]
    assert silent.document.days == {"holdover_notice_days": 300, "comment_days": 10}


def test_a_placeholder_without_a_value_stays_to_be_seen():
    written = Change("recitals", "replace", "Why", "Paid {account_share} by {section:salary}.")
    composition = compose(draft(changes=(written,)))

    assert composition.document.clauses[0].paragraphs == (
        "Paid {account_share} by {section:salary}.",
    )
    assert len(composition.problems) == 2


def test_added_clauses_follow_the_one_they_were_added_after():
    changes = (
        Change("first", "add", "First", "One.", "recitals"),
        Change("second", "add", "Second", "Two.", "first"),
        Change("lost", "add", "Lost", "Three.", "gone"),
    )
    document = compose(draft(changes=changes)).document

    assert [each.key for each in document.clauses][:3] == ["recitals", "first", "second"]
    assert document.clauses[-1].key == "lost"
    assert new_key("Recitals", taken=()) == "recitals-2"
    assert new_key("§", taken=["clause"]) == "clause-2"


def test_terms_without_indicators_or_physicians_say_so():
    document = compose(draft(terms(indicators=[], participants=[]))).document
    exhibits = {each.letter: text_of(each.blocks) for each in document.exhibits}

    assert "No Indicator is agreed on yet." in exhibits["C"]
    assert "No physician takes part yet." in exhibits["D"]


def test_terms_are_said_in_years_or_days():
    assert length_in_words(Period(date(2027, 1, 1), date(2028, 1, 1))) == "one (1) year"
    assert length_in_words(Period(date(2027, 1, 1), date(2028, 7, 1))) == "547 days"
    assert len(STATES) == 52


def test_blocks_of_exhibits_are_of_three_kinds():
    blocks = {type(b) for each in compose(draft()).document.exhibits for b in each.blocks}

    assert blocks == {Heading, Paragraph, Table}


MOVES = {
    "directly behind another": ([("a", "d")], "bcda"),
    "each where the one before left off": ([("a", "b"), ("b", "d")], "acdb"),
    "to where it stood": ([("a", "d"), ("b", "a"), ("a", "b")], "cdba"),
    "behind itself or nothing": ([("a", "a"), ("a", "x"), ("x", "a")], "abcd"),
    "an added one stays with what it was added to": (
        [("a", "d"), ("+x", "a"), ("+y", "a")],
        "bcdaxy",
    ),
    "and is not taken along": ([("+x", "a"), ("a", "d")], "xbcda"),
    "a moved one stands before the added": ([("+x", "a"), ("d", "a")], "adxbc"),
    "what followed a clause taken back": ([("+x", "a"), ("d", "x"), ("-x", "a")], "axdbc"),
}


@pytest.mark.parametrize("name", MOVES)
def test_clauses_stand_where_additions_and_moves_put_them(name: str):
    kinds = {"+": "add", "-": "restore"}
    given, stands = MOVES[name]
    changes = [Change(key[-1], kinds.get(key[0], "move"), after=after) for key, after in given]

    assert "".join(order_of("abcd", changes)) == stands


def test_a_moved_clause_keeps_its_words_and_gets_another_number():
    moved = compose(draft(changes=(Change("notices", "move", after="recitals"),))).document
    plain = compose(draft()).document

    assert moved.clauses[1].key == "notices"
    assert moved.clause("notices").paragraphs == plain.clause("notices").paragraphs
    assert [each.number for each in moved.clauses] == [each.number for each in plain.clauses]
