"""How each kind of question is asked and understood.

`base` holds the contract, the family modules (`typed`, `ranges`, `dates`, `clocks`, `choices`,
`rankings`, `places`, `media`, `notes`) fulfil it, `kinds` says which kind of the form is whose.
`repeats` is beside them: adding an instance of a repeat is no answer.

The rules:
1. A kind knows one question and nothing of the session: not what came before, not what follows.
2. What a person sent becomes a value of XForms, a `Problem` to tell them, or a new `scratch`
   (ticks, a page, a month) with which the same question is shown again. Nothing else.
3. Buttons address choices by index, never by name: an action has 24 ASCII characters.
"""
