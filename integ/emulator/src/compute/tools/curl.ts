import { posix } from 'node:path';
import { missing } from './tool';
import type { Tool, ToolAnswer, ToolCall, ToolContext, ToolFile } from './tool';
import { request } from './web';
import type { WebAnswer } from './web';

/** Options of curl that take a value; the short ones by their letter. */
const WITH_VALUE: Readonly<Record<string, string>> = {
  o: 'output', H: 'header', X: 'request', d: 'data', w: 'write-out', m: 'max-time', u: 'user', A: 'user-agent', e: 'referer', T: 'upload-file', D: 'dump-header',
};
const LONG_WITH_VALUE = [
  ...Object.values(WITH_VALUE), 'data-binary', 'data-raw', 'data-ascii', 'data-urlencode', 'json', 'retry', 'retry-delay', 'retry-max-time', 'connect-timeout', 'cacert',
  'proto', 'noproxy', 'url', 'resolve', 'output-dir', 'tls-max', 'interface', 'limit-rate', 'proxy', 'range',
];
const FLAGS: Readonly<Record<string, string>> = {
  s: 'silent', S: 'show-error', f: 'fail', L: 'location', O: 'remote-name', k: 'insecure', i: 'include', I: 'head', v: 'verbose', g: 'globoff', G: 'get', N: 'no-buffer',
  4: 'ipv4', 6: 'ipv6',
};

interface CurlOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly urls: readonly string[];
}

function parse(argv: readonly string[]): CurlOptions {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const urls: string[] = [];
  const set = (name: string, value: string): void => void values.set(name, [...values.get(name) ?? [], value]);
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at];
    if (argument.startsWith('--')) {
      const name = argument.slice(2);
      if (LONG_WITH_VALUE.includes(name)) set(name, argv[++at] ?? '');
      else flags.add(name);
    } else if (/^-./.test(argument)) {
      for (let letter = 1; letter < argument.length; letter++) {
        const name = WITH_VALUE[argument[letter]];
        if (name === undefined) {
          flags.add(FLAGS[argument[letter]] ?? argument[letter]);
          continue;
        }
        set(name, argument.slice(letter + 1) || (argv[++at] ?? ''));
        break;
      }
    } else {
      urls.push(argument);
    }
  }
  return { flags, values, urls: [...urls, ...values.get('url') ?? []] };
}

function bodyFiles({ values }: CurlOptions): string[] {
  const data = ['data', 'data-binary', 'data-ascii', 'json'].flatMap((name) => values.get(name) ?? []);
  return [...data.filter((value) => value.startsWith('@')).map((value) => value.slice(1)), ...values.get('upload-file') ?? []];
}

function bodyOf(call: ToolCall, { values }: CurlOptions): Buffer | undefined {
  const upload = values.get('upload-file')?.[0];
  if (upload !== undefined) return call.files.get(upload) ?? Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (const name of ['data', 'data-ascii', 'data-raw', 'data-binary', 'json']) {
    for (const value of values.get(name) ?? []) {
      const content = value.startsWith('@') && name !== 'data-raw' ? call.files.get(value.slice(1)) ?? Buffer.alloc(0) : Buffer.from(value, 'utf8');
      if (parts.length > 0) parts.push(Buffer.from('&'));
      parts.push(name === 'data' && value.startsWith('@') ? Buffer.from(content.toString('utf8').replace(/[\r\n]/g, ''), 'utf8') : content);
    }
  }
  return parts.length === 0 ? undefined : Buffer.concat(parts);
}

function headersOf({ values }: CurlOptions): Map<string, string> {
  return new Map((values.get('header') ?? []).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

interface Transfer {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number;
  readonly files: readonly ToolFile[];
  readonly chargeMs: number;
}

function transfer(context: ToolContext, call: ToolCall, options: CurlOptions, address: string, at: number): Transfer {
  const { flags, values } = options;
  const quiet = flags.has('silent') && !flags.has('show-error');
  const fail = (exitCode: number, text: string, chargeMs: number = 0): Transfer => ({
    stdout: Buffer.from(writeOut(values, undefined)), stderr: quiet ? '' : `curl: (${exitCode}) ${text}\n`, exitCode, files: [], chargeMs,
  });
  const url = parseUrl(address);
  if (!url) return fail(3, 'URL using bad/illegal format or missing URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return fail(1, `Protocol "${url.protocol.slice(0, -1)}" not supported`);
  const body = bodyOf(call, options);
  const method = values.get('request')?.[0] ?? (flags.has('head') ? 'HEAD' : values.has('upload-file') ? 'PUT' : body ? 'POST' : 'GET');
  const answer = request(context, { method, url, headers: headersOf(options), body });
  if ('refused' in answer) {
    const reason = answer.reason === undefined ? '' : ` (${answer.reason})`;
    if (answer.refused === 'unknown-host') return fail(6, `Could not resolve host: ${url.hostname}${reason}`);
    const given = values.get('connect-timeout')?.[0] ?? values.get('max-time')?.[0];
    const milliseconds = 1000 * (given === undefined ? context.row<number>('curl-connect-timeout') : Number(given));
    return fail(28, `Failed to connect to ${url.hostname} port 443 after ${milliseconds} ms: Connection timed out`, milliseconds + again(options, milliseconds));
  }
  if (answer.status >= 400 && (flags.has('fail') || flags.has('fail-with-body'))) {
    const failed = fail(22, `The requested URL returned error: ${answer.status}`, answer.chargeMs);
    return { ...failed, stdout: Buffer.from(writeOut(values, answer)) };
  }
  const target = flags.has('remote-name') || flags.has('remote-name-all') ? posix.basename(url.pathname) : values.get('output')?.[at];
  const shown = flags.has('include') || flags.has('head') ? Buffer.concat([Buffer.from(head(answer)), answer.body]) : answer.body;
  const toFile = target !== undefined && target !== '-';
  const folder = values.get('output-dir')?.[0];
  return {
    stdout: Buffer.concat([toFile ? Buffer.alloc(0) : shown, Buffer.from(writeOut(values, answer))]),
    stderr: '',
    exitCode: 0,
    files: toFile ? [{ path: folder === undefined ? target : `${folder}/${target}`, mode: 0o644, content: shown }] : [],
    chargeMs: answer.chargeMs,
  };
}

/** What `--retry` adds to a timeout: as many tries, and a pause before each that doubles from a second to ten minutes. */
function again({ values }: CurlOptions, milliseconds: number): number {
  const number = (name: string): number => Number(values.get(name)?.[0] ?? 0);
  const limit = number('retry-max-time') * 1000 || Infinity;
  let spent = 0;
  for (let count = 0; count < number('retry') && milliseconds + spent < limit; count++) {
    spent += (number('retry-delay') || Math.min(2 ** count, 600)) * 1000 + milliseconds;
  }
  return spent;
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    return undefined;
  }
}

function head({ status, headers }: WebAnswer): string {
  return `HTTP/1.1 ${status}\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function writeOut(values: CurlOptions['values'], answer: WebAnswer | undefined): string {
  const format = values.get('write-out')?.[0];
  if (format === undefined) return '';
  const known: Readonly<Record<string, string>> = {
    http_code: String(answer?.status ?? 0).padStart(3, '0'),
    response_code: String(answer?.status ?? 0).padStart(3, '0'),
    size_download: String(answer?.body.length ?? 0),
    content_type: answer?.headers['content-type'] ?? '',
  };
  return format.replace(/%\{(\w+)\}/g, (_, name: string) => known[name] ?? '').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\r/g, '\r');
}

export const curl: Tool = {
  needs: (call) => missing(call, ...bodyFiles(parse(call.argv))),
  charge: () => 1,
  run: (context, call): ToolAnswer => {
    const options = parse(call.argv);
    if (options.flags.has('version') || options.flags.has('V')) return { exitCode: 0, stdout: 'curl 8.5.0 (emulator)\n' };
    if (options.urls.length === 0) return { exitCode: 2, stderr: 'curl: try \'curl --help\' for more information\n' };
    const transfers = options.urls.map((url, at) => transfer(context, call, options, url, at));
    return {
      exitCode: transfers.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
      stdout: Buffer.concat(transfers.map(({ stdout }) => stdout)),
      stderr: transfers.map(({ stderr }) => stderr).join(''),
      files: transfers.flatMap(({ files }) => files),
      chargeMs: transfers.reduce((sum, { chargeMs }) => sum + chargeMs, 0),
    };
  },
};

/** Options of wget that take a value, as curl has them. */
const OF_WGET: Readonly<Record<string, string>> = {
  '-O': 'output', '-qO': 'output', '-P': 'output-dir', '-T': 'max-time', '-t': 'retry',
  '--output-document': 'output', '--directory-prefix': 'output-dir', '--timeout': 'max-time', '--tries': 'retry', '--header': 'header', '--method': 'request',
  '--body-data': 'data',
};

function parseWget(argv: readonly string[]): CurlOptions {
  const urls: string[] = [];
  const values = new Map<string, string[]>();
  for (let at = 0; at < argv.length; at++) {
    const [, option, attached] = /^(-q?[OPTt]|--[a-z-]+)(?:=?([^]+))?$/.exec(argv[at]) ?? [];
    const name = OF_WGET[option ?? ''];
    if (name !== undefined) values.set(name, [...values.get(name) ?? [], attached ?? argv[++at] ?? '']);
    else if (!argv[at].startsWith('-')) urls.push(argv[at]);
  }
  const flags = new Set(['fail', 'location', ...values.has('output') ? [] : ['remote-name']]);
  return { flags, values, urls };
}

/** wget in the terms of curl: it saves under the address's name, and fails on an error status. */
export const wget: Tool = {
  charge: () => 1,
  run: (context, call): ToolAnswer => {
    const options = parseWget(call.argv);
    if (options.urls.length === 0) return { exitCode: 1, stderr: 'wget: missing URL\n' };
    const transfers = options.urls.map((url, at) => transfer(context, call, options, url, at));
    const failed = transfers.find(({ exitCode }) => exitCode !== 0);
    return {
      exitCode: failed === undefined ? 0 : failed.exitCode === 22 ? 8 : 4,
      stdout: Buffer.concat(transfers.map(({ stdout }) => stdout)),
      stderr: transfers.map(({ stderr }) => stderr.replace(/^curl: \(\d+\)/, 'wget:')).join(''),
      files: transfers.flatMap(({ files }) => files),
      chargeMs: transfers.reduce((sum, { chargeMs }) => sum + chargeMs, 0),
    };
  },
};
