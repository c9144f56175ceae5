import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { everythingBesideSecrets } from '../cases/_harness/leaks';
import type { Offline } from '../cases/_harness/offline';

/** Names of the secrets whose passwords stand where somebody may read them who may not read the secrets. */
export async function secretsIn(offline: Offline): Promise<string[]> {
  const passwords = await passwordsOf(offline);
  if (passwords.size === 0) return [];
  const readable = await everythingBesideSecrets(offline);
  return [...passwords].filter(([, password]) => readable.includes(password)).map(([name]) => `the password of ${name} stands in a log, a history, an event or the report`);
}

/** Those that an administrator can read: a sealed one denies everybody. */
async function passwordsOf({ client }: Offline): Promise<Map<string, string>> {
  const secrets = new SecretsManagerClient(client);
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({ MaxResults: 100 }));
  const values = await Promise.all(SecretList.map(async ({ ARN, Name }) => {
    const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId: ARN })).catch(() => ({ SecretString: '{}' }));
    return [Name!, passwordIn(SecretString)] as const;
  }));
  return new Map(values.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** A secret of ours names the user too; anybody else's may be nothing but the password. */
function passwordIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { password?: string }).password;
  } catch {
    return text;
  }
}
