import {
  AssociateKmsKeyCommand, CloudWatchLogsClient, CreateLogGroupCommand, DeleteLogGroupCommand, DeleteRetentionPolicyCommand,
  DisassociateKmsKeyCommand, PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';

/** The audit log group of a cluster: made by CloudHSM or by us, whoever comes first. */
export interface LogApi {
  /** Creates or adopts the group. A key of it that nobody of ours gave stays; one that was given before and is not any more goes. */
  ensure(group: { name: string; retentionDays?: number; keyArn?: string; hadKey?: boolean }): Promise<void>;
  delete(name: string): Promise<void>;
}

export function logApi(): LogApi {
  const client = new CloudWatchLogsClient(SETTINGS);
  return {
    ensure: async ({ name, retentionDays, keyArn, hadKey }) => {
      try {
        await client.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId: keyArn }));
      } catch (error) {
        if (!isNamed(error, 'ResourceAlreadyExistsException')) throw error;
        if (keyArn) await client.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId: keyArn }));
        else if (hadKey) await client.send(new DisassociateKmsKeyCommand({ logGroupName: name }));
      }
      if (retentionDays) await client.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: retentionDays }));
      else await client.send(new DeleteRetentionPolicyCommand({ logGroupName: name }));
    },
    delete: async (name) => {
      try {
        await client.send(new DeleteLogGroupCommand({ logGroupName: name }));
      } catch (error) {
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
      }
    },
  };
}
