import type { StackWorld } from './toys';
import { StackWorld as Worlds, custom, logGroup } from './toys';

let world: StackWorld;

beforeEach(() => {
  world = new Worlds();
});

afterEach(() => world.stop());

const fault = (operation: string, resource: string, service: string = 'logs', times: number = 1): void => {
  world.kernel.faults.add({ service, operation, resource, kind: 'error', times, params: { code: 'InvalidParameterException', message: 'no such luck' } });
};

/** Request ids are made up for each run of a resource; what matters is the sentence. */
const plainly = (story: readonly string[]): string[] => story.map((line) => line
  .replace(/\(Service: .*?\)"/, '(…)"').replace(/RequestToken: [0-9a-f-]+/, 'RequestToken: …').replace(/\(RequestId: [0-9a-f-]+\)/, '(RequestId: …)'));

describe('create', () => {
  test('makes what a template has in its order, and says so as AWS does', async () => {
    const status = await world.deploy({
      Resources: { Second: logGroup('second', {}, { DependsOn: 'First' }), First: logGroup('first') },
      Outputs: { Name: { Value: { Ref: 'First' } }, Arn: { Value: { 'Fn::GetAtt': ['Second', 'Arn'] } } },
    });

    expect(status).toBe('CREATE_COMPLETE');
    expect(world.story()).toEqual([
      'Stack CREATE_IN_PROGRESS User Initiated',
      'First CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS Resource creation Initiated',
      'First CREATE_COMPLETE',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_IN_PROGRESS Resource creation Initiated',
      'Second CREATE_COMPLETE',
      'Stack CREATE_COMPLETE',
    ]);
    expect(world.output('Name')).toBe('first');
    expect(world.output('Arn')).toBe('arn:aws:logs:us-east-1:123456789012:log-group:second:*');
  });

  test('a failure cancels what is under way and takes everything back', async () => {
    fault('CreateLogGroup', 'bad');

    const status = await world.deploy({
      Resources: { Good: logGroup('good'), Slow: custom('silent'), Bad: logGroup('bad', {}, { DependsOn: 'Good' }), After: logGroup('after', {}, { DependsOn: 'Bad' }) },
    });

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(plainly(world.story())).toEqual([
      'Stack CREATE_IN_PROGRESS User Initiated',
      'Good CREATE_IN_PROGRESS',
      'Good CREATE_IN_PROGRESS Resource creation Initiated',
      'Good CREATE_COMPLETE',
      'Slow CREATE_IN_PROGRESS',
      'Bad CREATE_IN_PROGRESS',
      'Bad CREATE_FAILED Resource handler returned message: "no such luck (…)" (RequestToken: …, HandlerErrorCode: InvalidRequest)',
      'Slow CREATE_FAILED Resource creation cancelled',
      'Stack ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Slow, Bad]. Rollback requested by user.',
      'Slow DELETE_IN_PROGRESS',
      'Bad DELETE_COMPLETE',
      'Good DELETE_IN_PROGRESS',
      'Good DELETE_COMPLETE',
      'Slow DELETE_COMPLETE',
      'Stack ROLLBACK_COMPLETE',
    ]);
    expect(world.groupNames()).toEqual([]);
  });

  test('a cancelled custom resource is deleted under an id that CloudFormation makes up', async () => {
    fault('CreateLogGroup', 'bad');

    await world.deploy({ Resources: { Slow: custom('silent', { Count: 3, On: true }), Bad: logGroup('bad') } });

    const [create, remove] = world.invocations();
    expect(create).toMatchObject({ RequestType: 'Create', ResourceProperties: { Count: '3', On: 'true' } });
    expect(create.PhysicalResourceId).toBeUndefined();
    expect(remove.RequestType).toBe('Delete');
    expect(remove.PhysicalResourceId).toMatch(/^Stack-Slow-[A-Z0-9]{12}$/);
  });

  test('nothing is taken back when the caller asked to keep it, and independent resources go on', async () => {
    fault('CreateLogGroup', 'bad');

    const status = await world.deploy({
      Resources: { Bad: logGroup('bad'), After: logGroup('after', {}, { DependsOn: 'Bad' }), Other: logGroup('other', {}, { DependsOn: 'Middle' }), Middle: custom('ok') },
    }, { input: { DisableRollback: true } });

    expect(status).toBe('CREATE_FAILED');
    expect(world.stack()?.StackStatusReason).toBe('The following resource(s) failed to create: [Bad]. ');
    expect(world.groupNames()).toEqual(['other']);
  });

  test('a kept failure can be put right by an update', async () => {
    fault('CreateLogGroup', 'bad');
    const template = { Resources: { Good: logGroup('good'), Bad: logGroup('bad') } };
    await world.deploy(template, { input: { DisableRollback: true } });

    expect(await world.deploy(template, { input: { DisableRollback: true } })).toBe('UPDATE_COMPLETE');
    expect(world.groupNames().sort()).toEqual(['bad', 'good']);
  });

  test('a kept failure can be rolled back', async () => {
    fault('CreateLogGroup', 'bad');
    await world.deploy({ Resources: { Good: logGroup('good'), Bad: logGroup('bad') } }, { input: { DisableRollback: true } });

    world.cfn('RollbackStack', { StackName: 'Stack' });

    expect(await world.settle()).toBe('ROLLBACK_COMPLETE');
    expect(world.groupNames()).toEqual([]);
  });

  test('OnFailure DELETE leaves no stack behind', async () => {
    fault('CreateLogGroup', 'bad');
    world.cfn('CreateStack', { StackName: 'Stack', OnFailure: 'DELETE', TemplateBody: JSON.stringify({ Resources: { Good: logGroup('good'), Bad: logGroup('bad') } }) });
    const { StackId } = world.stack()!;

    expect(await world.settle(StackId)).toBe('DELETE_COMPLETE');
    expect(world.stack()).toBeUndefined();
  });

  test.each([
    ['Retain', {}, ['kept']],
    ['RetainExceptOnCreate', {}, []],
    ['Retain', { RetainExceptOnCreate: true }, []],
    ['Delete', {}, []],
  ])('a rollback of a creation treats %s (%j) so that %j stays', async (DeletionPolicy, input, expected) => {
    fault('CreateLogGroup', 'bad');

    await world.deploy({ Resources: { Kept: logGroup('kept', {}, { DeletionPolicy }), Bad: logGroup('bad', {}, { DependsOn: 'Kept' }) } }, { input });

    expect(world.groupNames()).toEqual(expected);
  });

  test('a resource is waited for until its service says that it is there', async () => {
    expect(await world.deploy({
      Resources: { Cluster: { Type: 'AWS::CloudHSM::Cluster', Properties: { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-12345678'] } } },
      Outputs: { Id: { Value: { 'Fn::GetAtt': ['Cluster', 'ClusterId'] } }, Ref: { Value: { Ref: 'Cluster' } } },
    })).toBe('CREATE_COMPLETE');

    expect(world.kernel.now).toBeGreaterThanOrEqual(60_000);
    expect(world.kernel.now).toBeLessThan(75_000);
    expect(world.output('Ref')).toBe(`arn:aws:cloudhsm:us-east-1:123456789012:cluster/${world.output('Id')}`);
  });

  test('a creation that turns back while a service is at work waits for that service before it deletes', async () => {
    fault('CreateLogGroup', 'bad');

    const status = await world.deploy({
      Resources: {
        Cluster: { Type: 'AWS::CloudHSM::Cluster', Properties: { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-12345678'] } },
        Bad: logGroup('bad', {}, { DependsOn: 'First' }), First: custom('ok'),
      },
    });

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(world.clusterStates()).toEqual(['DELETED']);
    expect(world.story()).toContain('Cluster CREATE_FAILED Resource creation cancelled');
  });

  test('what takes longer than the stack may is taken back', async () => {
    const status = await world.deploy({ Resources: { Slow: custom('silent') } }, { input: { TimeoutInMinutes: 5 } });

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(world.story()).toContain('Stack ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. Rollback requested by user.');
  });
});

describe('update', () => {
  const TWO = { Resources: { A: logGroup('a', { RetentionInDays: 1 }), B: logGroup('b') } };

  test('touches only what changed', async () => {
    await world.deploy(TWO);

    expect(await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 3 }), B: logGroup('b') } })).toBe('UPDATE_COMPLETE');

    expect(world.story('Stack', 8)).toEqual([
      'Stack UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'Stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Stack UPDATE_COMPLETE',
    ]);
    expect(world.group('a')?.retentionInDays).toBe(3);
  });

  test('refuses an update that changes nothing', async () => {
    await world.deploy(TWO);

    const { code, message } = world.refusal('cloudformation', 'UpdateStack', { StackName: 'Stack', TemplateBody: JSON.stringify(TWO) });
    expect([code, message]).toEqual(['ValidationError', 'No updates are to be performed.']);
  });

  test('a replacement makes the new one first and takes the old one away at the end', async () => {
    await world.deploy({ Resources: { A: logGroup('old'), B: custom('ok', { Group: { Ref: 'A' } }) } });

    await world.deploy({ Resources: { A: logGroup('new'), B: custom('ok', { Group: { Ref: 'A' } }) } });

    expect(world.story('Stack', 8)).toEqual([
      'Stack UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'A UPDATE_IN_PROGRESS Resource creation Initiated',
      'A UPDATE_COMPLETE',
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_COMPLETE',
      'Stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'Stack UPDATE_COMPLETE',
    ]);
    expect(world.groupNames()).toEqual(['new']);
    expect(world.invocations()[1]).toMatchObject({ RequestType: 'Update', ResourceProperties: { Group: 'new' }, OldResourceProperties: { Group: 'old' } });
  });

  test('a failed update puts back the properties that were', async () => {
    await world.deploy(TWO);
    fault('PutRetentionPolicy', '"b"');

    const status = await world.deploy({
      Resources: { A: logGroup('a', { RetentionInDays: 7 }), B: logGroup('b', { RetentionInDays: 7 }, { DependsOn: ['A', 'C'] }), C: logGroup('c') },
    });

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.group('a')?.retentionInDays).toBe(1);
    expect(world.groupNames()).toEqual(['a', 'b']);
    expect(plainly(world.story('Stack', 8))).toEqual([
      'Stack UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'C CREATE_IN_PROGRESS',
      'C CREATE_IN_PROGRESS Resource creation Initiated',
      'C CREATE_COMPLETE',
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_FAILED Resource handler returned message: "no such luck (…)" (RequestToken: …, HandlerErrorCode: InvalidRequest)',
      'Stack UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [B]. ',
      'B UPDATE_IN_PROGRESS',
      'B UPDATE_COMPLETE',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'Stack UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'C DELETE_IN_PROGRESS',
      'C DELETE_COMPLETE',
      'Stack UPDATE_ROLLBACK_COMPLETE',
    ]);
  });

  test('a failed replacement keeps the old resource and takes the new one away', async () => {
    await world.deploy({ Resources: { A: logGroup('old'), B: logGroup('b', {}, { DependsOn: 'A' }) } });
    fault('PutRetentionPolicy', '"b"');

    expect(await world.deploy({ Resources: { A: logGroup('new'), B: logGroup('b', { RetentionInDays: 7 }, { DependsOn: 'A' }) } })).toBe('UPDATE_ROLLBACK_COMPLETE');

    expect(world.groupNames()).toEqual(['old', 'b']);
    expect(await world.deploy({ Resources: { A: logGroup('new'), B: logGroup('b') } })).toBe('UPDATE_COMPLETE');
    expect(world.groupNames()).toEqual(['b', 'new']);
  });

  test('what cannot be deleted at the end does not fail the update', async () => {
    await world.deploy({ Resources: { A: logGroup('old'), B: custom('stuck') } });

    expect(await world.deploy({ Resources: { A: logGroup('new') } })).toBe('UPDATE_COMPLETE');

    expect(world.stack()?.StackStatusReason).toBe('Update successful. One or more resources could not be deleted.');
    expect(plainly(world.story())).toContain(
      'B DELETE_FAILED Received response status [FAILED] from custom resource. Message returned: still in use (RequestId: …)');
    expect(world.groupNames()).toEqual(['new']);
  });

  test.each([['Retain', ['old', 'new']], ['Delete', ['new']]])('a replaced resource with UpdateReplacePolicy %s leaves %j', async (UpdateReplacePolicy, expected) => {
    await world.deploy({ Resources: { A: logGroup('old', {}, { UpdateReplacePolicy }) } });

    await world.deploy({ Resources: { A: logGroup('new', {}, { UpdateReplacePolicy }) } });

    expect(world.groupNames()).toEqual(expected);
  });

  test('a rollback that fails can go on, and what stands in the way can be skipped', async () => {
    await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 1 }), B: logGroup('b', {}, { DependsOn: 'A' }) } });
    fault('PutRetentionPolicy', '"b"');
    world.kernel.faults.add({ service: 'logs', operation: 'PutRetentionPolicy', resource: '"a"', kind: 'error', nth: 2, times: 2, params: { code: 'InvalidParameterException' } });

    const status = await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 7 }), B: logGroup('b', { RetentionInDays: 7 }, { DependsOn: 'A' }) } });

    expect(status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(world.stack()?.StackStatusReason).toBe('The following resource(s) failed to update: [A]. ');

    world.cfn('ContinueUpdateRollback', { StackName: 'Stack' });
    expect(await world.settle()).toBe('UPDATE_ROLLBACK_FAILED');

    world.cfn('ContinueUpdateRollback', { StackName: 'Stack', ResourcesToSkip: ['A'] });
    expect(await world.settle()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('an update that is kept half done can be rolled back later', async () => {
    await world.deploy(TWO);
    fault('PutRetentionPolicy', '"b"');

    expect(await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: 7 }), B: logGroup('b', { RetentionInDays: 7 }, { DependsOn: 'A' }) } },
      { input: { DisableRollback: true } })).toBe('UPDATE_FAILED');
    expect(world.group('a')?.retentionInDays).toBe(7);

    world.cfn('RollbackStack', { StackName: 'Stack' });
    expect(await world.settle()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.group('a')?.retentionInDays).toBe(1);
  });

  test('a second try after an update kept half done finishes it, and the replaced resource goes only then', async () => {
    await world.deploy({ Resources: { A: logGroup('old'), B: logGroup('b') } });
    fault('PutRetentionPolicy', '"b"');
    const wanted = { Resources: { A: logGroup('new'), B: logGroup('b', { RetentionInDays: 7 }, { DependsOn: 'A' }) } };

    expect(await world.deploy(wanted, { input: { DisableRollback: true } })).toBe('UPDATE_FAILED');
    expect(world.groupNames()).toEqual(['old', 'b', 'new']);

    expect(await world.deploy(wanted, { input: { DisableRollback: true } })).toBe('UPDATE_COMPLETE');
    expect(world.groupNames()).toEqual(['b', 'new']);
    expect(world.group('b')?.retentionInDays).toBe(7);
  });

  test('an update under way can be cancelled', async () => {
    await world.deploy({ Resources: { A: custom('ok', { Size: 1 }) } });
    world.cfn('UpdateStack', { StackName: 'Stack', TemplateBody: JSON.stringify({ Resources: { A: custom('ok', { Size: 2 }), B: custom('silent') } }) });
    await world.advance(10);

    world.cfn('CancelUpdateStack', { StackName: 'Stack' });

    expect(await world.settle()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.story()).toContain('B CREATE_FAILED Resource creation cancelled');
  });

  test('only a policy that changes is taken over without touching the resource', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });

    await world.deploy({ Resources: { A: logGroup('a', {}, { DeletionPolicy: 'Retain' }) } });
    expect(world.story('Stack', 5).filter((line) => line.startsWith('A '))).toEqual([]);

    await world.remove();
    expect(world.groupNames()).toEqual(['a']);
  });

  test('a resource with a name of its own cannot be replaced under that name', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });
    const replaced = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'a', LogGroupClass: 'INFREQUENT_ACCESS' } };
    const other = { Type: 'AWS::SSM::Document', Properties: { Name: 'mine', Content: {}, DocumentType: 'Command' } };
    await world.deploy({ Resources: { A: replaced, B: other } });

    await world.deploy({ Resources: { A: replaced, B: { ...other, Properties: { ...other.Properties, DocumentType: 'Session' } } } });

    expect(world.story()).toContain('B UPDATE_FAILED CloudFormation cannot update a stack when a custom-named resource requires replacing. '
      + 'Rename mine and update the stack again.');
  });

  test('a secure parameter is for few properties only', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } });
    const input = { StackName: 'Stack', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a'), B: logGroup('{{resolve:ssm-secure:/p}}') } }) };

    world.cfn('UpdateStack', input);

    expect(await world.settle()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.story()).toContain('B CREATE_FAILED SSM Secure reference is not supported in: [AWS::Logs::LogGroup/Properties/LogGroupName]');
  });

  test('a new service token is refused', async () => {
    await world.deploy({ Resources: { A: custom('ok') } });

    expect(await world.deploy({ Resources: { A: custom('moves', { Place: 'x' }) } })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(world.story()).toContain('A UPDATE_FAILED Modifying service token is not allowed.');
  });
});

describe('delete', () => {
  test('takes away what needs others first', async () => {
    await world.deploy({ Resources: { A: logGroup('a'), B: logGroup('b', {}, { DependsOn: 'A' }) } });
    const { StackId } = world.stack()!;

    expect(await world.remove()).toBe('DELETE_COMPLETE');

    expect(world.story(StackId, 8)).toEqual([
      'Stack DELETE_IN_PROGRESS User Initiated', 'B DELETE_IN_PROGRESS', 'B DELETE_COMPLETE', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'Stack DELETE_COMPLETE',
    ]);
  });

  test('what cannot be deleted fails the deletion, and may then be left', async () => {
    await world.deploy({ Resources: { A: logGroup('a'), B: custom('stuck', {}, { DependsOn: 'A' }), C: logGroup('c') } });

    expect(world.refusal('cloudformation', 'DeleteStack', { StackName: 'Stack', RetainResources: ['B'] }).message)
      .toMatch(/Specify resources to retain only when the current stack status is DELETE_FAILED\.$/);
    expect(await world.remove()).toBe('DELETE_FAILED');
    expect(world.stack()?.StackStatusReason).toBe('The following resource(s) failed to delete: [B]. ');
    expect(world.groupNames()).toEqual(['a']);

    expect(await world.remove('Stack', { RetainResources: ['B'] })).toBe('DELETE_COMPLETE');
    expect(world.groupNames()).toEqual([]);
  });

  test('after a rollback that failed keeps the order, and what is needed stays', async () => {
    await world.deploy({ Resources: { A: logGroup('a'), B: custom('stuck', {}, { DependsOn: 'A' }), Bad: custom('fails', {}, { DependsOn: 'B' }) } });
    expect(world.stack()?.StackStatus).toBe('ROLLBACK_FAILED');

    expect(await world.remove()).toBe('DELETE_FAILED');

    expect(world.groupNames()).toEqual(['a']);
  });

  test.each([['Retain'], ['RetainExceptOnCreate']])('leaves what has the policy %s', async (DeletionPolicy) => {
    await world.deploy({ Resources: { A: logGroup('a', {}, { DeletionPolicy }) } });
    const { StackId } = world.stack()!;

    await world.remove();

    expect(world.groupNames()).toEqual(['a']);
    expect(world.story(StackId)).toContain('A DELETE_SKIPPED');
  });

  test('is refused while the stack is protected', async () => {
    await world.deploy({ Resources: { A: logGroup('a') } }, { input: { EnableTerminationProtection: true } });

    expect(world.refusal('cloudformation', 'DeleteStack', { StackName: 'Stack' }).message)
      .toBe('Stack [Stack] cannot be deleted while TerminationProtection is enabled');
    world.cfn('UpdateTerminationProtection', { StackName: 'Stack', EnableTerminationProtection: false });
    expect(await world.remove()).toBe('DELETE_COMPLETE');
  });

  test('of a stack that is still being made stops the making', async () => {
    world.cfn('CreateStack', { StackName: 'Stack', TemplateBody: JSON.stringify({ Resources: { A: logGroup('a'), B: custom('silent') } }) });
    await world.advance(100);

    expect(await world.remove()).toBe('DELETE_COMPLETE');
    expect(world.groupNames()).toEqual([]);
    expect(world.invocations().map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete']);
    expect(world.kernel.busy).toBe(false);
  });

  test('of what is not there is no error', () => {
    expect(world.cfn('DeleteStack', { StackName: 'Nothing' })).toEqual({});
  });
});

describe('limits', () => {
  test('an operation that does not end says after a day what it waits for', async () => {
    await world.deploy({
      Resources: {
        A: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
        B: { Type: 'AWS::CloudFormation::WaitCondition', Properties: { Handle: { Ref: 'A' }, Timeout: '200000' } },
      },
    });

    expect(world.stack()?.StackStatus).toBe('CREATE_FAILED');
    expect(world.stack()?.StackStatusReason).toBe('[emulator] the operation has not ended within 24 hours; it waits for: B (1 signal(s))');
    expect(world.kernel.now).toBeGreaterThanOrEqual(86_400_000);
  });

  test('a service\'s refusal comes as the handlers of AWS pass it on', async () => {
    fault('CreateLogGroup', '');

    await world.deploy({ Resources: { Bad: logGroup('bad') } });

    expect(world.story().find((line) => line.startsWith('Bad CREATE_FAILED'))).toMatch(new RegExp('Resource handler returned message: "no such luck '
      + '\\(Service: CloudWatchLogs, Status Code: 400, Request ID: [0-9a-f-]{36}\\) \\(SDK Attempt Count: 1\\)" '
      + '\\(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: InvalidRequest\\)$'));
  });

  test('a resource that does not become stable in its time fails', async () => {
    const never = new Worlds({ overrides: new Map([['cloudformation/handler-timeout', 40]]) });
    try {
      const Properties = { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-12345678'] };
      expect(await never.deploy({ Resources: { Cluster: { Type: 'AWS::CloudHSM::Cluster', Properties } } })).toBe('ROLLBACK_COMPLETE');
      expect(plainly(never.story())).toContain(
        'Cluster CREATE_FAILED Resource handler returned message: "Exceeded attempts to wait" (RequestToken: …, HandlerErrorCode: NotStabilized)');
    } finally {
      never.stop();
    }
  });
});
