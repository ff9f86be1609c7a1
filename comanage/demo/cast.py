"""Who plays in the demonstration."""

from dataclasses import dataclass

from comanage.identity.roles import Role

PASSWORD = "co-manage-demo"  # noqa: S105  (printed on the terminal; refused by production settings)


@dataclass(frozen=True, slots=True)
class Person:
    """One sign-in."""

    name: str
    email: str
    role: Role


CONSULTANT = Person("Jordan Ellis", "consultant@harbor.example", Role.CONSULTANT)

RIVERSIDE = (
    CONSULTANT,
    Person("Priya Raman", "executive@riverside.example", Role.EXECUTIVE),
    Person("Helen Brandt", "ceo@riverside.example", Role.CEO),
    Person("Omar Haddad", "finance@riverside.example", Role.FINANCE),
    Person("Ruth Feldman", "counsel@riverside.example", Role.COUNSEL),
    Person("Tom Okafor", "compliance@riverside.example", Role.COMPLIANCE),
    Person("Ben Sato", "data@riverside.example", Role.SERVICE_LINE_ADMINISTRATOR),
    Person("Dr. Maria Alvarez", "manager@riverside.example", Role.PHYSICIAN_MANAGER),
    Person("Dr. Samuel Cho", "physician@riverside.example", Role.PHYSICIAN),
    Person("Anna Lindqvist", "reviewer@riverside.example", Role.REVIEWER),
    Person("Grace Miller", "admin@riverside.example", Role.TENANT_ADMINISTRATOR),
)

LAKESHORE = (
    CONSULTANT,
    Person("Margaret Doyle", "executive@lakeshore.example", Role.EXECUTIVE),
    Person("Walter Price", "ceo@lakeshore.example", Role.CEO),
    Person("Nadia Volkov", "finance@lakeshore.example", Role.FINANCE),
    Person("Carl Jensen", "counsel@lakeshore.example", Role.COUNSEL),
    Person("Ivy Tran", "compliance@lakeshore.example", Role.COMPLIANCE),
    Person("Luis Ortega", "data@lakeshore.example", Role.SERVICE_LINE_ADMINISTRATOR),
    Person("Dr. Emma Clarke", "manager@lakeshore.example", Role.PHYSICIAN_MANAGER),
    Person("Noah Weiss", "reviewer@lakeshore.example", Role.REVIEWER),
    Person("Olga Petrova", "admin@lakeshore.example", Role.TENANT_ADMINISTRATOR),
)
