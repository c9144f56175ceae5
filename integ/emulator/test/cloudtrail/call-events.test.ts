import { cloudtrail } from '../../src/services/cloudtrail/service';
import { events } from '../../src/services/events/service';
import { kms } from '../../src/services/kms/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { sqs } from '../../src/services/sqs/service';
import { letsIn, roleSession, World } from '../_helpers/world';

let world: World;
let QueueUrl: string;
beforeEach(() => {
  world = new World({ services: [cloudtrail, events, kms, secretsmanager, sqs] });
  QueueUrl = world.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'inbox', Attributes: { Policy: letsIn('events') } }).QueueUrl;
});
afterEach(() => world.stop());

interface Told { readonly 'detail-type': string; readonly 'source': string; readonly 'detail': Record<string, unknown> }

function rule(pattern: object): void {
  world.call('events', 'PutRule', { Name: 'r', EventPattern: JSON.stringify(pattern) });
  world.call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:123456789012:inbox' }] });
}
const calls = (...eventName: string[]) => rule({ 'detail-type': ['AWS API Call via CloudTrail'], 'detail': { eventName } });
async function told(): Promise<Told[]> {
  await world.advance(10 * 60_000);
  const { Messages = [] } = world.call<{ Messages?: Array<{ Body: string }> }>('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body }) => JSON.parse(Body) as Told);
}
const createKey = () => world.call<{ KeyMetadata: { KeyId: string } }>('kms', 'CreateKey').KeyMetadata.KeyId;

test('a call that changes something comes to the default bus as CloudTrail records it', async () => {
  const KeyId = createKey();
  calls('ScheduleKeyDeletion');
  world.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, roleSession('admin', 'eve'));

  expect(await told()).toMatchObject([{
    'detail-type': 'AWS API Call via CloudTrail',
    'source': 'aws.kms',
    'detail': {
      eventSource: 'kms.amazonaws.com',
      eventName: 'ScheduleKeyDeletion',
      awsRegion: 'us-east-1',
      requestParameters: { keyId: KeyId, pendingWindowInDays: 7 },
      responseElements: { keyState: 'PendingDeletion' },
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/admin/eve', sessionContext: { sessionIssuer: { userName: 'admin' } } },
      readOnly: false,
      eventType: 'AwsApiCall',
    },
  }]);
});

test('a refused call comes with its error', async () => {
  calls('ScheduleKeyDeletion');
  world.refusal('kms', 'ScheduleKeyDeletion', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' });

  expect((await told()).map(({ detail }) => [detail.errorCode, detail.responseElements])).toEqual([['NotFoundException', null]]);
});

test('what is sensitive is hidden', async () => {
  calls('CreateSecret');
  world.call('secretsmanager', 'CreateSecret', { Name: 's', SecretString: 'hunter2', ClientRequestToken: '12345678-1234-1234-1234-123456789012' });

  const [{ detail }] = await told();
  expect(detail.requestParameters).toMatchObject({ name: 's', secretString: 'HIDDEN_DUE_TO_SECURITY_REASONS' });
});

test('reads and what counts as one do not come, nor do calls for data', async () => {
  const KeyId = createKey();
  rule({ source: ['aws.kms', 'aws.sqs', 'aws.events'] });
  world.call('kms', 'DescribeKey', { KeyId });
  world.call('kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
  world.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
  world.call('sqs', 'PurgeQueue', { QueueUrl });

  expect((await told()).map(({ detail }) => detail.eventName).sort()).toEqual(['PurgeQueue', 'PutRule', 'PutTargets']);
});

test('a record is made only where a rule of the default bus could want it', async () => {
  const KeyId = createKey();
  calls('ScheduleKeyDeletion');
  world.call('kms', 'DisableKey', { KeyId });
  expect(world.kernel.queue.all()).toEqual([]);

  world.call('events', 'DisableRule', { Name: 'r' });
  world.call('kms', 'ScheduleKeyDeletion', { KeyId });
  expect(world.kernel.queue.all().filter(({ kind }) => kind.startsWith('cloudtrail.'))).toEqual([]);
  expect(await told()).toEqual([]);
});
