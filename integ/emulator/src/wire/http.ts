import type { IncomingMessage, ServerResponse } from 'node:http';

/** A handler of plain HTTP requests: the gateway is one, and so are the doors below `/_emulator/`. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A request as the gateway hands it over: nothing decoded yet. */
export interface HttpRequest {
  readonly method: string;
  /** As sent, percent signs and all, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  /** Lower-case names, as Node gives them. */
  readonly headers: HttpHeaders;
  readonly body: Buffer;
}

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpResponse {
  readonly status: number;
  /** Always with `content-length`, also for HEAD. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for HEAD. */
  readonly body: Buffer;
}

/** A header's value; several of one name are joined as HTTP joins them. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

export type QueryParameters = ReadonlyMap<string, readonly string[]>;

/** The parameters of a query string or a form. A name without `=` has the value ''. */
export function parseQuery(raw: string): QueryParameters {
  const parameters = new Map<string, string[]>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

function decode(text: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Percent-decoding that leaves a malformed sequence as it stands, as AWS's front ends do. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
