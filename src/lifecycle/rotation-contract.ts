/**
 * What constructs and the rotation function share: one parameter for each secret that is rotated, below the path that the function's environment names.
 */

/** Environment of the function. */
export const ROTATION_ENVIRONMENT = {
  /** Path of the parameters that say what is rotated, and how. */
  settingsPath: 'SETTINGS_PATH',
} as const;

/** Below this lie the settings of all rotation functions. */
export const ROTATION_SETTINGS = 'rotations';

/** Value of a parameter: ids, names and ARNs. */
export interface RotationSettings {
  readonly SecretArn: string;
  readonly ClusterId: string;
  readonly UserName: string;
  readonly Role: 'crypto-user' | 'admin';
  /** Who takes turns with the user. */
  readonly AlternateUserName?: string;
  /** Of the admin who sets the password of whose turn it is. */
  readonly AdminSecretArn?: string;
  readonly AdminClientGroupName: string;
  readonly TrustAnchorParameterName: string;
  /** Document that gives the user the pending password. */
  readonly RotateDocumentName: string;
  /** Document that logs in with the pending password. */
  readonly TestDocumentName: string;
}
