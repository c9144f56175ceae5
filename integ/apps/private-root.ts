import { RemovalPolicy } from 'aws-cdk-lib';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import type { Construct } from 'constructs';

/** A root authority of AWS Private CA as stacks make one: its request, signed by itself, and activated. Named by its activation, it is ACTIVE first. */
export function privateRoot(scope: Construct, id: string, props: Partial<acmpca.CfnCertificateAuthorityProps> = {}): acmpca.ICertificateAuthority {
  const root = new acmpca.CfnCertificateAuthority(scope, id, {
    type: 'ROOT', keyAlgorithm: 'RSA_2048', signingAlgorithm: 'SHA256WITHRSA', subject: { organization: 'Company', commonName: 'Company root' }, ...props,
  });
  root.applyRemovalPolicy(RemovalPolicy.DESTROY);
  const certificate = new acmpca.CfnCertificate(scope, `${id}Certificate`, {
    certificateAuthorityArn: root.attrArn,
    certificateSigningRequest: root.attrCertificateSigningRequest,
    signingAlgorithm: 'SHA256WITHRSA',
    templateArn: 'arn:aws:acm-pca:::template/RootCACertificate/V1',
    validity: { type: 'YEARS', value: 20 },
  });
  const activation = new acmpca.CfnCertificateAuthorityActivation(scope, `${id}Activation`, {
    certificateAuthorityArn: root.attrArn, certificate: certificate.attrCertificate,
  });
  return acmpca.CertificateAuthority.fromCertificateAuthorityArn(scope, `${id}Active`, activation.ref);
}
