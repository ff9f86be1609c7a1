"""What an account comes to: entries gathered by the period that they are for. Asks nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from adjudication.payments.models import EntryKind, LedgerEntry, Side
from agreements.participants.models import PhysicianGroup
from comanage.values.money import Money
from comanage.values.period import Period

YEAR_KINDS = frozenset({EntryKind.DUE, EntryKind.TRUE_UP})


@dataclass(frozen=True, slots=True)
class ItemKey:
    """Which amount: the component of one year's pay for one period to one payee.

    Attributes:
        physician_id: of the payee's, who is paid in person; None for the payee itself.
    """

    year_id: UUID
    period: Period
    component: str
    payee_id: UUID
    physician_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One amount that is owed, and what was settled of it.

    Attributes:
        entries: about it, in order; at least one.
    """

    key: ItemKey
    entries: tuple[LedgerEntry, ...]

    @property
    def owed(self) -> Money:
        """What the hospital came to owe; below zero where more was estimated than earned."""
        return _sum(entry for entry in self.entries if entry.side == Side.OWED)

    @property
    def settled(self) -> Money:
        """What was paid of it, less what came back."""
        return -_sum(entry for entry in self.entries if entry.side == Side.SETTLED)

    @property
    def open(self) -> Money:
        """What is still to be paid; below zero what is to come back."""
        return self.owed - self.settled

    @property
    def to_come_back(self) -> Money:
        """What was paid above what is owed; nothing where all is owed."""
        return max(-self.open, Money(0))

    @property
    def come_back_words(self) -> str:
        """Say what is to come back."""
        return (
            f"{self.to_come_back} of the {self.component_name.lower()} for {self.key.period} is to "
            "come back. The year is paid once the ledger says how it did."
        )

    @property
    def is_paid(self) -> bool:
        """Whether a payment stands and nothing is open: neither taken back nor amended."""
        return self.open == Money(0) and any(e.kind == EntryKind.PAID for e in self.entries)

    @property
    def is_for_the_year(self) -> bool:
        """Whether it is the year's own amount, and not a quarter's estimate."""
        return any(entry.kind in YEAR_KINDS for entry in self.entries)

    @property
    def next_number(self) -> int:
        """The number of the next payment of it."""
        return 1 + max((e.number for e in self.entries if e.kind == EntryKind.PAID), default=0)

    @property
    def last_owed(self) -> LedgerEntry:
        """The newest entry of what is owed."""
        return [entry for entry in self.entries if entry.side == Side.OWED][-1]

    @property
    def payee(self) -> PhysicianGroup:
        """Whom it is owed to."""
        return self.entries[0].payee

    @property
    def payee_name(self) -> str:
        """Whom it is owed to, by name: the group, or one of its physicians."""
        return self.entries[0].payee_name

    @property
    def component_name(self) -> str:
        """The component as people call it."""
        return self.entries[0].get_component_display()


@dataclass(frozen=True, slots=True)
class Account:
    """One component of a program's pay to one payee, over all years."""

    component: str
    payee: str
    owed: Money
    settled: Money

    @property
    def balance(self) -> Money:
        """What is open; below zero what is to come back."""
        return self.owed - self.settled


def key_of(entry: LedgerEntry) -> ItemKey:
    """Say which amount an entry is about."""
    return ItemKey(entry.year_id, entry.period, entry.component, entry.payee_id, entry.physician_id)


def items_of(entries: Iterable[LedgerEntry]) -> list[Item]:
    """Gather entries by the amount that they are about, the oldest amount first."""
    found: dict[ItemKey, list[LedgerEntry]] = {}
    for entry in entries:
        found.setdefault(key_of(entry), []).append(entry)
    return [Item(key, tuple(about)) for key, about in found.items()]


def year_items(entries: Iterable[LedgerEntry]) -> list[Item]:
    """Gather the amounts of whole years."""
    return [item for item in items_of(entries) if item.is_for_the_year]


def is_paid(items: Sequence[Item]) -> bool:
    """Say whether a year's own amounts are there and each is paid."""
    return bool(items) and all(item.is_paid for item in items)


def unpaid_estimates(entries: Iterable[LedgerEntry]) -> list[Item]:
    """Gather the amounts on account that are still to be paid."""
    return [i for i in items_of(entries) if not i.is_for_the_year and i.open > Money(0)]


def accounts_of(entries: Sequence[LedgerEntry]) -> list[Account]:
    """Sum entries by component and payee."""
    found: dict[tuple[str, str, UUID], list[Item]] = {}
    for item in items_of(entries):
        key = item.key
        account = (key.component, item.payee_name, key.physician_id or key.payee_id)
        found.setdefault(account, []).append(item)
    return [
        Account(
            component=items[0].component_name,
            payee=items[0].payee_name,
            owed=sum((item.owed for item in items), Money(0)),
            settled=sum((item.settled for item in items), Money(0)),
        )
        for _, items in sorted(found.items(), key=lambda pair: pair[0][:2])
    ]


def _sum(entries: Iterable[LedgerEntry]) -> Money:
    return sum((entry.amount for entry in entries), Money(0))
