import {
  CreateSecretCommand, DeleteSecretCommand, GetRandomPasswordCommand, GetSecretValueCommand, PutResourcePolicyCommand, PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';

/** A secret that is there for minutes. */
export interface TemporarySecret {
  readonly name: string;
  readonly description: string;
  readonly userName: string;
  /** Empty: the AWS managed one. */
  readonly keyArn: string;
  /** Role that is let in, and roles that alone are not kept out. */
  readonly reader: string;
  readonly readers: readonly string[];
}

/** The calls of Secrets Manager. Handlers read no secret but those they made themselves, and those only to hand them on in the same step. */
export interface SecretApi {
  /** Denies everybody to read a secret, from now on. */
  seal(secretArn: string): Promise<void>;
  /** A user's name and a new password. Repeated, it gives the same secret another password. Returns the ARN. */
  makeTemporary(secret: TemporarySecret): Promise<string>;
  /** The password in a temporary secret. */
  temporaryPassword(name: string): Promise<string>;
  /** At once and for good. Does nothing when there is no such secret. */
  destroyTemporary(name: string): Promise<void>;
}

export function secretApi(): SecretApi {
  const client = new SecretsManagerClient(SETTINGS);
  return {
    seal: async (secretArn) => {
      await client.send(new PutResourcePolicyCommand({ SecretId: secretArn, ResourcePolicy: JSON.stringify(SEALED), BlockPublicPolicy: true }));
    },
    makeTemporary: async ({ name, description, userName, keyArn, reader, readers }) => {
      try {
        await client.send(new CreateSecretCommand({ Name: name, Description: description, KmsKeyId: keyArn || undefined }));
      } catch (error) {
        if (!isNamed(error, 'ResourceExistsException')) throw error;
      }
      // Closed before there is anything in it.
      const ResourcePolicy = JSON.stringify(onlyFor(reader, readers));
      await client.send(new PutResourcePolicyCommand({ SecretId: name, ResourcePolicy, BlockPublicPolicy: true }));
      const { RandomPassword } = await client.send(new GetRandomPasswordCommand(PASSWORD));
      const { ARN } = await client.send(new PutSecretValueCommand({
        SecretId: name, SecretString: JSON.stringify({ username: userName, password: RandomPassword }),
      }));
      return ARN!;
    },
    temporaryPassword: async (name) => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
      return (JSON.parse(SecretString!) as { password: string }).password;
    },
    destroyTemporary: async (name) => {
      try {
        await client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
      } catch (error) {
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
      }
    },
  };
}

/** 32 letters and digits: KMS takes nothing else, an HSM nothing longer. */
export const PASSWORD = { PasswordLength: 32, ExcludePunctuation: true, IncludeSpace: false, RequireEachIncludedType: true };

const READ_ACTIONS = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/** Lifted only by somebody who may change the policy itself: the break-glass of the README. */
const SEALED = {
  Version: '2012-10-17',
  Statement: [{
    Sid: 'SealedAfterActivation',
    Effect: 'Deny',
    Principal: '*',
    Action: READ_ACTIONS,
    Resource: '*',
  }],
};

function onlyFor(reader: string, readers: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'TheAdminClientReads', Effect: 'Allow', Principal: { AWS: reader }, Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: '*' },
      { Sid: 'NobodyElseReads', Effect: 'Deny', Principal: '*', Action: READ_ACTIONS, Resource: '*', Condition: { ArnNotEquals: { 'aws:PrincipalArn': readers } } },
    ],
  };
}
