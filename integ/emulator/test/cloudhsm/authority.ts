import { generateKeyPairSync } from 'node:crypto';
import { Name } from '@peculiar/asn1-x509';
import { certificate, requestOf } from '../../src/services/cloudhsm/pki/certificates';
import type { CertificateSpec, PrivateKey } from '../../src/services/cloudhsm/pki/certificates';
import { name } from '../../src/services/cloudhsm/pki/names';

const DAY = 86_400_000;

function newKey(bits: number): PrivateKey {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A customer's certificate authority, as anybody would make one. */
export class Authority {
  public static withKeyOf(bits: number): Authority {
    return new Authority(newKey(bits));
  }

  public readonly anchor: string;
  private readonly subject: Name;

  public constructor(public readonly key: PrivateKey = newKey(2048), private readonly days: number = 3650, commonName: string = 'Test CA') {
    this.subject = name([['C', 'US']], [['O', 'Test']], [['CN', commonName]]);
    this.anchor = certificate({
      subject: this.subject, subjectKey: key, issuer: this.subject, issuerKey: key, authority: true, ...this.common(),
    });
  }

  /** Signs a request's subject and public key as they are, byte for byte. */
  public sign(csr: string, changes: Partial<CertificateSpec> = {}): string {
    const { certificationRequestInfo: info } = requestOf(csr);
    return certificate({
      subject: info.subject, subjectKeyInfo: info.subjectPKInfo, issuer: this.subject, issuerKey: this.key, authority: false,
      ...this.common(), ...changes,
    });
  }

  private common(): Pick<CertificateSpec, 'serial' | 'notBefore' | 'notAfter'> {
    const now = Date.now();
    return { serial: Buffer.alloc(16, 7), notBefore: new Date(now - 30 * DAY), notAfter: new Date(now + this.days * DAY) };
  }
}
