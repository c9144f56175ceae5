import { Annotations, Duration, Lazy, Resource, Stack, TagManager, TagType, Token } from 'aws-cdk-lib';
import type { ITaggableV2, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ICustomKeyStore } from './custom-key-store-ref';
import { KEY_STORE_KEY_TYPE } from '../lifecycle/key-store-key-contract';
import type { KeyStoreKeyProperties } from '../lifecycle/key-store-key-contract';
import { LifecycleResource } from '../lifecycle/lifecycle-resource';
import { LifecycleProvider } from '../lifecycle/provider';
import { throwFirst } from '../private/errors';
import { keyProblems, restingRemovalProblem } from '../private/key-store-validation';
import { knownDays, numberText } from '../private/known';
import { KEY_SEARCH_ACTIONS, KEY_UPKEEP_ACTIONS } from '../private/permissions';
import { providerStackProblem } from '../private/validation';

/** Settings of a `CustomKeyStoreKey`. Where `kms.Key` has the same setting, it means the same. */
export interface CustomKeyStoreKeyOptions {
  /**
   * Name by which the key is found, with or without `alias/` in front. More can be added by `addAlias`.
   *
   * @default - none
   */
  readonly alias?: string;

  /**
   * What the key is for: at most 8,192 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Whether the key can be used.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The key's policy. The lifecycle function is let in by a statement that is added to it.
   *
   * @default - the account decides by its IAM policies, as for `kms.Key`
   */
  readonly policy?: iam.PolicyDocument;

  /**
   * Who may manage the key, not use it.
   *
   * @default - nobody by the key's policy
   */
  readonly admins?: iam.IPrincipal[];

  /**
   * How long a key that is to be deleted can still be had back: 7 to 30 days.
   *
   * @default Duration.days(30)
   */
  readonly pendingWindow?: Duration;

  /**
   * Only `SYMMETRIC_DEFAULT` is possible: KMS keeps only AES-256 keys in CloudHSM.
   *
   * @default kms.KeySpec.SYMMETRIC_DEFAULT
   */
  readonly keySpec?: kms.KeySpec;

  /**
   * Only `ENCRYPT_DECRYPT` is possible.
   *
   * @default kms.KeyUsage.ENCRYPT_DECRYPT
   */
  readonly keyUsage?: kms.KeyUsage;

  /**
   * Only `false` is possible: the material never leaves the HSMs of its cluster.
   *
   * @default false
   */
  readonly multiRegion?: boolean;

  /**
   * Only `false` is possible: KMS does not rotate keys in CloudHSM. Make another key and let the alias point to it.
   *
   * @default false
   */
  readonly enableKeyRotation?: boolean;

  /**
   * Not possible, as rotation is not.
   *
   * @default - none
   */
  readonly rotationPeriod?: Duration;

  /**
   * What becomes of the key when it is removed from the stack. With DESTROY it is scheduled for deletion after `pendingWindow`. Cannot be longer than the key
   * store is kept.
   *
   * @default - the key store's
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What carries the change through. One of the same stack.
   *
   * @default - the key store's where it is given one and is in the same stack; else the one of the stack, made with default settings
   */
  readonly lifecycleProvider?: LifecycleProvider;
}

/** Properties of a `CustomKeyStoreKey`. */
export interface CustomKeyStoreKeyProps extends CustomKeyStoreKeyOptions {
  /** The key store. Cannot be changed. */
  readonly keyStore: ICustomKeyStore;
}

const DEFAULT_WINDOW = Duration.days(30);

/**
 * A KMS key whose material is in the HSMs of a CloudHSM cluster.
 *
 * For everybody who uses it an ordinary symmetric KMS key: give it to a bucket, a queue, a secret, a table or a volume as `encryptionKey`. It works as long as
 * its key store is connected and the cluster has an HSM.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/create-cmk-keystore.html
 */
export class CustomKeyStoreKey extends Resource implements kms.IKey, ITaggableV2 {
  /**
   * The key in a key store that this is, by itself or by an alias.
   *
   * @internal
   */
  public static _behind(key: kms.IKey | undefined): CustomKeyStoreKey | undefined {
    const target = key instanceof kms.Alias ? key.aliasTargetKey : key;
    return target instanceof CustomKeyStoreKey ? target : undefined;
  }

  public readonly keyArn: string;
  public readonly keyId: string;

  /** Tags of the key. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, KEY_STORE_KEY_TYPE);

  /** The key store. */
  public readonly keyStore: ICustomKeyStore;

  private readonly policy: iam.PolicyDocument;
  private readonly aliases: kms.Alias[] = [];

  constructor(scope: Construct, id: string, props: CustomKeyStoreKeyProps) {
    super(scope, id);
    const { keyStore, description = '', pendingWindow = DEFAULT_WINDOW } = props;
    const removalPolicy = props.removalPolicy ?? keyStore.removalPolicy;
    throwFirst(this, [
      ...keyProblems({
        keySpec: props.keySpec,
        keyUsage: props.keyUsage,
        multiRegion: props.multiRegion,
        enableKeyRotation: props.enableKeyRotation,
        hasRotationPeriod: props.rotationPeriod !== undefined,
        windowDays: knownDays(pendingWindow),
        descriptionLength: Token.isUnresolved(description) ? undefined : description.length,
      }),
      restingRemovalProblem('key', removalPolicy, 'key store', keyStore.removalPolicy),
      props.lifecycleProvider && providerStackProblem(Stack.of(props.lifecycleProvider).node.path, Stack.of(this).node.path),
    ]);
    this.keyStore = keyStore;

    const provider = props.lifecycleProvider ?? LifecycleProvider.forStack(this);
    provider._permissions.manageStoreKeys();
    this.policy = props.policy ?? accountPolicy();
    if (props.policy) this.policy.addStatements(providerStatement(provider.role));
    this.node.addValidation({ validate: () => this.policy.validateForResourcePolicy() });
    const resource = new LifecycleResource<KeyStoreKeyProperties>(this, 'Resource', {
      provider,
      type: KEY_STORE_KEY_TYPE,
      removalPolicy,
      properties: {
        CustomKeyStoreId: keyStore.customKeyStoreId,
        Policy: this.policy,
        Description: description,
        Enabled: String(props.enabled ?? true),
        PendingWindowDays: numberText(pendingWindow.toDays()),
        Tags: Lazy.any({ produce: () => this.cdkTagManager.renderTags() }) as unknown as KeyStoreKeyProperties['Tags'],
      },
      after: [keyStore.ready],
    });
    this.keyArn = resource.getAttString('KeyArn');
    this.keyId = resource.getAttString('KeyId');
    if (props.alias !== undefined) this.addAlias(props.alias);
    props.admins?.forEach((admin) => this.grants.admin(admin));
  }

  public get keyRef(): kms.KeyReference {
    return { keyArn: this.keyArn, keyId: this.keyId };
  }

  /** Permissions on the key. */
  public get grants(): kms.KeyGrants {
    return kms.KeyGrants.fromKey(this, true);
  }

  public addAlias(alias: string): kms.Alias {
    const made = new kms.Alias(this, this.aliases.length > 0 ? `Alias${alias}` : 'Alias', { aliasName: alias, targetKey: this });
    this.aliases.push(made);
    return made;
  }

  public addToResourcePolicy(statement: iam.PolicyStatement, _allowNoOp?: boolean): iam.AddToResourcePolicyResult {
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }

  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.grants.actions(grantee, ...actions);
  }

  public grantDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grants.decrypt(grantee);
  }

  public grantEncrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grants.encrypt(grantee);
  }

  public grantEncryptDecrypt(grantee: iam.IGrantable): iam.Grant {
    return this.grants.encryptDecrypt(grantee);
  }

  public grantSign(grantee: iam.IGrantable): iam.Grant {
    return this.useless().sign(grantee);
  }

  public grantVerify(grantee: iam.IGrantable): iam.Grant {
    return this.useless().verify(grantee);
  }

  public grantSignVerify(grantee: iam.IGrantable): iam.Grant {
    return this.useless().signVerify(grantee);
  }

  public grantGenerateMac(grantee: iam.IGrantable): iam.Grant {
    return this.useless().generateMac(grantee);
  }

  public grantVerifyMac(grantee: iam.IGrantable): iam.Grant {
    return this.useless().verifyMac(grantee);
  }

  /** Every key has to have these. */
  private useless(): kms.KeyGrants {
    Annotations.of(this).addWarningV2('cdk-cloudhsm:uselessGrant', 'a key in a key store is symmetric: it can neither sign nor make MACs, whatever is granted on it');
    return this.grants;
  }
}

/** What KMS and `kms.Key` give a key by default: the account decides by its IAM policies. */
function accountPolicy(): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ principals: [new iam.AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] })],
  });
}

/** A policy of the user's may leave out the account. */
function providerStatement(role: iam.IRole): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'TheLifecycleFunctionManages',
    principals: [new iam.ArnPrincipal(role.roleArn)],
    actions: [...KEY_UPKEEP_ACTIONS, ...KEY_SEARCH_ACTIONS],
    resources: ['*'],
  });
}
