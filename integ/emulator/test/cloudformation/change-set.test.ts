import { StackWorld, custom, logGroup } from './toys';

let world: StackWorld;

beforeEach(() => {
  world = new StackWorld();
});

afterEach(() => world.stop());

interface Described {
  readonly Status: string; readonly StatusReason?: string; readonly ExecutionStatus: string;
  readonly Changes: Array<{ ResourceChange: { Action: string; LogicalResourceId: string; Replacement?: string; PhysicalResourceId?: string } }>;
}

function changeSet(template: object, input: object = {}): Described {
  world.cfn('CreateChangeSet', { StackName: 'Stack', ChangeSetName: 'set', TemplateBody: JSON.stringify(template), ...input });
  return world.cfn<Described>('DescribeChangeSet', { StackName: 'Stack', ChangeSetName: 'set' });
}

async function execute(): Promise<string> {
  world.cfn('ExecuteChangeSet', { StackName: 'Stack', ChangeSetName: 'set' });
  return world.settle();
}

describe('a change set', () => {
  test('for a new stack leaves it in review until it is executed', async () => {
    const described = changeSet({ Resources: { A: logGroup('a') } }, { ChangeSetType: 'CREATE' });

    expect(described).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
    expect(world.stack()?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect(await execute()).toBe('CREATE_COMPLETE');
    expect(world.groupNames()).toEqual(['a']);
  });

  test('without changes fails as the CLI expects it', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    expect(changeSet({ Resources: { A: logGroup('a') }, Description: 'other words' })).toMatchObject({
      Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE',
      StatusReason: 'The submitted information didn\'t contain changes. Submit different information to create a change set.', Changes: [],
    });
  });

  test('tells additions, changes and removals, and carries them out', async () => {
    await world.deploy({ Resources: { A: logGroup('a'), B: logGroup('b'), C: logGroup('c') } });

    const { Changes } = changeSet({ Resources: { A: logGroup('a', { RetentionInDays: 3 }), B: logGroup('other'), D: logGroup('d') } });

    expect(Changes.map(({ ResourceChange: { Action, LogicalResourceId, Replacement } }) => [Action, LogicalResourceId, Replacement])).toEqual([
      ['Remove', 'C', undefined], ['Modify', 'A', 'False'], ['Modify', 'B', 'True'], ['Add', 'D', undefined],
    ]);
    expect(await execute()).toBe('UPDATE_COMPLETE');
    expect(world.groupNames().sort()).toEqual(['a', 'd', 'other']);
  });

  test('can be made for outputs alone', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    expect(changeSet({ Resources: { A: logGroup('a') }, Outputs: { X: { Value: { Ref: 'A' } } } })).toMatchObject({ Status: 'CREATE_COMPLETE', Changes: [] });
    expect(await execute()).toBe('UPDATE_COMPLETE');
    expect(world.output('X')).toBe('a');
  });

  test('that is not there is named', () => {
    changeSet({ Resources: { A: logGroup('a') } }, { ChangeSetType: 'CREATE' });

    const { code, message } = world.refusal('cloudformation', 'DescribeChangeSet', { StackName: 'Stack', ChangeSetName: 'gone' });
    expect([code, message]).toEqual(['ChangeSetNotFoundException', 'ChangeSet [gone] does not exist']);
  });

  test('is carried out once', async () => {
    changeSet({ Resources: { A: logGroup('a') } }, { ChangeSetType: 'CREATE' });
    await execute();

    expect(world.refusal('cloudformation', 'ExecuteChangeSet', { StackName: 'Stack', ChangeSetName: 'set' }).code).toBe('InvalidChangeSetStatusException');
  });

  test('uses values of before for parameters, and hides those that are not to be shown', async () => {
    const template = (days: number) => ({
      Parameters: { Name: { Type: 'String', NoEcho: true } },
      Resources: { A: logGroup('a', { KmsKeyId: { Ref: 'Name' }, RetentionInDays: days }) },
    });
    await world.deploy(template(1), { input: { Parameters: [{ ParameterKey: 'Name', ParameterValue: 'sesame' }] } });

    changeSet(template(3), { Parameters: [{ ParameterKey: 'Name', UsePreviousValue: true }] });

    const described = world.cfn('DescribeChangeSet', { StackName: 'Stack', ChangeSetName: 'set', IncludePropertyValues: true });
    expect(JSON.stringify(described)).not.toContain('sesame');
    expect(JSON.stringify(described)).toContain('****');
    expect(JSON.stringify(world.events().map(({ ResourceProperties }) => ResourceProperties))).not.toContain('sesame');
    expect(await execute()).toBe('UPDATE_COMPLETE');
    expect(world.group('a')?.retentionInDays).toBe(3);
  });

  test('with a template that is wrong is refused at once', () => {
    expect(world.refusal('cloudformation', 'CreateChangeSet', {
      StackName: 'Stack', ChangeSetName: 'set', ChangeSetType: 'CREATE', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a', { RetentionInDays: { Ref: 'X' } }) } }),
    }).message).toBe('Template format error: Unresolved resource dependencies [X] in the Resources block of the template');
    expect(world.stack()).toBeUndefined();
  });
});

describe('an import', () => {
  const kept = { DeletionPolicy: 'Retain' };
  const wanted = { ChangeSetType: 'IMPORT', ResourcesToImport: [{ ResourceType: 'AWS::Logs::LogGroup', LogicalResourceId: 'B', ResourceIdentifier: { LogGroupName: 'there' } }] };

  test('adopts what is there, without making anything', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });
    world.call('logs', 'CreateLogGroup', { logGroupName: 'there' });

    const { Changes } = changeSet({ Resources: { A: logGroup('a'), B: logGroup('there', {}, kept) } }, wanted);

    expect(Changes.map(({ ResourceChange: { Action, LogicalResourceId, PhysicalResourceId } }) => [Action, LogicalResourceId, PhysicalResourceId]))
      .toEqual([['Import', 'B', 'there']]);
    expect(await execute()).toBe('IMPORT_COMPLETE');
    expect(world.story('Stack', 5)).toEqual([
      'Stack IMPORT_IN_PROGRESS User Initiated',
      'B IMPORT_IN_PROGRESS Resource import started.',
      'B IMPORT_COMPLETE Resource import completed.',
      'B UPDATE_IN_PROGRESS Apply stack-level tags to imported resource if applicable.',
      'B UPDATE_COMPLETE',
      'Stack IMPORT_COMPLETE',
    ]);
    expect(await world.deploy({ Resources: { A: logGroup('a') } })).toBe('UPDATE_COMPLETE');
    expect(world.groupNames()).toContain('there');
  });

  test('of what is not there leaves the stack as it was', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    changeSet({ Resources: { A: logGroup('a'), B: logGroup('there', {}, kept) } }, wanted);

    expect(await execute()).toBe('IMPORT_ROLLBACK_COMPLETE');
    expect(await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 1 }) } })).toBe('UPDATE_COMPLETE');
  });

  test('needs a deletion policy', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    expect(world.refusal('cloudformation', 'CreateChangeSet', {
      StackName: 'Stack', ChangeSetName: 'set', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a'), B: logGroup('there') } }), ...wanted,
    }).message).toBe('The following resources to import [B] must have DeletionPolicy attribute specified in the template.');
  });

  test.each<[string, object, RegExp]>([
    ['by another property than its identifier', { LogGroupClass: 'there' }, /^Invalid ResourceIdentifier \[LogGroupClass\] for resource B: AWS::Logs::LogGroup is identified by \[LogGroupName\]$/],
    ['that a stack has already', { LogGroupName: 'a' }, /^a already exists in stack arn:aws:cloudformation:/],
  ])('is refused %s', async (_, ResourceIdentifier, text) => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    expect(world.refusal('cloudformation', 'CreateChangeSet', {
      StackName: 'Stack', ChangeSetName: 'set', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a'), B: logGroup('there', {}, kept) } }),
      ChangeSetType: 'IMPORT', ResourcesToImport: [{ ...wanted.ResourcesToImport[0], ResourceIdentifier }],
    }).message).toMatch(text);
  });

  test('changes nothing else', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    expect(changeSet({ Resources: { A: logGroup('other'), B: logGroup('there', {}, kept) } }, wanted)).toMatchObject({
      Status: 'FAILED', StatusReason: 'You have modified resources [A] in your template that are not being imported. '
        + 'Update, create or delete operations cannot be executed during import operations.',
    });
  });
});

describe('a change set that takes what exists', () => {
  const input = { ChangeSetType: 'CREATE', ImportExistingResources: true };

  test('adopts what is there under the name that the template gives, and makes the rest', async () => {
    world.call('logs', 'CreateLogGroup', { logGroupName: 'there' });

    const { Changes } = changeSet({ Resources: { A: logGroup('there', {}, { DeletionPolicy: 'RetainExceptOnCreate' }), B: logGroup('new') } }, input);

    expect(Changes.map(({ ResourceChange: { Action, LogicalResourceId } }) => [Action, LogicalResourceId])).toEqual([['Import', 'A'], ['Add', 'B']]);
    expect(await execute()).toBe('CREATE_COMPLETE');
    expect(world.groupNames()).toEqual(['there', 'new']);
  });

  test('leaves what it adopted when the rest fails', async () => {
    world.call('logs', 'CreateLogGroup', { logGroupName: 'there' });

    changeSet({ Resources: { A: logGroup('there', {}, { DeletionPolicy: 'RetainExceptOnCreate' }), B: custom('fails', {}, { DependsOn: 'A' }) } }, input);

    expect(await execute()).toBe('ROLLBACK_COMPLETE');
    expect(world.groupNames()).toEqual(['there']);
  });

  test('refuses to adopt what would be deleted with the stack', () => {
    world.call('logs', 'CreateLogGroup', { logGroupName: 'there' });

    expect(changeSet({ Resources: { A: logGroup('there') } }, input)).toMatchObject({
      Status: 'FAILED', StatusReason: expect.stringMatching(/must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' .* are A \(\{LogGroupName=there\}\)$/s) as string,
    });
  });
});

describe('drift', () => {
  const drifts = (): Array<{ LogicalResourceId: string; StackResourceDriftStatus: string; PropertyDifferences?: object[] }> =>
    world.cfn<{ StackResourceDrifts: never[] }>('DescribeStackResourceDrifts', { StackName: 'Stack' }).StackResourceDrifts;

  function detect(): string {
    const { StackDriftDetectionId } = world.cfn<{ StackDriftDetectionId: string }>('DetectStackDrift', { StackName: 'Stack' });
    return world.cfn<{ StackDriftStatus: string }>('DescribeStackDriftDetectionStatus', { StackDriftDetectionId }).StackDriftStatus;
  }

  test('looks at what is there', async () => {
    await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 1 }), B: logGroup('b'), C: custom('ok') } });
    expect(detect()).toBe('IN_SYNC');

    world.call('logs', 'PutRetentionPolicy', { logGroupName: 'a', retentionInDays: 30 });
    world.call('logs', 'DeleteLogGroup', { logGroupName: 'b' });

    expect(detect()).toBe('DRIFTED');
    expect(drifts().map(({ LogicalResourceId: id, StackResourceDriftStatus: status, PropertyDifferences: found }) => [id, status, found])).toEqual([
      ['A', 'MODIFIED', [{ PropertyPath: '/RetentionInDays', ExpectedValue: '1', ActualValue: '30', DifferenceType: 'NOT_EQUAL' }]],
      ['B', 'DELETED', undefined],
    ]);
  });
});

describe('exports', () => {
  const exporting = (value: unknown) => ({ Resources: { A: logGroup('a') }, Outputs: { X: { Value: value, Export: { Name: 'shared' } } } });
  const importing = { Resources: { B: logGroup('b', { LogGroupName: { 'Fn::Sub': ['/of/${X}', { X: { 'Fn::ImportValue': 'shared' } }] } }) } };

  test('are found by other stacks, and keep from changing while they are used', async () => {
    await world.deploy(exporting('one'), { name: 'Giver' });
    await world.deploy(importing, { name: 'Taker' });
    expect(world.groupNames()).toEqual(['a', '/of/one']);
    expect(world.cfn('ListImports', { ExportName: 'shared' })).toEqual({ Imports: ['Taker'], NextToken: undefined });

    expect(await world.deploy(exporting('two'), { name: 'Giver' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.story('Giver')).toContain('Giver UPDATE_ROLLBACK_IN_PROGRESS Export shared cannot be updated as it is in use by Taker');

    world.cfn('DeleteStack', { StackName: 'Giver' });
    expect(world.stack('Giver')).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE', StackStatusReason: 'Delete canceled. Cannot delete export shared as it is in use by Taker.',
    });

    await world.remove('Taker');
    expect(await world.remove('Giver')).toBe('DELETE_COMPLETE');
  });

  test('that are not there are named', () => {
    world.cfn('CreateChangeSet', { StackName: 'Taker', ChangeSetName: 'set', ChangeSetType: 'CREATE', TemplateBody: JSON.stringify(importing) });

    expect(world.cfn('DescribeChangeSet', { StackName: 'Taker', ChangeSetName: 'set' })).toMatchObject({ Status: 'FAILED', StatusReason: 'No export named shared found.' });
  });

  test('belong to one stack', async () => {
    await world.deploy(exporting('one'), { name: 'Giver' });

    expect(await world.deploy({ ...exporting('two'), Resources: { A: logGroup('other') } }, { name: 'Second' })).toBe('ROLLBACK_COMPLETE');
    expect(world.story('Second')).toContain('Second ROLLBACK_IN_PROGRESS Export with name shared is already exported by stack Giver. Rollback requested by user.');
  });
});

describe('errors that clients match', () => {
  test.each([
    ['DescribeStacks', { StackName: 'X' }, 'Stack with id X does not exist'],
    ['DescribeStackEvents', { StackName: 'X' }, 'Stack [X] does not exist'],
    ['GetTemplate', { StackName: 'X' }, 'Stack with id X does not exist'],
    ['UpdateStack', { StackName: 'X', TemplateBody: '{}' }, 'Stack [X] does not exist'],
    ['CreateChangeSet', { StackName: 'X', ChangeSetName: 'set', TemplateBody: '{}' }, 'Stack [X] does not exist'],
  ])('%s says of a stack that is not there what AWS says', (operation, input, message) => {
    const refusal = world.refusal('cloudformation', operation, input);
    expect([refusal.code, refusal.message]).toEqual(['ValidationError', message]);
  });

  test('a name that is taken is refused', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    const { code, message } = world.refusal('cloudformation', 'CreateStack', { StackName: 'Stack', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a') } }) });
    expect([code, message]).toEqual(['AlreadyExistsException', 'Stack [Stack] already exists']);
  });

  test('a stack that was rolled back cannot be updated', async () => {
    await world.deploy({ Resources: { A: custom('fails') } });

    expect(world.refusal('cloudformation', 'UpdateStack', { StackName: 'Stack', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a') } }) }).message)
      .toBe(`Stack:${world.stack()!.StackId} is in ROLLBACK_COMPLETE state and can not be updated.`);
  });

  test('capabilities have to be given', () => {
    const { code, message } = world.refusal('cloudformation', 'CreateStack', {
      StackName: 'Stack', TemplateBody: JSON.stringify({ Resources: { A: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: {} } } } }),
    });
    expect([code, message]).toEqual(['InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_NAMED_IAM]']);
  });
});
