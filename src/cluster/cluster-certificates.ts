import { CfnOutput } from 'aws-cdk-lib';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { ClusterWishes } from './cluster-wishes';
import type { CertificateAuthorityConfig } from '../initialization/certificate-authority';
import type { HsmIdentity } from '../initialization/hsm-identity';
import type { InitializationProperties } from '../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../lifecycle/resource-contract';

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

/** Parameters of the stack that the initialization reads, and how its properties name them. */
export interface InitializationSources {
  /** Those that somebody else has made, who may have put them anywhere. */
  readonly others: readonly ssm.IStringParameter[];
  readonly properties: Pick<InitializationProperties, 'SignedCertificateSource' | 'TrustAnchorSource' | 'AwsRootSources' | 'ManufacturerRootSources'>;
}

/** The certificates that an external authority has made, and the roots by which the hardware is verified. */
export function initializationSources(
  scope: Construct, authority: CertificateAuthorityConfig | undefined, hsmIdentity: HsmIdentity | undefined,
): InitializationSources {
  const { signedCertificate, trustAnchor } = authority ?? {};
  const { awsRoots = [], manufacturerRoots = [] } = hsmIdentity?.bind(scope) ?? {};
  const names = (parameters: readonly ssm.IStringParameter[]) => hsmIdentity && parameters.map(({ parameterName }) => parameterName);
  return {
    others: [...signedCertificate ? [signedCertificate] : [], ...trustAnchor ? [trustAnchor] : [], ...awsRoots, ...manufacturerRoots]
      .filter(({ node }) => node.scope !== scope),
    properties: {
      SignedCertificateSource: signedCertificate?.parameterName,
      TrustAnchorSource: trustAnchor?.parameterName,
      AwsRootSources: names(awsRoots),
      ManufacturerRootSources: names(manufacturerRoots),
    },
  };
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
