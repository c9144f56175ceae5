import {
  ConnectCustomKeyStoreCommand, CreateCustomKeyStoreCommand, CreateKeyCommand, DecryptCommand, DescribeCustomKeyStoresCommand, DescribeKeyCommand,
  DisconnectCustomKeyStoreCommand, EncryptCommand, KMSClient,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { KMS_PASSWORD, keyStoreLab } from './key-store-lab';
import { clientEnvironment, Emulator } from '../../src';

test('stock clients go from an active cluster to an encrypted object, in time that passes by itself', async () => {
  const lab = await keyStoreLab();
  const emulator = await Emulator.start({ from: lab.folder, bootstrap: ['none'] });
  const { AWS_ACCESS_KEY_ID: accessKeyId = '' } = clientEnvironment(emulator.endpoint, lab.region, lab.account);
  const settings = { endpoint: emulator.endpoint, region: lab.region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey: 'emulated' } };
  const [kms, s3] = [new KMSClient(settings), new S3Client(settings)];
  try {
    const { CustomKeyStoreId } = await kms.send(new CreateCustomKeyStoreCommand({
      CustomKeyStoreName: 'store', CloudHsmClusterId: lab.clusterId, KeyStorePassword: KMS_PASSWORD, TrustAnchorCertificate: lab.authority.anchor,
    }));
    const state = async () => (await kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId }))).CustomKeyStores?.[0].ConnectionState;
    const reaches = async (wanted: string) => {
      for (let tries = 0; tries < 100 && await state() !== wanted; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await state()).toBe(wanted);
    };
    await kms.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
    await reaches('CONNECTED');
    const { KeyMetadata: { Arn: KeyId } = {} } = await kms.send(new CreateKeyCommand({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId }));
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('secret') }));

    await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'content', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId }));
    const read = async () => (await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))).Body?.transformToString();
    expect(await read()).toBe('content');
    expect(emulator.report()).toMatchObject({ keyStores: [{ name: 'store', connectionState: 'CONNECTED' }], keys: [{ state: 'Enabled', keyStoreId: CustomKeyStoreId }] });

    await kms.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));
    await reaches('DISCONNECTED');
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject({ KeyState: 'Unavailable', CustomKeyStoreId, Enabled: false });
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({ name: 'KMSInvalidStateException', message: `${KeyId} is unavailable.` });
    await expect(read()).rejects.toMatchObject({ name: 'KMS.KMSInvalidStateException' });
  } finally {
    [kms, s3].forEach((client) => client.destroy());
    await emulator.stop();
    lab.stop();
  }
});
