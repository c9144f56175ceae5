import { crc32 as checksum } from 'node:zlib';

/** CRC-32 (ISO-HDLC) of a string's UTF-8 bytes, as eight hex digits. */
export function crc32(text: string): string {
  return checksum(text).toString(16).padStart(8, '0');
}
