import { crc32, inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/** What file systems take: of one part of a name, and of the whole. */
const LONGEST_PART = 255;
const LONGEST_NAME = 4_095;

/** What keeps a package from being unpacked, and nothing when it can be: names that no folder can hold beside each other, and bytes that are not those that were packed. */
export function zipProblem(content: Buffer): string | undefined {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const name of namesIn(content)) {
    const parts = name.split('/').filter((part) => part !== '');
    if (name.includes('\0') || name.length > LONGEST_NAME || parts.some((part) => Buffer.byteLength(part) > LONGEST_PART)) return 'a name that no file can have';
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
    (name.endsWith('/') ? folders : files).add(parts.join('/'));
  }
  // A link is a file here: what lies behind one would be written to wherever it leads.
  const twice = [...files].find((file) => folders.has(file));
  return twice === undefined ? undefined : `${twice} is a file and a folder`;
}

/** @throws for what is no zip, or holds a file whose checksum is another */
function namesIn(content: Buffer): string[] {
  const end = content.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || content.readUInt32LE(end) !== END) throw new Error('no directory');
  const count = content.readUInt16LE(end + 10);
  const names: string[] = [];
  for (let index = 0, at = content.readUInt32LE(end + 16); index < count; index++) {
    if (content.readUInt32LE(at) !== ENTRY) throw new Error('no entry');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => content.readUInt16LE(at + offset));
    names.push(content.toString('utf8', at + 46, at + 46 + nameLength));
    checkBytes(content, at);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return names;
}

function checkBytes(content: Buffer, entry: number): void {
  const method = content.readUInt16LE(entry + 10);
  const [sum, packed, size, local] = [16, 20, 24, 42].map((offset) => content.readUInt32LE(entry + offset));
  const start = local + 30 + content.readUInt16LE(local + 26) + content.readUInt16LE(local + 28);
  const bytes = content.subarray(start, start + packed);
  if (method !== STORED && method !== DEFLATED) throw new Error(`method ${method}`);
  // No more room is taken than the package says, and the sum of that was looked at before.
  const file = method === STORED ? bytes : inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
  if (file.length !== size || crc32(file) !== sum) throw new Error('another checksum');
}
