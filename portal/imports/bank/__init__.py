"""Files of banks and payment systems: read into frozen values, refused as a whole when anything in
them is wrong; no database is asked.

`statement` reads 1CClientBankExchange, `registry` lists of payments by `profile`s, and `compare`
sets two lists of operations side by side.
"""
