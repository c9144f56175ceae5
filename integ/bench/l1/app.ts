/** The described resources as an app of L1s. Run as the CLI runs an app; L1_DESCRIPTION is the file with the stacks. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App, CfnOutput, Stack, Token } from 'aws-cdk-lib';
import type { CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { DescribedResource, DescribedStack } from './description';

/** Each module is loaded when it is first used, as by an app's imports. */
const load = createRequire(__filename);

type L1 = new (scope: Construct, id: string, properties: object) => CfnResource;

const app = new App();
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
const stacks = JSON.parse(readFileSync(process.env.L1_DESCRIPTION!, 'utf8')) as readonly DescribedStack[];

for (const { name, resources, outputs, assets } of stacks) {
  const stack = new Stack(app, name, { env });
  assets.forEach((path, index) => new Asset(stack, `Asset${index}`, { path }));
  const made = new Map(resources.map((resource) => [resource.id, make(stack, resource)]));
  for (const { id, dependsOn } of resources) for (const other of dependsOn) made.get(id)!.addResourceDependency(made.get(other)!);
  for (const [id, output] of Object.entries(outputs)) {
    new CfnOutput(stack, id, { value: Token.asString(output.Value), exportName: output.Export?.Name });
  }
}

function make(stack: Stack, { id, module, className, type, properties, policies }: DescribedResource): CfnResource {
  const Class = (load(module) as Record<string, L1>)[className];
  // The class of any type is told the type.
  const written = withTokens(properties) as object;
  const resource = new Class(stack, id, className === 'CfnResource' ? { type, properties: written } : written);
  resource.cfnOptions.deletionPolicy = policies.deletion as CfnDeletionPolicy | undefined;
  resource.cfnOptions.updateReplacePolicy = policies.updateReplace as CfnDeletionPolicy | undefined;
  return resource;
}

/** References are texts, as `vpc.ref` is one. */
function withTokens(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTokens);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value);
  if (names.length === 1 && /^(Ref|Fn::.+)$/.test(names[0])) return Token.asString(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTokens(member)]));
}
