import { createHash } from 'node:crypto';
import { refusal } from './errors';
import type { Context } from '../../wire/operation';

/** Checksums that an input may carry, by their members, in base64. */
export interface ChecksumInput {
  readonly ContentMD5?: string;
  readonly ChecksumCRC32?: string;
  readonly ChecksumCRC32C?: string;
  readonly ChecksumCRC64NVME?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
}

type Sum = (content: Buffer) => Buffer;

const hash = (name: string): Sum => (content) => createHash(name).update(content).digest();

/** How each is calculated; the others are believed. */
const SUMS: Readonly<Record<string, Sum | undefined>> = {
  ChecksumCRC32: crcBytes(0xedb88320),
  ChecksumCRC32C: crcBytes(0x82f63b78),
  ChecksumSHA1: hash('sha1'),
  ChecksumSHA256: hash('sha256'),
  ChecksumCRC64NVME: undefined,
};

/** The checksums that came with a content, to be given back with it. @throws ServiceError when one does not fit */
export function checked(context: Context, content: Buffer, input: ChecksumInput): Record<string, string> {
  if (input.ContentMD5 !== undefined && input.ContentMD5 !== hash('md5')(content).toString('base64')) {
    throw refusal(context, 'BadDigest', 'text-bad-md5', 400);
  }
  const sent = Object.keys(SUMS).flatMap((name) => {
    const value = input[name as keyof ChecksumInput];
    return value === undefined ? [] : [[name, value] as const];
  });
  for (const [name, value] of sent) {
    const sum = SUMS[name]?.(content).toString('base64');
    if (sum !== undefined && sum !== value) throw refusal(context, 'BadDigest', 'text-bad-checksum', 400, { algorithm: name.replace('Checksum', '') });
  }
  return Object.fromEntries(sent);
}

function crcBytes(polynomial: number): Sum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
  return (content) => {
    let crc = 0xffffffff;
    for (const byte of content) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
    return bytes;
  };
}
