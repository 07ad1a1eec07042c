"""One server relieves another on the same data directory, without anybody being sent away.

`channel` is the socket between the two, `desk` the side that lets go, `relief` the side that takes over, `successor`
starts the next server when asked to. The reasons are in docs/adr/0024.
"""
