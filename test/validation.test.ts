import type { CfnResource } from 'aws-cdk-lib';
import { App } from 'aws-cdk-lib';
import { hardened } from '../examples/hardened/hardened';
import { ClientInstance, Cluster } from '../src';
import { fixture } from './_helpers/stacks';

/** What is only warned of by default fails then. */
const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true };

// The one file for which aws-cdk-lib's own check of templates is on; see setup.ts.
const usual = process.env.CDK_VALIDATION;
let said: jest.SpyInstance;
beforeEach(() => {
  process.env.CDK_VALIDATION = 'true';
  said = jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => {
  process.env.CDK_VALIDATION = usual;
  said.mockRestore();
});

test('a cluster with a user and a client passes aws-cdk-lib\'s check of templates, without a word', () => {
  const { app, stack, vpc } = fixture({ app: { context: STRICT } });
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  cluster.addCryptoUser('App');
  new ClientInstance(stack, 'Web', { cluster });

  app.synth();

  expect(said.mock.calls).toEqual([]);
});

test('examples/hardened passes aws-cdk-lib\'s check of templates, without a word', () => {
  const app = new App({ context: STRICT });
  hardened(app);

  app.synth();

  expect(said.mock.calls).toEqual([]);
});

test('the check is on: a subnet id that cannot be fails', () => {
  const { app, stack, vpc } = fixture({ app: { context: STRICT } });
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  (cluster.node.defaultChild as CfnResource).addPropertyOverride('SubnetIds', ['subnet-1']);

  expect(() => app.synth()).toThrow();
});
