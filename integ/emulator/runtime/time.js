'use strict';
/**
 * Emulated time inside a function: `Date`, timers, `timers/promises`, `AbortSignal.timeout`, `performance.now` and `process.hrtime`.
 *
 * Emulated time is a number that the emulator keeps in a file: it stands while the function runs, and may have moved when an
 * answer arrives for which the function waited. Immediates stay real: they are no matter of time.
 */
const { AsyncResource } = require('node:async_hooks');
const { openSync, readSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');

const LONGEST = 2 ** 31 - 1;
const RealDate = Date;
const real = { setTimeout, clearTimeout, setImmediate };

let descriptor;
const reading = Buffer.alloc(8);
/** Emulated time when the process began, and an instant in both reckonings for `Date`. */
let begun = 0;
let anchor = { emulated: 0, host: 0 };

const waiting = new Set();
let ordinal = 0;

/** Emulated milliseconds. */
function now() {
  readSync(descriptor, reading, 0, 8, 0);
  return reading.readDoubleLE(0);
}

function date() {
  return anchor.host + Math.floor(now() - anchor.emulated);
}

class Timeout extends AsyncResource {
  constructor(callback, delay, args, repeat) {
    super('Timeout');
    const length = Math.trunc(Number(delay));
    this.callback = callback;
    this.args = args;
    this.delay = length >= 1 && length <= LONGEST ? length : 1;
    this.repeat = repeat;
    this.referenced = true;
    this.number = ++ordinal;
    this.refresh();
  }

  refresh() {
    this.due = now() + this.delay;
    this.order = ++ordinal;
    waiting.add(this);
    return this;
  }

  ref() {
    this.referenced = true;
    return this;
  }

  unref() {
    this.referenced = false;
    return this;
  }

  hasRef() {
    return this.referenced;
  }

  close() {
    waiting.delete(this);
    return this;
  }

  fire() {
    waiting.delete(this);
    if (this.repeat) this.refresh();
    this.runInAsyncScope(this.callback, undefined, ...this.args);
  }

  [Symbol.toPrimitive]() {
    return this.number;
  }
}
if (Symbol.dispose) Timeout.prototype[Symbol.dispose] = Timeout.prototype.close;

function make(callback, delay, args, repeat) {
  // The real one refuses what is no function, in its own words.
  if (typeof callback !== 'function') return real.setTimeout(callback, delay);
  return new Timeout(callback, delay, args, repeat);
}

function setTimeoutEmulated(callback, delay, ...args) {
  return make(callback, delay, args, false);
}

function setIntervalEmulated(callback, delay, ...args) {
  return make(callback, delay, args, true);
}

function clear(timer) {
  if (timer instanceof Timeout) timer.close();
  else if (typeof timer === 'number' || typeof timer === 'string') [...waiting].find((one) => one.number === Number(timer))?.close();
  else real.clearTimeout(timer);
}

function abortError(signal) {
  return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { name: 'AbortError', code: 'ABORT_ERR' });
}

function delayed(delay, value, { signal, ref = true } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const aborted = () => {
      timer.close();
      reject(abortError(signal));
    };
    const timer = setTimeoutEmulated(() => {
      signal?.removeEventListener('abort', aborted);
      resolve(value);
    }, delay);
    if (!ref) timer.unref();
    signal?.addEventListener('abort', aborted, { once: true });
  });
}

async function* repeated(delay, value, options) {
  for (;;) yield await delayed(delay, value, options);
}

/** The earliest timer; only those that keep a process alive, when asked so. */
function earliest(referencedOnly) {
  let first;
  for (const timer of waiting) {
    if (referencedOnly && !timer.referenced) continue;
    if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
  }
  return first;
}

/** Fires what is due, one timer a turn of the loop, so that promises and sockets get their turns in between. */
function fireDue() {
  const timer = earliest(false);
  if (!timer || timer.due > now()) return;
  real.setImmediate(fireDue);
  fired();
  timer.fire();
}
let fired = () => undefined;

exports.now = now;
exports.date = date;
exports.setImmediate = real.setImmediate;
exports.fireDue = fireDue;
exports.realTimeout = real.setTimeout;
exports.onFire = (listener) => {
  fired = listener;
};
/** When the next timer is due; only those that keep a process alive, when asked so. */
exports.earliest = (referencedOnly) => earliest(referencedOnly)?.due;

/** From now on `Date` counts from this instant of the host. */
exports.anchor = (host) => {
  anchor = { emulated: now(), host };
};

exports.install = (file) => {
  descriptor = openSync(file, 'r');
  begun = now();

  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [date()] : args, self),
    apply: () => new RealDate(date()).toString(),
  });
  RealDate.now = date;
  RealDate.prototype.constructor = globalThis.Date;

  const own = { setTimeout: setTimeoutEmulated, setInterval: setIntervalEmulated, clearTimeout: clear, clearInterval: clear };
  Object.defineProperty(setTimeoutEmulated, promisify.custom, { enumerable: true, get: () => delayed });
  Object.assign(globalThis, own);
  Object.assign(timers, own);
  timersPromises.setTimeout = delayed;
  timersPromises.setInterval = repeated;
  timersPromises.scheduler.wait = (delay, options) => delayed(delay, undefined, options);

  AbortSignal.timeout = (delay) => {
    const controller = new AbortController();
    const reason = () => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    setTimeoutEmulated(() => controller.abort(reason()), delay).unref();
    return controller.signal;
  };

  const elapsed = () => now() - begun;
  Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: elapsed });
  Object.defineProperty(performance, 'timeOrigin', { configurable: true, get: () => date() - elapsed() });
  const nanoseconds = () => BigInt(Math.round(now() * 1e6));
  process.hrtime = Object.assign((since = [0, 0]) => {
    const difference = nanoseconds() - (BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(difference / 1_000_000_000n), Number(difference % 1_000_000_000n)];
  }, { bigint: nanoseconds });

  require('node:module').syncBuiltinESMExports();
};
