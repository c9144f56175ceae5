import { awscdk, javascript } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-cloudhsm',
  description: 'AWS CloudHSM with the AWS CDK: an active multi-AZ cluster and a connected KMS custom key store in one deploy, looked after for life',
  author: 'The cdk-cloudhsm authors',
  authorAddress: 'https://github.com/cdk-cloudhsm/cdk-cloudhsm',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-cloudhsm/cdk-cloudhsm.git',
  keywords: ['aws', 'cdk', 'cloudhsm', 'hsm', 'kms', 'custom-key-store', 'cryptography'],
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-cloudhsm authors',
  defaultReleaseBranch: 'main',

  // projen changes defaults between releases, so the generator is pinned.
  projenrcTs: true,
  projenVersion: '0.103.25',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',

  // jsii 6 pins TypeScript 6; 7 is out and must not be picked up.
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',

  // 2.268.0 is the first release with aws-cloudhsm; constructs 10.5.1 is what that release and cdk-nag 3 ask for.
  cdkVersion: '2.268.0',
  constructsVersion: '10.5.1',

  // The other languages of Construct Hub. Names are permanent.
  publishToPypi: { distName: 'cdk-cloudhsm', module: 'cdk_cloudhsm' },
  publishToMaven: { javaPackage: 'io.github.cdkcloudhsm', mavenGroupId: 'io.github.cdkcloudhsm', mavenArtifactId: 'cdk-cloudhsm' },
  publishToNuget: { dotNetNamespace: 'CdkCloudHsm', packageId: 'CdkCloudHsm' },
  publishToGo: { moduleName: 'github.com/cdk-cloudhsm/cdk-cloudhsm-go', packageName: 'cdkcloudhsm' },

  // Nothing outside this folder is touched: no workflows, no releases, no upgrade bots.
  github: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  sampleCode: false,

  // scripts/bundle-assets.ts bundles the handlers. projen's own discovery would add a second bundle and a public class for each of them.
  lambdaAutoDiscover: false,
  integrationTestAutoDiscover: false,

  devDeps: [
    // The CLI that the offline cases drive. Never a range: 3.0.0 is a stray release.
    'aws-cdk@2.1148.1',
    'cdk-nag@3.0.2',

    // Bundled into the handlers, and what tests talk to the emulator with. Exact, because asset hashes are part of users' templates.
    '@aws-sdk/client-auto-scaling@3.1169.0',
    '@aws-sdk/client-cloudformation@3.1169.0',
    '@aws-sdk/client-cloudwatch-logs@3.1169.0',
    '@aws-sdk/client-ec2@3.1169.0',
    '@aws-sdk/client-eventbridge@3.1164.0',
    '@aws-sdk/client-iam@3.1169.0',
    '@aws-sdk/client-kms@3.1164.0',
    '@aws-sdk/client-lambda@3.1164.0',
    '@aws-sdk/client-s3@3.1173.0',
    '@aws-sdk/client-secrets-manager@3.1164.0',
    '@aws-sdk/client-sfn@3.1164.0',
    '@aws-sdk/client-sqs@3.1164.0',
    '@aws-sdk/client-ssm@3.1169.0',
    '@aws-sdk/client-service-quotas@3.1138.0',
    '@aws-sdk/client-sts@3.1173.0',
    '@peculiar/asn1-csr@2.11.1',
    '@peculiar/asn1-rsa@2.11.1',
    '@peculiar/asn1-schema@2.11.1',
    '@peculiar/asn1-x509@2.11.1',
    // What orders the files of the offline cases; of the same version as jest.
    '@jest/test-sequencer@30.5.2',
    // Not 4: @peculiar/asn1-schema uses 3, and two copies do not know each other's classes.
    'asn1js@3.1.0',
    // The newest there is. It drops members of answers that it does not know, so nothing here leans on those.
    '@aws-sdk/client-cloudhsm-v2@3.332.0',
    // Of the same day as that one, so that the bundle has most of its parts once.
    '@aws-sdk/client-acm-pca@3.332.0',

    '@types/aws-lambda@^8.10.164',
    'ajv@^6.15.0', // holds reports against their schema
    'dependency-cruiser@^17.4.3', // 18 refuses Node 20
    'esbuild@0.28.2', // exact: asset hashes again
    'fast-check@^4.10.2',
    'fflate@^0.8.2', // the cases publish assets without the CLI, when they are many
    'knip@^6.44.2',
    'license-checker-rseidelsohn@^4.4.2', // 5 refuses Node 20
    'tsx@^4.23.15',
  ],

  tsconfigDev: {
    // One program for the type checker, the linter and the editor: all TypeScript there is.
    include: ['**/*.ts', '../src/**/*.ts', '../integ/**/*.ts', '../examples/**/*.ts', '../scripts/**/*.ts', '../.projenrc.ts'],
    exclude: ['../node_modules', '../integ/emulator/node_modules', '../integ/emulator/lib', '../**/cdk.out'],
    compilerOptions: {
      // Apps and cases import both packages by name; here that means their sources, so nothing has to be built before it is checked.
      paths: { 'cdk-cloudhsm': ['../src/index.ts'], 'cloudhsm-emulator': ['../integ/emulator/src/index.ts'] },
    },
  },

  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'integ', 'examples', 'scripts'],
    // The one program above. The project service would build one program for every tsconfig.json it meets.
    projectService: false,
    tsconfigPath: './test/tsconfig.json',
    // A check must not change what it checks; `npm run eslint -- --fix` does.
    commandOptions: { fix: false },
    ignorePatterns: ['*.js', '*.cjs', '*.d.ts', 'node_modules/', 'coverage', 'cdk.out/', 'cdk.context.json', '/lib/', '/integ/emulator/lib/', '/dist/'],
  },

  jestOptions: {
    jestVersion: '^30',
    junitReporting: false,
    // Also false: a changed snapshot is a changed contract and fails, here as in CI. `npm run test:update` writes it.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      // Without roots jest walks the emulator, the assets and dist too, and meets two packages of one name.
      roots: ['<rootDir>/src', '<rootDir>/test'],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      collectCoverage: false,
      // A machine that does other things as well must not make a test fail; one that hangs still does.
      testTimeout: 60_000,
      // Jest would leave one core free, which is half of a machine with two.
      maxWorkers: '100%',
      moduleNameMapper: { '^cdk-cloudhsm$': '<rootDir>/src/index.ts' },
    },
  },
});

project.package.addField('workspaces', ['integ/emulator']);

// Their newest releases name platform bindings that cannot be had in that version: npm install leaves those out of the lockfile, which npm ci
// then refuses. Always run npm ci before committing a lockfile.
project.package.addPackageResolutions('unrs-resolver@1.12.2', 'oxc-parser@0.154.0');

// Their install scripts are not needed: the platform packages hold the binaries. Said here, else npm lists them at the end of every install.
project.package.addField('allowScripts', { '@parcel/watcher': false, 'esbuild': false, 'unrs-resolver': false });

// Keeps whatever registry a developer uses out of the lockfile.
const npmrc = new javascript.NpmConfig(project);
npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// jsii and its tools print a page about Node 20 each time they start.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

/* ------------------------------------------------------------------ what is published */

// jsii compiles the handlers with everything else, but users get them as bundles.
project.npmignore?.exclude(
  '/lib/handlers/', '/integ/', '/examples/', '/rosetta/', '/scripts/', '/.ci/', '/.dependency-cruiser.cjs', '/tsconfig.arrows.json', '/knip.json', '/.cache/', 'cdk.out',
  '*.tsbuildinfo',
);
project.npmignore?.include('/assets/', '/THIRD-PARTY-LICENSES', '/.jsii.tabl.json');
project.gitignore.exclude('/assets/', '/THIRD-PARTY-LICENSES', '.jsii.tabl.json', '/integ/emulator/lib/', 'cdk.out/', 'cdk.context.json');

// projen ignores folders of these names wherever they are. A service of the emulator may well be called logs.
project.gitignore.removePatterns('logs', 'coverage', 'pids');

/* ------------------------------------------------------------------ build */

project.preCompileTask.exec('tsx scripts/bundle-assets.ts', { name: 'assets' });

const rosetta = project.addTask('rosetta', {
  description: 'Compile the snippets of README.md and of doc comments',
  steps: [
    { exec: 'tsx scripts/link-self.ts' },
    // Without --directory it would run npm install in a folder of its own.
    { exec: 'jsii-rosetta extract --compile --strict --directory . .' },
  ],
});
project.postCompileTask.spawn(rosetta);

const buildStale = project.addTask('build:stale', {
  description: 'Build what is older than its sources: assets, library, emulator',
  exec: 'tsx scripts/build-stale.ts',
});

/* ------------------------------------------------------------------ checks */

// The handlers' dependencies are bundled, so they are devDependencies.
project.eslint?.allowDevDeps('src/handlers/**');
project.eslint?.addOverride({
  files: ['src/**/*.ts', 'integ/emulator/src/**/*.ts'],
  rules: { '@typescript-eslint/no-explicit-any': ['error'] },
});
project.eslint?.addOverride({
  // Tests and tools of the emulator may use what the root installs; its sources only what its own package.json names.
  files: ['integ/emulator/{test,tools,conformance}/**/*.ts'],
  rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true, packageDir: ['.', 'integ/emulator'] }] },
});
project.eslint?.addRules({
  // Checked by the type checker, for all files at once and in a tenth of the time.
  'import/no-unresolved': ['off'],
  // DER, CRC and CBOR are made of bits, and TypeScript already refuses most of what this rule guards against.
  'no-bitwise': ['off'],
  // A table of records reads best with one record, not one property, on a line.
  '@stylistic/object-property-newline': ['off'],
});

// Both names are our own, wherever they are imported. .dependency-cruiser.cjs says where they may be.
project.eslint!.config.settings['import/internal-regex'] = '^(cdk-cloudhsm|cloudhsm-emulator)$';

project.addTask('build:emulator', {
  description: 'Compile the emulator',
  steps: [{ exec: 'tsc --build integ/emulator' }, { exec: 'tsx scripts/bundle-emulator.ts' }],
});
project.addTask('typecheck', {
  description: 'Type-check all TypeScript there is',
  // isolatedModules is for ts-jest, which then transpiles only. As a check it would ask src/index.ts to say which of its exports are types.
  exec: 'tsc --project test/tsconfig.json --isolatedModules false --incremental --tsBuildInfoFile .cache/typecheck.tsbuildinfo',
});
project.jest!.config.setupFiles = ['<rootDir>/test/setup.ts'];
project.addTask('unit', { description: 'Unit tests of the library', exec: 'jest --ci --passWithNoTests', receiveArgs: true });
project.addTask('emulator:test', { description: 'Unit tests of the emulator', exec: 'jest --ci --passWithNoTests', cwd: 'integ/emulator', receiveArgs: true });
project.addTask('cases', {
  description: 'Offline cases: deploy, assert, change, break, destroy against the emulator',
  steps: [{ spawn: buildStale.name }, { exec: 'jest --config integ/jest.config.js --ci --passWithNoTests', receiveArgs: true }],
});
// Of the cases, the main one. All of them would take as long as the cases themselves; `EMULATOR_VARIANTS=other npm run cases` runs them.
project.addTask('cases:other', {
  description: 'Offline cases again, with the other answer to everything that AWS does not document',
  env: { EMULATOR_VARIANTS: 'other' },
  steps: [
    { spawn: buildStale.name },
    { exec: 'jest --config integ/jest.config.js --ci quick-start', receiveArgs: true },
  ],
});
project.testTask.reset('tsx scripts/run-stages.ts test');
project.testTask.description = 'Build what is stale, then type check, lint, unit tests and offline cases';
project.tasks.tryFind('test:update')?.reset('jest --updateSnapshot', { receiveArgs: true });
project.tasks.tryFind('test:watch')?.reset('jest --watch');

project.addTask('arrows', { description: 'Who may import whom', exec: 'tsx scripts/check-arrows.ts', receiveArgs: true });
project.addTask('licences', { description: 'Licences of what is published or bundled', exec: 'tsx scripts/check-licences.ts' });
project.addTask('shellcheck', { description: 'Lint every shell script, if shellcheck is installed', exec: 'bash scripts/shellcheck.sh' });
project.addTask('knip', { description: 'Files, exports and dependencies that nothing uses', exec: 'knip', receiveArgs: true });

/* ------------------------------------------------------------------ to look at */

project.addTask('demo', {
  description: 'The main job, offline: from a VPC to a connected key store, with progress and a summary',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/demo/demo.ts', receiveArgs: true }],
});
project.addTask('bench', {
  description: 'How long things take',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/bench/bench.ts', receiveArgs: true }],
});
project.addTask('lives', {
  description: 'Whether whole lives of the quick start repeat to the byte, on a busy host too',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/bench/lives.ts', receiveArgs: true }],
});
project.addTask('cuts', {
  description: 'Whether a deploy whose journal is cut off anywhere comes to rest',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/bench/cuts.ts', receiveArgs: true }],
});
project.addTask('plans', {
  description: 'Whether deploy, scaling and destroy end well or as before, whatever goes wrong: random plans of faults, --runs N, or --replay FILE',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/plans/plans.ts', receiveArgs: true }],
});
project.addTask('page', {
  description: 'The emulator\'s web page in a headless Chromium, which is set up in .cache',
  exec: 'npm run page --workspace integ/emulator --', receiveArgs: true,
});
project.addTask('vitest', {
  description: 'What the emulator\'s README shows for Vitest, in a Vitest that is set up in .cache',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/demo/readme-in-vitest.ts' }],
});
project.addTask('removals', {
  description: 'Permissions that only some changes need, taken away one by one: what needs them must fail for want of them',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/bench/removals.ts', receiveArgs: true }],
});
project.addTask('reach-removals', {
  description: 'Endpoints, routes and security-group rules, taken away one by one before the first deploy: what needs them must fail, and the report name the hop',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/bench/reach-removals.ts', receiveArgs: true }],
});
project.addTask('year', {
  description: 'A year in the life of a cluster, with what must hold after every step',
  steps: [{ spawn: buildStale.name }, { exec: 'tsx integ/year/year.ts', receiveArgs: true }],
});
project.addTask('conformance', {
  description: 'The emulator as boto3 and the AWS CLI see it, in a Python environment of its own; says SKIPPED where there is no Python',
  steps: [{ spawn: 'build:emulator' }, { exec: 'tsx integ/emulator/conformance/run.ts', receiveArgs: true }],
});
project.addTask('sequences', {
  description: 'Random sequences of CloudHSM operations, ten thousand or --runs N, against what must always be so',
  exec: 'tsx integ/emulator/tools/sequences.ts', receiveArgs: true,
});
project.addTask('models', { description: 'Distil the emulator\'s models anew', exec: 'npm run models --workspace integ/emulator --', receiveArgs: true });

project.synth();
