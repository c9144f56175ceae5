import {
  DescribeSecretCommand, GetRandomPasswordCommand, ListSecretVersionIdsCommand, PutSecretValueCommand, SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';
import { PASSWORD } from './secrets';

/** A version: when it was made, never what is in it. */
export interface SecretVersion {
  readonly id: string;
  /** Staging labels; a version without any may vanish. */
  readonly labels: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Versions of a secret and their staging labels. No value is ever read: passwords are read on the client, where they are used. */
export interface SecretVersionApi {
  labels(secretArn: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** All that are still there, oldest first. */
  versions(secretArn: string): Promise<readonly SecretVersion[]>;
  /** A user's name and a new password as the version of this id. Does nothing when that has a value already. */
  putPassword(secretArn: string, versionId: string, userName: string, labels: readonly string[]): Promise<void>;
  /** Moves a label, or takes it away. */
  moveLabel(secretArn: string, label: string, move: { readonly from?: string; readonly to?: string }): Promise<void>;
}

export function secretVersionApi(): SecretVersionApi {
  const client = new SecretsManagerClient(SETTINGS);
  return {
    labels: async (SecretId) => {
      const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
      return new Map(Object.entries(VersionIdsToStages));
    },
    versions: async (SecretId) => {
      const found: SecretVersion[] = [];
      let next: string | undefined;
      do {
        const page = await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true, NextToken: next }));
        for (const { VersionId, VersionStages, CreatedDate } of page.Versions ?? []) {
          found.push({ id: VersionId!, labels: VersionStages ?? [], createdAt: CreatedDate!.getTime() });
        }
        next = page.NextToken;
      } while (next);
      return found.sort((a, b) => a.createdAt - b.createdAt);
    },
    putPassword: async (SecretId, ClientRequestToken, userName, VersionStages) => {
      const { RandomPassword } = await client.send(new GetRandomPasswordCommand(PASSWORD));
      try {
        await client.send(new PutSecretValueCommand({
          SecretId,
          ClientRequestToken,
          SecretString: JSON.stringify({ username: userName, password: RandomPassword }),
          VersionStages: [...VersionStages],
        }));
      } catch (error) {
        // Said when the version has another value: an earlier try made it, and it may be set on the HSMs.
        if (!isNamed(error, 'ResourceExistsException')) throw error;
      }
    },
    moveLabel: async (SecretId, VersionStage, { from, to }) => {
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId: from, MoveToVersionId: to }));
    },
  };
}

/**
 * The versions of which one was set on the HSMs at a time, the likelier first: the newest that was made before it, or the one before that. For between a
 * version's creation and the HSMs lies the rest of its rotation, and that may take weeks: of a cluster that is paused no password can be changed.
 *
 * A secret that has one version only was made for this, by somebody who carried the password from elsewhere: it counts, whenever that was.
 */
export function versionsInForce(versions: readonly SecretVersion[], at: number): readonly SecretVersion[] {
  if (versions.length === 1) return versions;
  return versions
    .filter(({ createdAt }) => createdAt <= at)
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, 2)
    .sort((a, b) => Number(isOnlyPending(a)) - Number(isOnlyPending(b)));
}

function isOnlyPending({ labels }: SecretVersion): boolean {
  return labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT');
}
