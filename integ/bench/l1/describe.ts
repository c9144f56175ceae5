import { App, Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { AssemblyStack, TemplateResource } from './assembly';
import type { DescribedResource, DescribedStack } from './description';

/** The CDK can read a template as L1s, which then have their properties by the names of their classes. */
export function describeAsL1s({ name, templateFile, template, assets }: AssemblyStack): DescribedStack {
  const stack = new Stack(new App({ analyticsReporting: false }), name);
  const included = new CfnInclude(stack, 'Template', { templateFile });
  const resources = Object.entries(template.Resources).map(([id, resource]) => describeResource(stack, included.getResource(id), id, resource));
  return { name, resources, outputs: template.Outputs ?? {}, assets };
}

function describeResource(
  stack: Stack, l1: CfnResource, id: string, { Type, DeletionPolicy, UpdateReplacePolicy, DependsOn = [] }: TemplateResource,
): DescribedResource {
  return {
    id,
    ...classOf(l1),
    type: Type,
    // Protected, for subclasses that render their properties.
    properties: stack.resolve((l1 as unknown as { readonly cfnProperties: unknown }).cfnProperties) as DescribedResource['properties'],
    policies: { deletion: DeletionPolicy, updateReplace: UpdateReplacePolicy },
    dependsOn: [DependsOn].flat() as string[],
  };
}

/** What jsii wrote on the class: `aws-cdk-lib.aws_ec2.CfnVPC`. */
function classOf(l1: CfnResource): { module: string; className: string } {
  const { fqn } = (l1.constructor as unknown as Record<symbol, { readonly fqn: string }>)[Symbol.for('jsii.rtti')];
  const [library, ...path] = fqn.split('.');
  const className = path.pop()!;
  return { module: [library, ...path.map((part) => part.replace(/_/g, '-'))].join('/'), className };
}
