import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudHSMV2Client, CreateClusterCommand, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { checkedOrganization } from '../../src/access/organization';
import type { Organization } from '../../src/access/organization';
import { emulatorOptions } from '../../src/cli/options';
import { Emulator } from '../../src/emulator';

let emulator: Emulator | undefined;

afterEach(async () => {
  await emulator?.stop();
  emulator = undefined;
});

const ACCOUNT = '123456789012';

async function within(organization: Organization): Promise<ConstructorParameters<typeof S3Client>[0]> {
  emulator = await Emulator.start({ region: 'us-east-1', bootstrap: ['none'], organization });
  return { endpoint: emulator.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'x' } };
}

const DENY_BUCKETS = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 's3:CreateBucket', Resource: '*' } };

test('what a service control policy denies is refused to everybody in the account, its administrator too, in AWS\'s words', async () => {
  const s3 = new S3Client((await within({ levels: [{ name: 'Root', policies: ['FullAWSAccess', DENY_BUCKETS] }] }))!);

  await expect(s3.send(new CreateBucketCommand({ Bucket: 'orders' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:iam::${ACCOUNT}:user/outside is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::orders" `
      + 'with an explicit deny in a service control policy',
  });
  expect((await s3.send(new ListBucketsCommand())).Buckets ?? []).toEqual([]);
  const [refusal] = emulator!.report().denied;
  expect([refusal.action, refusal.add]).toEqual(['s3:CreateBucket', undefined]);
});

test('every level has to allow; what one leaves out is refused, and the report names the statements that were tried', async () => {
  const settings = await within({
    levels: [
      { name: 'Root', policies: ['FullAWSAccess'] },
      { name: 'Sandbox', policies: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: ['s3:*', 'cloudhsm:Describe*'], Resource: '*' } }] },
    ],
  });
  const cloudHsm = new CloudHSMV2Client(settings! as ConstructorParameters<typeof CloudHSMV2Client>[0]);

  await cloudHsm.send(new DescribeClustersCommand({}));
  await expect(cloudHsm.send(new CreateClusterCommand({ HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0123456789abcdef0'] }))).rejects.toMatchObject({ name: 'CloudHsmAccessDeniedException' });

  const [{ text, tried }] = emulator!.report().denied;
  expect(text).toMatch(/cloudhsm:CreateCluster on resource: \S+ because no service control policy allows the cloudhsm:CreateCluster action$/);
  expect(tried).toContainEqual(expect.stringMatching(/^organization policy FullAWSAccess, statement /));
});

test('a level of some accounts is over those only', async () => {
  const s3 = new S3Client((await within({ levels: [{ name: 'Root', policies: ['FullAWSAccess'] }, { name: 'Other', accounts: ['111111111111'], policies: [DENY_BUCKETS] }] }))!);

  await s3.send(new CreateBucketCommand({ Bucket: 'orders' }));
});

test.each([
  [undefined, /^an organization must be \{ "levels": \[ … \] \} from its root down, with one level at least$/],
  [{ levels: [] }, /with one level at least$/],
  [{ levels: [{ policies: ['FullAWSAccess'] }] }, /^level 1 of the organization must have a "name"$/],
  [{ levels: [{ name: 'Root', policies: [] }] }, /^level 1 of the organization must have "policies", one at least: documents, or "FullAWSAccess"$/],
  [{ levels: [{ name: 'Root', policies: ['fullawsaccess'] }] }, /must be a document with a Statement, or "FullAWSAccess", got "fullawsaccess"$/],
  [{ levels: [{ name: 'Root', policies: ['FullAWSAccess'], accounts: ['12'] }] }, /^"accounts" of level 1 of the organization must be a list of account ids of twelve digits, got \["12"\]$/],
])('%j is refused, and the error says what it must look like', (value, text) => {
  expect(() => checkedOrganization(value)).toThrow(text);
});

test('on the command line it is a file; one that cannot be read is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'organization-'));
  const file = join(folder, 'organization.json');
  writeFileSync(file, JSON.stringify({ levels: [{ name: 'Root', policies: ['FullAWSAccess'] }] }));

  const read = emulatorOptions({ organization: file });

  expect(read.organization!.levels).toHaveLength(1);
  expect(() => emulatorOptions({ organization: join(folder, 'none.json') })).toThrow(/^--organization .*none\.json: ENOENT/);
  rmSync(folder, { recursive: true });
});
