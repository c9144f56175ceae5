import { gunzipSync } from 'node:zlib';

/** What an instance's user data holds: scripts to run, and the content types of what is no script. Pure. */
export interface UserData {
  readonly scripts: readonly Buffer[];
  readonly others: readonly string[];
}

const GZIP = [0x1f, 0x8b];

const LARGEST_SCRIPT = 4 * 1024 * 1024;

export function readUserData(base64: string): UserData {
  const raw = Buffer.from(base64, 'base64');
  if (raw[0] !== GZIP[0] || raw[1] !== GZIP[1]) return readPart(raw.toString('utf8'));
  const content = unpacked(raw);
  return content ? readPart(content.toString('utf8')) : { scripts: [], others: ['application/gzip'] };
}

/** `undefined` when it is no gzip after all, or far more than anybody writes. */
function unpacked(raw: Buffer): Buffer | undefined {
  try {
    return gunzipSync(raw, { maxOutputLength: LARGEST_SCRIPT });
  } catch {
    return undefined;
  }
}

function readPart(text: string): UserData {
  if (text.startsWith('#!')) return { scripts: [Buffer.from(text, 'utf8')], others: [] };
  if (text.startsWith('#cloud-config')) return { scripts: [], others: ['text/cloud-config'] };
  const boundary = /^content-type:\s*multipart\/[^;]+;\s*boundary="?([^"\s;]+)"?/im.exec(text)?.[1];
  if (boundary === undefined) return { scripts: [], others: text.trim() === '' ? [] : ['text/plain'] };
  const parts = text.split(new RegExp(`^--${boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:--)?[ \\t]*$`, 'm')).slice(1).map(readMimePart);
  return { scripts: parts.flatMap(({ scripts }) => scripts), others: parts.flatMap(({ others }) => others) };
}

function readMimePart(part: string): UserData {
  const [head, ...rest] = part.replace(/^\r?\n/, '').split(/\r?\n\r?\n/);
  if (part.trim() === '') return { scripts: [], others: [] };
  const type = /^content-type:\s*([^;\s]+)/im.exec(head)?.[1] ?? 'text/plain';
  if (type.toLowerCase() !== 'text/x-shellscript') return { scripts: [], others: [type] };
  const body = rest.join('\n\n');
  const encoded = /^content-transfer-encoding:\s*base64/im.test(head);
  return { scripts: [encoded ? Buffer.from(body, 'base64') : Buffer.from(body, 'utf8')], others: [] };
}
