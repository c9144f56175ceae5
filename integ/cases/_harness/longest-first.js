const { basename } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Files that take longest: begun last they would be waited for alone. Measured now and then; a wrong guess costs seconds and nothing else. */
const LONGEST = [
  'examples', 'key-store-trouble', 'key-store', 'rotation', 'deploys', 'broken-growth', 'life', 'reach-exact', 'adopt', 'broken-creates', 'iam-removed', 'restore',
  'external-authority', 'fault-plans', 'emulator', 'admin-secret',
];

/** Where nothing is known from an earlier run, as in a clean clone, jest goes by the size of files, which says nothing about deploys. */
class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (LONGEST.indexOf(basename(path, '.test.ts')) + 1) || LONGEST.length + 1;
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
}

module.exports = LongestFirst;
