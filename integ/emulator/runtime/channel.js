'use strict';
/**
 * The line to the emulator: JSON lines over one inherited descriptor, both ways synchronous.
 *
 * Waiting for an answer blocks the whole process. That is the freeze between two invocations and while only timers are
 * left: nothing of the function runs, nothing is polled, and when the emulator is gone the read ends and so does the process.
 */
const fs = require('node:fs');

const DESCRIPTOR = 3;
const { readSync, writeSync } = fs;
const { exit } = process;
const chunk = Buffer.alloc(65_536);
const pause = new Int32Array(new SharedArrayBuffer(4));
let rest = Buffer.alloc(0);

/** Retries what a descriptor that is not blocking refuses for the moment. */
function insist(work) {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (error.code !== 'EAGAIN') return exit.call(process, 0);
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

exports.send = (message) => {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < line.length;) at += insist(() => writeSync(DESCRIPTOR, line, at, line.length - at));
};

/** Blocks until the emulator says something. */
exports.receive = () => {
  for (;;) {
    const end = rest.indexOf(10);
    if (end >= 0) {
      const line = rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + 1);
      return JSON.parse(line);
    }
    const count = insist(() => readSync(DESCRIPTOR, chunk, 0, chunk.length, null));
    if (count === 0) exit.call(process, 0);
    rest = Buffer.concat([rest, chunk.subarray(0, count)]);
  }
};
