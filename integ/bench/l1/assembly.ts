import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
}

export interface AssemblyStack {
  readonly name: string;
  readonly templateFile: string;
  readonly template: Template;
  /** Folders and files that are published for it, but for the template. */
  readonly assets: readonly string[];
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

const TEMPLATE = '.template.json';

/** The stacks of an assembly, with what an app wrote itself: the CDK's own note of its use is left out. */
export function assemblyStacks(folder: string): AssemblyStack[] {
  return readdirSync(folder).filter((name) => name.endsWith(TEMPLATE)).sort().map((name) => {
    const { files } = JSON.parse(readFileSync(join(folder, name.replace(TEMPLATE, '.assets.json')), 'utf8')) as AssetManifest;
    const { Resources, Outputs } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Template;
    return {
      name: basename(name, TEMPLATE),
      templateFile: join(folder, name),
      template: { Resources: Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')), Outputs },
      assets: Object.values(files).map(({ source }) => source.path).filter((path) => !path.endsWith(TEMPLATE)).map((path) => join(folder, path)),
    };
  });
}

/** What of a template decides about what is deployed. */
export function deployed({ template }: AssemblyStack): object {
  const Resources = Object.fromEntries(Object.entries(template.Resources)
    .map(([id, { Type, Properties = {}, DeletionPolicy, UpdateReplacePolicy, DependsOn = [] }]) =>
      [id, { Type, Properties, DeletionPolicy, UpdateReplacePolicy, DependsOn: [DependsOn].flat().sort() }]));
  return { Resources, Outputs: template.Outputs ?? {} };
}
