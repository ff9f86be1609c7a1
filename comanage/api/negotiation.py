"""What kind of answer a caller gets: the one that an address has, whatever `Accept` asks for."""

from collections.abc import Iterable

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class OwnKind(BaseContentNegotiation):
    """Choose by the body that came, and answer in the address's own kind.

    Each address answers in one kind. Some answer in NDJSON or CSV past DRF's renderers, which know
    of JSON alone: they would refuse a caller that asks for exactly what it would get. RFC 9110,
    section 12.4.1, lets a server disregard the header.
    """

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """Return the first parser that reads the body's media type."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == kind), None)

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return the only renderer there is."""
        only = next(iter(renderers))
        return only, only.media_type
