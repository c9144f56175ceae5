import {
  authorityProblems, backupRetentionProblem, hsmCountProblem, hsmTypeProblems, keptLongerProblem, placementProblems, providerStackProblem,
  removalPolicyProblem, subnetProblems, unknownValidityProblem, userNameProblem,
} from '../../src/private/validation';

const subnet = (path: string, availabilityZone?: string, isPublic = false) => ({ path, availabilityZone, isPublic });
const wishes = { hsmCount: undefined, placement: undefined, subnets: [], activate: true, total: undefined };

test('what is not known has no problem', () => {
  expect([
    hsmCountProblem(undefined),
    backupRetentionProblem(undefined),
    unknownValidityProblem(false),
    ...authorityProblems({ kind: 'KMS', hasKey: true, hasPrivateCa: false, validityYears: undefined }),
    ...subnetProblems([subnet('one'), subnet('two')], false),
    ...placementProblems(wishes),
    ...placementProblems({ ...wishes, activate: false }),
  ].filter((problem) => problem !== undefined)).toEqual([]);
});

test('every problem has a code, and a sentence that starts in lower case, has no full stop and names a way out', () => {
  const one = { node: { path: 'one' } };
  const problems = [
    hsmCountProblem(29),
    backupRetentionProblem(6),
    unknownValidityProblem(true),
    ...authorityProblems({ kind: 'PAPER', hasKey: false, hasPrivateCa: false, validityYears: 0 }),
    ...authorityProblems({ kind: 'PRIVATE_CA', hasKey: false, hasPrivateCa: false, validityYears: 10 }),
    ...authorityProblems({ kind: 'KMS', hasKey: false, hasPrivateCa: false, validityYears: 10 }),
    ...subnetProblems([subnet('one', 'a'), subnet('two', 'a', true)], false),
    ...subnetProblems([], false),
    ...hsmTypeProblems({ name: 'hsm1.medium', supportsNonFips: false, isAvailableForNewClusters: false }, true),
    userNameProblem('admin'),
    userNameProblem(''),
    ...placementProblems({ hsmCount: 2, placement: [{ subnet: one, count: -1 }, { subnet: one, count: 1 }], subnets: [], activate: false, total: 2 }),
    removalPolicyProblem('cluster', 'snapshot'),
    keptLongerProblem('crypto user', 'retain', 'destroy'),
    providerStackProblem('one', 'two'),
  ];

  expect(problems.filter((problem) => problem === undefined)).toEqual([]);
  for (const problem of problems) {
    expect(problem!.code).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(problem!.text).toMatch(/^(?![A-Z][a-z ]).*[^.]$/);
    expect(problem!.text).toMatch(/choose|use |set |leave|return|give |name /);
  }
});

test('two subnets of unknown zones are not said to share one', () => {
  expect(subnetProblems([subnet('one'), subnet('two'), subnet('three', 'a')], false)).toEqual([]);
});
