"""What a person is told, in the application and by mail. A notice never holds a case."""
