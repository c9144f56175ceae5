import { bitsOf, bytesOf, decode, integerOf, oidOf, sequenceMembers } from './asn1';
import { derFromPem } from './pem';
import { reading, PkiError } from './problem';
import { parsePublicKey, type PublicKey } from './public-key';
import { findSignatureAlgorithm, isSignatureOf } from './signature-algorithm';

/** A cluster's certificate signing request (PKCS#10), whose self-signature has been verified. */
export interface CertificateRequest {
  readonly der: Uint8Array;
  /**
   * The subject as it stands in the request. Issued certificates get these bytes, because a name does not survive being written down and parsed
   * again: on hsm2m the first RDN has five attributes in one SET, and the common name has a comma in it.
   */
  readonly subject: Uint8Array;
  readonly publicKey: PublicKey;
  /** Name of the algorithm that signed the request. */
  readonly signatureAlgorithm: string;
}

const WHAT = 'the certificate signing request of the cluster';

export function parseCsr(pem: string): CertificateRequest {
  const der = derFromPem(pem, 'CERTIFICATE REQUEST', WHAT);

  return reading('CsrUnreadable', WHAT, () => {
    // CertificationRequest ::= SEQUENCE { info SEQUENCE { version, subject, publicKey, [0] attributes }, algorithm, signature }  (RFC 2986, 4)
    const [info, algorithm, signature] = sequenceMembers(decode(der));
    const [version, subject, publicKeyInfo] = sequenceMembers(info);
    integerOf(version);
    sequenceMembers(subject);
    const oid = oidOf(sequenceMembers(algorithm)[0]);
    const publicKey = parsePublicKey(bytesOf(publicKeyInfo));

    const signedWith = findSignatureAlgorithm(oid);
    if (!signedWith) {
      throw new PkiError('CsrSignatureAlgorithmUnknown', `${WHAT} is signed with an algorithm that is not known here (${oid})`);
    }
    if (!isSignatureOf(signedWith, bytesOf(info), publicKey, bitsOf(signature))) {
      throw new PkiError('CsrSignatureInvalid', `${WHAT} is not signed by its own key; get it from the cluster again`);
    }
    return { der, subject: bytesOf(subject), publicKey, signatureAlgorithm: signedWith.name };
  });
}
