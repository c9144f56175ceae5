import { X509Certificate } from 'crypto';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import type { ClusterCertificates } from '../aws/cloudhsm';
import type { KeyStore } from '../aws/key-stores';

/**
 * Clusters share backup history when they have the same certificate. That of a cluster which is gone is in its parameters, if it was made by this library; else
 * at least the issuer must be the same.
 */
export async function isSameCertificate(
  aws: Aws, { clusterId, trustAnchor }: KeyStore, wanted: ClusterCertificates | undefined,
): Promise<boolean | undefined> {
  if (!wanted?.clusterCertificate) return undefined;
  const known = (await aws.cloudHsm.describe(clusterId))?.certificates.clusterCertificate
    ?? await aws.parameters.get(clusterParameterName(clusterId, PARAMETER_NAMES.signedCertificate));
  const certificate = new X509Certificate(wanted.clusterCertificate);
  if (known) return new X509Certificate(known).fingerprint256 === certificate.fingerprint256;
  return trustAnchor === undefined ? undefined : certificate.verify(new X509Certificate(trustAnchor).publicKey);
}
