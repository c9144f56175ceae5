import { Exchange } from '../../src/wire/codec';
import type { HttpRequest } from '../../src/wire/http';
import { loadModel } from '../../src/wire/model';

/** A request for a test that needs no client; what is not said is as a client would leave it. */
export function httpRequest(request: Partial<Omit<HttpRequest, 'body'>> & { readonly body?: string | Buffer }): HttpRequest {
  const { body = '', ...rest } = request;
  return { method: 'POST', path: '/', rawQuery: '', headers: {}, ...rest, body: Buffer.from(body) };
}

export function exchange(service: string, request: Parameters<typeof httpRequest>[0]): Exchange {
  return new Exchange(loadModel(service), httpRequest(request));
}

/** A decoded exchange, for tests that are about the answer. */
export function decoded(service: string, request: Parameters<typeof httpRequest>[0]): Exchange {
  const open = exchange(service, request);
  open.decode();
  return open;
}

export function form(text: string): Parameters<typeof httpRequest>[0] {
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: text };
}

export function target(name: string, body: unknown = {}): Parameters<typeof httpRequest>[0] {
  return { headers: { 'x-amz-target': name, 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
