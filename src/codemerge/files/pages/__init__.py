"""Made by `make docs` of the report's templates; change it there, not here."""

MADE_WITH = "3.1.6"  # Jinja
