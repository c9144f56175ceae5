/** A resource as somebody writes it who uses L1s: the class, its properties by the names of the class, its options. */
export interface DescribedResource {
  readonly id: string;
  /** Where the class is, for instance `aws-cdk-lib/aws-ec2` and `CfnVPC`. */
  readonly module: string;
  readonly className: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly policies: { readonly deletion?: string; readonly updateReplace?: string };
  readonly dependsOn: readonly string[];
}

export interface DescribedStack {
  readonly name: string;
  readonly resources: readonly DescribedResource[];
  readonly outputs: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
  /** Folders of the assets that are not templates. */
  readonly assets: readonly string[];
}
