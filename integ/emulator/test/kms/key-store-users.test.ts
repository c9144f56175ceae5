import { createHash } from 'node:crypto';
import { keyStoreLab } from './key-store-lab';
import type { KeyShape, KeyStoreLab } from './key-store-lab';
import { s3 } from '../../src/services/s3/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { sqs } from '../../src/services/sqs/service';

/** Services that encrypt with a key of a custom key store. */
let lab: KeyStoreLab;
let storeId: string;
let key: KeyShape;

beforeEach(async () => {
  lab = await keyStoreLab({ beside: [s3, secretsmanager, sqs] });
  storeId = await lab.connectedStore();
  key = lab.createKey(storeId);
});

afterEach(() => lab.stop());

/** Everything that lies in the state folder's tables, as text. */
function tables(prefix: string): string {
  const { store } = lab.kernel;
  return JSON.stringify(store.names().filter((name) => name.startsWith(prefix)).map((name) => store.table(name).entries()));
}

const read = (name: string) => lab.call<{ Body: Buffer }>('s3', 'GetObject', { Bucket: 'bucket', Key: name }).Body.toString();

describe('S3', () => {
  beforeEach(() => {
    lab.call('s3', 'CreateBucket', { Bucket: 'bucket' });
    lab.call('s3', 'PutBucketEncryption', {
      Bucket: 'bucket', ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key.Arn } }] },
    });
  });

  test('keeps an object under the key, and can read it only while the store is connected', async () => {
    lab.call('s3', 'PutObject', { Bucket: 'bucket', Key: 'k', Body: Buffer.from('content of the object') });
    const { blob } = lab.kernel.store.table<{ blob: string }>('s3/objects').get('bucket/k')!;
    expect(lab.kernel.blobs.get(blob).toString()).not.toContain('content');
    expect(read('k')).toBe('content of the object');

    await lab.disconnect(storeId);
    expect(lab.refusal('s3', 'GetObject', { Bucket: 'bucket', Key: 'k' })).toMatchObject({ code: 'KMS.KMSInvalidStateException', message: `${key.Arn} is unavailable.` });
    expect(lab.refusal('s3', 'PutObject', { Bucket: 'bucket', Key: 'k', Body: Buffer.from('x') }).code).toBe('KMS.KMSInvalidStateException');

    await lab.connect(storeId);
    expect(read('k')).toBe('content of the object');
  });

  test('keeps the parts of an upload under the key as well, and refuses to begin one without it', async () => {
    const begun = lab.call<{ UploadId: string }>('s3', 'CreateMultipartUpload', { Bucket: 'bucket', Key: 'k' });
    const upload = { Bucket: 'bucket', Key: 'k', UploadId: begun.UploadId };
    const { ETag } = lab.call('s3', 'UploadPart', { ...upload, PartNumber: 1, Body: Buffer.from('content of a part') });
    const [part] = lab.kernel.store.table<{ blob: string }>('s3/parts').values();
    expect(lab.kernel.blobs.get(part.blob).toString()).not.toContain('content');
    expect(begun).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.Arn });
    lab.call('s3', 'CompleteMultipartUpload', { ...upload, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
    expect(read('k')).toBe('content of a part');

    await lab.disconnect(storeId);
    expect(lab.refusal('s3', 'CreateMultipartUpload', { Bucket: 'bucket', Key: 'k' }).code).toBe('KMS.KMSInvalidStateException');
  });
});

test('Secrets Manager keeps a secret under the key, and says which side failed without it', async () => {
  lab.call('secretsmanager', 'CreateSecret', { Name: 'secret', KmsKeyId: key.Arn, SecretString: 'in the HSMs' });
  expect(tables('secretsmanager/')).not.toContain(Buffer.from('in the HSMs').toString('base64'));
  expect(lab.call('secretsmanager', 'GetSecretValue', { SecretId: 'secret' })).toMatchObject({ SecretString: 'in the HSMs' });

  await lab.disconnect(storeId);
  const refused = lab.refusal('secretsmanager', 'GetSecretValue', { SecretId: 'secret' });
  expect(refused).toMatchObject({ code: 'DecryptionFailure', message: expect.stringContaining('is unavailable.') });
  expect(lab.refusal('secretsmanager', 'PutSecretValue', { SecretId: 'secret', SecretString: 'x' }).code).toBe('EncryptionFailure');

  await lab.connect(storeId);
  expect(lab.call('secretsmanager', 'GetSecretValue', { SecretId: 'secret' })).toMatchObject({ SecretString: 'in the HSMs' });
});

describe('SQS', () => {
  let QueueUrl: string;
  const send = (MessageBody: string) => lab.call('sqs', 'SendMessage', { QueueUrl, MessageBody });
  const bodies = () => lab.call<{ Messages?: Array<{ Body: string }> }>('sqs', 'ReceiveMessage', { QueueUrl }).Messages?.map(({ Body }) => Body);

  beforeEach(() => {
    ({ QueueUrl } = lab.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { KmsMasterKeyId: key.Arn } }));
  });

  test('keeps bodies under the key, and uses a data key for five minutes', async () => {
    expect(send('a secret job')).toMatchObject({ MD5OfMessageBody: createHash('md5').update('a secret job').digest('hex') });
    expect(tables('sqs/')).not.toContain('a secret job');
    await lab.disconnect(storeId);
    send('by the same data key');

    await lab.advance(300_000);
    expect(lab.refusal('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })).toMatchObject({ code: 'KmsInvalidState', message: `${key.Arn} is unavailable.` });
    expect(lab.refusal('sqs', 'ReceiveMessage', { QueueUrl }).code).toBe('KmsInvalidState');

    await lab.connect(storeId);
    expect(bodies()).toEqual(['a secret job']);
  });

  test.each([
    ['a disabled key', 'KmsDisabled', () => lab.kms('DisableKey', { KeyId: key.KeyId })],
    ['an unknown key', 'KmsNotFound', () => lab.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { KmsMasterKeyId: 'alias/none' } })],
  ])('names %s %s', (_title, code, change) => {
    change();
    expect(lab.refusal('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' }).code).toBe(code);
  });

  test('a message that was moved to a dead-letter queue is opened as what it was sent as', () => {
    const dead = lab.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'dead' }).QueueUrl;
    const RedrivePolicy = JSON.stringify({ maxReceiveCount: 1, deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:dead' });
    lab.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
    send('moved');
    bodies();
    bodies();

    expect(lab.call('sqs', 'ReceiveMessage', { QueueUrl: dead })).toMatchObject({ Messages: [{ Body: 'moved' }] });
  });
});
