import { X509Certificate } from 'crypto';
import { INITIALIZATION_TYPE } from '../../lifecycle/initialization-contract';
import type { InitializationProperties } from '../../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import { planInitialization } from './plan';
import { issuedFor, keep, order } from './private-ca';
import type { InitializationAct, InitializationMemory, ObservedInitialization } from './state';
import { externalIs, givenCertificates, takeOver } from './take-over';
import { verifyIdentity } from './verify-identity';
import type { ClusterCertificates } from '../aws/cloudhsm';
import { isAccessDenied, isRefusal, refusalOf } from '../aws/errors';
import { recordsOf } from '../cluster-records';
import { Failure } from '../engine/failure';
import type { Lifecycle } from '../engine/lifecycle';
import type { Memory } from '../engine/memory';
import type { Request } from '../engine/request';
import { evidenceOf } from '../first-hsm/evidence';
import { originIn } from '../origin';
import { hashOf, otherClusterRefused, physicalId } from '../physical-id';
import { checkCertificates } from '../pki/certificate-checks';
import { issueCertificates } from '../pki/issue';
import { normalizePem } from '../pki/pem';

/**
 * Signs the cluster's request and initializes it, which happens once and cannot be undone.
 *
 * The certificates are a pure function of CSR, authority key and the cluster's creation time, are written to parameters before the
 * call and never overwritten: a repeat sends the same bytes. CSR and keys are compared again right before it.
 */
export const initialization: Lifecycle<ObservedInitialization, InitializationAct> = {
  type: INITIALIZATION_TYPE,
  needsLease: false,
  clusterId: (request) => propertiesOf(request).ClusterId,
  physicalId: (request) => physicalId(propertiesOf(request).ClusterId, 'initialization', ...authorityOf(propertiesOf(request))),
  refuse: (request) => request.type === 'Update' ? authorityChangeRefused(request) : undefined,
  observe: async (aws, request, memory, now) => observe(aws, request, memory, now),
  plan: (request, observed, memory, now) => planInitialization(request, propertiesOf(request), observed, memory, now),
  act: async (aws, [one], request, memory, now) => {
    switch (one.kind) {
      case 'verify-identity':
        return verifyIdentity(aws, propertiesOf(request), memory, now);
      case 'record-evidence':
        await renewEvidence(aws, propertiesOf(request).ClusterId);
        return memory;
      case 'issue':
        await issue(aws, propertiesOf(request));
        return memory;
      case 'order':
        return order(aws, propertiesOf(request), memory, now);
      case 'keep':
        return keep(aws, propertiesOf(request), memory, now);
      case 'take-over':
        return takeOver(aws, propertiesOf(request), memory, now);
      case 'initialize':
        return initialize(aws, propertiesOf(request).ClusterId, memory, now);
      case 'forget':
        await aws.parameters.delete([PARAMETER_NAMES.trustAnchor, PARAMETER_NAMES.signedCertificate]
          .map((name) => clusterParameterName(propertiesOf(request).ClusterId, name)));
        return memory;
    }
  },
};

function authorityOf({ Authority, AuthorityKeyArn, PrivateCaArn }: InitializationProperties): string[] {
  return [Authority, AuthorityKeyArn, ...PrivateCaArn === undefined ? [] : [PrivateCaArn]];
}

/** The rollback's Update brings the old authority back and passes. */
function authorityChangeRefused(request: Request): { code: string; message: string } | undefined {
  const properties = propertiesOf(request);
  const other = otherClusterRefused(request.physicalId, properties.ClusterId);
  if (other || request.physicalId?.endsWith(hashOf(...authorityOf(properties)))) return other;
  return {
    code: 'AuthorityChanged',
    message: `the certificate authority of cluster ${properties.ClusterId} cannot be changed: CloudHSM takes a trust anchor once; put the former authority back, `
      + 'or make a new cluster',
  };
}

async function observe(aws: Aws, request: Request, memory: InitializationMemory, now: number): Promise<ObservedInitialization> {
  const properties = propertiesOf(request);
  const clusterId = properties.ClusterId;
  const { origin, clusterCsr, signedCertificate, trustAnchor } = PARAMETER_NAMES;
  const [described, [originText, recordedCsr, signed, anchorPem], given, issued] = await Promise.all([
    aws.cloudHsm.describe(clusterId),
    recordsOf(aws.parameters, clusterId, origin, clusterCsr, signedCertificate, trustAnchor),
    request.type === 'Delete' ? undefined : givenCertificates(aws, properties),
    request.type === 'Delete' ? undefined : issuedFor(aws, properties, memory),
  ]);
  const seen = { cluster: described?.cluster, origin: originIn(originText), hasSignedCertificate: signed !== undefined };
  // No certificate, whatever is wrong with it, keeps a deletion from going on.
  if (request.type === 'Delete') return { ...seen, csr: 'none', trustAnchor: undefined, anchorFits: undefined };
  const external = externalIs(properties, given, { signedCertificate: signed, trustAnchor: anchorPem });
  return {
    ...seen,
    csr: csrIs(described?.certificates, recordedCsr),
    ...anchorOf(anchorPem, described?.certificates, now),
    external,
    issued,
    // Whoever takes the certificates back and whoever rolls back send the same request.
    isRollingBack: external === 'awaited' && request.type === 'Update' ? /ROLLBACK/.test(await aws.stacks.status(request.stackId)) : undefined,
  };
}

function csrIs(certificates: ClusterCertificates | undefined, recorded: string | undefined): ObservedInitialization['csr'] {
  if (!certificates?.clusterCsr || !recorded) return 'none';
  const text = (pem: string) => normalizePem(pem, 'CERTIFICATE REQUEST', 'the CSR');
  return text(certificates.clusterCsr) === text(recorded) ? 'recorded' : 'other';
}

function anchorOf(
  pem: string | undefined, certificates: ClusterCertificates | undefined, now: number,
): Pick<ObservedInitialization, 'trustAnchor' | 'anchorFits'> {
  if (!pem) return { trustAnchor: undefined, anchorFits: undefined };
  const anchor = readAnchor(pem);
  if (Date.parse(anchor.validTo) < now) throw new Failure('TrustAnchorExpired', `the trust anchor expired on ${anchor.validTo}; clients no longer trust the cluster`);
  const leaf = certificates?.clusterCertificate;
  return {
    trustAnchor: { fingerprint: anchor.fingerprint256, notAfter: new Date(anchor.validTo).toISOString() },
    anchorFits: leaf ? new X509Certificate(leaf).verify(anchor.publicKey) : undefined,
  };
}

/** One that a user put there for a cluster that was initialized by hand. */
function readAnchor(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Failure('TrustAnchorUnreadable', 'the trust anchor in Parameter Store is not a certificate in PEM; put the customerCA.crt there that the cluster was initialized with');
  }
}

/** The request and the certificates of an HSM that the service has put in the first one's place. */
async function renewEvidence(aws: Aws, clusterId: string): Promise<void> {
  const described = await aws.cloudHsm.describe(clusterId);
  for (const [name, value] of evidenceOf(described!.certificates)) await aws.parameters.overwrite(clusterParameterName(clusterId, name), value);
}

async function issue(aws: Aws, { ClusterId, AuthorityKeyArn, ValidityYears }: InitializationProperties): Promise<void> {
  const described = await aws.cloudHsm.describe(ClusterId);
  // A key that was disabled after an earlier cluster's activation, or by hand.
  await aws.keys.enable(AuthorityKeyArn);
  const { trustAnchorPem, signedCertificatePem } = await issueCertificates({
    csrPem: described!.certificates.clusterCsr!,
    caPublicKeySpki: await aws.keys.publicKey(AuthorityKeyArn),
    createdAt: new Date(described!.cluster.createdAt!),
    clusterId: ClusterId,
    validityYears: Number(ValidityYears),
    sign: (digest) => aws.keys.signDigest(AuthorityKeyArn, digest),
  });
  // The anchor comes first: with it there, a repeat that makes the same bytes fills in what is missing.
  await aws.parameters.create(clusterParameterName(ClusterId, PARAMETER_NAMES.trustAnchor), trustAnchorPem);
  await aws.parameters.create(clusterParameterName(ClusterId, PARAMETER_NAMES.signedCertificate), signedCertificatePem);
}

async function initialize(aws: Aws, clusterId: string, memory: Memory, now: number): Promise<Memory> {
  const [described, [trustAnchorPem, signedCertificatePem]] = await Promise.all([
    aws.cloudHsm.describe(clusterId), recordsOf(aws.parameters, clusterId, PARAMETER_NAMES.trustAnchor, PARAMETER_NAMES.signedCertificate),
  ]);
  const refuse = (code: string, message: string): Memory => ({ ...memory, refused: { code, message } });
  const csrPem = described?.certificates.clusterCsr;
  if (!csrPem) return refuse('CsrGone', `cluster ${clusterId} no longer shows a CSR`);
  const { problems: [problem] } = checkCertificates({
    csrPem, trustAnchorPem: trustAnchorPem!, signedCertificatePem: signedCertificatePem!, now: new Date(now),
  });
  if (problem) return refuse(problem.code, problem.message);
  try {
    await aws.cloudHsm.initialize(clusterId, signedCertificatePem!, trustAnchorPem!);
    return memory;
  } catch (error) {
    if (!isRefusal(error) || isAccessDenied(error)) throw error;
    const { code, message } = refusalOf(error);
    return refuse(code, message);
  }
}

function propertiesOf(request: Request): InitializationProperties {
  return request.properties as unknown as InitializationProperties;
}
