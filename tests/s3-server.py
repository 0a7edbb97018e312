#!/usr/bin/python3
"""s3-server.py FOLDER - a server of objects that takes only requests that are
signed as AWS's documents say (Signature Version 4), which it checks on its own.
Its port appears as FOLDER/port, its requests in FOLDER/requests. Any key of
any bucket is there: its bytes are BUCKET/KEY ten times over, but

    pays       wants x-amz-request-payer
    elsewhere  is in us-west-2, and says so
    open       wants no signature

The key AKIDEXAMPLE has the secret SECRET; ASIAEXAMPLE also has a session token.
"""
import datetime
import hashlib
import hmac
import http.server
import os
import re
import sys
import urllib.parse

folder = sys.argv[1]
SECRETS = {'AKIDEXAMPLE': ('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', None),
           'ASIAEXAMPLE': ('another+secret/', 'a/session+token==')}
PATTERN = re.compile(
    r'AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([a-z0-9-]+)/s3/aws4_request, ?'
    r'SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})')


def sha(data):
    return hashlib.sha256(data).hexdigest()


class Wrong(Exception):
    pass


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

    def fail(self, status, code, **headers):
        self.answer(status, ('<?xml version="1.0"?>\n<Error><Code>%s</Code>'
                             '</Error>' % code).encode(), **headers)

    def check(self):
        """The region that the request is signed for; None: it is not."""
        text = self.headers.get('Authorization')
        if text is None:
            return None
        match = PATTERN.fullmatch(text)
        if not match:
            raise Wrong('AuthorizationHeaderMalformed')
        key, day, region, names, signature = match.groups()
        if key not in SECRETS:
            raise Wrong('InvalidAccessKeyId')
        secret, token = SECRETS[key]
        if self.headers.get('x-amz-security-token') != token:
            raise Wrong('InvalidToken')
        names = names.split(';')
        sent = [k.lower() for k in self.headers.keys()]
        if names != sorted(names) or 'host' not in names or any(
                k.startswith('x-amz-') and k not in names for k in sent):
            raise Wrong('AccessDenied')
        if self.headers['x-amz-content-sha256'] != sha(b''):
            raise Wrong('XAmzContentSHA256Mismatch')
        date = self.headers['x-amz-date']
        when = datetime.datetime.strptime(date, '%Y%m%dT%H%M%SZ')
        now = datetime.datetime.utcnow()
        if abs((now - when).total_seconds()) > 900 or date[:8] != day:
            raise Wrong('RequestTimeTooSkewed')
        key_part = urllib.parse.unquote_to_bytes(self.path)
        request = '\n'.join(
            ['GET', urllib.parse.quote(key_part, safe='/-_.~'), ''] +
            ['%s:%s' % (n, ' '.join(self.headers[n].split()))
             for n in names] +
            ['', ';'.join(names), self.headers['x-amz-content-sha256']])
        mac = ('AWS4' + secret).encode()
        for part in (day, region, 's3', 'aws4_request',
                     '\n'.join(['AWS4-HMAC-SHA256', date,
                                '%s/%s/s3/aws4_request' % (day, region),
                                sha(request.encode())])):
            mac = hmac.new(mac, part.encode(), hashlib.sha256).digest()
        if mac.hex() != signature:
            raise Wrong('SignatureDoesNotMatch')
        return region

    def do_GET(self):
        with open(os.path.join(folder, 'requests'), 'a') as f:
            f.write('%s %s\n' % (self.headers['Host'], self.path))
        name = urllib.parse.unquote_to_bytes(self.path)[1:]
        host = self.headers['Host'].split(':')[0]
        if host.endswith('.localhost'):
            name = host[:-len('.localhost')].encode() + b'/' + name
        bucket = name.split(b'/')[0].decode()
        try:
            region = self.check()
        except Wrong as e:
            return self.fail(403, str(e))
        if region is None and bucket != 'open':
            return self.fail(403, 'AccessDenied')
        if bucket == 'pays' and \
                self.headers.get('x-amz-request-payer') != 'requester':
            return self.fail(403, 'AccessDenied')
        if region and region != ('us-west-2' if bucket == 'elsewhere'
                                 else 'us-east-1'):
            return self.fail(400, 'AuthorizationHeaderMalformed',
                             x_amz_bucket_region='us-west-2')
        body = name * 10
        part = re.fullmatch(r'bytes=(\d+)-(\d+)',
                            self.headers.get('Range', ''))
        if not part:
            return self.answer(200, body)
        first, last = int(part[1]), min(int(part[2]), len(body) - 1)
        self.answer(206, body[first:last + 1], Content_Range='bytes %d-%d/%d'
                    % (first, last, len(body)))


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.daemon_threads = True
with open(os.path.join(folder, 'port.new'), 'w') as f:
    f.write('%d\n' % server.server_address[1])
os.rename(os.path.join(folder, 'port.new'), os.path.join(folder, 'port'))
server.serve_forever()
