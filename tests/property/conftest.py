"""Laws are judged by their answers, not by the clock of a busy machine."""

from hypothesis import settings

settings.register_profile("laws", deadline=None)
settings.load_profile("laws")
