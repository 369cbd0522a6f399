"""The only room that speaks to Telegram, or to a server that speaks as Telegram does.

`errors` says what a failed call means for us, `transport` carries bytes, `client` makes calls.
"""
