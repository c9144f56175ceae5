import { X509Certificate } from 'crypto';
import type { InitializationProperties } from '../../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import type { InitializationMemory, ObservedInitialization } from './state';
import type { ClusterCertificates } from '../aws/cloudhsm';
import { Failure } from '../engine/failure';
import { checkCertificates } from '../pki/certificate-checks';
import { normalizePem } from '../pki/pem';
import { collect } from '../pki/problem';
import type { Problem } from '../pki/problem';

/** What an external authority has made, as the stack gives it. */
export interface GivenCertificates {
  readonly signedCertificate: string;
  readonly trustAnchor: string;
}

/** `undefined` while nothing is given. */
export async function givenCertificates(
  aws: Aws, { SignedCertificateSource, TrustAnchorSource }: InitializationProperties,
): Promise<GivenCertificates | undefined> {
  if (!SignedCertificateSource || !TrustAnchorSource) return undefined;
  const found = await aws.parameters.all([SignedCertificateSource, TrustAnchorSource]);
  const [signedCertificate, trustAnchor] = [found.get(SignedCertificateSource), found.get(TrustAnchorSource)];
  if (signedCertificate === undefined || trustAnchor === undefined) {
    throw new Failure('CertificatesGone', 'a parameter of this stack that holds a certificate was deleted; deploy a change of it, or put it back, and deploy again');
  }
  return { signedCertificate, trustAnchor };
}

/** How what is given stands to what is written down. */
export function externalIs(
  { Authority }: InitializationProperties, given: GivenCertificates | undefined, written: Partial<GivenCertificates>,
): ObservedInitialization['external'] {
  if (Authority !== 'EXTERNAL') return undefined;
  if (!given) return 'awaited';
  const same = isSame(given.signedCertificate, written.signedCertificate) && isSame(given.trustAnchor, written.trustAnchor);
  return same ? 'taken over' : 'given';
}

/** With other line ends it is still the same. Something that is no certificate is never the same as what was taken over. */
function isSame(given: string, written: string | undefined): boolean {
  const text = (pem: string) => collect([], () => normalizePem(pem, 'CERTIFICATE', 'a certificate'));
  return written !== undefined && text(given) !== undefined && text(given) === text(written);
}

/** Checks what is given against what the cluster shows, and writes it down: the anchor first. */
export async function takeOver(
  aws: Aws, properties: InitializationProperties, memory: InitializationMemory, now: number,
): Promise<InitializationMemory> {
  const { ClusterId } = properties;
  const [described, given] = await Promise.all([aws.cloudHsm.describe(ClusterId), givenCertificates(aws, properties)]);
  const [problem] = problemsOf(given!, described?.certificates ?? {}, now);
  if (problem) return { ...memory, refused: { ...problem, here: true } };
  await aws.parameters.overwrite(clusterParameterName(ClusterId, PARAMETER_NAMES.trustAnchor), given!.trustAnchor);
  await aws.parameters.overwrite(clusterParameterName(ClusterId, PARAMETER_NAMES.signedCertificate), given!.signedCertificate);
  return memory;
}

function problemsOf(given: GivenCertificates, { clusterCsr, clusterCertificate }: ClusterCertificates, now: number): Problem[] {
  const { signedCertificate: signedCertificatePem, trustAnchor: trustAnchorPem } = given;
  if (clusterCsr) return checkCertificates({ csrPem: clusterCsr, trustAnchorPem, signedCertificatePem, now: new Date(now) }).problems;
  const problems: Problem[] = [];
  const own = collect(problems, () => normalizePem(trustAnchorPem, 'CERTIFICATE', 'trustAnchor'));
  if (own && clusterCertificate && !new X509Certificate(clusterCertificate).verify(new X509Certificate(own).publicKey)) {
    problems.push({ code: 'TrustAnchorWrong', message: 'trustAnchor did not sign the certificate that the cluster has; give the one that it was initialized with' });
  }
  return problems;
}
