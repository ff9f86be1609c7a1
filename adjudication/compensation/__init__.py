"""What a year pays: fixed fee and incentive under the caps of the opinion. No Django."""
