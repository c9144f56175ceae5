import { createHash } from 'node:crypto';
import type { InitializationProperties } from '../../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import type { InitializationAct, InitializationMemory, ObservedInitialization } from './state';
import { isAccessDenied, isRefusal, refusalOf } from '../aws/errors';
import type { IssuedByPrivateCa } from '../aws/private-cas';
import { SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { checkCertificates } from '../pki/certificate-checks';
import { pemBlocks, pemFromDer } from '../pki/pem';
import { endOfCertificate, privateCaProblem } from '../private-ca/private-ca';

/** Issuing takes seconds. */
const LIMIT_MS = 10 * 60_000;

/** From the order to the certificate; what comes of it is written down and checked as that of any other authority. */
export function planPrivateCa(
  { PrivateCaArn }: InitializationProperties, { issued }: ObservedInitialization, memory: InitializationMemory, now: number,
): Step<InitializationAct> {
  const { certificateArn, orderedAt = now } = memory;
  if (!certificateArn) {
    return { kind: 'act', acts: [{ kind: 'order' }], memory: { ...memory, orderedAt }, because: 'the authority is asked to sign', isRepeatable: true };
  }
  if (issued) return { kind: 'act', acts: [{ kind: 'keep' }], memory, because: 'the certificate is issued', isRepeatable: true };
  if (now - orderedAt <= LIMIT_MS) return { kind: 'wait', seconds: SOON, because: 'the certificate is being issued', memory };
  return {
    kind: 'fail',
    code: 'PrivateCaHangs',
    message: `certificate authority ${PrivateCaArn} has not issued the certificate after ${LIMIT_MS / 60_000} minutes; look at its quotas and state, then deploy again`,
  };
}

/** What has been ordered, as soon as it is there. */
export async function issuedFor(
  aws: Aws, { Authority, PrivateCaArn }: InitializationProperties, { certificateArn }: InitializationMemory,
): Promise<IssuedByPrivateCa | undefined> {
  return Authority === 'PRIVATE_CA' && certificateArn ? aws.privateCas.certificate(PrivateCaArn!, certificateArn) : undefined;
}

/**
 * Asks for the certificate. The token is made of what is asked for: a repeat after a lost answer or a function that was killed gets the certificate
 * of the first call, as long as AWS Private CA remembers it. One that comes later is another certificate for the same key, and the first is never used.
 */
export async function order(
  aws: Aws, { ClusterId, PrivateCaArn, PrivateCaTemplateArn, ValidityYears }: InitializationProperties, memory: InitializationMemory, now: number,
): Promise<InitializationMemory> {
  const [described, ca] = await Promise.all([aws.cloudHsm.describe(ClusterId), aws.privateCas.describe(PrivateCaArn!)]);
  const problem = privateCaProblem(PrivateCaArn!, ca, ValidityYears, now);
  if (problem) return { ...memory, refused: { ...problem, here: true } };
  const csrPem = described!.certificates.clusterCsr!;
  const notAfter = endOfCertificate(ca!.notAfter!, ValidityYears, described!.cluster.createdAt!);
  const asked = { caArn: PrivateCaArn!, templateArn: PrivateCaTemplateArn!, csrPem, notAfter };
  try {
    return { ...memory, certificateArn: await aws.privateCas.issue({ ...asked, token: tokenOf(ClusterId, ...Object.values(asked).map(String)) }) };
  } catch (error) {
    if (!isRefusal(error) || isAccessDenied(error)) throw error;
    const { code, message } = refusalOf(error);
    return { ...memory, refused: { code, message: `AWS Private CA issued no certificate: ${message}`, here: true } };
  }
}

/** Checks what was issued against what the cluster shows, and writes it down: the anchor first. */
export async function keep(aws: Aws, properties: InitializationProperties, memory: InitializationMemory, now: number): Promise<InitializationMemory> {
  const { ClusterId } = properties;
  const [described, issued] = await Promise.all([aws.cloudHsm.describe(ClusterId), issuedFor(aws, properties, memory)]);
  const { certificate, chain } = issued!;
  const [signedCertificatePem = ''] = pemsIn(certificate, 'the certificate');
  const trustAnchorPem = pemsIn(chain, 'the chain').at(-1) ?? '';
  const { problems: [problem] } = checkCertificates({
    csrPem: described?.certificates.clusterCsr ?? '', trustAnchorPem, signedCertificatePem, now: new Date(now),
  });
  if (problem) return { ...memory, refused: { ...problem, here: true } };
  await aws.parameters.create(clusterParameterName(ClusterId, PARAMETER_NAMES.trustAnchor), trustAnchorPem);
  await aws.parameters.create(clusterParameterName(ClusterId, PARAMETER_NAMES.signedCertificate), signedCertificatePem);
  return memory;
}

function pemsIn(text: string, what: string): string[] {
  return pemBlocks(text, what).map(({ der }) => pemFromDer('CERTIFICATE', der));
}

function tokenOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
