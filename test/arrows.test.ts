import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

/** What a file imports. `type ` in front makes it `import type`. */
type Sources = Readonly<Record<string, readonly string[]>>;

/** A repository in which every arrow is kept. */
const GOOD: Sources = {
  'src/index.ts': ['./cluster/cluster', './cluster/cluster-ref', './patterns/vault'],
  'src/cluster/cluster.ts': ['constructs', './cluster-ref', './hsm-type', '../private/errors', '../lifecycle/fleet-contract'],
  'src/cluster/cluster-ref.ts': ['type aws-cdk-lib', './hsm-type'],
  'src/cluster/hsm-type.ts': ['../private/errors'],
  'src/patterns/vault.ts': ['constructs', '../cluster/cluster', '../private/errors'],
  'src/private/errors.ts': [],
  'src/private/perms.ts': [],
  'src/lifecycle/fleet-contract.ts': [],
  'src/handlers/lifecycle.lambda.ts': ['node:crypto', './fleet/plan', '../lifecycle/fleet-contract'],
  'src/handlers/fleet/plan.ts': [],
  'test/cluster.test.ts': ['../src/cluster/cluster'],
  'examples/one/app.ts': ['aws-cdk-lib', 'cdk-cloudhsm', './stack'],
  'examples/one/stack.ts': [],
  'examples/two/app.ts': [],
  'integ/apps/one/app.ts': ['cdk-cloudhsm', './stack'],
  'integ/apps/one/stack.ts': [],
  'integ/cases/one.test.ts': ['cloudhsm-emulator', './deploy'],
  'integ/cases/deploy.ts': [],
  'integ/emulator/src/index.ts': ['./services/ec2/service', './access/call', './kernel/clock'],
  'integ/emulator/src/cli.ts': ['./index'],
  'integ/emulator/src/kernel/clock.ts': ['node:fs', './ids'],
  'integ/emulator/src/kernel/ids.ts': [],
  'integ/emulator/src/wire/operation.ts': ['../kernel/clock'],
  'integ/emulator/src/wire/model.ts': [],
  'integ/emulator/src/access/call.ts': ['../wire/operation', '../kernel/clock'],
  'integ/emulator/src/services/ec2/service.ts': ['type ../../wire/model', '../../wire/operation', '../../kernel/clock', './state'],
  'integ/emulator/src/services/ec2/state.ts': [],
  'integ/emulator/src/services/ec2-instance-connect/service.ts': [],
  'integ/emulator/src/cloudformation/plan.ts': ['../access/call', '../wire/model'],
  'integ/emulator/src/compute/functions.ts': ['../kernel/clock'],
  'integ/emulator/test/clock.test.ts': ['aws-cdk-lib', '../src/kernel/clock', '../src/index'],
};

/** One import too many, and the rules that see it. */
const BAD: ReadonlyArray<readonly [file: string, imported: string, ...rules: string[]]> = [
  ['src/cluster/hsm-type.ts', 'type ./cluster-ref', 'no-cycles'],
  ['src/cluster/hsm-type.ts', './nowhere', 'resolvable'],
  ['src/handlers/fleet/plan.ts', 'aws-cdk-lib', 'handlers-without-cdk'],
  ['src/handlers/fleet/plan.ts', 'type constructs', 'handlers-without-cdk'],
  ['src/handlers/fleet/plan.ts', '../../private/errors', 'handlers-meet-constructs-in-contracts'],
  ['src/handlers/fleet/plan.ts', '../../cluster/hsm-type', 'handlers-meet-constructs-in-contracts'],
  ['src/cluster/hsm-type.ts', '../handlers/fleet/plan', 'constructs-without-handlers'],
  ['src/lifecycle/fleet-contract.ts', '../private/errors', 'contracts-stand-alone'],
  ['src/lifecycle/fleet-contract.ts', 'aws-cdk-lib', 'contracts-stand-alone'],
  ['src/index.ts', './private/errors', 'private-stays-private'],
  ['src/private/perms.ts', '../cluster/cluster', 'refs-below-constructs'],
  ['src/cluster/cluster.ts', '../patterns/vault', 'no-cycles', 'patterns-on-top'],
  ['src/patterns/vault.ts', '../private/perms', 'patterns-use-public-constructs'],
  ['src/patterns/vault.ts', '../lifecycle/fleet-contract', 'patterns-use-public-constructs'],
  ['src/private/errors.ts', '../index', 'no-cycles', 'index-on-top'],
  ['src/private/errors.ts', '../../integ/cases/deploy', 'library-without-emulator'],
  ['test/cluster.test.ts', 'cloudhsm-emulator', 'library-without-emulator'],
  ['examples/one/app.ts', '../../src', 'apps-as-users'],
  ['examples/one/app.ts', '../two/app', 'apps-as-users'],
  ['integ/apps/one/app.ts', '../../cases/deploy', 'apps-as-users'],
  ['integ/apps/one/app.ts', 'cloudhsm-emulator', 'apps-without-emulator'],
  ['examples/one/app.ts', 'cdk-cloudhsm/lib/cluster/cluster', 'apps-as-users', 'no-deep-imports'],
  ['integ/cases/one.test.ts', 'cloudhsm-emulator/lib/kernel/clock', 'cases-from-outside', 'no-deep-imports'],
  ['integ/cases/one.test.ts', '../emulator/src/kernel/clock', 'cases-from-outside'],
  ['integ/cases/one.test.ts', '../../src/cluster/hsm-type', 'cases-from-outside'],
  ['integ/emulator/src/kernel/ids.ts', '../../../../src/private/errors', 'emulator-without-library', 'kernel-imports-nothing'],
  ['integ/emulator/src/compute/functions.ts', 'aws-cdk-lib', 'emulator-without-cdk'],
  ['integ/emulator/src/compute/functions.ts', 'cdk-cloudhsm', 'emulator-without-library'],
  ['integ/emulator/src/kernel/ids.ts', '../wire/model', 'kernel-imports-nothing'],
  ['integ/emulator/src/kernel/ids.ts', 'constructs', 'emulator-without-cdk', 'kernel-imports-nothing'],
  ['integ/emulator/src/wire/model.ts', '../services/ec2/state', 'wire-above-kernel'],
  ['integ/emulator/src/access/call.ts', '../services/ec2/state', 'access-above-wire'],
  ['integ/emulator/src/services/ec2/state.ts', '../ec2-instance-connect/service', 'services-apart'],
  ['integ/emulator/src/services/ec2/state.ts', '../../access/call', 'services-apart'],
  ['integ/emulator/src/services/ec2/state.ts', '../../wire/model', 'services-wire-types'],
  ['integ/emulator/src/cloudformation/plan.ts', 'type ../services/ec2/state', 'parts-through-call'],
  ['integ/emulator/src/cloudformation/plan.ts', '../compute/functions', 'parts-through-call'],
  ['integ/emulator/src/compute/functions.ts', '../index', 'emulator-entry-on-top', 'parts-through-call'],
];

/** Files of the fixture that define a construct. */
const CONSTRUCTS = ['src/cluster/cluster.ts', 'src/patterns/vault.ts'];

/** A broken arrow: file, import as written, rule. */
type Violation = readonly [file: string, imported: string, rule: string];

describe('arrows', () => {
  const temporary: string[] = [];
  afterAll(() => temporary.forEach((folder) => rmSync(folder, { recursive: true })));

  test('are kept by a repository that follows the design', () => {
    expect(violations(GOOD)).toEqual([]);
  });

  test('are broken by a circle of two files, types included', () => {
    const [file, imported] = BAD[0];

    expect(violations(withImports(BAD[0]))).toEqual([
      ['src/cluster/cluster-ref.ts', './hsm-type', 'no-cycles'],
      [file, imported, 'no-cycles'],
    ]);
  });

  test('are broken by each import too many, seen by just the rules meant for it', () => {
    // All in one repository, else this takes a minute. Circles are left out: a bad import may close one with another.
    const found = violations(withImports(...BAD)).filter(([, , rule]) => rule !== 'no-cycles');

    const expected = BAD.flatMap(([file, imported, ...rules]) => rules.map((rule): Violation => [file, imported, rule]));
    expect(found).toEqual(sorted(expected.filter(([, , rule]) => rule !== 'no-cycles')));
  });

  test('have a bad example for each rule', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../.dependency-cruiser.cjs');

    expect([...new Set(BAD.flatMap(([, , ...rules]) => rules))].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  function violations(sources: Sources): Violation[] {
    const folder = mkdtempSync(join(tmpdir(), 'arrows-'));
    temporary.push(folder);
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    for (const file of ['tsconfig.arrows.json']) write(file, readFileSync(join(ROOT, file), 'utf8'));
    for (const name of ['aws-cdk-lib', 'constructs']) write(`node_modules/${name}/index.js`, '');
    write('lib/cluster/cluster.js', '');
    write('integ/emulator/lib/kernel/clock.js', '');
    symlinkSync('..', join(folder, 'node_modules/cdk-cloudhsm'), 'junction');
    symlinkSync('../integ/emulator', join(folder, 'node_modules/cloudhsm-emulator'), 'junction');
    for (const [file, imports] of Object.entries(sources)) write(file, sourceText(file, imports));
    return cruise(folder);
  }
});

function withImports(...bad: typeof BAD): Sources {
  const sources: Record<string, readonly string[]> = { ...GOOD };
  for (const [file, imported] of bad) sources[file] = [...sources[file], imported];
  return sources;
}

function sourceText(file: string, imports: readonly string[]): string {
  const lines = imports.map((from, at) => from.startsWith('type ') ? `import type * as i${at} from '${from.slice(5)}';` : `import * as i${at} from '${from}';`);
  return [...lines, CONSTRUCTS.includes(file) ? 'export class It extends Construct {}' : 'export const it = 1;'].join('\n');
}

/** Runs the real tool with the real rules, as `npm run arrows` does. */
function cruise(folder: string): Violation[] {
  const { stdout, stderr } = spawnSync(process.execPath, [
    join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(ROOT, 'scripts/check-arrows.ts'), '--output-type', 'json',
  ], { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
  if (!stdout) throw new Error(stderr);

  const { modules } = JSON.parse(stdout) as { modules: CruisedModule[] };
  return sorted(modules.flatMap(({ source, dependencies }) => dependencies.flatMap(({ module, dependencyTypes, rules }) =>
    (rules ?? []).map(({ name }): Violation => [source, dependencyTypes.includes('type-only') ? `type ${module}` : module, name]))));
}

interface CruisedModule {
  readonly source: string;
  readonly dependencies: { readonly module: string; readonly dependencyTypes: string[]; readonly rules?: { readonly name: string }[] }[];
}

function sorted(violations: readonly Violation[]): Violation[] {
  return [...violations].sort((a, b) => a.join() < b.join() ? -1 : 1);
}
