import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { CURVES, add, inverse, modulo, multiply } from './curves';
import type { Curve, Point } from './curves';

/** ECDSA over a digest; the signature is in DER, as KMS gives it. FIPS 186-5, 6.4. */
export function signDigestEcdsa(key: KeyObject, digest: Uint8Array): Buffer {
  const { crv, d } = key.export({ format: 'jwk' });
  const curve = CURVES[crv!];
  const secret = fromBytes(Buffer.from(d!, 'base64url'));
  const z = truncate(curve, digest);
  for (;;) {
    const k = nonce(curve);
    const r = modulo(multiply(curve, k, curve.g)!.x, curve.n);
    const s = modulo(inverse(k, curve.n) * (z + r * secret), curve.n);
    if (r !== 0n && s !== 0n) return sequence(r, s);
  }
}

export function verifyDigestEcdsa(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const { crv, x, y } = key.export({ format: 'jwk' });
  const curve = CURVES[crv!];
  const numbers = readSequence(Buffer.from(signature));
  if (!numbers || numbers.some((number) => number <= 0n || number >= curve.n)) return false;
  const [r, s] = numbers;
  const w = inverse(s, curve.n);
  const own: Point = { x: fromBytes(Buffer.from(x!, 'base64url')), y: fromBytes(Buffer.from(y!, 'base64url')) };
  const u1 = modulo(truncate(curve, digest) * w, curve.n);
  const point = add(curve, multiply(curve, u1, curve.g), multiply(curve, modulo(r * w, curve.n), own));
  return point !== undefined && modulo(point.x, curve.n) === r;
}

/** The leftmost bits of the digest, as many as the order has. */
function truncate(curve: Curve, digest: Uint8Array): bigint {
  const excess = digest.length * 8 - curve.bits;
  const number = fromBytes(digest);
  return excess > 0 ? number >> BigInt(excess) : number;
}

function nonce({ n, bits }: Curve): bigint {
  for (;;) {
    const k = fromBytes(randomBytes(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n);
    if (k > 0n && k < n) return k;
  }
}

function fromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function sequence(...numbers: bigint[]): Buffer {
  const body = Buffer.concat(numbers.map(integer));
  return Buffer.concat([Buffer.from(body.length < 0x80 ? [0x30, body.length] : [0x30, 0x81, body.length]), body]);
}

function integer(number: bigint): Buffer {
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const signed = bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, signed.length]), signed]);
}

function readSequence(der: Buffer): [bigint, bigint] | undefined {
  let at = der[1] === 0x81 ? 3 : 2;
  const numbers: bigint[] = [];
  while (at + 2 <= der.length && der[at] === 0x02) {
    numbers.push(fromBytes(der.subarray(at + 2, at + 2 + der[at + 1])));
    at += 2 + der[at + 1];
  }
  return der[0] === 0x30 && at === der.length && numbers.length === 2 ? [numbers[0], numbers[1]] : undefined;
}
