import { createHash } from 'node:crypto';
import type { Table } from './store';

/**
 * Identifiers and drawn numbers, as hashes: the same seed and the same order of calls give the same ones.
 *
 * An id depends on its account, region, type and parent and on how many siblings came before it, never on time
 * or on what happens elsewhere.
 */
export class Ids {
  public constructor(private readonly seed: number, private readonly ordinals: Table<number>) {}

  /** 32 bytes for the next thing of this type under this parent. */
  public next(account: string, region: string, type: string, parent: string = ''): Buffer {
    const name = [account, region, type, parent].join('/');
    const ordinal = (this.ordinals.get(name) ?? 0) + 1;
    this.ordinals.put(name, ordinal);
    return digest(this.seed, 'id', name, ordinal);
  }

  /** A number in [0, 1) that belongs to this name alone: draws do not depend on the order in which they are made. */
  public draw(...name: string[]): number {
    return digest(this.seed, 'draw', ...name).readUIntBE(0, 6) / 2 ** 48;
  }

  /** 32 bytes that belong to this name alone. */
  public named(...name: string[]): Buffer {
    return digest(this.seed, 'named', ...name);
  }
}

function digest(...parts: Array<string | number>): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** The forms in which services write their ids. */
export const idFormat = {
  hex: (bytes: Buffer, length: number): string => bytes.toString('hex').slice(0, length),
  /** `a-z2-7`, as CloudHSM writes ids. */
  base32: (bytes: Buffer, length: number): string => spell(bytes, 'abcdefghijklmnopqrstuvwxyz234567', length),
  /** `A-Z0-9`, as CloudFormation writes the random part of a name. */
  upperAlphanumeric: (bytes: Buffer, length: number): string => spell(bytes, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', length),
  alphanumeric: (bytes: Buffer, length: number): string =>
    spell(bytes, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', length),
  digits: (bytes: Buffer, length: number): string => spell(bytes, '0123456789', length),
  uuid: (bytes: Buffer): string => {
    const hex = bytes.toString('hex');
    const variant = '89ab'[bytes[8] & 3];
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-');
  },
};

function spell(bytes: Buffer, alphabet: string, length: number): string {
  let source = bytes;
  let text = '';
  for (let at = 0; text.length < length; at++) {
    if (at === source.length) {
      source = createHash('sha256').update(source).digest();
      at = 0;
    }
    text += alphabet[source[at] % alphabet.length];
  }
  return text;
}
