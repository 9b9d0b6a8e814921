/** The names of W3C exceptions that the fakes throw. @source WebIDL 4.3 */
export type DomErrorName =
  'InvalidStateError' | 'InvalidAccessError' | 'SyntaxError' | 'OperationError' | 'NetworkError' | 'NotSupportedError';

/** An exception as a browser throws it, without relying on the runtime to have `DOMException`. */
export function domError(name: DomErrorName, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
