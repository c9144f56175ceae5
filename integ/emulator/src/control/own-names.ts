import type { IncomingHttpHeaders } from 'node:http';

/** Names under which AWS's own clients ask, with a virtual-hosted bucket or without. Nobody else can make one of them lead to loopback. */
const AWS_NAME = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/;

/** `localhost` and what is below it, which resolvers keep on loopback: a bucket's name may stand before it. */
const LOOPBACK_NAME = /(^|\.)localhost$/;

const LOOPBACK_ADDRESSES = ['127.0.0.1', '[::1]'];

/** What a browser says of a request that another site's page made. */
const ANOTHER_SITE = ['cross-site', 'same-site'];

/** Why a request is not answered at all. */
export interface TurnedAway {
  readonly status: number;
  readonly text: string;
}

/**
 * The port is on loopback, but a browser on this machine can be sent there by any page: under a name of the page's own that was made to lead here
 * (DNS rebinding), or by a form or an image. AWS's clients do neither, so both are refused before anything is read.
 */
export function turnedAway(method: string, headers: IncomingHttpHeaders, hosts = 1): TurnedAway | undefined {
  // Who reads the first and who reads the last would disagree.
  if (hosts > 1) return { status: 400, text: '[emulator] a request has one Host' };
  const host = headers.host ?? '';
  if (!isOwn(host)) return { status: 403, text: `[emulator] ${JSON.stringify(host)} is no name of this emulator: ask 127.0.0.1, localhost or a name of AWS` };
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, text: '[emulator] pages of other origins are not answered' };
  if (ANOTHER_SITE.includes(String(headers['sec-fetch-site']))) return { status: 403, text: '[emulator] pages of other sites are not answered' };
  // No origin is allowed anything: a preflight gets no CORS header, whatever it asks for.
  if (method === 'OPTIONS') return { status: 403, text: '[emulator] there is no CORS here' };
  return undefined;
}

function isOwn(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase().replace(/\.$/, '');
  return LOOPBACK_ADDRESSES.includes(name) || LOOPBACK_NAME.test(name) || AWS_NAME.test(name);
}
