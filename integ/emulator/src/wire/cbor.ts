/**
 * CBOR (RFC 8949) as far as Smithy RPC v2 needs it. AWS's models name that protocol first for CloudHSM, CloudWatch, Private CA
 * and the tagging API. boto3 1.44 and the JavaScript SDK still choose JSON there; other SDKs may not.
 */

/** A number that is to be written as a float even when it has no fraction. */
export class CborFloat {
  public constructor(public readonly value: number) {}
}

export function encodeCbor(value: unknown): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Buffer[]): void {
  const scalar = writeScalar(value);
  if (scalar) {
    parts.push(...scalar);
  } else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value as object).filter(([, entry]) => entry !== undefined);
    parts.push(head(5, entries.length));
    for (const [key, entry] of entries) {
      write(key, parts);
      write(entry, parts);
    }
  }
}

function writeScalar(value: unknown): Buffer[] | undefined {
  if (value === null || value === undefined) return [Buffer.of(0xf6)];
  if (value instanceof CborFloat) return [float(value.value)];
  if (value instanceof Date) return [head(6, 1), float(value.getTime() / 1000)];
  if (value instanceof Uint8Array) return [head(2, value.length), Buffer.from(value)];
  switch (typeof value) {
    case 'boolean': return [Buffer.of(value ? 0xf5 : 0xf4)];
    case 'string': {
      const bytes = Buffer.from(value, 'utf8');
      return [head(3, bytes.length), bytes];
    }
    case 'bigint': return [integer(value)];
    case 'number': return [Number.isSafeInteger(value) ? integer(BigInt(value)) : float(value)];
    default: return undefined;
  }
}

function integer(value: bigint): Buffer {
  return value >= 0n ? head(0, value) : head(1, -1n - value);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(major: number, argument: number | bigint): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.of(type | Number(argument));
  if (argument < 0x100) return Buffer.of(type | 24, Number(argument));
  if (argument < 0x10000) {
    const bytes = Buffer.of(type | 25, 0, 0);
    bytes.writeUInt16BE(Number(argument), 1);
    return bytes;
  }
  if (argument < 0x100000000) {
    const bytes = Buffer.of(type | 26, 0, 0, 0, 0);
    bytes.writeUInt32BE(Number(argument), 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = type | 27;
  bytes.writeBigUInt64BE(BigInt(argument), 1);
  return bytes;
}

/** @throws RangeError when the bytes are not one complete item */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.item();
  if (reader.at !== bytes.length) throw new RangeError('bytes follow the item');
  return value;
}

/** Ends a list, map, text or byte string that did not say its length. */
const BREAK = Symbol('break');

/** Deeper than any input of AWS, and shallow enough for the stack. */
const MAX_DEPTH = 256;

class Reader {
  public at = 0;
  private depth = 0;

  public constructor(private readonly bytes: Buffer) {}

  public item(): unknown {
    const value = this.itemOrBreak();
    if (value === BREAK) throw new RangeError('a break where an item should be');
    return value;
  }

  private itemOrBreak(): unknown {
    if (++this.depth > MAX_DEPTH) throw new RangeError('nested too deeply');
    const [initial] = this.take(1);
    const value = this.body(initial >> 5, initial & 31);
    this.depth--;
    return value;
  }

  private body(major: number, info: number): unknown {
    switch (major) {
      case 0: return narrow(this.argument(info));
      case 1: return narrow(-1n - this.argument(info));
      case 2: return info === 31 ? Buffer.concat(this.untilBreak() as Buffer[]) : this.take(Number(this.argument(info)));
      case 3: return info === 31 ? this.untilBreak().join('') : this.take(Number(this.argument(info))).toString('utf8');
      case 4: return info === 31 ? this.untilBreak() : this.items(Number(this.argument(info)));
      case 5: return this.map(info);
      case 6: return this.tagged(Number(this.argument(info)));
      default: return this.simple(info);
    }
  }

  private argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    const size = { 24: 1, 25: 2, 26: 4, 27: 8 }[info];
    if (!size) throw new RangeError(`${info} is no length`);
    const bytes = this.take(size);
    return size === 8 ? bytes.readBigUInt64BE() : BigInt(bytes.readUIntBE(0, size));
  }

  private take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new RangeError('the bytes end too early');
    return this.bytes.subarray(this.at, this.at += length);
  }

  private items(count: number): unknown[] {
    const items: unknown[] = [];
    for (let n = 0; n < count; n++) items.push(this.item());
    return items;
  }

  private untilBreak(): unknown[] {
    const items: unknown[] = [];
    for (let item = this.itemOrBreak(); item !== BREAK; item = this.itemOrBreak()) items.push(item);
    return items;
  }

  private map(info: number): Record<string, unknown> {
    const flat = info === 31 ? this.untilBreak() : this.items(Number(this.argument(info)) * 2);
    const entries: [string, unknown][] = [];
    for (let n = 0; n + 1 < flat.length; n += 2) entries.push([String(flat[n]), flat[n + 1]]);
    return Object.fromEntries(entries);
  }

  /** Tag 1 is a moment in epoch seconds; others say nothing AWS uses. */
  private tagged(tag: number): unknown {
    const value = this.item();
    return tag === 1 ? new Date(Math.round(Number(value) * 1000)) : value;
  }

  private simple(info: number): unknown {
    switch (info) {
      case 20: return false;
      case 21: return true;
      case 22: case 23: return null;
      case 25: return half(this.take(2).readUInt16BE());
      case 26: return this.take(4).readFloatBE();
      case 27: return this.take(8).readDoubleBE();
      case 31: return BREAK;
      default: throw new RangeError(`simple value ${info} has no meaning`);
    }
  }
}

function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
