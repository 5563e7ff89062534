// kinesalite on this machine's own address: node server.js NODE_MODULES PORT
const kinesalite = require(process.argv[2] + '/kinesalite');
kinesalite({createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 100})
  .listen(+process.argv[3], '127.0.0.1', () => console.log('ready'));
