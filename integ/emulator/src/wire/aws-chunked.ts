import type { HttpHeaders } from './http';
import { header } from './http';
import { ServiceError } from './operation';

/** A body out of its chunks, with the headers as if it had come in one piece. */
export interface Unchunked {
  readonly body: Buffer;
  readonly headers: HttpHeaders;
}

/**
 * Undoes `aws-chunked`, in which SDKs send S3 bodies with a checksum behind them (STREAMING-UNSIGNED-PAYLOAD-TRAILER)
 * or with a signature per chunk. Signatures are not looked at; trailers become headers.
 */
export function unchunk(body: Buffer, headers: HttpHeaders): Unchunked {
  const encodings = (header(headers, 'content-encoding') ?? '').split(',').map((encoding) => encoding.trim()).filter((encoding) => encoding !== '');
  const isChunked = encodings.includes('aws-chunked') || header(headers, 'x-amz-content-sha256')?.startsWith('STREAMING-');
  if (!isChunked) return { body, headers };
  const rest = encodings.filter((encoding) => encoding !== 'aws-chunked').join(',');
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const [line, next] = readLine(body, at);
    const size = Number.parseInt(line, 16);
    if (!/^[0-9a-fA-F]+(;.*)?$/.test(line) || next + size > body.length) throw incomplete();
    at = next;
    if (size === 0) break;
    chunks.push(body.subarray(at, at + size));
    // Each chunk ends with a line break of its own.
    at += size + 2;
  }
  return {
    body: Buffer.concat(chunks),
    headers: {
      ...headers,
      ...readTrailers(body, at),
      'content-encoding': rest === '' ? undefined : rest,
      'content-length': header(headers, 'x-amz-decoded-content-length'),
    },
  };
}

function readTrailers(body: Buffer, start: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (let at = start; at < body.length;) {
    const [line, next] = readLine(body, at);
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    at = next;
  }
  return trailers;
}

function readLine(body: Buffer, start: number): [line: string, next: number] {
  const end = body.indexOf('\r\n', start);
  return end < 0 ? [body.toString('latin1', start), body.length] : [body.toString('latin1', start, end), end + 2];
}

function incomplete(): ServiceError {
  return new ServiceError('IncompleteBody', 'The request body terminated unexpectedly', { status: 400 });
}
