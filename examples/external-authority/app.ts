/**
 * A cluster whose certificate a company's own root signs, offline or elsewhere: in two deploys.
 *
 * Costs: one HSM, about $1.60 an hour in us-east-1, from the first deploy on; two from the second.
 *
 * Run: npx cdk deploy --all, do what the output NextSteps says in this folder, and run it again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CertificateAuthority, Cluster } from 'cdk-cloudhsm';

const app = new App();
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

const network = new Stack(app, 'ExternalAuthorityNetwork', { env });
const vpc = new ec2.Vpc(network, 'Vpc', { maxAzs: 3, natGateways: 1 });

/** What the authority has written here; nothing before the second deploy. Both files stay here, and under version control: they are no secrets. */
const certificate = (file: string) => {
  const path = join(__dirname, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};
const signedCertificate = certificate('cluster.crt');

const stack = new Stack(app, 'ExternalAuthorityCluster', { env });
const cluster = new Cluster(stack, 'Cluster', {
  vpc,
  certificateAuthority: CertificateAuthority.external({ signedCertificate, trustAnchor: certificate('root.crt') }),
});
// Users and whatever else needs an ACTIVE cluster come with the certificates.
if (signedCertificate) cluster.addCryptoUser('App', { userName: 'app' });
