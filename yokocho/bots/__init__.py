"""Walking, chatting visitors over the public protocol: company for a demo, and a modest load."""
