import { ListSecretVersionIdsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SETTINGS } from './client-settings';

/** A version of a secret: when it was made, never what is in it. */
export interface SecretVersion {
  readonly versionId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Staging labels; a version without any may vanish. */
  readonly labels: readonly string[];
}

/** The versions of secrets. */
export interface SecretVersionApi {
  all(secretArn: string): Promise<readonly SecretVersion[]>;
}

export function secretVersionApi(): SecretVersionApi {
  const client = new SecretsManagerClient(SETTINGS);
  return {
    all: async (secretArn) => {
      const found: SecretVersion[] = [];
      let next: string | undefined;
      do {
        const page = await client.send(new ListSecretVersionIdsCommand({ SecretId: secretArn, IncludeDeprecated: true, NextToken: next }));
        found.push(...(page.Versions ?? []).map(({ VersionId, CreatedDate, VersionStages = [] }) => ({
          versionId: VersionId!, createdAt: CreatedDate!.getTime(), labels: VersionStages,
        })));
        next = page.NextToken;
      } while (next);
      return found;
    },
  };
}

/**
 * The version that was in force at a time: the newest that was made before it. One that is only pending never was: its password was not set on the HSMs.
 */
export function versionInForce(versions: readonly SecretVersion[], at: number): SecretVersion | undefined {
  return versions
    .filter(({ createdAt, labels }) => createdAt <= at && !(labels.length === 1 && labels[0] === 'AWSPENDING'))
    .sort((a, b) => b.createdAt - a.createdAt)[0];
}
