"""«Демо-банк»: a sandbox that speaks ЮKassa's protocol and takes nobody's money.  The portal does
not know that it is one: what works here works with the bank.
"""
