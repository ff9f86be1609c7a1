"""Who owns a program's group or management company, from which day on."""
