"""Fair-market-value opinions: the ceiling of what may be paid."""
