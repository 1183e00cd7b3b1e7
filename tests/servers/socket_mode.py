"""The server's end of Slack Socket Mode, as documented: a WebSocket that says hello, sends envelopes and wants each
acknowledged. https://docs.slack.dev/apis/events-api/using-socket-mode. Frames by RFC 6455. Standard library only."""
import base64
import hashlib
import json
import struct
import threading

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Socket:
    """One connection; `serve` runs in the thread of the request that asked for the upgrade."""

    def __init__(self, handler):
        self.handler = handler
        self.lock = threading.Lock()
        self.acked = set()
        self.news = threading.Condition()

    def serve(self):
        key = self.handler.headers["Sec-WebSocket-Key"].encode()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
        self.handler.send_response(101, "Switching Protocols")
        for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)):
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.send({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.write(PING, b"are you there?")
        try:
            while True:
                kind, data = self.frame()
                if kind == CLOSE:
                    self.write(CLOSE, data[:2])
                    return
                if kind == PING:
                    self.write(PONG, data)
                if kind == TEXT:
                    with self.news:
                        self.acked.add(json.loads(data).get("envelope_id"))
                        self.news.notify_all()
        except (OSError, EOFError):
            return

    def read(self, count):
        data = self.handler.rfile.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def frame(self):
        first, second = self.read(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self.read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self.read(8))[0]
        if not second & 0x80:
            raise EOFError  # a client must mask
        mask = self.read(4)
        return first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.read(length)))

    def write(self, kind, data):
        head = bytes([0x80 | kind])
        head += bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data)) if len(data) < 65536 else b"\x7f" + struct.pack(">Q", len(data))
        with self.lock:
            self.handler.wfile.write(head + data)
            self.handler.wfile.flush()

    def send(self, message):
        self.write(TEXT, json.dumps(message).encode())

    def deliver(self, envelope, seconds=10):
        """Sends an envelope; whether it was acknowledged in time."""
        with self.news:
            self.acked.discard(envelope["envelope_id"])
        self.send(envelope)
        with self.news:
            return self.news.wait_for(lambda: envelope["envelope_id"] in self.acked, seconds)

    def disconnect(self, reason):
        self.send({"type": "disconnect", "reason": reason})
