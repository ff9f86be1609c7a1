"""What happened: feeds, uploads, results and scorecards."""
