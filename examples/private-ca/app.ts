/**
 * A cluster whose certificate a root of AWS Private CA signs, in one deploy. The authority has a stack of its own: others can be signed by it, too.
 *
 * Costs: two HSMs, about $3.20 an hour in us-east-1, and the authority's monthly fee until it is deleted. Both stay when the stacks go.
 *
 * Run: npx cdk deploy --all
 */
import { App, Aws, Stack } from 'aws-cdk-lib';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CertificateAuthority, Cluster } from 'cdk-cloudhsm';

const app = new App();
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

const network = new Stack(app, 'PrivateCaNetwork', { env });
const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1 });

const pki = new Stack(app, 'PrivateCaPki', { env });
const root = new acmpca.CfnCertificateAuthority(pki, 'Root', {
  type: 'ROOT',
  keyAlgorithm: 'RSA_4096',
  signingAlgorithm: 'SHA256WITHRSA',
  subject: { organization: 'Example', commonName: 'Example HSM root' },
});
const certificate = new acmpca.CfnCertificate(pki, 'RootCertificate', {
  certificateAuthorityArn: root.attrArn,
  certificateSigningRequest: root.attrCertificateSigningRequest,
  signingAlgorithm: 'SHA256WITHRSA',
  templateArn: `arn:${Aws.PARTITION}:acm-pca:::template/RootCACertificate/V1`,
  // Clients stop trusting the cluster when its root ends.
  validity: { type: 'YEARS', value: 20 },
});
const activation = new acmpca.CfnCertificateAuthorityActivation(pki, 'RootActivation', {
  certificateAuthorityArn: root.attrArn,
  certificate: certificate.attrCertificate,
});

const stack = new Stack(app, 'PrivateCaCluster', { env });
const ca = acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Root', activation.ref);
const cluster = new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.privateCa(ca) });
cluster.addCryptoUser('App', { userName: 'app' });
