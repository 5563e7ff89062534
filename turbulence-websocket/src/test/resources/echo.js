// Node's `ws`, which does what the other servers of these tests do. Tells its port.
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true, maxPayload: 32 << 20 });
server.on('listening', () => console.log(server.address().port));
server.on('connection', socket => {
  socket.on('pong', content => { if (content.length > 0) socket.send('pong ' + content); });
  socket.on('message', (content, binary) => {
    const words = binary ? [''] : content.toString().split(' ');
    if (words[0] === '!close') socket.close(Number(words[1]), words.slice(2).join(' '));
    else if (words[0] === '!ping') socket.ping(words[1]);
    else if (words[0] === '!fragments') {
      socket.send('one ', { fin: false });
      socket.ping();
      socket.send('€!', { fin: true });
    } else socket.send(content, { binary });
  });
});
process.stdin.on('end', () => process.exit(0)).resume();
