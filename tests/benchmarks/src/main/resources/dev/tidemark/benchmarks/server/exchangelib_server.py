"""The SendNotification parser of exchangelib behind the threading HTTP server that comes with Python.

Says on its standard output, in a line of JSON, where it listens; ends with its standard input.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from exchangelib.services import SendNotification

OK = SendNotification(protocol=None).ok_payload()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # answers leave at once, in one packet
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for notification in SendNotification(protocol=None).parse(body):
            for event in notification.events:
                event.watermark
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(OK)))
        self.end_headers()
        self.wfile.write(OK)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 1024
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_address[1], "tlsPort": 0}), flush=True)
sys.stdin.read()
print(json.dumps({"events": -1, "duplicates": 0, "gaps": 0}), flush=True)
