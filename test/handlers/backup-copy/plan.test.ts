import type { Backup } from '../../../src/handlers/aws/backups';
import { planCopies } from '../../../src/handlers/backup-copy/plan';

const DAY = 86_400_000;
const NOW = 400 * DAY;
const CLUSTER = 'cluster-igklspoyj5v';

/** A backup that was made so many days ago. */
const original = (id: string, days: number, more: Partial<Backup> = {}): Backup => ({ backupId: id, state: 'READY', clusterId: CLUSTER, createdAt: NOW - days * DAY, ...more });
const copyOf = (id: string, days: number, more: Partial<Backup> = {}): Backup =>
  original(`${id}-there`, days, { sourceBackupId: id, sourceRegion: 'eu-west-1', tags: { ours: 'yes' }, ...more });

const plan = (here: readonly Backup[], there: readonly Backup[], hasHsms = true) =>
  planCopies({ hasHsms, here, there }, ({ tags }) => tags?.ours === 'yes', 90, NOW);

describe('copies', () => {
  test.each<[string, Backup[], Backup[], string | undefined]>([
    ['the newest READY backup', [original('old', 2), original('new', 1), original('making', 0, { state: 'CREATE_IN_PROGRESS' })], [], 'new'],
    ['none that is there', [original('new', 1)], [copyOf('new', 1)], undefined],
    ['none that is on its way', [original('new', 1)], [copyOf('new', 1, { state: 'CREATE_IN_PROGRESS' })], undefined],
    ['one anew whose copy failed', [original('new', 1)], [copyOf('new', 1, { state: 'DELETED' })], 'new'],
    ['one anew whose copy somebody deleted', [original('new', 1)], [copyOf('new', 1, { state: 'PENDING_DELETION' })], 'new'],
    ['none that came from elsewhere itself', [original('mine', 2), copyOf('foreign', 1)], [], 'mine'],
    ['nothing where there is nothing', [], [], undefined],
  ])('%s', (_title, here, there, expected) => {
    expect(plan(here, there).copy).toBe(expected);
  });
});

describe('deletes', () => {
  test.each<[string, Backup[], string[]]>([
    ['what is older than it may be', [copyOf('a', 1), copyOf('b', 89), copyOf('c', 91)], ['c-there']],
    ['never the newest', [copyOf('a', 300), copyOf('b', 301)], ['b-there']],
    ['never the newest READY one, while a newer is on its way', [copyOf('a', 1, { state: 'CREATE_IN_PROGRESS' }), copyOf('b', 300)], []],
    ['nothing that somebody else copied', [copyOf('a', 1), copyOf('b', 300, { tags: {} }), copyOf('c', 300, { tags: undefined })], []],
    ['never the newest of ours, though somebody else has copied a newer one', [copyOf('a', 1, { tags: {} }), copyOf('b', 300)], []],
    ['thirty at once, the oldest first', [copyOf('a', 1), ...Array.from({ length: 40 }, (_, index) => copyOf(`old-${index}`, 100 + index))],
      Array.from({ length: 30 }, (_, index) => `old-${39 - index}-there`)],
    ['nothing that never expires', [copyOf('a', 1), copyOf('b', 300, { neverExpires: true })], []],
    ['nothing twice', [copyOf('a', 1), copyOf('b', 300, { state: 'PENDING_DELETION' })], []],
  ])('%s', (_title, there, expected) => {
    expect(plan([], there).remove).toEqual(expected);
  });
});

describe('the age', () => {
  test.each<[string, Backup[], Backup[], boolean, number | undefined]>([
    ['is that of the newest copy', [original('new', 0), original('old', 1)], [copyOf('old', 1)], true, 86_400],
    ['counts what is still on its way as not there', [original('old', 1)], [copyOf('old', 1, { state: 'CREATE_IN_PROGRESS' })], true, 86_400],
    ['is that of the newest backup before there is a copy', [original('old', 1)], [], true, 86_400],
    ['is none before there is a backup', [], [], true, undefined],
    ['is 0 while nothing changes and all is copied', [original('old', 5)], [copyOf('old', 5)], false, 0],
    ['counts on while nothing changes and the last is not copied', [original('last', 1), original('old', 5)], [copyOf('old', 5)], false, 5 * 86_400],
  ])('%s', (_title, here, there, hasHsms, expected) => {
    expect(plan(here, there, hasHsms).age).toBe(expected);
  });
});
