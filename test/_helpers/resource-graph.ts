/** A resource as a template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Who needs whom in a template: by DependsOn, Ref, Fn::GetAtt and Fn::Sub. CloudFormation creates along it and deletes against it. */
export class ResourceGraph {
  private readonly resources: Readonly<Record<string, TemplateResource>>;
  private readonly edges: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(template: { readonly Resources?: Readonly<Record<string, TemplateResource>> }) {
    this.resources = template.Resources ?? {};
    this.edges = new Map(Object.entries(this.resources).map(([id, resource]) => [id, this.needsOf(resource)]));
  }

  /** Logical ids of resources of a type, or whose id begins so. */
  public ids(by: { readonly type?: string; readonly prefix?: string }): string[] {
    return Object.entries(this.resources)
      .filter(([id, { Type }]) => (by.type === undefined || Type === by.type) && (by.prefix === undefined || id.startsWith(by.prefix)))
      .map(([id]) => id);
  }

  /** The one resource of a type. */
  public only(type: string): string {
    const ids = this.ids({ type });
    if (ids.length !== 1) throw new Error(`${ids.length} resources of type ${type}: ${ids.join(', ')}`);
    return ids[0];
  }

  public typeOf(id: string): string {
    return this.resources[id].Type;
  }

  /** All that must be there before a resource, and that is deleted only after it. */
  public needs(id: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (at: string) => {
      for (const next of this.edges.get(at) ?? []) {
        if (!found.has(next)) {
          found.add(next);
          visit(next);
        }
      }
    };
    visit(id);
    return found;
  }

  /** Resources that need themselves. */
  public circular(): string[] {
    return [...this.edges.keys()].filter((id) => this.needs(id).has(id));
  }

  private needsOf(resource: TemplateResource): ReadonlySet<string> {
    const found = new Set<string>([resource.DependsOn ?? []].flat());
    const visit = (value: unknown) => {
      if (Array.isArray(value)) return value.forEach(visit);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, member] of Object.entries(value)) {
        if (key === 'Ref') found.add(String(member));
        else if (key === 'Fn::GetAtt') found.add(String(Array.isArray(member) ? member[0] : String(member).split('.')[0]));
        else if (key === 'Fn::Sub') for (const [, name] of String([member].flat()[0]).matchAll(/\$\{([A-Za-z0-9]+)/g)) found.add(name);
        else visit(member);
      }
    };
    visit(resource.Properties);
    return new Set([...found].filter((id) => id in this.resources));
  }
}
