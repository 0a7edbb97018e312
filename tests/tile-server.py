#!/usr/bin/python3
"""tile-server.py FOLDER TILES - a tile server on a free port of 127.0.0.1 that
does wrong to some of its tiles, always the same ones. Its port appears as
FOLDER/port, its requests line by line in FOLDER/requests.

/z/x/y.jpg is the file TILES/z/x/y.jpg. What happens to a tile first is FAULTS'
entry for (x + 7 * y) modulo 100: those after the last one are answered at once.
With a count a tile is wronged that often and then given, else for ever.
"""
import collections
import http.server
import os
import socket
import struct
import sys
import threading
import time

# name, how often (0: always); the reason that it must then be rejected with
FAULTS = [
    ('429', 1), ('503', 2), ('500', 1), ('reset', 1), ('short', 1),
    ('page', 1), ('truncated', 1), ('slow', 1), ('noise', 1),
    ('404', 0), ('403', 0), ('page', 0), ('truncated', 0), ('size', 0),
    ('metadata', 0), ('empty', 0), ('short', 0), ('noise', 0),
]

folder, tiles = sys.argv[1:3]
seen = collections.Counter()
lock = threading.Lock()
log = open(os.path.join(folder, 'requests'), 'a', buffering=1)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def answer(self, status, body=b'', type='image/jpeg', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Type', type)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with lock:
            log.write(self.path + '\n')
            seen[self.path] += 1
            count = seen[self.path]
        z, x, y = self.path[1:].split('.')[0].split('/')
        try:
            with open(os.path.join(tiles, self.path[1:]), 'rb') as f:
                body = f.read()
        except OSError:
            return self.answer(404, b'no such tile', 'text/plain')
        n = (int(x) + 7 * int(y)) % 100
        if n < len(FAULTS):
            what, times = FAULTS[n]
            if not times or count <= times:
                return self.wrong(what, body)
        self.answer(200, body)

    def wrong(self, what, body):
        if what in ('403', '404', '500', '503'):
            self.answer(int(what), b'not today', 'text/plain')
        elif what == '429':
            self.answer(429, b'', Retry_After='0')
        elif what == 'page':
            self.answer(200, b'<!DOCTYPE html><title>Sorry</title>',
                        'text/html')
        elif what == 'truncated':
            self.answer(200, body[:len(body) // 2])
        elif what == 'noise':  # a frame that is whole around what is not
            self.answer(200, body[:700] + b'\xff\xd8\xff\xee' * 200 +
                        body[1500:])
        elif what == 'size':
            self.answer(200, SMALL)
        elif what == 'empty':
            self.answer(200)
        elif what == 'metadata':
            self.answer(302, Location='http://169.254.169.254/latest/')
        elif what == 'slow':
            self.send_response(200)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            for i in range(0, len(body), 2000):
                self.wfile.write(body[i:i + 2000])
                time.sleep(0.02)
        elif what == 'short':
            self.send_response(200)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body[:-100])
            self.close_connection = True
        elif what == 'reset':
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack('ii', 1, 0))
            self.connection.close()
            self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


with open(os.path.join(tiles, 'small.jpg'), 'rb') as f:
    SMALL = f.read()
server = Server(('127.0.0.1', 0), Handler)
with open(os.path.join(folder, 'port.new'), 'w') as f:
    f.write('%d\n' % server.server_address[1])
os.rename(os.path.join(folder, 'port.new'), os.path.join(folder, 'port'))
server.serve_forever()
