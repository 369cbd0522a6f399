"""The process: Telegram in, Telegram out, the simulator and the command line.

`app` is the one place that reads the clock, makes ids and wires everything together; everything
below it is handed what it needs. Only `bot.telegram` speaks to Telegram.
"""
