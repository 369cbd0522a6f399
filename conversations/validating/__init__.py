"""Others are asked whether a report is right: what they read, what a tap means, what they are told.

Rules. Nobody learns who reported, nor who answered. One tap answers; the answer may be changed
until the report is decided. Whoever is asked may decline, rest, or never be asked again, and may
say that a question should not be asked. What is decided about a report is `conversations.verdicts`.

`terms` is what `[validation]` in programme.toml says, `rules` makes the sheet's row a rule of
verdicts and an audience, `authors` is what whoever wrote a doubted answer is asked first,
`questions` is the message and what taps on it mean, `counts` what is said of a number of a month,
`inviting` how people bring people, `telling` what people hear later, `board` what coordinators
see, `agreeing` how far residents and moderators say the same.
"""
