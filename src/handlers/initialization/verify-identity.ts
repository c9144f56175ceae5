import type { InitializationProperties } from '../../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import type { InitializationMemory } from './state';
import { Failure } from '../engine/failure';
import type { CertificateSummary } from '../pki/certificate';
import { hsmIdentityEvidence, verifyHsmIdentity } from '../pki/identity';

/** GetParameters takes so many names. */
const NAMES_AT_ONCE = 10;

/**
 * Follows both chains of the hardware and compares its key with the CSR's; what came of it is written down and logged, also when it is bad.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/verify-hsm-identity.html
 */
export async function verifyIdentity(
  aws: Aws, properties: InitializationProperties, memory: InitializationMemory, now: number,
): Promise<InitializationMemory> {
  const { ClusterId, AwsRootSources = [], ManufacturerRootSources = [] } = properties;
  const [described, awsRoots, manufacturerRoots] = await Promise.all([
    aws.cloudHsm.describe(ClusterId), pemsIn(aws, AwsRootSources), pemsIn(aws, ManufacturerRootSources),
  ]);
  const { clusterCsr: csr = '', hsmCertificate, awsHardwareCertificate, manufacturerHardwareCertificate } = described?.certificates ?? {};
  const shown = { csr, hsmCertificate, awsHardwareCertificate, manufacturerHardwareCertificate };
  const problems = verifyHsmIdentity({ ...shown, awsRoots, manufacturerRoots, now: new Date(now) });
  const evidence = hsmIdentityEvidence(shown);
  const record = {
    at: new Date(now).toISOString(),
    result: problems.length === 0 ? 'verified' : 'refused',
    problems: problems.map(({ code }) => code),
    key: evidence.csr?.keyFingerprint,
    csr: evidence.csr?.fingerprint,
    hsm: evidence.hsmCertificate.map(inShort),
    aws: evidence.awsHardwareCertificate.map(inShort),
    manufacturer: evidence.manufacturerHardwareCertificate.map(inShort),
  };
  console.log(JSON.stringify({ clusterId: ClusterId, identity: record }));
  await aws.parameters.overwrite(clusterParameterName(ClusterId, PARAMETER_NAMES.identity), JSON.stringify(record));
  if (problems.length === 0) return { ...memory, isIdentityVerified: true };
  const message = `the first HSM of cluster ${ClusterId} does not prove that it is what it should be: ${problems.map((problem) => problem.message).join('; ')}`;
  return { ...memory, refused: { code: 'HsmIdentityNotProven', message, here: true } };
}

async function pemsIn(aws: Aws, names: readonly string[]): Promise<string[]> {
  const pems: string[] = [];
  for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
    const some = names.slice(start, start + NAMES_AT_ONCE);
    const found = await aws.parameters.all(some);
    if (found.size < some.length) throw new Failure('RootsGone', 'a parameter of this stack that holds a root certificate was deleted; put it back and deploy again');
    pems.push(...found.values());
  }
  return pems;
}

function inShort({ fingerprint, subject, issuer }: CertificateSummary): string {
  return `${fingerprint} ${subject}, issued by ${issuer}`;
}
