"""The only room that speaks to Telegram, or to a server that speaks as Telegram does.

`errors` says what a failed call means for us, `wire` and `transport` carry bytes, `client` makes
calls.
"""

import os

# python-telegram-bot's times as timedeltas, as all its versions to come have them.
os.environ.setdefault("PTB_TIMEDELTA", "1")
