"""An agreement that both sides signed on paper: the scan of it, and who confirmed what it shows."""
