'use strict';
/**
 * The calls that are in flight, and the moment when nothing is left to do but wait for their answers.
 *
 * An answer may take emulated time that can only pass when this process gives up its turn. So every call gets a name, and when
 * the loop has nothing else to do, the process says which calls it waits for and until when its timers let it.
 */
const diagnostics = require('node:diagnostics_channel');
const http = require('node:http');

const HEADER = 'x-emulator-call';
/** What may be active in a process that only waits for answers. */
const SOCKETS = new Set(['TCPSocketWrap', 'TLSWrap', 'PipeWrap', 'TTYWrap', 'Immediate', 'Timeout']);

/** Names of calls, and where each goes: its host, and whether its connection is there. */
const inFlight = new Map();
/** Sockets that connect and that nobody answers, and their hosts. */
const dropped = new Map();
let ordinal = 0;
let looking = false;

exports.install = ({ say, time }) => {
  const { getActiveResourcesInfo } = process;

  /** After two rounds of the loop everything that could go on has gone on. */
  const look = () => {
    if (looking || inFlight.size === 0) return;
    looking = true;
    time.setImmediate(() => time.setImmediate(() => {
      looking = false;
      if (inFlight.size === 0) return;
      const until = time.earliest(false);
      if (until <= time.now()) {
        time.fireDue();
        return;
      }
      // Calls that wait for a connection that will not come wait for a timer, and for nothing else.
      const awaited = [...inFlight].filter(([, call]) => call.connected() || ![...dropped.values()].includes(call.host)).map(([name]) => name);
      if (getActiveResourcesInfo.call(process).every((name) => SOCKETS.has(name))) say({ calls: awaited, until });
      else time.realTimeout(look, 1);
    }));
  };
  const began = (call) => {
    const name = String(++ordinal);
    inFlight.set(name, call);
    look();
    return name;
  };
  const ended = (name) => {
    inFlight.delete(name);
    look();
  };

  const { _implicitHeader } = http.ClientRequest.prototype;
  http.ClientRequest.prototype._implicitHeader = function () {
    const name = began({ host: this.host, connected: () => this.socket?.connecting === false });
    this.setHeader(HEADER, name);
    this.once('close', () => ended(name));
    return _implicitHeader.call(this);
  };

  const fetched = new WeakMap();
  const sent = new WeakSet();
  diagnostics.subscribe('undici:request:create', ({ request }) => {
    const call = { host: new URL(request.origin).hostname, connected: () => sent.has(request) };
    const name = began(call);
    fetched.set(request, name);
    request.addHeader(HEADER, name);
  });
  diagnostics.subscribe('undici:client:sendHeaders', ({ request }) => sent.add(request));
  for (const channel of ['undici:request:trailers', 'undici:request:error']) {
    diagnostics.subscribe(channel, ({ request }) => ended(fetched.get(request)));
  }

  globalThis[Symbol.for('cloudhsm-emulator.dropped')] = ({ socket, host, timeoutMs, error }) => {
    dropped.set(socket, host);
    const timer = setTimeout(() => socket.destroy(error), timeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      dropped.delete(socket);
    });
    look();
  };

  time.onFire(look);
  // Sent when a timer is due before the answers.
  process.on('SIGUSR2', () => time.setImmediate(time.fireDue));
};
