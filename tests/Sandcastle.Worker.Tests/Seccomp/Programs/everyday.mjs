// What programs do with node: workers, children, sockets, files, crypto, WebAssembly. Prints `ok` when nothing was in the way.
import { execSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns/promises';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'everyday-'));
if (!Object.keys(os.networkInterfaces()).length || !os.cpus().length) throw new Error('os');
// A bare root has no /etc/hosts: looking is what counts, and any other failure is one.
await dns.lookup('localhost').catch((error) => { if (error.code !== 'ENOTFOUND') throw error; });
if (execSync('echo child').toString() !== 'child\n') throw new Error('execSync');
await once(spawn('true'), 'exit');
await once(new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true }), 'message');

const server = http.createServer((request, response) => response.end('x')).listen(0, '127.0.0.1');
await once(server, 'listening');
if (await (await fetch(`http://127.0.0.1:${server.address().port}/`)).text() !== 'x') throw new Error('fetch');
server.close();
const datagrams = dgram.createSocket({ type: 'udp4', reuseAddr: true }).bind(0, '127.0.0.1');
await once(datagrams, 'listening');
datagrams.close();

fs.writeFileSync(path.join(directory, 'file'), zlib.gzipSync('x'.repeat(100000)));
await fs.promises.cp(directory, `${directory}-copy`, { recursive: true });
fs.watch(directory).close();
fs.rmSync(directory, { recursive: true });
fs.rmSync(`${directory}-copy`, { recursive: true });
crypto.scryptSync('a', 'b', 16);
crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
const fibonacci = (n) => n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
if (fibonacci(27) !== 196418) throw new Error('V8');
console.log('ok');
process.exit(0);
