// Answers that are right and odd, over HTTP/1.1 and HTTP/2 without TLS, and a proxy that asks for credentials.
'use strict';
const http = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');
const zlib = require('node:zlib');

const LONG = 'abcdefghij'.repeat(20000);

function drip(response, text, size) {
  let at = 0;
  const next = () => {
    if (at >= text.length) {
      response.end();
      return;
    }
    response.write(text.slice(at, at + size));
    at += size;
    setImmediate(next);
  };
  next();
}

// What both versions answer alike
function answer(request, response) {
  const url = request.url;
  if (url === '/text') {
    response.end('hello from node');
  } else if (url === '/hints') {
    response.writeEarlyHints({link: '</style.css>; rel=preload'});
    response.end('after hints');
  } else if (url === '/trailers') {
    response.setHeader('Trailer', 'X-Sum');
    response.write('sum');
    response.addTrailers({'X-Sum': '42'});
    response.end();
  } else if (url === '/drip') {
    drip(response, 'one byte at a time', 1);
  } else if (url === '/long') {
    drip(response, LONG, 777);
  } else if (url === '/members') {
    response.setHeader('Content-Encoding', 'gzip');
    response.write(zlib.gzipSync('two '));
    setTimeout(() => response.end(zlib.gzipSync('members')), 20);
  } else if (url === '/half') {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(zlib.gzipSync(LONG).subarray(0, 200));
  } else if (url === '/bare') {
    response.setHeader('Content-Encoding', 'deflate');
    response.end(zlib.deflateRawSync('no wrapper'));
  } else if (url === '/brotli') {
    response.setHeader('Content-Encoding', 'br');
    response.end(zlib.brotliCompressSync('squeezed'));
  } else if (url === '/echo') {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => response.end(Buffer.concat(parts)));
  } else if (url === '/early') {
    // Answers and goes on reading what nobody needs
    response.statusCode = 403;
    response.end('no');
    request.resume();
  } else if (url === '/events') {
    response.setHeader('Content-Type', 'text/event-stream');
    const text = 'id: 1\ndata: one\n\nevent: two\ndata: {"n":2}\n\ndata: three\n\n';
    drip(response, text, 5);
  } else {
    response.statusCode = 404;
    response.end('none');
  }
}

// Answers that are kept back until somebody asks to let them go
const held = [];

const plain = http.createServer((request, response) => {
  if (request.url === '/hold') {
    held.push(response);
  } else if (request.url === '/held') {
    response.end(String(held.length));
  } else if (request.url === '/release') {
    held.splice(0).forEach(kept => kept.end('at last'));
    response.end('released');
  } else if (request.url === '/until-close') {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.removeHeader('Transfer-Encoding');
    response.write('no length, ');
    setTimeout(() => response.end('until it closes'), 20);
  } else if (request.url === '/extensions') {
    // Past Node's own framing
    request.socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
        + '0003;name="a;b"\r\nabc\r\n1 ; x\r\nd\r\n000;last\r\nX-T: 1\r\n\r\n');
  } else if (request.url === '/hundred') {
    for (let i = 0; i < 100; i++) {
      response.setHeader('X-Field-' + i, 'v'.repeat(100));
    }
    response.end('many fields');
  } else {
    answer(request, response);
  }
});
plain.keepAliveTimeout = 120000;

const second = http2.createServer({
  paddingStrategy: http2.constants.PADDING_STRATEGY_MAX,
  settings: {maxConcurrentStreams: 50},
}, (request, response) => {
  if (request.url === '/refused') {
    response.stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
  } else {
    answer(request, response);
  }
});

const proxy = http.createServer((request, response) => {
  response.statusCode = 400;
  response.end();
});
let tunnels = 0;
proxy.on('connect', (request, socket) => {
  // anna:secret
  if (request.headers['proxy-authorization'] !== 'Basic YW5uYTpzZWNyZXQ=') {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\n\r\n');
    return;
  }
  const [host, port] = request.url.split(':');
  const onward = net.connect(port, host, () => {
    tunnels++;
    socket.write('HTTP/1.1 200 Connection established\r\nX-Tunnel: ' + tunnels + '\r\n\r\n');
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
});

// Ends with whoever started it
process.stdin.on('end', () => process.exit(0)).resume();

plain.listen(0, '127.0.0.1', () => second.listen(0, '127.0.0.1', () => proxy.listen(0, '127.0.0.1', () =>
  console.log([plain, second, proxy].map(server => server.address().port).join(' ')))));
