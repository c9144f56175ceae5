import { X509Certificate } from 'crypto';
import { PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { ClusterCertificates } from '../aws/cloudhsm';

/**
 * What proves the hardware behind a cluster, as parameters: CloudHSM shows it only between HSM 1 and initialization.
 *
 * The fingerprints come last, so that they are there only when everything is.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/verify-hsm-identity.html
 */
export function evidenceOf(certificates: ClusterCertificates): ReadonlyArray<[name: string, value: string]> {
  const pems: Array<[string, string | undefined]> = [
    [PARAMETER_NAMES.clusterCsr, certificates.clusterCsr],
    [PARAMETER_NAMES.hsmCertificate, certificates.hsmCertificate],
    [PARAMETER_NAMES.awsHardwareCertificate, certificates.awsHardwareCertificate],
    [PARAMETER_NAMES.manufacturerHardwareCertificate, certificates.manufacturerHardwareCertificate],
  ];
  const present = pems.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const fingerprints = Object.fromEntries(present
    .filter(([name]) => name !== PARAMETER_NAMES.clusterCsr)
    .map(([name, pem]) => [name, fingerprintOf(pem)]));
  return [...present, [PARAMETER_NAMES.fingerprints, JSON.stringify(fingerprints)]];
}

function fingerprintOf(pem: string): string {
  const { fingerprint256, subject } = new X509Certificate(pem);
  return `${fingerprint256} ${subject.replace(/\n/g, ', ')}`;
}
