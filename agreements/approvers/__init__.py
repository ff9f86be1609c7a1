"""Who must approve an agreement before it is signed: the hospital's own chain, or the standard."""
