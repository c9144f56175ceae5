import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Offline } from './offline';

/** An application that has logged in with a secret and stays so; returns how it logs out. */
export async function stayLoggedIn(offline: Offline, SecretId: string): Promise<() => void> {
  const { clusterId } = offline.report().clusters[0];
  const { SecretString } = await new SecretsManagerClient(offline.client).send(new GetSecretValueCommand({ SecretId }));
  const { username, password } = JSON.parse(SecretString!) as { username: string; password: string };
  const { Parameter } = await new SSMClient(offline.client).send(new GetParameterCommand({ Name: `/cdk-cloudhsm/${clusterId}/trust-anchor` }));
  const hsm = (operation: string, input: object): { ok?: boolean; sessionId?: string } => offline.emulator.calls.make(
    { service: 'cloudhsm-hsm', account: offline.client.credentials.accessKeyId, region: offline.emulator.region }, operation, input,
    {
      principal: { kind: 'service', account: offline.client.credentials.accessKeyId, arn: 'application', service: 'application' },
      position: { kind: 'service', service: 'application' },
    },
  ) as { ok?: boolean; sessionId?: string };
  const { ok, sessionId } = hsm('Login', { clusterId, trustAnchor: Parameter!.Value, username, role: 'crypto-user', password });
  if (!ok) throw new Error(`${username} cannot log in`);
  return () => {
    hsm('Logout', { sessionId });
  };
}
