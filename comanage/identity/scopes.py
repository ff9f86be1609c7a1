"""What a machine's key may be scoped to. Rooms say what they offer; see each `apps.py`."""

from collections.abc import Callable

ScopeSource = Callable[[], list[tuple[str, str]]]
_sources: list[ScopeSource] = []


def offers_scopes(source: ScopeSource) -> ScopeSource:
    """Register a room's scopes: pairs of scope and words, for the tenant in scope."""
    _sources.append(source)
    return source


def known_scopes() -> list[tuple[str, str]]:
    """List every scope a key of this tenant may carry."""
    return [scope for source in _sources for scope in source()]
