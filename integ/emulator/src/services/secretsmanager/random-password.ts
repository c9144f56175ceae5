import { createHash } from 'node:crypto';

export interface PasswordWish {
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeLowercase?: boolean;
  readonly IncludeSpace?: boolean;
  readonly RequireEachIncludedType?: boolean;
}

/** The characters a password may be made of, by type; types without a character left are not there. */
export function characterTypes(wish: PasswordWish): string[] {
  const types = [
    wish.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    wish.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    wish.ExcludeNumbers ? '' : '0123456789',
    wish.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    wish.IncludeSpace ? ' ' : '',
  ];
  const excluded = new Set(wish.ExcludeCharacters);
  return types.map((type) => [...type].filter((character) => !excluded.has(character)).join('')).filter((type) => type !== '');
}

/** A password from a seed; with one character of each type, at places that the seed decides, if asked for. */
export function makePassword(types: readonly string[], length: number, eachType: boolean, seed: Buffer): string {
  const draw = numbers(seed);
  const all = types.join('');
  const characters = Array.from({ length }, (_, at) => pick(eachType && at < types.length ? types[at] : all, draw));
  for (let at = characters.length - 1; at > 0; at--) {
    const other = draw() % (at + 1);
    [characters[at], characters[other]] = [characters[other], characters[at]];
  }
  return characters.join('');
}

function pick(alphabet: string, draw: () => number): string {
  return alphabet[draw() % alphabet.length];
}

/** 32-bit numbers without end. */
function numbers(seed: Buffer): () => number {
  let block = seed;
  let at = 0;
  return () => {
    if (at + 4 > block.length) {
      block = createHash('sha256').update(block).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32BE(at - 4);
  };
}
