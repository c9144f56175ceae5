import {
  DecryptCommand, DisableKeyCommand, EnableKeyCommand, EncryptCommand,
  GetPublicKeyCommand, KMSClient, SignCommand,
} from '@aws-sdk/client-kms';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';
import { listKeyStores } from './key-stores';
import { isLeftBehind } from './left-behind';

/** The calls of KMS that are used here. */
export interface KeyApi {
  encrypt(keyArn: string, text: string, context: Readonly<Record<string, string>>): Promise<string>;
  decrypt(keyArn: string, sealed: string, context: Readonly<Record<string, string>>): Promise<string>;
  /** SubjectPublicKeyInfo, DER. */
  publicKey(keyArn: string): Promise<Uint8Array>;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over a digest: deterministic. */
  signDigest(keyArn: string, digest: Uint8Array): Promise<Uint8Array>;
  enable(keyArn: string): Promise<void>;
  disable(keyArn: string): Promise<void>;
  /** Names of the key stores that rest on a cluster; not of those that a rollback left behind with keys nobody ever used. */
  keyStoresOf(clusterId: string): Promise<readonly string[]>;
}

export function keyApi(): KeyApi {
  const client = new KMSClient(SETTINGS);
  return {
    encrypt: async (keyArn, text, context) => {
      const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from(text), EncryptionContext: context }));
      return Buffer.from(CiphertextBlob!).toString('base64');
    },
    decrypt: async (keyArn, sealed, context) => {
      const { Plaintext } = await client.send(new DecryptCommand({
        KeyId: keyArn, CiphertextBlob: Buffer.from(sealed, 'base64'), EncryptionContext: context,
      }));
      return Buffer.from(Plaintext!).toString('utf8');
    },
    publicKey: async (keyArn) => (await client.send(new GetPublicKeyCommand({ KeyId: keyArn }))).PublicKey!,
    signDigest: async (keyArn, digest) => (await client.send(new SignCommand({
      KeyId: keyArn, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    }))).Signature!,
    enable: async (keyArn) => {
      await client.send(new EnableKeyCommand({ KeyId: keyArn }));
    },
    disable: async (keyArn) => {
      await client.send(new DisableKeyCommand({ KeyId: keyArn }));
    },
    keyStoresOf: async (clusterId) => (await listKeyStores(client))
      .filter((store) => store.clusterId === clusterId && !isLeftBehind(store))
      .map(({ name }) => name),
  };
}

/** KMS refuses to enable a key that is to be deleted; that is no reason to keep a deletion from going on. */
export function isKeyGone(error: unknown): boolean {
  return isNamed(error, 'KMSInvalidStateException', 'NotFoundException');
}
