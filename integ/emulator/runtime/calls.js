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

const inFlight = new Set();
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
      if (getActiveResourcesInfo.call(process).every((name) => SOCKETS.has(name))) say({ calls: [...inFlight], until });
      else time.realTimeout(look, 1);
    }));
  };
  const began = () => {
    const name = String(++ordinal);
    inFlight.add(name);
    look();
    return name;
  };
  const ended = (name) => {
    inFlight.delete(name);
    look();
  };

  const { _implicitHeader } = http.ClientRequest.prototype;
  http.ClientRequest.prototype._implicitHeader = function () {
    const name = began();
    this.setHeader(HEADER, name);
    this.once('close', () => ended(name));
    return _implicitHeader.call(this);
  };

  const fetched = new WeakMap();
  diagnostics.subscribe('undici:request:create', ({ request }) => {
    const name = began();
    fetched.set(request, name);
    request.addHeader(HEADER, name);
  });
  for (const channel of ['undici:request:trailers', 'undici:request:error']) {
    diagnostics.subscribe(channel, ({ request }) => ended(fetched.get(request)));
  }

  time.onFire(look);
  // Sent when a timer is due before the answers.
  process.on('SIGUSR2', () => time.setImmediate(time.fireDue));
};
