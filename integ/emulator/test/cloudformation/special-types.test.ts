import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackWorld, TOYS, custom, logGroup } from './toys';

let world: StackWorld;

beforeEach(() => {
  world = new StackWorld();
});

afterEach(() => world.stop());

describe('a nested stack', () => {
  const child = (resources: object, outputs: object = {}): object => ({ Parameters: { Name: { Type: 'String', Default: 'child' } }, Resources: resources, Outputs: outputs });
  const parent = (key: string, parameters: object = {}, extra: object = {}) => ({
    Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `http://127.0.0.1:4566/bucket/${key}`, Parameters: parameters } }, ...extra },
    Outputs: { Told: { Value: { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] } } },
  });
  const upload = (key: string, template: object): void => {
    world.call('s3', 'PutObject', { Bucket: 'bucket', Key: key, Body: JSON.stringify(template) });
  };
  const GROUP = child({ Group: logGroup('x', { LogGroupName: { Ref: 'Name' } }) }, { Name: { Value: { Ref: 'Group' } } });

  test('is made from its template and gives its outputs', async () => {
    upload('child', GROUP);

    expect(await world.deploy(parent('child', { Name: 'inner' }))).toBe('CREATE_COMPLETE');

    expect(world.groupNames()).toEqual(['inner']);
    expect(world.output('Told')).toBe('inner');
    const { StackResources: [{ PhysicalResourceId: id }] } = world.cfn<{ StackResources: Array<{ PhysicalResourceId: string }> }>('DescribeStackResources', { StackName: 'Stack' });
    expect(world.stack(id)).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ParentId: world.stack()!.StackId, RootId: world.stack()!.StackId });
    expect(await world.remove()).toBe('DELETE_COMPLETE');
    expect(world.groupNames()).toEqual([]);
  });

  test('is updated with its parent, and not when nothing changed', async () => {
    upload('child', GROUP);
    await world.deploy(parent('child', { Name: 'inner' }));

    expect(await world.deploy(parent('child', { Name: 'changed' }))).toBe('UPDATE_COMPLETE');
    expect(world.groupNames()).toEqual(['changed']);
    expect(world.output('Told')).toBe('changed');
    expect(world.refusal('cloudformation', 'UpdateStack', { StackName: 'Stack', TemplateBody: JSON.stringify(parent('child', { Name: 'changed' })) }).message)
      .toBe('No updates are to be performed.');
  });

  test('whose creation fails takes its parent back with it', async () => {
    upload('child', child({ Bad: custom('fails') }, { Name: { Value: 'x' } }));

    expect(await world.deploy(parent('child'))).toBe('ROLLBACK_COMPLETE');

    const failure = world.events().find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')!;
    expect(failure.ResourceStatusReason).toBe(
      `Embedded stack ${failure.PhysicalResourceId} was not successfully created: The following resource(s) failed to create: [Bad]. `);
    expect(world.stack(failure.PhysicalResourceId)!.StackStatus).toBe('DELETE_COMPLETE');
  });

  test('goes back to what it was when its parent does', async () => {
    upload('child', GROUP);
    await world.deploy(parent('child', { Name: 'inner' }));

    expect(await world.deploy(parent('child', { Name: 'changed' }, { Bad: custom('fails', {}, { DependsOn: 'Nested' }) }))).toBe('UPDATE_ROLLBACK_COMPLETE');

    expect(world.groupNames()).toEqual(['inner']);
  });
});

describe('signals', () => {
  const waiting = { Resources: { A: logGroup('a', {}, { CreationPolicy: { ResourceSignal: { Count: 2, Timeout: 'PT10M' } } }) } };

  test('of a creation policy are counted, once per sender', async () => {
    world.cfn('CreateStack', { StackName: 'Stack', TemplateBody: JSON.stringify(waiting) });
    await world.advance(1000);
    const signal = (UniqueId: string): unknown => world.cfn('SignalResource', { StackName: 'Stack', LogicalResourceId: 'A', UniqueId, Status: 'SUCCESS' });

    signal('i-1');
    signal('i-1');
    await world.advance(1000);
    expect(world.stack()?.StackStatus).toBe('CREATE_IN_PROGRESS');
    signal('i-2');

    expect(await world.settle()).toBe('CREATE_COMPLETE');
    expect(world.story()).toContain('A CREATE_IN_PROGRESS Received SUCCESS signal with UniqueId i-2');
  });

  test('that do not come fail the resource', async () => {
    expect(await world.deploy(waiting)).toBe('ROLLBACK_COMPLETE');

    expect(world.story()).toContain('A CREATE_FAILED Failed to receive 2 resource signal(s) within the specified duration');
  });

  test('of failure fail it at once', async () => {
    world.cfn('CreateStack', { StackName: 'Stack', TemplateBody: JSON.stringify(waiting) });
    await world.advance(1000);

    world.cfn('SignalResource', { StackName: 'Stack', LogicalResourceId: 'A', UniqueId: 'i-1', Status: 'FAILURE' });

    expect(await world.settle()).toBe('ROLLBACK_COMPLETE');
    expect(world.story()).toContain('A CREATE_FAILED Received 1 FAILURE signal(s) out of 2. Unable to satisfy 100% MinSuccessfulInstancesPercent requirement');
  });
});

describe('a wait condition', () => {
  const template = (Timeout: string) => ({
    Resources: {
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Condition: { Type: 'AWS::CloudFormation::WaitCondition', Properties: { Handle: { Ref: 'Handle' }, Timeout, Count: 1 } },
    },
    Outputs: { Data: { Value: { 'Fn::GetAtt': ['Condition', 'Data'] } }, Url: { Value: { Ref: 'Handle' } } },
  });

  test('waits for what is put where its handle points', async () => {
    world.cfn('CreateStack', { StackName: 'Stack', TemplateBody: JSON.stringify(template('600')) });
    await world.advance(1000);
    const { StackResources } = world.cfn<{ StackResources: Array<{ PhysicalResourceId: string }> }>('DescribeStackResources', { StackName: 'Stack', LogicalResourceId: 'Handle' });
    const key = decodeURIComponent(new URL(StackResources[0].PhysicalResourceId).pathname.slice(1));

    const blob = world.kernel.blobs.put(Buffer.from(JSON.stringify({ Status: 'SUCCESS', UniqueId: 'one', Data: 'done', Reason: 'ready' })));
    world.kernel.transaction(() => world.context('cloudformation').after(0, { kind: 'response-arrived', args: { key, blob } }));

    expect(await world.settle()).toBe('CREATE_COMPLETE');
    expect(world.output('Data')).toBe('{"one":"done"}');
  });

  test('fails when nothing comes', async () => {
    expect(await world.deploy(template('60'))).toBe('ROLLBACK_COMPLETE');

    expect(world.story()).toContain('Condition CREATE_FAILED WaitCondition timed out. Received 0 conditions when expecting 1');
  });
});

describe('types that nobody emulates', () => {
  test('are recorded, with ids and attributes of the right kind', async () => {
    expect(await world.deploy({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} }, Table: { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [], TableName: 'mine' } } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] } }, Name: { Value: { Ref: 'Table' } } },
    })).toBe('CREATE_COMPLETE');

    expect(world.output('Name')).toBe('mine');
    expect(world.output('Arn')).toBe('arn:aws:dynamodb:us-east-1:123456789012:table/mine');
    expect(await world.remove()).toBe('DELETE_COMPLETE');
  });
});

describe('a type of which a part is not built', () => {
  const without = (operation: string): StackWorld => new StackWorld({
    services: TOYS.map((service) => {
      const { [operation]: _, ...operations } = service.operations;
      return { ...service, operations };
    }),
  });

  test('is there all the same, without that part', async () => {
    world.stop();
    world = without('PutRetentionPolicy');

    expect(await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 7 }) } })).toBe('CREATE_COMPLETE');
    expect(world.groupNames()).toEqual(['a']);
    expect(await world.remove()).toBe('DELETE_COMPLETE');
    expect(world.groupNames()).toEqual([]);
  });

  test('is recorded when what makes it is not built', async () => {
    world.stop();
    world = without('CreateLogGroup');

    expect(await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 7 }) } })).toBe('CREATE_COMPLETE');
    expect(world.groupNames()).toEqual([]);
    expect(await world.remove()).toBe('DELETE_COMPLETE');
  });
});

describe('names', () => {
  test('are made as CloudFormation makes them, within the type\'s length', async () => {
    const name = 'AStackWithAVeryLongNameIndeedLongerThanARoleMayBe';
    await world.deploy({
      Resources: {
        Group: { Type: 'AWS::Logs::LogGroup' },
        RoleWithAVeryLongLogicalIdToo: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      },
    },
    { name, input: { Capabilities: ['CAPABILITY_IAM'] } });

    const ids = world.events(name).flatMap(({ LogicalResourceId, ResourceStatus, PhysicalResourceId = '' }) =>
      (ResourceStatus === 'CREATE_COMPLETE' && LogicalResourceId !== name ? [PhysicalResourceId] : [])).sort((a, b) => b.length - a.length);
    expect(ids[0]).toMatch(/^AStackWithAVeryLongNameIndeedLongerThanARoleMayBe-Group-[A-Za-z0-9]{12}$/);
    expect(ids[1]).toMatch(/^AStackWithAVery.*-RoleWithAVery.*-[A-Za-z0-9]{12}$/);
    expect(ids[1].length).toBeLessThanOrEqual(64);
  });

  test('are the same for the same seed', async () => {
    const again = new StackWorld();
    try {
      const template = { Resources: { Group: { Type: 'AWS::Logs::LogGroup' }, Thing: custom('silent', { ServiceTimeout: 5 }) } };
      await world.deploy(template);
      await again.deploy(template);

      expect(again.kernel.timeline.entries()).toEqual(world.kernel.timeline.entries());
      const ids = (of: StackWorld): Array<string | undefined> => of.events().map(({ PhysicalResourceId }) => PhysicalResourceId);
      expect(ids(again)).toEqual(ids(world));
    } finally {
      again.stop();
    }
  });
});

const BOOTSTRAP = join(__dirname, '../../../../node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml');

(existsSync(BOOTSTRAP) ? describe : describe.skip)('the template of cdk bootstrap', () => {
  test.each([
    ['as it is', {}, 'hnb659fds'],
    ['with a qualifier and a key of its own', { Qualifier: 'mine', FileAssetsBucketKmsKeyId: '' }, 'mine'],
  ])('deploys %s, and again without changes', async (_, parameters, qualifier) => {
    const input = {
      StackName: 'CDKToolkit', ChangeSetName: 'set', TemplateBody: readFileSync(BOOTSTRAP, 'utf8'), Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    };
    world.cfn('CreateChangeSet', { ...input, ChangeSetType: 'CREATE' });
    world.cfn('ExecuteChangeSet', { StackName: 'CDKToolkit', ChangeSetName: 'set' });

    expect(await world.settle('CDKToolkit')).toBe('CREATE_COMPLETE');
    expect(world.output('BucketName', 'CDKToolkit')).toBe(`cdk-${qualifier}-assets-123456789012-us-east-1`);
    expect(world.call<{ Parameter: { Value: string } }>('ssm', 'GetParameter', { Name: `/cdk-bootstrap/${qualifier}/version` }).Parameter.Value).toMatch(/^\d+$/);

    world.cfn('CreateChangeSet', { ...input, ChangeSetName: 'again' });
    expect(world.cfn<{ Status: string; StatusReason: string }>('DescribeChangeSet', { StackName: 'CDKToolkit', ChangeSetName: 'again' })).toMatchObject({
      Status: 'FAILED', StatusReason: expect.stringMatching(/didn't contain changes/) as string,
    });
  });
});
