import { PkiError } from './problem';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST';

export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
}

/** Labels that mean the same thing (RFC 7468, 5.1 and 7). `TRUSTED CERTIFICATE` does not: OpenSSL appends its own data to it. */
const SYNONYMS: Record<PemLabel, readonly string[]> = {
  'CERTIFICATE': ['CERTIFICATE', 'X509 CERTIFICATE'],
  'CERTIFICATE REQUEST': ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'],
};

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----/g;
const COLUMNS = 64;

/** Every block in a text, in order. What stands outside of blocks (`openssl x509 -text` writes a lot there) is left out. */
export function pemBlocks(text: string, what: string): PemBlock[] {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '', end]) => {
    const base64 = body.replace(/\s+/g, '');
    const bytes = Buffer.from(base64, 'base64');
    // Buffer skips what it does not know; only a round trip tells that nothing was skipped.
    if (label !== end || bytes.length === 0 || bytes.toString('base64') !== base64) {
      throw new PkiError('PemDamaged', `${what} holds a ${label} block whose base64 text is damaged; pass the file as the tool wrote it`);
    }
    return { label, der: new Uint8Array(bytes) };
  });
  if (blocks.length !== text.split('-----BEGIN ').length - 1) {
    throw new PkiError('PemDamaged', `${what} holds a PEM block without an end, or with headers inside; pass the file as the tool wrote it`);
  }
  return blocks;
}

/** The DER bytes of a text that must hold exactly one block of this kind and nothing else. */
export function derFromPem(text: string, label: PemLabel, what: string): Uint8Array {
  const blocks = pemBlocks(text, what);
  const [block] = blocks;
  if (!block) {
    throw new PkiError('PemMissing', `${what} is not PEM: no line "-----BEGIN ${label}-----" was found`);
  }
  const stranger = blocks.find((candidate) => !SYNONYMS[label].includes(candidate.label));
  if (stranger) {
    throw new PkiError('PemUnexpectedLabel', `${what} must hold a ${label}, but holds a ${stranger.label}`);
  }
  if (blocks.length > 1) {
    throw new PkiError('PemSeveralBlocks', `${what} must hold one ${label}, but holds ${blocks.length}; pass just the one`);
  }
  return block.der;
}

/** PEM as every tool reads it: 64 columns, line feeds, a line feed at the end. */
export function pemFromDer(label: PemLabel, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The same one certificate or request with other line ends, columns, labels or text around it becomes the same text. */
export function normalizePem(text: string, label: PemLabel, what: string): string {
  return pemFromDer(label, derFromPem(text, label, what));
}
