"""Users, their memberships in hospital systems, and the machines that send data."""

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from comanage.identity.roles import Role
from comanage.tenancy.models import TenantManager, TenantModel
from comanage.tenancy.scope import active_person_id

MEMBER_ROLES = [choice for choice in Role.choices if choice[0] != Role.EXTRACT_CLIENT]


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """Create a user; without a password they cannot sign in until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person, across all hospital systems that gave them a membership."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class OwnMemberships(models.Manager["Membership"]):
    """The memberships of the person in scope, before a tenant is chosen."""

    def get_queryset(self) -> models.QuerySet["Membership"]:
        """Return the person's own rows."""
        return super().get_queryset().filter(user_id=active_person_id())


class Membership(TenantModel):
    """One person's role at one hospital system, dated and revocable."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=30,
        choices=MEMBER_ROLES,
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="First day without access.")
    revoked_at = models.DateTimeField(null=True, editable=False)

    # First, so that it stays the default: `own` is for the moment before a hospital is chosen.
    # (The plugin types a manager of an abstract base, and not one declared here.)
    objects: ClassVar[TenantManager["Membership"]] = TenantManager()  # type: ignore[assignment]
    own: ClassVar[OwnMemberships] = OwnMemberships()

    class Meta(TenantModel.Meta):
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user"],
                condition=Q(revoked_at=None),
                name="one_live_membership_per_person",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def is_active_on(self, day: date) -> bool:
        """Say whether the membership opens anything on this day at the hospital."""
        has_begun = self.starts_on <= day
        has_ended = self.ends_on is not None and self.ends_on <= day
        return has_begun and not has_ended and self.revoked_at is None


class SignsInBy(models.TextChoices):
    """How a machine proves who it is."""

    SIGNATURE = "signature", "Signed assertion"
    KEY = "key", "API key"


class ExtractClient(TenantModel):
    """A machine that posts data for one hospital, by what it signs or by a key it sends."""

    name = models.CharField(max_length=80)
    signs_in_by = models.CharField(max_length=10, choices=SignsInBy, default=SignsInBy.SIGNATURE)
    secret_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    jwks = models.JSONField(null=True, help_text="Public keys as a JWK set; several may be valid.")
    jwks_url = models.URLField(max_length=300, blank=True)
    addresses = ArrayField(
        models.CharField(max_length=50), default=list, help_text="Networks it may call from."
    )
    scopes = ArrayField(models.CharField(max_length=80), default=list)
    expires_at = models.DateTimeField(null=True, help_text="Of the API key; a signature has none.")
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="client_name_once_per_tenant"),
            models.CheckConstraint(
                condition=Q(signs_in_by=SignsInBy.SIGNATURE, secret_sha256="")
                | (Q(signs_in_by=SignsInBy.KEY, expires_at__isnull=False) & ~Q(secret_sha256="")),
                name="client_has_a_key_that_ends_or_signs",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccessToken(TenantModel):
    """Five minutes of access for a machine that has signed. Only a hash of it is kept."""

    client = models.ForeignKey(ExtractClient, on_delete=models.CASCADE, related_name="+")
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=80))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "expires_at"], name="token_by_end")]

    def __str__(self) -> str:
        return f"token of {self.client}"


class SpentAssertion(TenantModel):
    """The `jti` of an assertion that was taken once, kept until the assertion itself is too old."""

    client = models.ForeignKey(ExtractClient, on_delete=models.CASCADE, related_name="+")
    jti_sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "client", "jti_sha256"], name="assertion_spent_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "expires_at"], name="assertion_by_end")]

    def __str__(self) -> str:
        return f"assertion of {self.client}"
