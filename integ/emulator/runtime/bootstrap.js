'use strict';
/**
 * The process of one function environment: loads the handler, then handles one invocation after the other.
 *
 * `beforeExit` is the sign of rest: no request is in flight, only timers are left. Then the process says until when it can
 * sleep and freezes; emulated time moves without it. When not even a timer is left, the handler will never answer.
 */
const calls = require('./calls');
const channel = require('./channel');
const failures = require('./failures');
const output = require('./output');
const random = require('./random');
const time = require('./time');

const { env } = process;
const settings = JSON.parse(env._EMULATOR_SETTINGS);
delete env._EMULATOR_SETTINGS;
const { exit } = process;
const { rss } = process.memoryUsage;

time.install(settings.clock);
random.install();
calls.install({ say: (waiting) => channel.send({ type: 'waiting', ...waiting }), time });
const print = output.install({
  print: (text) => channel.send({ type: 'log', at: time.now(), text }),
  date: time.date,
  request: () => current?.requestId,
  json: settings.logFormat === 'JSON',
  level: settings.logLevel,
});
globalThis[Symbol.for('cloudhsm-emulator.refused')] = (what) => channel.send({ type: 'outside', what });

/** The invocation at work, and the handler once it is loaded. */
let current;
let handler;

/** Freezes until the next invocation. Twice round the loop first, so that sockets closed meanwhile are seen to be closed. */
function next() {
  const invocation = channel.receive();
  time.setImmediate(() => time.setImmediate(() => {
    time.fireDue();
    handle(invocation);
  }));
}

/** The invocation has its answer. What it left running stays frozen until the next one. */
function settle(invocation, answer) {
  if (invocation !== current) return;
  current = undefined;
  channel.send({ ...answer, memoryMb: Math.ceil(rss() / 2 ** 20) });
  next();
}

function succeed(invocation, value) {
  let payload;
  try {
    payload = JSON.stringify(value === undefined ? null : value) ?? 'null';
  } catch {
    fail(invocation, new Error('Unable to stringify response body'));
    return;
  }
  settle(invocation, { type: 'done', payload });
}

function fail(invocation, error) {
  if (invocation !== current) return;
  print.failure('Invoke Error', failures.logged(error));
  settle(invocation, { type: 'failed', error: failures.described(error) });
}

/** The process cannot go on after this. */
function crash(title, error, code) {
  print.failure(title, failures.logged(error));
  channel.send({ type: handler ? 'failed' : 'init-failed', error: failures.described(error), fatal: true });
  exit.call(process, code);
}

function contextOf(invocation) {
  let waits = true;
  const end = new Date(time.date()).getTime() + invocation.remainingMs;
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value;
    },
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: invocation.clientContext && JSON.parse(invocation.clientContext),
    identity: undefined,
    invokedFunctionArn: invocation.invokedArn,
    awsRequestId: invocation.requestId,
    getRemainingTimeInMillis: () => Math.max(0, end - time.date()),
  };
  const callback = (error, value) => {
    if (invocation !== current || invocation.atRest) return;
    const answer = () => (error === null || error === undefined ? succeed(invocation, value) : fail(invocation, error));
    if (waits) invocation.atRest = answer;
    else time.setImmediate(answer);
  };
  if (settings.callbacks) {
    Object.assign(context, { done: callback, succeed: (value) => callback(null, value), fail: (error) => callback(error ?? 'handled') });
  }
  return { context, callback };
}

function handle(invocation) {
  current = invocation;
  env._X_AMZN_TRACE_ID = invocation.traceId;
  random.seed(invocation.seed);
  killAfter(invocation.killAfterCalls);
  time.anchor(invocation.hostTime);
  const { context, callback } = contextOf(invocation);
  try {
    const result = handler(JSON.parse(invocation.event), context, ...(settings.callbacks ? [callback] : []));
    if (typeof result?.then === 'function') result.then((value) => succeed(invocation, value), (error) => fail(invocation, error));
    else if (!settings.callbacks) succeed(invocation, result);
  } catch (error) {
    fail(invocation, error);
  }
}

/** A crash that was asked for: at once, or when so many calls have been answered. */
let left = Infinity;
function killAfter(calls) {
  left = calls ?? Infinity;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}
for (const name of ['http.client.response.finish', 'undici:request:headers']) {
  require('node:diagnostics_channel').subscribe(name, () => killAfter(left - 1));
}

process.on('beforeExit', () => {
  if (time.earliest(true) !== undefined) {
    // Timers that do not keep the process alive fire all the same while another does.
    const until = time.earliest(false);
    if (until > time.now()) {
      channel.send({ type: 'park', until });
      channel.receive();
    }
    time.setImmediate(() => time.setImmediate(time.fireDue));
  } else if (!current) {
    // The module waits for something that will never come: Node.js's own code for it.
    exit.call(process, 13);
  } else if (current.atRest) {
    current.atRest();
  } else if (settings.callbacks && handler.constructor.name !== 'AsyncFunction') {
    succeed(current, null);
  } else {
    fail(current, failures.neverSettled());
  }
});
process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new failures.RuntimeError('UnhandledPromiseRejection', String(reason));
  if (reason?.stack) error.stack = `${error.name}: ${error.message}\n${reason.stack}`;
  crash('Unhandled Promise Rejection', Object.assign(error, { reason }), 128);
});

const first = channel.receive();
random.seed(first.seed);
time.anchor(first.hostTime);
require('./handler').load(env.LAMBDA_TASK_ROOT, env._HANDLER).then((loaded) => {
  if (!settings.callbacks && loaded.length >= 3) throw failures.callbackRemoved();
  handler = loaded;
  channel.send({ type: 'ready' });
  next();
}).catch((error) => crash('Uncaught Exception', error, 1));
