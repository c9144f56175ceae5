import { logGroup, StackWorld } from './toys';

const body = (name: string): string => JSON.stringify({ Resources: { A: logGroup(name) } });

let world: StackWorld;

beforeEach(() => {
  world = new StackWorld();
});

afterEach(() => world.stop());

test('a repeated CreateStack answers as the first one did', async () => {
  const input = { StackName: 'Stack', TemplateBody: body('a'), ClientRequestToken: 'one' };
  const first = world.cfn<{ StackId: string }>('CreateStack', input);

  expect(world.cfn<{ StackId: string }>('CreateStack', input).StackId).toBe(first.StackId);

  await world.settle('Stack');
  expect(world.cfn<{ StackId: string }>('CreateStack', input).StackId).toBe(first.StackId);
  expect(() => world.cfn('CreateStack', { ...input, ClientRequestToken: 'two' })).toThrow('Stack [Stack] already exists');
  expect(() => world.cfn('CreateStack', { ...input, ClientRequestToken: undefined })).toThrow('Stack [Stack] already exists');
});

test('a repeated UpdateStack updates once', async () => {
  await world.deploy({ Resources: { A: logGroup('a') } });
  const input = { StackName: 'Stack', TemplateBody: body('b'), ClientRequestToken: 'one' };
  const { StackId } = world.cfn<{ StackId: string }>('UpdateStack', input);
  await world.settle('Stack');
  const events = world.events().length;

  expect(world.cfn<{ StackId: string }>('UpdateStack', input).StackId).toBe(StackId);

  expect(world.events()).toHaveLength(events);
  expect(() => world.cfn('UpdateStack', { ...input, ClientRequestToken: 'two' })).toThrow('No updates are to be performed.');
});

test.each(['StackPolicyBody', 'StackPolicyURL'])('a stack policy is refused by name: %s', (member) => {
  expect(() => world.cfn('CreateStack', { StackName: 'Stack', TemplateBody: body('a'), [member]: 'https://x' })).toThrow(`[emulator] ${member} is not built`);
  expect(world.stack()).toBeUndefined();
});

test('a stack policy of an update is refused by name', async () => {
  await world.deploy({ Resources: { A: logGroup('a') } });

  expect(() => world.cfn('UpdateStack', { StackName: 'Stack', TemplateBody: body('b'), StackPolicyDuringUpdateBody: '{}' }))
    .toThrow('[emulator] StackPolicyDuringUpdateBody is not built');
});
