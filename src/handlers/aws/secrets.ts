import { PutResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** The one call of Secrets Manager: handlers never read a secret. */
export interface SecretApi {
  /** Denies everybody to read a secret, from now on. */
  seal(secretArn: string): Promise<void>;
}

export function secretApi(): SecretApi {
  const client = new SecretsManagerClient({});
  return {
    seal: async (secretArn) => {
      await client.send(new PutResourcePolicyCommand({ SecretId: secretArn, ResourcePolicy: JSON.stringify(SEALED), BlockPublicPolicy: true }));
    },
  };
}

/** Lifted only by somebody who may change the policy itself: the break-glass of the README. */
const SEALED = {
  Version: '2012-10-17',
  Statement: [{
    Sid: 'SealedAfterActivation',
    Effect: 'Deny',
    Principal: '*',
    Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    Resource: '*',
  }],
};
