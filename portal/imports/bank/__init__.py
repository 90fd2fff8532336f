"""Files of banks and payment systems: read into frozen values, refused as a whole when anything in
them is wrong.

`exchange` reads 1CClientBankExchange, `registry` lists of payments by `profile`s, `money` makes one
kind of payments of both, and `compare` sets two lists of operations side by side.  Of these none
asks the database; `importing` does.
"""
