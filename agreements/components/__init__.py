"""Further parts of the pay: duties by the hour, salaries, pay by wRVU."""
