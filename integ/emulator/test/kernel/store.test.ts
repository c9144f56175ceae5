import { Store } from '../../src/kernel/store';
import type { Change } from '../../src/kernel/store';

function recording(): { store: Store; commits: Change[][] } {
  const commits: Change[][] = [];
  return { store: new Store((changes) => commits.push(changes)), commits };
}

describe('transactions', () => {
  test('a throw leaves everything as it was, order included', () => {
    const { store, commits } = recording();
    const things = store.table<number>('things');
    store.transaction(() => ['a', 'b', 'c'].forEach((key, index) => things.put(key, index)));

    expect(() => store.transaction(() => {
      things.delete('a');
      things.put('b', 20);
      things.put('d', 3);
      throw new Error('no');
    })).toThrow('no');

    expect(things.entries()).toEqual([['a', 0], ['b', 1], ['c', 2]]);
    expect(commits).toHaveLength(1);
  });

  test('an inner throw that is caught takes back only the inner writes', () => {
    const { store, commits } = recording();
    const things = store.table<string>('things');

    store.transaction(() => {
      things.put('outer', 'kept');
      expect(() => store.transaction(() => {
        things.put('inner', 'lost');
        things.put('outer', 'changed');
        throw new Error('inner');
      })).toThrow('inner');
    });

    expect(things.entries()).toEqual([['outer', 'kept']]);
    expect(commits).toEqual([[{ table: 'things', key: 'outer', value: 'kept' }]]);
  });

  test('a write outside a transaction is refused', () => {
    const { store } = recording();

    expect(() => store.table('things').put('a', 1)).toThrow('outside a transaction');
  });

  test('records are frozen copies', () => {
    const { store } = recording();
    const given = { list: [1] };
    const stored = store.transaction(() => store.table<{ list: number[] }>('things').put('a', given));

    given.list.push(2);

    expect(stored).toEqual({ list: [1] });
    expect(() => stored.list.push(3)).toThrow(TypeError);
  });

  test('replaying the commits rebuilds state and order', () => {
    const { store, commits } = recording();
    const things = store.table<number>('things');
    store.transaction(() => ['a', 'b', 'c'].forEach((key, index) => things.put(key, index)));
    store.transaction(() => {
      things.delete('a');
      things.put('a', 9);
      things.put('b', 8);
    });
    const copy = new Store();

    commits.forEach((changes) => copy.replay(changes));

    expect(copy.table<number>('things').entries()).toEqual(things.entries());
    expect(things.entries()).toEqual([['b', 8], ['c', 2], ['a', 9]]);
  });
});
