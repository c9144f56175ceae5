import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logGroup, StackWorld } from './cloudformation/toys';
import { Tables } from '../src/kernel';

const ROOT = join(__dirname, '..');

/** Rows of texts that the sources of a folder name. */
function named(folder: string): Set<string> {
  const files = readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Set(files.flatMap((file) => [...readFileSync(join(ROOT, 'src', folder, file), 'utf8').matchAll(/'(?:\w+\/)?(text-[a-z-]+)'/g)].map(([, row]) => row)));
}

test.each([['cloudformation', 'cloudformation'], ['stepfunctions', 'services/stepfunctions']])('every text of %s has a row, and every row of a text is said', (table, folder) => {
  const rows = new Tables(join(ROOT, 'tables')).all(table).map(({ id }) => id).filter((id) => id.startsWith('text-'));

  expect([...named(folder)].sort()).toEqual(rows.sort());
});

describe('a text that nobody published is the one of the run', () => {
  let world: StackWorld;

  afterEach(() => world.stop());

  test.each([[['default'], 'Invalid NextToken: at-x'], [['other'], 'Invalid NextToken']])('with %j, when an operation refuses', (variants, expected) => {
    world = new StackWorld({ variants });

    expect(() => world.cfn('ListStacks', { NextToken: 'at-x' })).toThrow(new Error(expected));
  });

  test.each([
    [['default'], 'Template error: Invalid CIDR block for Fn::Cidr: nowhere'],
    [['other'], 'Template error: every Fn::Cidr object requires a valid CIDR block: nowhere'],
  ])('with %j, when a resource fails', async (variants, expected) => {
    world = new StackWorld({ variants });

    await world.deploy({ Resources: { A: logGroup('a', { RetentionInDays: { 'Fn::Select': [0, { 'Fn::Cidr': ['nowhere', 1, 8] }] } }) } });

    expect(world.story()).toContain(`A CREATE_FAILED ${expected}`);
  });
});
