// A node that has booted ahead and waits for its code. The job arrives on descriptor 3 (struct sc_job in
// native/jail/wire.h), as one packet or several; nothing else of node is touched before that, stdio least of all.
//
// The code runs as `node -e` would run it, or as an ES module where it can only be one: CommonJS is tried by compiling,
// as node itself does to tell the two apart. A module lives in a file of the working directory for as long as it takes to
// load, so that its relative imports find what was uploaded beside it.
//
// Arguments: names of the modules to load ahead.

import { closeSync, readFileSync, readSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import Module from "node:module";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const JOB_SOCKET = 3;
const PACKET = 64 * 1024;
const HEADER = 40;
const KIND_JOB = 40;
const KIND_READY = 140;
const VERSION = 1;
const KIND_CODE = 1;
const BROKEN = 70;
const HOME = "/home/user";
const SCRIPT = `${HOME}/[eval]`;
const MODULE = `${HOME}/.sandcastle-main.mjs`;

for (const name of process.argv.slice(2)) {
  try {
    await import(name);
  } catch (error) {
    process.exitCode = 1;
    throw new Error(`cannot preload ${name}: ${error.message}`);
  }
}

function tellReady() {
  const io = readFileSync("/proc/self/io", "latin1");
  const ready = Buffer.alloc(24);
  ready.writeUInt32LE(KIND_READY, 0);
  ready.writeBigUInt64LE(BigInt(/^r?char: (\d+)/.exec(io)[1]), 8); // gVisor has lost the r
  ready.writeBigUInt64LE(BigInt(/wchar: (\d+)/.exec(io)[1]), 16);
  writeSync(JOB_SOCKET, ready);
}

function readJob() {
  const packet = Buffer.alloc(PACKET);
  let have = readSync(JOB_SOCKET, packet);
  if (have < HEADER || packet.readUInt32LE(0) !== KIND_JOB || packet.readUInt32LE(8) !== VERSION) {
    process.exit(BROKEN); // the worker has gone, or does not want this slot any more
  }
  const argc = packet.readUInt32LE(16);
  const stringsLength = packet.readUInt32LE(24);
  const codeLength = packet.readUInt32LE(28);
  const job = Buffer.alloc(HEADER + stringsLength + codeLength);
  packet.copy(job, 0, 0, Math.min(have, job.length));
  while (have < job.length) {
    const part = readSync(JOB_SOCKET, job, have, job.length - have, null);
    if (part === 0) process.exit(BROKEN);
    have += part;
  }
  const strings = job.toString("utf8", HEADER, HEADER + stringsLength).split("\0").slice(0, -1);
  if (job.readUInt32LE(12) !== KIND_CODE) process.exit(BROKEN);
  return { args: strings.slice(0, argc), env: strings.slice(argc), code: job.toString("utf8", HEADER + stringsLength) };
}

function become({ args, env }) {
  process.chdir(HOME); // a slot's disk may have been replaced by one of another size
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const entry of env) {
    const at = entry.indexOf("=");
    process.env[entry.slice(0, at)] = entry.slice(at + 1);
  }
  // A name in the script's place, as for `node FILE ARGS`: programs look for their arguments from the third on.
  process.argv = [process.argv[0], SCRIPT, ...args];
  process.exitCode = undefined;
}

// Compiled only to be told from a module; node's own loader compiles it again, and V8 remembers.
function isScript(code) {
  try {
    vm.compileFunction(code, ["exports", "require", "module", "__filename", "__dirname"], { filename: SCRIPT });
    return true;
  } catch (error) {
    return !(error instanceof SyntaxError && /\b(import|export|await)\b/.test(code));
  }
}

async function run(code) {
  if (isScript(code)) {
    const main = new Module(SCRIPT, null);
    main.filename = SCRIPT;
    main.paths = Module._nodeModulePaths(HOME);
    main._compile(code, SCRIPT);
    return;
  }
  writeFileSync(MODULE, code);
  process.once("exit", removeModule);
  await import(pathToFileURL(MODULE).href).finally(removeModule);
}

function removeModule() {
  try {
    unlinkSync(MODULE);
  } catch {
    // gone already
  }
}

tellReady();
const job = readJob();
closeSync(JOB_SOCKET);
become(job);
await run(job.code);
