"""Sockets on one side, the world on the other.

`Live` owns the tick and the connections; `Connection` is one visitor's socket; `Doorway` asks the entrance who may come
in; `takeover` hands a socket from the HTTP server to the WebSocket parser after the handshake.
"""

from yokocho.realtime.connection import Luggage
from yokocho.realtime.doorway import Doorway
from yokocho.realtime.live import Live
from yokocho.realtime.settings import LiveMetrics, LiveSettings

__all__ = ["Doorway", "Live", "LiveMetrics", "LiveSettings", "Luggage"]
