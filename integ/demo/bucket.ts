import { KMSClient, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Emulator } from 'cloudhsm-emulator';

/** What came of an object that was written to a bucket and read back. */
export interface RoundTrip {
  readonly isSame: boolean;
  readonly keyArn: string | undefined;
  readonly keyState: string | undefined;
  /** Where the key's material is: `AWS_CLOUDHSM` for a key of a key store. */
  readonly origin: string | undefined;
}

const BODY = 'only HSMs of your own can open this';

/** Writes an object by the AWS SDK, as an application would, reads it back, and looks at the key it was encrypted with. */
export async function writeAndRead({ endpoint, region, environment }: Emulator, bucketName: string): Promise<RoundTrip> {
  const credentials = { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY };
  const client = { endpoint, region, credentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const object = { Bucket: bucketName, Key: 'first' };
  await s3.send(new PutObjectCommand({ ...object, Body: BODY }));
  const { Body } = await s3.send(new GetObjectCommand(object));
  const { SSEKMSKeyId: keyArn } = await s3.send(new HeadObjectCommand(object));
  const described = keyArn === undefined ? undefined : await new KMSClient(client).send(new DescribeKeyCommand({ KeyId: keyArn }));
  return {
    isSame: await Body!.transformToString() === BODY,
    keyArn,
    keyState: described?.KeyMetadata?.KeyState,
    origin: described?.KeyMetadata?.Origin,
  };
}
