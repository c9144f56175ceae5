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
  return connect.call(this, net._normalizeArgs([{ ...options, ...target, lookup: undefined }, listener]));
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
