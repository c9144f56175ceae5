import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { ClientPackages } from './client-packages';
import type { ClientPlatform } from './client-platform';
import { adminScriptHead, scriptText } from './client-scripts';

/** A parameter of a document: only what its pattern allows from end to end is substituted into the script. */
interface DocumentParameter {
  readonly allowedPattern: string;
  readonly description: string;
}

const SECRET_ARN = '^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$';

/** All parameters that documents of ours take. Ids and ARNs only, never a secret. */
const PARAMETERS = {
  ClusterId: { allowedPattern: '^cluster-[2-7a-zA-Z]{11,16}$', description: 'Id of the cluster' },
  TrustAnchorParameter: { allowedPattern: '^/[A-Za-z0-9/_.-]{1,500}$', description: 'Parameter that holds the trust anchor' },
  AdminSecretArn: { allowedPattern: SECRET_ARN, description: 'Secret of the automation admin' },
  SealedAdminSecretArn: { allowedPattern: SECRET_ARN, description: 'Secret of the user admin' },
  FormerAdminSecretArn: { allowedPattern: SECRET_ARN, description: 'Secret whose password is still set' },
  FormerAdminSecretVersions: {
    allowedPattern: '^(current|[A-Za-z0-9-]{32,64}(,[A-Za-z0-9-]{32,64})?)$', description: 'Versions of that secret, the likelier first',
  },
  UserSecretArn: { allowedPattern: SECRET_ARN, description: 'Secret of the user' },
  AlternateUserName: { allowedPattern: '^([A-Za-z0-9_]{1,31}|-)$', description: 'Name of the user who takes turns with him, if there is one' },
  UserRole: { allowedPattern: '^(crypto-user|admin)$', description: 'Role of the user' },
  PendingVersion: { allowedPattern: '^[A-Za-z0-9-]{32,64}$', description: 'Version of the secret that is to be set' },
  UserName: { allowedPattern: '^[A-Za-z0-9_]{1,31}$', description: 'Name of the user' },
  MayExist: { allowedPattern: '^(true|false)$', description: 'Whether a user who exists is taken over' },
  RefusedVersions: { allowedPattern: '^[A-Za-z0-9,-]{1,1500}$', description: 'Versions of secrets that are not tried again' },
} satisfies Record<string, DocumentParameter>;

type ParameterName = keyof typeof PARAMETERS;

/** Scripts, and what each is told. */
export const CLIENT_SCRIPTS = {
  'activate': ['ClusterId', 'TrustAnchorParameter', 'AdminSecretArn', 'SealedAdminSecretArn', 'RefusedVersions'],
  'verify-admin': ['ClusterId', 'TrustAnchorParameter', 'AdminSecretArn', 'RefusedVersions'],
  'change-admin-password': ['ClusterId', 'TrustAnchorParameter', 'AdminSecretArn', 'FormerAdminSecretArn', 'FormerAdminSecretVersions', 'RefusedVersions'],
  'ensure-user': ['ClusterId', 'TrustAnchorParameter', 'AdminSecretArn', 'UserName', 'UserRole', 'AlternateUserName', 'UserSecretArn', 'MayExist', 'RefusedVersions'],
  'reset-kms-user': ['ClusterId', 'TrustAnchorParameter', 'AdminSecretArn', 'UserSecretArn', 'RefusedVersions'],
  'rotate-password': ['ClusterId', 'TrustAnchorParameter', 'UserName', 'UserRole', 'UserSecretArn', 'PendingVersion', 'RefusedVersions'],
  'rotate-alternate': ['ClusterId', 'TrustAnchorParameter', 'UserName', 'AdminSecretArn', 'UserSecretArn', 'PendingVersion', 'RefusedVersions'],
  'test-password': ['ClusterId', 'TrustAnchorParameter', 'UserRole', 'UserSecretArn', 'PendingVersion', 'RefusedVersions'],
  'delete-user': ['ClusterId', 'TrustAnchorParameter', 'AdminSecretArn', 'UserName', 'UserRole', 'AlternateUserName', 'RefusedVersions'],
} as const satisfies Record<string, readonly ParameterName[]>;

export type ClientScript = keyof typeof CLIENT_SCRIPTS;

interface ClientDocumentProps {
  readonly script: ClientScript;
  readonly packages: ClientPackages;
  readonly platform: ClientPlatform;
}

/** A script of ours as a Run Command document. */
export class ClientDocument extends Construct {
  public readonly documentName: string;

  constructor(scope: Construct, id: string, props: ClientDocumentProps) {
    super(scope, id);
    const names = CLIENT_SCRIPTS[props.script];
    const values = Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`]));
    const document = new ssm.CfnDocument(this, 'Resource', {
      documentType: 'Command',
      documentFormat: 'JSON',
      targetType: '/AWS::EC2::Instance',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '2.2',
        description: `CloudHSM client: ${props.script}`,
        parameters: Object.fromEntries(names.map((name) => [name, { type: 'String', ...PARAMETERS[name] }])),
        mainSteps: [{
          action: 'aws:runShellScript',
          name: props.script.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
          inputs: { timeoutSeconds: String(SCRIPT_TIMEOUT_SECONDS), runCommand: `${adminScriptHead(values, props.packages, props.platform)}\n${scriptText(props.script)}`.split('\n') },
        }],
      },
    });
    this.documentName = document.ref;
  }
}

/** A script works for a minute or two; the handler gives it a little longer than this. */
const SCRIPT_TIMEOUT_SECONDS = 600;
