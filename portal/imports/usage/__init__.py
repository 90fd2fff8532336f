"""`zhkh-portal import usage FILE`: what another rating system counted, as a table in a CSV file.

`table` turns the file into rows of known shape, `found` reads what the database has of the accounts
and services that they name, `importing` judges each row and stores what is new.  The table of usage
is insert-only: a row that is there already is left alone, one that says otherwise is refused.
"""
