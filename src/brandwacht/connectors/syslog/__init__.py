"""Syslog over TCP and TLS: RFC 6587 (octet counting and newlines) and RFC 5425.

Which source a message is of, follows from the port that it comes in on. A token in the structured data of RFC 5424
would go over the line in the clear, and most senders (RFC 3164, appliances) can put none in; every sender can be given
a port.
"""
