import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ClusterWishes } from './cluster-wishes';
import type { CertificateAuthorityConfig } from '../initialization/certificate-authority';
import type { HsmIdentity } from '../initialization/hsm-identity';
import type { InitializationProperties } from '../lifecycle/initialization-contract';
import type { LifecycleProvider } from '../lifecycle/provider';
import { clusterParameterName, PARAMETER_NAMES } from '../lifecycle/resource-contract';

type Sources<K extends keyof InitializationProperties> = Pick<InitializationProperties, K>;

/** Whether an external authority has still to sign. */
export function isAwaitingCertificates(authority: CertificateAuthorityConfig | undefined): boolean {
  return authority?.kind === 'EXTERNAL' && !(authority.signedCertificate && authority.trustAnchor);
}

/** Why the cluster will not be ACTIVE yet, and what to do about it. */
export function notActivated({ activate }: ClusterWishes, authority: CertificateAuthorityConfig | undefined): string | undefined {
  if (!activate) return 'has activate: false; leave that out';
  if (!isAwaitingCertificates(authority)) return undefined;
  return 'awaits signedCertificate and trustAnchor of its external authority; deploy it without this, have its request signed, give both, and add this then';
}

/** The certificates that an external authority has made. */
export function certificateSources(
  provider: LifecycleProvider, authority: CertificateAuthorityConfig | undefined,
): Sources<'SignedCertificateSource' | 'TrustAnchorSource'> {
  if (authority?.kind !== 'EXTERNAL') return {};
  const { signedCertificate, trustAnchor } = authority;
  provider._permissions.watchStack();
  if (!signedCertificate || !trustAnchor) return {};
  provider._permissions.readParameters([signedCertificate, trustAnchor]);
  return { SignedCertificateSource: signedCertificate.parameterName, TrustAnchorSource: trustAnchor.parameterName };
}

/** The roots by which the hardware is verified. */
export function identitySources(
  scope: Construct, provider: LifecycleProvider, hsmIdentity: HsmIdentity | undefined,
): Sources<'AwsRootSources' | 'ManufacturerRootSources'> {
  if (!hsmIdentity) return {};
  const { awsRoots, manufacturerRoots } = hsmIdentity.bind(scope);
  provider._permissions.readParameters([...awsRoots, ...manufacturerRoots]);
  const names = (parameters: typeof awsRoots) => parameters.map(({ parameterName }) => parameterName);
  return { AwsRootSources: names(awsRoots), ManufacturerRootSources: names(manufacturerRoots) };
}

/** What the operator does between the two deploys, as an output. */
export function signingInstructions(scope: Construct, clusterId: string): void {
  const request = clusterParameterName(clusterId, PARAMETER_NAMES.clusterCsr);
  new CfnOutput(scope, 'CertificateSigningRequest', {
    description: 'Parameter that holds the certificate signing request of the cluster',
    value: request,
  });
  new CfnOutput(scope, 'NextSteps', {
    description: 'What to do before the next deploy',
    value: `1. aws ssm get-parameter --name ${request} --query Parameter.Value --output text > cluster.csr `
      + '2. have a self-signed RSA root sign it directly, without changing its subject, for ten years or more: '
      + 'openssl x509 -req -days 3652 -sha256 -in cluster.csr -CA root.crt -CAkey root.key -CAcreateserial -out cluster.crt '
      + '3. give CertificateAuthority.external() the content of cluster.crt as signedCertificate and of root.crt as trustAnchor, and deploy again. '
      + 'The HSM is billed meanwhile.',
  });
}
