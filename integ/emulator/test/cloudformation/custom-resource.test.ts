import { StackWorld, custom, lambdaArn, logGroup } from './toys';

let world: StackWorld;

beforeEach(() => {
  world = new StackWorld();
});

afterEach(() => world.stop());

const reasons = (): string[] => world.events().flatMap(({ ResourceStatus, ResourceStatusReason }) =>
  (ResourceStatus.endsWith('_FAILED') && ResourceStatusReason ? [ResourceStatusReason] : []));
const requestIds = (text: string): string => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…');

describe('a custom resource', () => {
  test('gets the event that AWS sends, with every property as text', async () => {
    await world.deploy({ Resources: { Thing: custom('ok', { Number: 1, Flag: false, List: [1, { Deep: true }] }) } });

    const { StackId } = world.stack()!;
    const [event] = world.invocations();
    expect(event).toEqual({
      RequestType: 'Create',
      ServiceToken: lambdaArn('ok'),
      ResponseURL: expect.stringMatching(
        /^https:\/\/cloudformation-custom-resource-response-useast1\.s3\.us-east-1\.amazonaws\.com\/arn%3Aaws%3Acloudformation.*%7CThing%7C.*\?X-Amz-Algorithm=/) as string,
      StackId,
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      LogicalResourceId: 'Thing',
      ResourceType: 'Custom::Thing',
      ResourceProperties: { ServiceToken: lambdaArn('ok'), Number: '1', Flag: 'false', List: ['1', { Deep: 'true' }] },
    });
  });

  test('gives what its function answered as attributes and as reference', async () => {
    await world.deploy({
      Resources: { Thing: custom('ok') },
      Outputs: { Text: { Value: { 'Fn::GetAtt': ['Thing', 'Text'] } }, Answer: { Value: { 'Fn::Sub': '${Thing.Answer}!' } }, Id: { Value: { Ref: 'Thing' } } },
    });

    expect([world.output('Text'), world.output('Answer'), world.output('Id')]).toEqual(['told', '42!', 'made-Thing-1']);
  });

  test.each([
    ['that fails', 'fails', 'Received response status [FAILED] from custom resource. Message returned: no luck (RequestId: …)'],
    ['whose answer is too long', 'long', 'Response object is too long.'],
    ['whose answer is not JSON', 'broken', 'Invalid Response object: not valid JSON'],
    ['whose function is not there', 'missing', 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing'],
    ['that never answers', 'silent', 'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId […]. If you are using '
      + 'the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.'],
  ])('%s fails in AWS\'s words', async (_, name, reason) => {
    await world.deploy({ Resources: { Thing: custom(name) } });

    expect(reasons().map(requestIds)[0]).toBe(reason);
  });

  test('is waited for an hour, or as long as it says', async () => {
    await world.deploy({ Resources: { Thing: custom('silent', { ServiceTimeout: '90' }) } }, { name: 'Short' });
    const short = world.kernel.now;
    await world.deploy({ Resources: { Thing: custom('silent') } }, { name: 'Long' });

    expect(short).toBeLessThan(100_000);
    expect(world.kernel.now - short).toBeGreaterThanOrEqual(3_600_000);
  });

  test('whose failed creation told an id is deleted under that id', async () => {
    await world.deploy({ Resources: { Thing: custom('fails') } });

    expect(world.invocations().map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([['Create', undefined], ['Delete', 'half-made']]);
  });

  test('that comes back under another id is deleted under the old one at the end', async () => {
    await world.deploy({ Resources: { Thing: custom('moves', { Place: 'here' }) } });

    await world.deploy({ Resources: { Thing: custom('moves', { Place: 'there' }) } });

    expect(world.invocations().map(({ RequestType, PhysicalResourceId: id, ResourceProperties: { Place } }) => [RequestType, id, Place])).toEqual([
      ['Create', undefined, 'here'], ['Update', 'at-here', 'there'], ['Delete', 'at-here', 'here'],
    ]);
    expect(world.story('Stack', 5)).toEqual([
      'Stack UPDATE_IN_PROGRESS User Initiated',
      'Thing UPDATE_IN_PROGRESS',
      'Thing UPDATE_COMPLETE Requested update required the provider to create a new physical resource',
      'Stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Thing DELETE_IN_PROGRESS',
      'Thing DELETE_COMPLETE',
      'Stack UPDATE_COMPLETE',
    ]);
  });

  test.each([
    ['default', [['Create', undefined], ['Update', 'at-here'], ['Update', 'at-there'], ['Delete', 'at-there']]],
    ['other', [['Create', undefined], ['Update', 'at-here'], ['Delete', 'at-there']]],
  ])('that moved comes back when the update is taken back (%s)', async (variant, expected) => {
    const other = new StackWorld({ variants: [variant] });
    try {
      await other.deploy({ Resources: { Thing: custom('moves', { Place: 'here' }) } });

      expect(await other.deploy({ Resources: { Thing: custom('moves', { Place: 'there' }), Bad: custom('fails', {}, { DependsOn: 'Thing' }) } })).toBe('UPDATE_ROLLBACK_COMPLETE');

      const calls = other.invocations().filter(({ LogicalResourceId }) => LogicalResourceId === 'Thing');
      expect(calls.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual(expected);
      expect(await other.remove()).toBe('DELETE_COMPLETE');
      expect(other.invocations().pop()).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'at-here' });
    } finally {
      other.stop();
    }
  });

  test('gets its old properties back when the update is taken back', async () => {
    await world.deploy({ Resources: { Thing: custom('ok', { Size: 1 }) } });

    await world.deploy({ Resources: { Thing: custom('ok', { Size: 2 }), Bad: custom('fails', {}, { DependsOn: 'Thing' }) } });

    expect(world.invocations().filter(({ LogicalResourceId }) => LogicalResourceId === 'Thing').map(({ ResourceProperties, OldResourceProperties }) =>
      [ResourceProperties.Size, OldResourceProperties?.Size])).toEqual([['1', undefined], ['2', '1'], ['1', '2']]);
  });

  test('ignores the answer to a question that is not asked any more', async () => {
    const template = { Resources: { Thing: custom('silent', { ServiceTimeout: 60 }) } };
    world.cfn('CreateStack', { StackName: 'Stack', DisableRollback: true, TemplateBody: JSON.stringify(template) });
    await world.settle();
    const [{ ResponseURL, StackId, RequestId }] = world.invocations();
    const before = world.story();

    const body = { Status: 'SUCCESS', PhysicalResourceId: 'late', StackId, RequestId, LogicalResourceId: 'Thing' };
    world.kernel.transaction(() => world.context('cloudformation').after(0, {
      kind: 'response-arrived', args: { key: decodeURIComponent(new URL(ResponseURL).pathname.slice(1)), blob: world.kernel.blobs.put(Buffer.from(JSON.stringify(body))) },
    }));
    await world.advance(10);

    expect(world.story()).toEqual(before);
  });

  test('of which an attribute is wanted that was not given fails the one who wants it', async () => {
    await world.deploy({ Resources: { Thing: custom('ok'), Group: logGroup('g', { RetentionInDays: { 'Fn::GetAtt': ['Thing', 'Days'] } }) } });

    const [{ RequestId, StackId }] = world.invocations();
    expect(reasons()).toContain(`CustomResource attribute error: Vendor response doesn't contain Days attribute in object ${StackId}|Thing|${RequestId}`);
  });

  test('gets the text of a reference to a secret, not the secret', async () => {
    const Password = '{{resolve:secretsmanager:db:SecretString:password}}';
    await world.deploy({ Resources: { Thing: custom('ok', { Password }) } });

    expect(world.invocations()[0].ResourceProperties.Password).toBe(Password);
  });

  test('apart, services get secrets in the clear, which CloudFormation keeps nowhere', async () => {
    await world.deploy({ Resources: { A: logGroup('a', { KmsKeyId: '{{resolve:secretsmanager:db:SecretString:password}}' }) } });

    expect(world.group('a')?.kmsKeyId).toBe('hunter2');
    const kept = world.kernel.store.dump().filter(({ table }) => table.startsWith('cloudformation'));
    expect(JSON.stringify(kept)).not.toContain('hunter2');
  });

  test('with a topic as service token is refused loudly', async () => {
    await world.deploy({ Resources: { Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:aws:sns:us-east-1:123456789012:t' } } } });

    expect(reasons()[0]).toBe('[emulator] an SNS topic as ServiceToken is not built');
  });
});
