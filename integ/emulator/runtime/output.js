'use strict';
/** What a function prints, as lines of its log: the console with time, request and level; raw writes as they are. */
const { format } = require('node:util');

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
const ORDER = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

exports.install = ({ print, date, request, json, level = 'TRACE' }) => {
  const least = ORDER.indexOf(level);
  const timestamp = () => new Date(date()).toISOString();
  const shown = (text) => print(text.endsWith('\n') ? text.slice(0, -1) : text);
  const line = (name, args) => {
    if (!json) return [timestamp(), request() ?? 'undefined', name, format(...args)].join('\t');
    const failure = args.find((argument) => argument instanceof Error);
    const message = args.length === 1 && !failure ? args[0] : format(...args);
    const described = failure && { errorType: failure.name, errorMessage: failure.message, stackTrace: String(failure.stack).split('\n') };
    try {
      return JSON.stringify({ timestamp: timestamp(), level: name, requestId: request(), message, ...described });
    } catch {
      return JSON.stringify({ timestamp: timestamp(), level: name, requestId: request(), message: format(message) });
    }
  };

  for (const [method, name] of Object.entries(LEVELS)) {
    console[method] = (...args) => {
      if (ORDER.indexOf(name) >= least) shown(line(name, args));
    };
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk, encoding, callback) => {
      shown(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      const done = typeof encoding === 'function' ? encoding : callback;
      if (done) process.nextTick(done);
      return true;
    };
  }
  return { failure: (title, text) => shown([timestamp(), request() ?? 'undefined', 'ERROR', title, text].join('\t')) };
};
