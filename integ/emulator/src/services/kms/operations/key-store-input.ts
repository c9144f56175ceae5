import type { Context } from '../../../wire/operation';
import { keyStores } from '../key-stores/state';
import { refusal } from '../text';

/** @throws ServiceError CustomKeyStoreNameInUseException when another store has the name */
export function requireFreeName(context: Context, name: string, except?: string): void {
  const taken = keyStores(context).values().some((store) => store.name === name && store.id !== except);
  if (taken) throw refusal(context, 'CustomKeyStoreNameInUseException', 'text-key-store-name', { name });
}

/** The length is the model's; that letters and digits are all is only told in the guide. */
export function checkPassword(context: Context, password: string): void {
  if (context.row<boolean>('kms/password-characters-checked') && !/^[A-Za-z0-9]+$/.test(password)) {
    throw refusal(context, 'ValidationException', 'text-password-characters');
  }
}
