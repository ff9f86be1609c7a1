"""Who takes part in a program, who is their family, and what the hospital has with both.

The register says who is family: somebody whom it lists under the same contract as another, the one
as party to it and the other as family of the party.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from agreements.contracts.models import Contract, ContractPerson, Relation
from agreements.credentials.models import License
from agreements.credentials.queries import with_searches
from agreements.lint.gathering import Held, is_with
from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear


def participants(program: Program) -> list[Participant]:
    """List who takes part in a program, and their family, here and elsewhere, in one query.

    Each comes with their searches, and with the day on which the last of their licenses ends.
    """
    everybody = Participant.objects.filter(
        Q(physician__in=_here(program)) | Q(physician__in=_kin(program))
    )
    licenses = License.objects.filter(physician=OuterRef("physician")).order_by("-valid_until")
    until = Subquery(licenses.values("valid_until")[:1])
    return list(with_searches(everybody).annotate(licensed_until=until))


def contracts(program: Program, everybody: Iterable[Participant]) -> list[Contract]:
    """List the contracts with the group, with these people, or of their programs; two queries.

    Each says whether physicians of the program are party to it (`is_ours`), or their family is
    (`is_with_family`), and who of all physicians is party (`parties`).
    """
    people = ContractPerson.objects.filter(contract=OuterRef("pk"))
    parties, family = (people.filter(relation=each) for each in Relation)
    related = Contract.objects.annotate(
        is_ours=Exists(parties.filter(physician__in=_here(program))),
        is_of_kin=Exists(parties.filter(physician__in=_kin(program))),
        is_with_family=Exists(family.filter(physician__in=_here(program))),
        parties=ArraySubquery(parties.order_by().values("physician")),
    ).filter(
        Q(group=program.group_id)
        | Q(party__iexact=program.group.name)
        | Q(program__in={each.program_id for each in everybody})
        | Q(is_ours=True)
        | Q(is_of_kin=True)
        | Q(is_with_family=True)
    )
    return list(related.prefetch_related("events"))


def told_apart(
    program: Program,
    everybody: Iterable[Participant],
    years: Sequence[MeasurementYear],
    contracts: Sequence[Contract],
) -> tuple[Held, Held]:
    """Tell what the hospital has with the physicians from what it has with their family alone.

    The arguments are what `participants`, and for their programs the other queries, returned.
    """
    programs = _programs_of_physicians(program, list(everybody))
    with_group = [each for each in contracts if is_with(each, program.group)]
    ours = [
        each
        for each in contracts
        if vars(each)["is_ours"] or each in with_group or each.program_id in programs
    ]
    theirs = [each for each in contracts if each not in ours]
    return (
        Held([each for each in years if each.program_id in programs], ours, with_group),
        Held(
            [each for each in years if each.program_id not in programs],
            theirs,
            [each for each in theirs if vars(each)["is_with_family"]],
        ),
    )


def _programs_of_physicians(program: Program, everybody: Sequence[Participant]) -> set[UUID]:
    here = {each.physician_id for each in everybody if each.program_id == program.pk}
    return {program.pk, *(each.program_id for each in everybody if each.physician_id in here)}


def _here(program: Program) -> QuerySet[Participant, UUID]:
    rows = Participant.objects.filter(program=program).order_by()
    return rows.values_list("physician", flat=True)


def _kin(program: Program) -> QuerySet[ContractPerson, UUID]:
    listed = ContractPerson.objects.filter(contract__people__physician__in=_here(program))
    kin = listed.exclude(relation=F("contract__people__relation")).order_by()
    return kin.values_list("physician", flat=True)
