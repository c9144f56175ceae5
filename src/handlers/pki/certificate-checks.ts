import { type Certificate, oneLine, parseCertificate } from './certificate';
import { parseCsr, type CertificateRequest } from './csr';
import { collect, type Problem } from './problem';
import { describeKey, isSameKey } from './public-key';
import { findSignatureAlgorithm, SHA256_WITH_RSA } from './signature-algorithm';
import { addYears, DAY_MILLISECONDS, iso, MINIMUM_VALIDITY_YEARS, validityProblems } from './validity';

export interface CertificateCheckOptions {
  /** The request as DescribeClusters shows it now, not as it was when somebody signed it. */
  readonly csrPem: string;
  /** The two texts exactly as they will be sent. */
  readonly trustAnchorPem: string;
  readonly signedCertificatePem: string;
  readonly now: Date;
  /** Warn when trust ends sooner than this. @default MINIMUM_VALIDITY_YEARS */
  readonly expectedYears?: number;
}

export interface CertificateFindings {
  /** Reasons not to call InitializeCluster. */
  readonly problems: Problem[];
  /** What works, or is known to have worked, but deserves a line in the log. */
  readonly warnings: Problem[];
}

const ANCHOR = 'the trust anchor';
const LEAF = 'the signed certificate';

/** KMS CreateCustomKeyStore and the prose of InitializeCluster; the service model says 20000 by now, but an anchor may go to KMS later. */
const MAXIMUM_LENGTH = 5000;
/** Both texts are kept in standard SSM parameters. */
const MAXIMUM_PARAMETER_LENGTH = 4096;
/** The service model's pattern. `+-/` is a range: it also lets a comma, a hyphen and a full stop in. */
const FORBIDDEN_CHARACTER = /[^a-zA-Z0-9+-/=\s]/;

const DOCUMENTED_KEY_BITS = [2048, 4096];
const EXTERNAL_SIGNING_DAYS = 31;

/**
 * Everything that can be known before the one call that cannot be undone: InitializeCluster.
 *
 * Written for certificates of any origin: made here, by AWS Private CA, or by somebody with an offline key and OpenSSL. What AWS's own instructions
 * produce must pass, including a leaf that ends minutes after its root because both were made "for 3652 days".
 */
export function checkCertificates(options: CertificateCheckOptions): CertificateFindings {
  const problems: Problem[] = [
    ...textProblems(ANCHOR, options.trustAnchorPem),
    ...textProblems(LEAF, options.signedCertificatePem),
  ];
  const request = collect(problems, () => parseCsr(options.csrPem));
  const anchor = collect(problems, () => parseCertificate(options.trustAnchorPem, ANCHOR));
  const leaf = collect(problems, () => parseCertificate(options.signedCertificatePem, LEAF));
  if (!request || !anchor || !leaf) {
    return { problems, warnings: [] };
  }

  if (isSameKey(anchor.publicKey, request.publicKey)) {
    // Everything below would fail too, in ways that hide the reason.
    problems.push({ code: 'CertificatesSwapped', message: `${ANCHOR} has the cluster's own key; it and ${LEAF} seem to be swapped` });
    return { problems, warnings: [] };
  }
  problems.push(
    ...anchorProblems(anchor),
    ...leafProblems(leaf, anchor, request),
    ...validityProblems(ANCHOR, anchor, options.now),
    ...validityProblems(LEAF, leaf, options.now),
  );
  return { problems, warnings: warnings(anchor, leaf, options.now, options.expectedYears ?? MINIMUM_VALIDITY_YEARS) };
}

function textProblems(what: string, pem: string): Problem[] {
  const problems: Problem[] = [];
  if (pem.length > MAXIMUM_LENGTH) {
    problems.push({ code: 'PemTooLong', message: `${what} has ${pem.length} characters; CloudHSM and KMS take at most ${MAXIMUM_LENGTH}` });
  } else if (pem.length > MAXIMUM_PARAMETER_LENGTH) {
    problems.push({
      code: 'PemTooLongToKeep',
      message: `${what} has ${pem.length} characters; it is kept in a standard SSM parameter, which takes at most ${MAXIMUM_PARAMETER_LENGTH}`,
    });
  }
  const [character] = FORBIDDEN_CHARACTER.exec(pem) ?? [];
  if (character !== undefined) {
    problems.push({
      code: 'PemCharacters',
      message: `${what} contains ${JSON.stringify(character)}, which CloudHSM refuses; pass only the PEM block, without text before or after it`,
    });
  }
  return problems;
}

function anchorProblems(anchor: Certificate): Problem[] {
  const problems: Problem[] = [];
  const { publicKey, basicConstraints } = anchor;
  const bits = publicKey.modulusBits ?? 0;

  if (publicKey.algorithm !== 'rsa' || bits < 2048 || bits > 4096) {
    problems.push({ code: 'AnchorKeyUnsupported', message: `${ANCHOR} must have an RSA key of 2048 to 4096 bits, got ${describeKey(publicKey)}` });
  }
  if (!areEqual(anchor.issuer, anchor.subject)) {
    problems.push({
      code: 'AnchorNotSelfSigned',
      message: `${ANCHOR} must be a self-signed root, but "${oneLine(anchor.x509.issuer)}" issued it; pass the root that signed the request directly`,
    });
  } else if (!anchor.x509.verify(anchor.x509.publicKey)) {
    problems.push({ code: 'AnchorNotSelfSigned', message: `${ANCHOR} is not signed by its own key` });
  }
  problems.push(...signatureProblems(ANCHOR, 'AnchorSignatureUnsupported', anchor));

  if (anchor.version >= 3 && !basicConstraints) {
    problems.push({ code: 'AnchorWithoutBasicConstraints', message: `${ANCHOR} is an X.509 v3 certificate without Basic Constraints; make it with CA:TRUE` });
  } else if (basicConstraints && !basicConstraints.ca) {
    problems.push({ code: 'AnchorNotCa', message: `${ANCHOR} says CA:FALSE in its Basic Constraints; make it with CA:TRUE` });
  }
  if (anchor.keyUsage && !anchor.keyUsage.signsCertificates) {
    problems.push({ code: 'AnchorKeyUsage', message: `${ANCHOR} has a key usage without keyCertSign, so it must not sign certificates` });
  }
  if (differ(anchor.authorityKeyIdentifier, anchor.subjectKeyIdentifier)) {
    problems.push({ code: 'AnchorKeyIdentifiers', message: `${ANCHOR} is self-signed, but its two key identifiers differ` });
  }
  problems.push(...formProblems(ANCHOR, anchor));
  return problems;
}

function leafProblems(leaf: Certificate, anchor: Certificate, request: CertificateRequest): Problem[] {
  const problems: Problem[] = [];
  if (!isSameKey(leaf.publicKey, request.publicKey)) {
    problems.push({
      code: 'LeafKeyDiffers',
      message: `${LEAF} is for another key than the request of the cluster; sign the request that the cluster shows now`,
    });
  }
  if (!areEqual(leaf.subject, request.subject)) {
    problems.push({
      code: 'LeafSubjectDiffers',
      message: `the subject of ${LEAF} is "${oneLine(leaf.x509.subject)}", not byte for byte that of the request; sign the request without changing its subject`,
    });
  }
  if (!areEqual(leaf.issuer, anchor.subject)) {
    problems.push({
      code: 'LeafIssuerDiffers',
      message: `${LEAF} was issued by "${oneLine(leaf.x509.issuer)}", not by ${ANCHOR} "${oneLine(anchor.x509.subject)}"; ` +
        'the anchor must be the root that signed the request directly',
    });
  } else if (!leaf.x509.verify(anchor.x509.publicKey)) {
    problems.push({ code: 'LeafNotSignedByAnchor', message: `${LEAF} is not signed by the key of ${ANCHOR}` });
  }
  if (differ(leaf.authorityKeyIdentifier, anchor.subjectKeyIdentifier)) {
    problems.push({ code: 'LeafKeyIdentifiers', message: `${LEAF} names another authority key than the one of ${ANCHOR}` });
  }
  problems.push(...signatureProblems(LEAF, 'LeafSignatureUnsupported', leaf), ...formProblems(LEAF, leaf));
  return problems;
}

function signatureProblems(what: string, code: string, certificate: Certificate): Problem[] {
  const algorithm = findSignatureAlgorithm(certificate.signatureAlgorithmOid);
  if (algorithm?.keyAlgorithm === 'rsa' && algorithm.hash !== 'sha1') {
    return [];
  }
  const name = algorithm?.name ?? certificate.signatureAlgorithmOid;
  return [{ code, message: `${what} is signed with ${name}; use SHA-256 with RSA (PKCS#1 v1.5)` }];
}

/** RFC 5280, which the user guide asks a trust anchor to follow. */
function formProblems(what: string, certificate: Certificate): Problem[] {
  const oids = certificate.extensions.map(({ oid }) => oid);
  const repeated = oids.find((oid, index) => oids.indexOf(oid) !== index);
  const problems: Problem[] = [];
  if (repeated) {
    problems.push({ code: 'ExtensionRepeated', message: `${what} has the extension ${repeated} more than once` });
  }
  if (oids.length > 0 && certificate.version < 3) {
    problems.push({ code: 'ExtensionsBeforeVersion3', message: `${what} has extensions but says it is X.509 v${certificate.version}` });
  }
  return problems;
}

function warnings(anchor: Certificate, leaf: Certificate, now: Date, expectedYears: number): Problem[] {
  const found: Problem[] = [];
  const end = anchor.notAfter < leaf.notAfter ? anchor.notAfter : leaf.notAfter;
  // Whoever signs for ten years on Monday and deploys on Friday did what was expected of him.
  if (end.getTime() < addYears(now, expectedYears).getTime() - EXTERNAL_SIGNING_DAYS * DAY_MILLISECONDS) {
    found.push({
      code: 'ValidityShort',
      message: `trust in the cluster ends at ${iso(end)}, in less than ${expectedYears} years; clients stop connecting then, and the anchor cannot be replaced`,
    });
  }
  if (leaf.notBefore < anchor.notBefore || leaf.notAfter > anchor.notAfter) {
    found.push({ code: 'LeafOutlivesAnchor', message: `${LEAF} is not within the validity of ${ANCHOR}, which ends at ${iso(anchor.notAfter)}` });
  }
  if (anchor.publicKey.modulusBits !== undefined && !DOCUMENTED_KEY_BITS.includes(anchor.publicKey.modulusBits)) {
    found.push({
      code: 'AnchorKeySizeUndocumented',
      message: `${ANCHOR} has an ${describeKey(anchor.publicKey)} key; AWS documents ${DOCUMENTED_KEY_BITS.join(' and ')} bits`,
    });
  }
  for (const [what, { signatureAlgorithmOid }] of [[ANCHOR, anchor], [LEAF, leaf]] as const) {
    const algorithm = findSignatureAlgorithm(signatureAlgorithmOid);
    if (algorithm && algorithm !== SHA256_WITH_RSA) {
      found.push({ code: 'HashUndocumented', message: `${what} is signed with ${algorithm.name}; AWS's examples use ${SHA256_WITH_RSA.name}` });
    }
  }
  if (leaf.basicConstraints?.ca) {
    found.push({ code: 'LeafIsCa', message: `${LEAF} says CA:TRUE; a cluster certificate is an end entity` });
  }
  return found;
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Two identifiers that are both there and not the same. */
function differ(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && !areEqual(one, other);
}
