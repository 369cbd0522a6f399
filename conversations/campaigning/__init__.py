"""How a coordinator writes to many people at once. Pure, as all conversations are.

    audience    whom a campaign is for, and when each of them may be written to
    message     what is sent: texts by language, a picture, a form to open
    draft       where a coordinator stands with a campaign they are writing; one line of JSON
    moments     when it shall go, as a coordinator writes it
    board       the draft as it stands, with its pages of choices
    turns       `compose`: every transition of a draft
    list        /campaigns: those that wait, run and ran, with what became of them
    standing    a campaign once it is on its way, and what may still be done about it
    topics      /news: what people want to hear unasked
    results     the monthly results of a place, with small counts left out

The rules:

1. Nobody is written to who never agreed, took it back, stopped, or does not want to hear it.
2. A coordinator sees how many people a campaign is for before it goes, what each language reads,
   and which languages have no words of their own.
3. A text counts as the answer to what was asked last; whatever else the person does ends that.
4. A button counts only under the board that stands.
"""
