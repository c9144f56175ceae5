import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * The host that carries out what only a client of the HSMs can do: activation and changes of users.
 */
export interface IAdminClient extends IConstruct, ec2.IConnectable {
  /** Role of the host. */
  readonly role: iam.IRole;

  /** Name of the Auto Scaling group that the host is in. */
  readonly autoScalingGroupName: string;

  /** Name of the document that makes or repairs a crypto user. */
  readonly ensureUserDocumentName: string;

  /** Name of the document that deletes a crypto user. */
  readonly deleteUserDocumentName: string;

  /** Name of the document that gives the user `kmsuser` a new password. */
  readonly resetKmsUserDocumentName: string;

  /** Name of the document that gives a user the pending password of his secret. */
  readonly rotatePasswordDocumentName: string;

  /** Name of the document that gives one of two users, who take turns, the pending password of their secret. */
  readonly rotateAlternateDocumentName: string;

  /** Name of the document that logs in with the pending password of a secret. */
  readonly testPasswordDocumentName: string;

  /** Value of the tag by which commands are allowed on the host. */
  readonly tagValue: string;
}

/** What is known of an admin client that is not made in this app. */
export interface AdminClientAttributes {
  /** Role of the host. */
  readonly role: iam.IRole;

  /** Name of the Auto Scaling group that the host is in. */
  readonly autoScalingGroupName: string;

  /** Name of the document that makes or repairs a crypto user. */
  readonly ensureUserDocumentName: string;

  /** Name of the document that deletes a crypto user. */
  readonly deleteUserDocumentName: string;

  /** Value of the tag by which commands are allowed on the host. */
  readonly tagValue: string;

  /**
   * Name of the document that gives the user `kmsuser` a new password. Key stores need it.
   *
   * @default - not known
   */
  readonly resetKmsUserDocumentName?: string;

  /**
   * Name of the document that gives a user the pending password of his secret. Rotations need it.
   *
   * @default - not known
   */
  readonly rotatePasswordDocumentName?: string;

  /**
   * Name of the document that gives one of two users, who take turns, the pending password of their secret. Rotations of alternating users need it.
   *
   * @default - not known
   */
  readonly rotateAlternateDocumentName?: string;

  /**
   * Name of the document that logs in with the pending password of a secret. Rotations need it.
   *
   * @default - not known
   */
  readonly testPasswordDocumentName?: string;

  /**
   * Security groups of the host.
   *
   * @default - none that rules can be added to
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** Key of the tag by which commands are allowed on an admin client. */
export const ADMIN_CLIENT_TAG = 'cdk-cloudhsm:admin-client';
