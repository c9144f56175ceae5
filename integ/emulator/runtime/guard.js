'use strict';
/**
 * Preloaded into a function's process and every Node.js process below it: nothing leaves this machine.
 *
 * One choke point, a socket's connect: http, https, TLS, http2 and fetch all pass it. Names of AWS on 443 go to the emulator's
 * TLS port; the emulator's own ports are allowed; everything else is refused. It stops mistakes, not malice.
 */
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');
const tls = require('node:tls');

const [plainPort, tlsPort] = (process.env._EMULATOR_PORTS ?? '').split(',').map(Number);
const AWS = /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/i;
const LOOPBACK = '127.0.0.1';
/** Told about every refusal; set by the process that can pass it on. */
const refusals = Symbol.for('cloudhsm-emulator.refused');

function refusal(what) {
  globalThis[refusals]?.(what);
  return Object.assign(new Error(`[emulator] ${what} is outside`), { code: 'ERR_EMULATOR_OUTSIDE' });
}

function isLoopback(host) {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** Where a connection really goes; undefined when it is refused. */
function destination(host, port) {
  if (AWS.test(host)) return port === 443 ? { host: LOOPBACK, port: tlsPort } : undefined;
  if (!isLoopback(host)) return undefined;
  // A name of AWS that was looked up first.
  if (port === 443) return { host: LOOPBACK, port: tlsPort };
  return port === plainPort || port === tlsPort ? { host: LOOPBACK, port } : undefined;
}

/** In a VPC: the session by which the emulator knows where this process is. */
const session = process.env._EMULATOR_DIALS;
/** Told about sockets that nobody will answer; set by the process whose time is emulated. */
const dropped = Symbol.for('cloudhsm-emulator.dropped');

/** Asks whether a connection would come about. An emulator that is gone answers nothing. */
function dial(host, done) {
  const asking = new net.Socket();
  let text = '';
  asking.setEncoding('utf8');
  asking.on('data', (chunk) => {
    text += chunk;
  });
  asking.on('error', () => undefined);
  asking.on('end', () => done(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))));
  connect.call(asking, net._normalizeArgs([{ host: LOOPBACK, port: plainPort }]));
  asking.write(`POST /_emulator/dial/${encodeURIComponent(host)} HTTP/1.1\r\nhost: ${LOOPBACK}:${plainPort}\r\nx-emulator-session: ${session}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

function noAddress(host) {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host });
}

function timedOut(address, port) {
  return Object.assign(new Error(`connect ETIMEDOUT ${address}:${port}`), { errno: -110, code: 'ETIMEDOUT', syscall: 'connect', address, port });
}

/** Connects when there is a way; else the socket goes on connecting, in emulated time, until its system gives up. */
function connectInVpc(socket, host, port, go) {
  socket.connecting = true;
  dial(host, ({ allowed, address, unresolved, timeoutMs }) => {
    if (socket.destroyed) return;
    if (allowed) go();
    else if (unresolved) socket.destroy(noAddress(host));
    else if (globalThis[dropped]) globalThis[dropped]({ socket, host, timeoutMs, error: timedOut(address, port) });
    else socket.destroy(timedOut(address, port));
  });
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options, listener] = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
  const host = options.host ?? 'localhost';
  const target = options.path ? undefined : destination(host, Number(options.port));
  if (!target) {
    const error = refusal(options.path ?? `${host}:${options.port}`);
    this.connecting = true;
    process.nextTick(() => this.destroy(error));
    return this;
  }
  // The name decides which certificate is minted, and not everybody sends it.
  if (this instanceof tls.TLSSocket && !options.servername && net.isIP(host) === 0) this.setServername(host);
  const go = () => connect.call(this, net._normalizeArgs([{ ...options, ...target, lookup: undefined }, listener]));
  if (session === undefined || !AWS.test(host)) return go();
  connectInVpc(this, host, Number(options.port), go);
  return this;
};

function looked(host, options) {
  if (net.isIP(host)) return { address: host, family: net.isIP(host) };
  if (AWS.test(host) || isLoopback(host)) return { address: LOOPBACK, family: 4 };
  throw Object.assign(refusal(host), { hostname: host, syscall: options.syscall });
}

function lookup(host, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  const all = typeof options === 'object' && options?.all;
  let result;
  try {
    result = looked(host, { syscall: 'getaddrinfo' });
  } catch (error) {
    process.nextTick(done, error);
    return {};
  }
  if (all) process.nextTick(done, null, [result]);
  else process.nextTick(done, null, result.address, result.family);
  return {};
}

async function lookupPromise(host, options) {
  const result = looked(host, { syscall: 'getaddrinfo' });
  return options?.all ? [result] : result;
}

dns.lookup = lookup;
dns.promises.lookup = lookupPromise;
for (const owner of [dns, dns.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(owner).filter((key) => /^(resolve|reverse|lookupService)/.test(key))) {
    owner[name] = (host, ...rest) => process.nextTick(rest.at(-1), refusal(String(host)));
  }
}
for (const owner of [dns.promises, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(owner).filter((key) => /^(resolve|reverse|lookupService)/.test(key))) {
    owner[name] = (host) => Promise.reject(refusal(String(host)));
  }
}

for (const name of ['bind', 'connect', 'send']) {
  dgram.Socket.prototype[name] = function (...args) {
    const done = args.at(-1);
    const error = refusal('UDP');
    process.nextTick(() => (name !== 'bind' && typeof done === 'function' ? done(error) : this.emit('error', error)));
    return this;
  };
}

require('node:module').syncBuiltinESMExports();
