"""Languages: the bot's own sentences, and numbers and dates as people write them."""
