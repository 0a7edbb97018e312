#!/usr/bin/python3
"""fault-server.py FOLDER - an HTTP server on a free port of 127.0.0.1 that
does wrong on demand. Its port appears as FOLDER/port, its requests line by line
in FOLDER/requests. The first part of the path says what happens, a number
there how often, until the rest is answered:

    /status/503/2/x     that status twice (Retry-After: 1 with /wait/)
    /wait/1/2/x         429 twice, with Retry-After: 1
    /date/1/x           503 with a date as Retry-After, a second ahead
    /reset/2/x          the connection is reset
    /short/2/x          half of the body that is announced
    /silent/x           no byte ever
    /drip/x             a byte each 100 ms, without an end
    /bomb/x             a small gzip body that unpacks to 10 MB
    /large/x            10 MB
    /to/URL             302 to the URL; /keep/URL: 307
    /loop/x             302 to itself
    /tile/9/x           so many bytes, which the path gives
    /range/9/x          the same, and parts of it; its ETag is "v1"
    /all/9/x            the same, but never a part
    /wrong/1/9/x        so often another part than the one asked for
    /packed/1/9/x       so often a part that is packed
    /chunks/1/9/x       a chunked body without its end
    /middle/1/9/x       the connection is reset within the body
    /page/1/9/x         HTML
    /slow/x             a body in ten pieces
    /burst/4/x          429 with Retry-After: 1 for the first so many requests
    /kept/max-age=9/x   that as Cache-Control, and a weak ETag
    /gate/3/x           is answered when so many are there at once
    /top                how many were there at once, at most
    /when               seconds between the first and the last request
    /sas/x              a token, with its number
    /echo/x             what was asked, as JSON
    /api/search         a STAC search of five items, by POST; a page holds at
                        most three, and its next link is to be merged
"""
import collections
import email.utils
import gzip
import http.server
import hashlib
import json
import os
import re
import socket
import struct
import sys
import threading
import time

folder = sys.argv[1]
seen = collections.Counter()
lock = threading.Lock()
gates = {}
there = top = 0
times = []


def body_of(path, size):
    """Bytes that the path gives; none begin with '<'."""
    return (hashlib.sha256(path.encode()).hexdigest().encode() *
            (int(size) // 64 + 1))[:int(size)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body=b'', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def again(self, times):
        """True for the first so many requests of this path."""
        with lock:
            seen[self.path] += 1
            return seen[self.path] <= int(times)

    def do_POST(self):
        n = int(self.headers.get('Content-Length') or 0)
        self.handle_one(self.rfile.read(n).decode())

    def do_GET(self):
        self.handle_one('')

    def handle_one(self, body):
        global there, top
        with lock, open(os.path.join(folder, 'requests'), 'a') as f:
            f.write('%s %s\n' % (self.command, self.path))
            there += 1
            top = max(top, there)
            times.append(time.monotonic())
        try:
            self.find(body)
        finally:
            with lock:
                there -= 1

    def find(self, body):
        path = self.path
        if path.startswith('http://'):  # as a proxy is asked
            path = '/' + path.split('/', 3)[3]
        what, _, rest = path[1:].partition('/')
        words = rest.split('/')
        getattr(self, 'do_' + what, self.unknown)(words, body)

    def unknown(self, words, body):
        self.answer(404, b'no such thing')

    def do_echo(self, words, body):
        self.answer(200, json.dumps({
            'method': self.command, 'path': self.path, 'body': body,
            'headers': {k.lower(): v for k, v in self.headers.items()},
        }).encode())

    def do_api(self, words, body):
        if self.command != 'POST':
            return self.answer(405)
        query = json.loads(body)
        first = query.get('token', 0)
        last = min(first + min(query['limit'], 3), 5)
        with lock, open(os.path.join(folder, 'queries'), 'a') as f:
            f.write(json.dumps(query, sort_keys=True) + '\n')
        links = [] if last == 5 else [{
            'rel': 'next', 'method': 'POST', 'href': self.path,
            'merge': True, 'body': {'token': last}}]
        self.answer(200, json.dumps({
            'type': 'FeatureCollection', 'links': links, 'features': [{
                'type': 'Feature', 'id': 'i%d' % i, 'collection': 'c',
                'geometry': None, 'bbox': [7.4, 46.9, 7.5, 47],
                'properties': {
                    'datetime': '2023-07-01T10:00:00Z',
                    'proj:epsg': 32632, 'proj:shape': [10, 10],
                    'proj:transform': [10, 0, 380000, 0, -10, 5200000]},
                'assets': {'visual': {
                    'href': 'https://a.example/%d.tif' % i,
                    'type': 'image/tiff'}},
            } for i in range(first, last)]}).encode())

    def do_status(self, words, body):
        if self.again(words[1]):
            self.answer(int(words[0]), b'{"description":"not today"}')
        else:
            self.answer(200, b'done')

    def do_wait(self, words, body):
        if self.again(words[1]):
            self.answer(429, Retry_After=words[0])
        else:
            self.answer(200, b'done')

    def do_date(self, words, body):
        when = email.utils.formatdate(time.time() + 2, usegmt=True)
        if self.again(words[0]):
            self.answer(503, Retry_After=when)
        else:
            self.answer(200, b'done')

    def do_reset(self, words, body):
        if not self.again(words[0]):
            return self.answer(200, b'done')
        self.reset()

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack('ii', 1, 0))
        self.connection.close()
        self.close_connection = True

    def do_short(self, words, body):
        if not self.again(words[0]):
            return self.answer(200, b'done')
        self.send_response(200)
        self.send_header('Content-Length', '8')
        self.end_headers()
        self.wfile.write(b'half')
        self.close_connection = True

    def do_silent(self, words, body):
        time.sleep(30)

    def do_drip(self, words, body):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b'x')
                time.sleep(0.1)
        except OSError:
            self.close_connection = True

    def do_bomb(self, words, body):
        self.answer(200, gzip.compress(bytes(10_000_000)),
                    Content_Encoding='gzip')

    def do_large(self, words, body):
        try:
            self.answer(200, bytes(10_000_000))
        except OSError:
            self.close_connection = True

    def send_range(self, size, shift=0):
        body = body_of(self.path, size)
        size = len(body)
        wanted = re.fullmatch(r'bytes=(\d+)-(\d+)',
                              self.headers.get('Range', ''))
        if self.headers.get('If-Match', '"v1"') != '"v1"':
            return self.answer(412)
        if self.headers.get('If-None-Match') == '"v1"':
            return self.answer(304)
        if not wanted:
            return self.answer(200, body, ETag='"v1"')
        assert self.headers.get('Accept-Encoding') == 'identity'
        first, last = int(wanted[1]), min(int(wanted[2]), size - 1)
        if first >= size:
            return self.answer(416, Content_Range='bytes */%d' % size)
        first += shift
        self.answer(206, body[first:last + 1], ETag='"v1"',
                    Content_Type='Image/TIFF; x=y',
                    Content_Range='bytes %d-%d/%d' % (first, last, size))

    def do_tile(self, words, body):
        self.answer(200, body_of(self.path, words[0]))

    def do_range(self, words, body):
        self.send_range(words[0])

    def do_all(self, words, body):
        self.answer(200, body_of(self.path, words[0]))

    def do_wrong(self, words, body):
        self.send_range(words[1], 1 if self.again(words[0]) else 0)

    def do_packed(self, words, body):
        if not self.again(words[0]):
            return self.send_range(words[1])
        self.answer(206, gzip.compress(b'x'), Content_Encoding='gzip',
                    Content_Range='bytes 0-0/9')

    def do_chunks(self, words, body):
        if not self.again(words[0]):
            return self.do_tile(words[1:], body)
        self.send_response(200)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        self.wfile.write(b'4\r\nhalf\r\n')
        self.close_connection = True

    def do_middle(self, words, body):
        if not self.again(words[0]):
            return self.do_tile(words[1:], body)
        self.send_response(200)
        self.send_header('Content-Length', '9')
        self.end_headers()
        self.wfile.write(b'half')
        self.wfile.flush()
        time.sleep(0.02)
        self.reset()

    def do_page(self, words, body):
        if not self.again(words[0]):
            return self.do_tile(words[1:], body)
        self.answer(200, b'<html>sorry</html>')

    def do_slow(self, words, body):
        self.send_response(200)
        self.send_header('Content-Length', '10')
        self.end_headers()
        for _ in range(10):
            self.wfile.write(b'x')
            time.sleep(0.02)

    def do_burst(self, words, body):
        with lock:
            seen['burst'] += 1
            early = seen['burst'] <= int(words[0])
        if early:
            self.answer(429, Retry_After='1')
        else:
            self.answer(200, b'done')

    def do_kept(self, words, body):
        self.answer(200, b'done', Cache_Control=words[0], ETag='W/"v1"')

    def do_gate(self, words, body):
        with lock:
            gate = gates.setdefault(words[0],
                                    threading.Barrier(int(words[0])))
        gate.wait(10)
        self.answer(200, b'done')

    def do_top(self, words, body):
        self.answer(200, b'%d' % top)

    def do_when(self, words, body):
        self.answer(200, b'%g' % (times[-2] - times[0]))

    def do_sas(self, words, body):
        with lock:
            seen['sas'] += 1
            n = seen['sas']
        if words[0] == 'none':
            return self.answer(403)
        life = 30 if words[0] == 'brief' else 3600
        self.answer(200, json.dumps({
            'msft:expiry': time.strftime('%Y-%m-%dT%H:%M:%SZ',
                                         time.gmtime(time.time() + life)),
            'token': 'st=x&n=%d&key=%s' % (n, self.headers.get(
                'Ocp-Apim-Subscription-Key'))}).encode())

    def do_to(self, words, body):
        self.answer(302, Location='/'.join(words))

    def do_keep(self, words, body):
        self.answer(307, Location='/'.join(words))

    def do_loop(self, words, body):
        self.answer(302, Location=self.path)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass


# the same behind another port
other = Server(('127.0.0.1', 0), Handler)
threading.Thread(target=other.serve_forever, daemon=True).start()
with open(os.path.join(folder, 'port2'), 'w') as f:
    f.write('%d\n' % other.server_address[1])
server = Server(('127.0.0.1', 0), Handler)
with open(os.path.join(folder, 'port.new'), 'w') as f:
    f.write('%d\n' % server.server_address[1])
os.rename(os.path.join(folder, 'port.new'), os.path.join(folder, 'port'))
server.serve_forever()
