"""Taking an agreement, so that nobody else changes what is decided on meanwhile."""

from agreements.drafting.models import Agreement


def locked_agreement(agreement: Agreement) -> Agreement:
    """Read an agreement anew and hold its row until the transaction ends."""
    return (
        Agreement.objects.select_related("program__group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=agreement.pk)
    )
