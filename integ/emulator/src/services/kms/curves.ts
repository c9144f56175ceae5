export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** y² = x³ + ax + b over the integers modulo p; b is not needed to calculate. */
export interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  readonly g: Point;
  /** Order of g. */
  readonly n: bigint;
  readonly bits: number;
}

/** By the names that JSON web keys use. SP 800-186 and SEC 2. */
export const CURVES: { readonly [name: string]: Curve } = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    a: -3n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    g: {
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    },
    bits: 256,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    a: -3n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    g: {
      x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
      y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
    },
    bits: 384,
  },
  'P-521': {
    p: (1n << 521n) - 1n,
    a: -3n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    g: {
      x: 0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
      y: 0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
    },
    bits: 521,
  },
  'secp256k1': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
    a: 0n,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    g: {
      x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    },
    bits: 256,
  },
};

export function modulo(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

/** By the extended Euclidean algorithm. */
export function inverse(value: bigint, by: bigint): bigint {
  let [r, next] = [modulo(value, by), by];
  let [s, t] = [1n, 0n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [s, t] = [t, s - quotient * t];
  }
  return modulo(s, by);
}

/** The sum of two points; undefined is the point at infinity. */
export function add({ p, a }: Curve, left: Point | undefined, right: Point | undefined): Point | undefined {
  if (!left) return right;
  if (!right) return left;
  if (left.x === right.x && modulo(left.y + right.y, p) === 0n) return undefined;
  const slope = left.x === right.x
    ? (3n * left.x * left.x + a) * inverse(2n * left.y, p)
    : (right.y - left.y) * inverse(right.x - left.x, p);
  const x = modulo(slope * slope - left.x - right.x, p);
  return { x, y: modulo(slope * (left.x - x) - left.y, p) };
}

/** A point as (x / z², y / z³): sums need no inverse. */
interface Projective extends Point {
  readonly z: bigint;
}

export function multiply(curve: Curve, times: bigint, point: Point): Point | undefined {
  let sum: Projective | undefined;
  for (const bit of times.toString(2)) {
    sum = sum && twice(curve, sum);
    if (bit === '1') sum = sum ? plus(curve, sum, point) : { ...point, z: 1n };
  }
  if (!sum) return undefined;
  const inverseZ = inverse(sum.z, curve.p);
  const square = modulo(inverseZ * inverseZ, curve.p);
  return { x: modulo(sum.x * square, curve.p), y: modulo(sum.y * square * inverseZ, curve.p) };
}

function twice({ p, a }: Curve, { x, y, z }: Projective): Projective {
  const yy = modulo(y * y, p);
  const s = modulo(4n * x * yy, p);
  const zz = modulo(z * z, p);
  const m = modulo(3n * x * x + a * zz * zz, p);
  const doubled = modulo(m * m - 2n * s, p);
  return { x: doubled, y: modulo(m * (s - doubled) - 8n * yy * yy, p), z: modulo(2n * y * z, p) };
}

/** Undefined is the point at infinity. */
function plus(curve: Curve, left: Projective, right: Point): Projective | undefined {
  const { p } = curve;
  const zz = modulo(left.z * left.z, p);
  const h = modulo(right.x * zz - left.x, p);
  const r = modulo(right.y * zz * left.z - left.y, p);
  if (h === 0n) return r === 0n ? twice(curve, left) : undefined;
  const hh = modulo(h * h, p);
  const v = modulo(left.x * hh, p);
  const x = modulo(r * r - h * hh - 2n * v, p);
  return { x, y: modulo(r * (v - x) - left.y * h * hh, p), z: modulo(h * left.z, p) };
}
