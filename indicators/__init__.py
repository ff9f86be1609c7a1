"""What we measure: indicators, their definitions and the arithmetic on cases."""
