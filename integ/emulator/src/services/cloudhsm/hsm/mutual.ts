import { createPrivateKey, X509Certificate } from 'node:crypto';

/** Whose certificates clients may present, and whether they must. */
export interface Mutual {
  readonly anchors: ReadonlyArray<{ readonly reference: string; readonly certificate: string }>;
  readonly enforced: boolean;
}

export const NO_MUTUAL: Mutual = { anchors: [], enforced: false };

/** What a client presents: its certificate, with its chain behind it, and the key to it. */
export interface ClientIdentity {
  readonly certificate: string;
  readonly key: string;
}

const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];
const RSA_BITS = [2048, 3072, 4096];

/** Whether an HSM takes a certificate, or a chain in order, as a trust anchor. */
export function isAnchor(pem: string): boolean {
  const chain = certificatesOf(pem);
  return chain.length > 0 && chain.every(({ publicKey: { asymmetricKeyType, asymmetricKeyDetails } }) => (asymmetricKeyType === 'ec'
    ? CURVES.includes(asymmetricKeyDetails?.namedCurve ?? '')
    : asymmetricKeyType === 'rsa' && RSA_BITS.includes(asymmetricKeyDetails?.modulusLength ?? 0)));
}

/** Whether a connection with this identity is a mutual one: its certificate leads to an anchor, and the key is the certificate's. */
export function isMutual({ anchors }: Mutual, identity: ClientIdentity | undefined, now: Date): boolean {
  if (!identity) return false;
  const [own, ...behind] = certificatesOf(identity.certificate);
  if (!own || now > new Date(own.validTo) || !ownsKey(own, identity.key)) return false;
  const roots = anchors.flatMap(({ certificate }) => certificatesOf(certificate));
  let present = own;
  for (let steps = 0; steps <= behind.length; steps++) {
    if (roots.some((root) => issued(present, root))) return true;
    const next = behind.find((certificate) => issued(present, certificate));
    if (!next) return false;
    present = next;
  }
  return false;
}

function issued(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function ownsKey(certificate: X509Certificate, pem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}

function certificatesOf(text: string): X509Certificate[] {
  try {
    return (text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}
