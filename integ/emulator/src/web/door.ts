import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../kernel/package-folder';
import type { RequestHandler } from '../wire/http';
import { isToken } from '../wire/token';

/** Where the page lives. */
export const PAGE = '/_emulator/';

/** Host milliseconds between two looks at whether there is something new. */
const LOOK_EVERY_MS = 400;

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '': ['index.html', 'text/html; charset=utf-8'],
  'page.css': ['page.css', 'text/css; charset=utf-8'],
  'icon.svg': ['icon.svg', 'image/svg+xml'],
  'page.js': ['page.js', 'text/javascript; charset=utf-8'],
};

/** Only what comes from this door, and nothing in line: text that got past all else still runs nowhere. */
const HEADERS = {
  'content-security-policy': 'default-src \'none\'; script-src \'self\'; style-src \'self\'; img-src \'self\'; connect-src \'self\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** What the page is about. */
export interface Viewed {
  readonly token: string;
  readonly endpoint: string;
  /** Changes when there is something new to see. */
  revision(): string;
  /** Goes to the page as JSON. */
  view(): object;
}

/** Serves the page, and what it shows as it changes, to a browser that was opened with the token. */
export function webDoor(viewed: Viewed): RequestHandler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', viewed.endpoint);
    const name = url.pathname.slice(PAGE.length);
    const cookie = `emulator-${new URL(viewed.endpoint).port}`;
    if (name === '' && isToken(viewed.token, url.searchParams.get('token') ?? undefined)) {
      // The token leaves the address at once: addresses are kept, and shown to others.
      response.writeHead(303, { ...HEADERS, 'location': PAGE, 'set-cookie': `${cookie}=${viewed.token}; Path=${PAGE}; HttpOnly; SameSite=Strict` }).end();
      return;
    }
    if (!url.pathname.startsWith(PAGE) || !isToken(viewed.token, cookieOf(request, cookie))) {
      plain(response, 401, '[emulator] open the address that `start` printed: it holds the token');
    } else if (name === 'events') {
      sendChanges(viewed, response);
    } else if (Object.hasOwn(FILES, name)) {
      const [file, type] = FILES[name];
      response.writeHead(200, { ...HEADERS, 'content-type': type }).end(readFileSync(join(PACKAGE_FOLDER, 'page', file)));
    } else {
      plain(response, 404, '[emulator] there is no such page');
    }
  };
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function sendChanges(viewed: Viewed, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  let shown: string | undefined;
  const look = (): void => {
    const revision = viewed.revision();
    if (revision === shown) return;
    shown = revision;
    response.write(`data: ${JSON.stringify(viewed.view())}\n\n`);
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  response.on('close', () => clearInterval(timer));
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  return headers.cookie?.split(';').map((each) => each.trim()).find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
}
