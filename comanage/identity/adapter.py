"""How allauth behaves here: nobody signs themselves up; a hospital makes members."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Closed sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: a tenant administrator adds members."""
        return False
