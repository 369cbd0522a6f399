"""What is asked, what an answer means, what happens next.

Everything here is pure: no files, no network, no database, no clock, no Telegram. What a
conversation needs to know of the world (the time, a fresh id, a locale) is handed to it, and
what it wants done in the world it returns as values.
"""
