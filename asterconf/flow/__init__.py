"""What each application does to a call, written once, as data; and the loop that runs a call."""
