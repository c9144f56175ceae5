import { crc32 as checksum } from 'node:zlib';

/** CRC-32 (ISO-HDLC) of bytes, of a string's in UTF-8, as eight hex digits. */
export function crc32(text: string | Uint8Array): string {
  return checksum(text).toString(16).padStart(8, '0');
}
