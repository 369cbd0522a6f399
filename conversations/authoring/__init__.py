"""How a coordinator writes, tries and publishes forms in the chat. Pure, as all conversations are.

    desk        where a coordinator stands: the workbook they sent, its trial; one line of JSON
    offering    the programme's forms as they stand now: versions, which is offered, open, closed
    exchange    what is asked of the host, and the facts that come back
    uploads     a workbook arrives, is checked, is published
    board       /programme: the forms with their figures, opened and closed
    trial       a conversation held in private, of which nothing is kept
    turns       `author`: every transition

The rules:

1. The host lets in nobody without the right; it asks anew at every event.
2. What needs the world (a file read, reports counted) is asked for by a reply and comes back as
   an event; nobody is kept waiting for it.
3. A button counts only under the message that stands last of its kind. What it would do is worked
   out anew from the offering, so what another coordinator did in between is seen, and never
   overwritten unawares.
4. A trial is the very conversation a reporter will have, in a programme made for it. Its replies
   are shown with a mark, and what would be kept is shown and thrown away.
"""
