/** The result of a native getter or call, or `otherwise` if it throws, which any of them may do (P22). */
export function quietly<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
