"""How fast years are settled: `manage.py bench adjudicate`."""
