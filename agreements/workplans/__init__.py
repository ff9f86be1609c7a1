"""The way from the first look at the data to a settled year: ten steps, their tasks and days."""
