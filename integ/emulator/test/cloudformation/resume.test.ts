import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackWorld, custom, logGroup } from './toys';

const FIRST = { Resources: { A: logGroup('a', { RetentionInDays: 1 }), B: custom('ok', { Size: 1 }, { DependsOn: 'A' }), C: logGroup('old') } };
const SECOND = {
  Resources: {
    A: logGroup('a', { RetentionInDays: 3 }), B: custom('ok', { Size: 2 }, { DependsOn: 'A' }),
    C: logGroup('new'), D: custom('fails', {}, { DependsOn: 'B' }),
  },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudformation-cut-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A state folder whose journal ends after so many lines. */
function cut(lines: number): string {
  const copy = `${folder}-${lines}`;
  cpSync(folder, copy, { recursive: true });
  const journal = join(copy, 'journal');
  const all = readFileSync(journal, 'utf8').split('\n');
  writeFileSync(journal, `${all.slice(0, lines).join('\n')}\n`);
  rmSync(join(copy, 'lock'), { force: true });
  return copy;
}

test('whatever prefix of the journal is left, every operation runs on to its end', async () => {
  const whole = new StackWorld({ folder });
  await whole.deploy(FIRST);
  const created = readFileSync(join(folder, 'journal'), 'utf8').split('\n').length - 1;
  await whole.deploy(SECOND);
  await whole.remove();
  whole.stop();
  const total = readFileSync(join(folder, 'journal'), 'utf8').split('\n').length - 1;

  const ends = new Set<string>();
  let cutUpdates = 0;
  for (let lines = 2; lines <= total; lines++) {
    const copy = cut(lines);
    const world = new StackWorld({ folder: copy });
    const [stack] = world.context('cloudformation').table<{ stackId: string; status: string }>('cloudformation/stacks').values();
    if (stack) {
      const status = await world.settle(stack.stackId);
      ends.add(status);
      if (status === 'CREATE_COMPLETE' || status === 'UPDATE_ROLLBACK_COMPLETE') {
        if (lines > created) cutUpdates += 1;
        expect([lines, world.groupNames().sort(), world.group('a')?.retentionInDays]).toEqual([lines, ['a', 'old'], 1]);
      }
      if (status === 'DELETE_COMPLETE') expect(world.groupNames()).toEqual([]);
    }
    world.stop();
    rmSync(copy, { recursive: true, force: true });
  }

  expect([...ends].sort()).toEqual(['CREATE_COMPLETE', 'DELETE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
  expect(cutUpdates).toBeGreaterThan(20);
});

test('a cut and a whole run tell the same story', async () => {
  const whole = new StackWorld({ folder });
  await whole.deploy(FIRST);
  await whole.deploy(SECOND);
  const story = whole.story();
  whole.stop();
  const total = readFileSync(join(folder, 'journal'), 'utf8').split('\n').length - 1;

  const copy = cut(Math.floor(total * 0.7));
  const world = new StackWorld({ folder: copy });
  await world.settle();
  expect(world.story()).toEqual(story);
  world.stop();
  rmSync(copy, { recursive: true, force: true });
});
