import { X509Certificate } from 'node:crypto';

/** Whether a client that holds these certificates takes an HSM of a cluster for genuine. */
export type Trust = 'trusted' | 'untrusted' | 'expired';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export function trustOf(clientFile: string, clusterAnchor: string | undefined, now: Date): Trust {
  const anchors = certificates(clusterAnchor ?? '');
  const held = certificates(clientFile).find(({ fingerprint256 }) => anchors.some((anchor) => anchor.fingerprint256 === fingerprint256));
  if (!held) return 'untrusted';
  return now > new Date(held.validTo) ? 'expired' : 'trusted';
}

function certificates(text: string): X509Certificate[] {
  return (text.match(PEM) ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}
