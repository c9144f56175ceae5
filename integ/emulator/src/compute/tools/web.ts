import { contentOf, packageAt } from './catalogue';
import { isMetadataHost, metadata } from './metadata';
import type { ToolContext } from './tool';
import { LostAnswer } from '../../access/call';
import { ServiceError } from '../../wire/operation';
import type { Caller } from '../../wire/operation';

export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body?: Buffer;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly chargeMs: number;
}

/** There is no connection. */
export interface NoConnection {
  readonly refused: 'unknown-host' | 'timeout';
  /** Why, when it is the emulator that ends here. */
  readonly reason?: string;
}

/** What an instance's requests lead to: metadata, S3, the download site, AWS's endpoints. Everything else is outside. */
export function request(context: ToolContext, asked: WebRequest): WebAnswer | NoConnection {
  const { url } = asked;
  if (isMetadataHost(url.hostname)) return { ...metadata(context, asked), chargeMs: context.row<number>('charge-metadata') };
  if (!/(^|\.)(amazonaws\.com(\.cn)?|aws\.dev|api\.aws)$/.test(url.hostname)) {
    return { refused: 'unknown-host', reason: `[emulator] ${url.hostname} is outside` };
  }
  const unreachable = context.unreachable(url.hostname);
  if (unreachable !== undefined) return { refused: unreachable.unresolved ? 'unknown-host' : 'timeout' };
  const address = s3Address(url);
  const chargeMs = context.row<number>('charge-curl');
  if (!address) return { status: 403, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"message":"Missing Authentication Token"}'), chargeMs };
  if (address.bucket === context.row<string>('client-bucket')) return download(context, `/${address.key}`);
  return { ...object(context, asked, address), chargeMs };
}

interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** Bucket and key of a path-style or virtual-host address. */
function s3Address({ hostname, pathname }: URL): S3Address | undefined {
  const found = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?$/.exec(hostname);
  if (!found) return undefined;
  const path = decodeURIComponent(pathname.slice(1));
  if (found[1] !== undefined) return { bucket: found[1], key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function download(context: ToolContext, path: string): WebAnswer {
  const found = packageAt(context.row, path);
  const chargeMs = context.row<number>(found ? 'charge-download' : 'charge-curl');
  // Public buckets that may not be listed deny what is not there.
  if (!found) return { ...xmlError(403, 'AccessDenied', 'Access Denied'), chargeMs };
  const body = Buffer.from(contentOf(found), 'utf8');
  return { status: 200, headers: { 'content-type': 'binary/octet-stream', 'content-length': String(body.length) }, body, chargeMs };
}

/** An object of an emulated bucket, for whoever signed the address. */
function object(context: ToolContext, { method, url, body }: WebRequest, { bucket, key }: S3Address): Omit<WebAnswer, 'chargeMs'> {
  const signer = signerOf(context, url.searchParams);
  if (typeof signer === 'string') return xmlError(403, 'AccessDenied', signer);
  try {
    const place = { as: signer, host: url.hostname };
    if (method === 'PUT') {
      context.call('s3', 'PutObject', { Bucket: bucket, Key: key, Body: body ?? Buffer.alloc(0) }, place);
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    }
    const { Body } = context.call<{ Body?: Uint8Array | string }>('s3', 'GetObject', { Bucket: bucket, Key: key }, place) as { Body?: Uint8Array | string };
    const content = Buffer.from(Body as Uint8Array ?? '');
    return { status: 200, headers: { 'content-length': String(content.length) }, body: method === 'HEAD' ? Buffer.alloc(0) : content };
  } catch (error) {
    if (error instanceof ServiceError) return xmlError(error.options.status ?? (error.code.startsWith('NoSuch') ? 404 : 403), error.code, error.message);
    if (error instanceof LostAnswer) return xmlError(503, 'ServiceUnavailable', '[emulator] the answer was lost, as asked for by a fault');
    throw error;
  }
}

/** Who signed an address, by version 4 or 2 of the signature. @returns why it gives no access, when it gives none */
function signerOf(context: ToolContext, query: URLSearchParams): Caller | string {
  const accessKeyId = query.get('X-Amz-Credential')?.split('/')[0] ?? query.get('AWSAccessKeyId') ?? undefined;
  if (accessKeyId === undefined) return 'Access Denied';
  const token = query.get('X-Amz-Security-Token') ?? query.get('x-amz-security-token') ?? undefined;
  const caller = context.session(accessKeyId, token);
  if (!caller && context.isExpired(token)) return 'The provided token has expired.';
  if (!caller) return 'The AWS Access Key Id you provided does not exist in our records.';
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  const expires = stamp
    ? Date.UTC(+stamp[1], +stamp[2] - 1, +stamp[3], +stamp[4], +stamp[5], +stamp[6]) + Number(query.get('X-Amz-Expires') ?? 0) * 1000
    : Number(query.get('Expires') ?? Infinity) * 1000;
  return expires < context.wallTime ? 'Request has expired' : { ...caller, activityId: context.caller.activityId };
}

function xmlError(status: number, code: string, message: string): Omit<WebAnswer, 'chargeMs'> {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body, 'utf8') };
}
